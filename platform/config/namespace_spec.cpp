// SPDX-License-Identifier: Apache-2.0
#include "platform/config/namespace_spec.h"

#include <algorithm>
#include <filesystem>
#include <new>
#include <set>
#include <system_error>

#include <nlohmann/json.hpp>

#include "models/media/store/file_store.h"
#include "models/media/store/null_store.h"
#include "models/media/store/ram_store.h"
#include "platform/config/param_list.h"

namespace platform {

namespace {

constexpr std::string_view kForm =
    "expected ram:SIZE, file:PATH or null:SIZE, then options ,lba=512|4096 ,nsid=N ,size=SIZE ,ro";

struct Shorthand {
    std::string_view option, key;
};
constexpr Shorthand kShorthands[] = {{"lba", "lba_size"}, {"nsid", "nsid"}, {"size", "size"}};

/// One comma-separated part behind the first.
void read_option(NamespaceSpec& spec, std::string_view option, const std::string& where,
                 std::vector<std::string>& problems) {
    if (option == "ro") {
        spec.read_only = true;
        return;
    }
    const std::size_t equals = option.find('=');
    const std::string_view name = option.substr(0, equals);
    for (const Shorthand& known : kShorthands) {
        if (equals == std::string_view::npos || name != known.option) continue;
        set_from_text(parameters_of(spec), known.key, option.substr(equals + 1),
                      where + ": " + std::string{name}, problems);
        return;
    }
    problems.push_back(where + ": \"" + std::string{option} + "\" is not an option; " +
                       std::string{kForm});
}

std::unique_ptr<media::BlockStore> open_file(const NamespaceSpec& spec, std::string& error) {
    std::error_code unused;
    const bool exists = std::filesystem::exists(spec.path, unused);
    if (!exists && spec.size != 0 && !spec.read_only)
        return media::FileStore::create(spec.path, spec.size, error);
    std::unique_ptr<media::BlockStore> store =
        media::FileStore::open(spec.path, spec.read_only, error);
    if (!store && !exists && spec.size == 0) error += " (size=... would create it)";
    if (store && spec.size != 0 && spec.size != store->size()) {
        error = spec.path + ": has " + std::to_string(store->size()) +
                " bytes, but size = " + std::to_string(spec.size) +
                " was given; it only applies to new images";
        return nullptr;
    }
    return store;
}

std::unique_ptr<media::BlockStore> open_store(const NamespaceSpec& spec, std::string& error) {
    if (spec.store == StoreKind::kFile) return open_file(spec, error);
    if (spec.store == StoreKind::kNull) return std::make_unique<media::NullStore>(spec.size);
    try {
        return std::make_unique<media::RamStore>(spec.size);
    } catch (const std::bad_alloc&) {
        error =
            "ram: this machine has no address space for " + std::to_string(spec.size) + " bytes";
        return nullptr;
    }
}

}  // namespace

ParamList parameters_of(NamespaceSpec& p) {
    return {
        {{"store", "",
          "where the bytes are: in memory, in a disk image or block device, or nowhere: zeros are "
          "read"},
         p.store},
        {{"size", "bytes",
          "of ram and null; of file only to create an image that does not exist yet"},
         p.size},
        {{"path", "", "of file: the image"}, p.path},
        {{"nsid", "", "namespace identifier; 0: the lowest that is free", 0, 65536}, p.nsid},
        {{"lba_size", "bytes", "logical block: 512 or 4096", 512, 4096}, p.lba_size},
        {{"read_only", "", "write protected; the image is opened for reading only"}, p.read_only},
    };
}

NamespaceSpec parse_namespace(std::string_view text, const std::string& where,
                              std::vector<std::string>& problems) {
    NamespaceSpec spec;
    const std::size_t comma = text.find(',');
    const std::string_view first = text.substr(0, comma);
    const std::size_t before = problems.size();
    const bool null = first.rfind("null:", 0) == 0;
    if (null || first.rfind("ram:", 0) == 0) {
        if (null) spec.store = StoreKind::kNull;
        const std::size_t colon = first.find(':');
        set_from_text(parameters_of(spec), "size", first.substr(colon + 1),
                      where + ": " + std::string{first.substr(0, colon)}, problems);
    } else if (first.rfind("file:", 0) == 0) {
        spec.store = StoreKind::kFile;
        spec.path = first.substr(5);
    } else {
        problems.push_back(where + ": " + std::string{kForm});
    }
    std::string_view rest = comma == std::string_view::npos ? "" : text.substr(comma);
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const std::size_t end = std::min(rest.find(','), rest.size());
        read_option(spec, rest.substr(0, end), where, problems);
        rest.remove_prefix(end);
    }
    if (problems.size() == before) check_namespace(spec, where, problems);
    return spec;
}

