// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "models/media/store/block_store.h"
#include "models/nvme/subsystem/namespace.h"
#include "models/util/params.h"
#include "platform/config/param_list.h"

namespace platform {

/// Of a subsystem: as many as there are NSIDs to choose from.
inline constexpr std::size_t kMostNamespaces = 65536;

enum class StoreKind : std::uint8_t { kRam, kFile, kNull };

/// One namespace as a user describes it.
struct NamespaceSpec {
    StoreKind store = StoreKind::kRam;
    std::uint64_t size = 0;
    std::string path;
    std::uint32_t nsid = 0;
    std::uint32_t lba_size = 512;
    bool read_only = false;
};

[[nodiscard]] ParamList parameters_of(NamespaceSpec& p);

/// Reads "ram:64M", "file:PATH" or "null:16T", with the options ",lba=4096", ",nsid=2", ",size=1G"
/// and ",ro". Each problem is a line that begins with `where`.
[[nodiscard]] NamespaceSpec parse_namespace(std::string_view text, const std::string& where,
                                            std::vector<std::string>& problems);

/// The same, or an object with a key for each of them.
[[nodiscard]] NamespaceSpec read_namespace(const nlohmann::json& value, const std::string& where,
                                           std::vector<std::string>& problems);

/// What the keys of one description say about each other, each problem a line with `where`.
void check_namespace(const NamespaceSpec& spec, const std::string& where,
                     std::vector<std::string>& problems);

/// Gives every namespace an NSID, in ascending order those that have none. Two with the same are a
/// problem.
void assign_nsids(std::vector<NamespaceSpec>& specs, std::vector<std::string>& problems);

/// A namespace that is ready to be added to a controller.
struct OpenNamespace {
    nvme::NamespaceConfig config;
    std::unique_ptr<media::BlockStore> store;

    [[nodiscard]] std::uint64_t bytes() const {
        return store->size() / config.lba_size * config.lba_size;
    }
};

/// Opens or creates the stores. Those that cannot be opened are missing, with a problem each.
[[nodiscard]] std::vector<OpenNamespace> open_namespaces(const std::vector<NamespaceSpec>& specs,
                                                         std::vector<std::string>& problems);

}  // namespace platform

template <>
struct util::EnumNames<platform::StoreKind> {
    static constexpr std::array<std::string_view, 3> names{"ram", "file", "null"};
};
