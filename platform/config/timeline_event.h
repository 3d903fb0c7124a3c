// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "models/util/params.h"
#include "platform/config/namespace_spec.h"
#include "platform/config/param_list.h"

namespace platform {

/// Of a subsystem.
inline constexpr std::size_t kMostEvents = 65536;

enum class TimelineAction : std::uint8_t { kAdd, kRemove, kResize };

/// What becomes of a namespace at a simulated time, whatever the host is doing.
struct TimelineEvent {
    std::uint64_t at_ns = 0;
    TimelineAction action = TimelineAction::kAdd;
    std::uint32_t nsid = 0;
    std::uint64_t size = 0;
    NamespaceSpec ns;  ///< kAdd
};

[[nodiscard]] ParamList parameters_of(TimelineEvent& e);

/// Reads the list `events` of a configuration; `path` is its place, for problems.
[[nodiscard]] std::vector<TimelineEvent> read_timeline(const nlohmann::json& list,
                                                       const std::string& path,
                                                       std::vector<std::string>& problems);
[[nodiscard]] nlohmann::ordered_json write_timeline(const std::vector<TimelineEvent>& events);

/// Plays the events on the NSIDs that there are from the beginning, sorts them by time, and tells
/// what cannot be: a namespace that exists already, or does not. Problems begin with `place`.
void check_timeline(std::vector<TimelineEvent>& events, const std::vector<std::uint32_t>& nsids,
                    std::uint32_t max_namespaces, const std::string& place,
                    std::vector<std::string>& problems);

}  // namespace platform

template <>
struct util::EnumNames<platform::TimelineAction> {
    static constexpr std::array<std::string_view, 3> names{"add", "remove", "resize"};
};