NamespaceSpec read_namespace(const nlohmann::json& value, const std::string& where,
                             std::vector<std::string>& problems) {
    if (value.is_string())
        return parse_namespace(value.get_ref<const std::string&>(), where + " = " + shown(value),
                               problems);
    NamespaceSpec spec;
    const std::size_t before = problems.size();
    read_object(parameters_of(spec), value, where, {}, problems);
    if (problems.size() == before) check_namespace(spec, where, problems);
    return spec;
}

void check_namespace(const NamespaceSpec& spec, const std::string& where,
                     std::vector<std::string>& problems) {
    const bool good_block = spec.lba_size == 512 || spec.lba_size == 4096;
    if (!good_block)
        problems.push_back(where + ": lba_size = " + std::to_string(spec.lba_size) +
                           ": must be 512 or 4096");
    const bool is_file = spec.store == StoreKind::kFile;
    if (!is_file && spec.size < spec.lba_size)
        problems.push_back(where + ": size = " + std::to_string(spec.size) +
                           ": must be at least one logical block");
    else if (good_block && spec.size % spec.lba_size != 0)
        problems.push_back(where + ": size = " + std::to_string(spec.size) +
                           ": must be a multiple of the logical block, " +
                           std::to_string(spec.lba_size) + " bytes");
    if (is_file && spec.size != 0 && spec.size < spec.lba_size)
        problems.push_back(where + ": size = " + std::to_string(spec.size) +
                           ": a new image must hold at least one logical block");
    if (!is_file && !spec.path.empty())
        problems.push_back(where + ": path is for a store of kind file");
    if (!is_file && spec.read_only)
        problems.push_back(where + ": empty memory that cannot be written is of no use");
    if (is_file && spec.path.empty())
        problems.push_back(where + ": path = \"\": must name an image");
}

void assign_nsids(std::vector<NamespaceSpec>& specs, std::vector<std::string>& problems) {
    std::set<std::uint32_t> taken;
    for (const NamespaceSpec& spec : specs) {
        if (spec.nsid == 0 || taken.insert(spec.nsid).second) continue;
        problems.push_back("nsid = " + std::to_string(spec.nsid) +
                           ": two namespaces have this identifier");
    }
    std::uint32_t next = 1;
    for (NamespaceSpec& spec : specs) {
        if (spec.nsid != 0) continue;
        while (taken.count(next) != 0) ++next;
        spec.nsid = next++;
    }
}

std::vector<OpenNamespace> open_namespaces(const std::vector<NamespaceSpec>& specs,
                                           std::vector<std::string>& problems) {
    std::vector<OpenNamespace> result;
    for (const NamespaceSpec& spec : specs) {
        std::string error;
        OpenNamespace opened;
        opened.config.nsid = spec.nsid;
        opened.config.lba_size = spec.lba_size;
        opened.store = open_store(spec, error);
        if (opened.store && opened.store->size() < spec.lba_size)
            error = spec.path + ": holds not even one block of " + std::to_string(spec.lba_size) +
                    " bytes";
        if (error.empty())
            result.push_back(std::move(opened));
        else
            problems.push_back("namespace " + std::to_string(spec.nsid) + ": " + error);
    }
    return result;
}

}  // namespace platform
