// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <optional>

#include "platform/runner/workloads.h"

namespace platform {

namespace {

/// As Linux names block devices.
struct DiskName {
    std::size_t controller = 0;
    std::uint32_t nsid = 0;
};

/// Takes a number from the beginning of `text`. False: there is none.
template <typename Integer>
bool take_number(std::string_view& text, Integer& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return true;
}

/// Nothing: the text is no such name, but a file's or whatever.
std::optional<DiskName> parse_disk_name(std::string_view text) {
    constexpr std::string_view kFolder = "/dev/", kPrefix = "nvme";
    if (text.substr(0, kFolder.size()) == kFolder) text.remove_prefix(kFolder.size());
    if (text.substr(0, kPrefix.size()) != kPrefix) return std::nullopt;
    text.remove_prefix(kPrefix.size());
    DiskName name;
    if (!take_number(text, name.controller) || text.empty() || text.front() != 'n')
        return std::nullopt;
    text.remove_prefix(1);
    if (!take_number(text, name.nsid) || !text.empty()) return std::nullopt;
    return name;
}

std::string names_of(const std::vector<Target>& targets) {
    constexpr std::size_t kMost = 8;
    std::string names;
    for (std::size_t i = 0; i < targets.size() && i < kMost; ++i)
        names += (names.empty() ? "nvme" : ", nvme") + std::to_string(targets[i].controller) + "n" +
                 std::to_string(targets[i].nsid);
    return names + (targets.size() > kMost ? " ..." : "");
}

}  // namespace

std::vector<Target> targets_of(const SystemSpec& system,
                               const std::vector<const std::vector<OpenNamespace>*>& namespaces) {
    std::vector<Target> targets;
    for_each_controller(
        system, [&](std::size_t controller, std::size_t subsystem, const ControllerSpec&) {
            for (const OpenNamespace& ns : *namespaces[subsystem])
                targets.push_back({controller, subsystem, ns.config.nsid, ns.bytes(),
                                   ns.config.lba_size, ns.store->read_only()});
        });
    return targets;
}

std::vector<Target> choose_targets(const JobFile& file, const std::vector<Target>& targets,
                                   const Target& otherwise, bool always,
                                   std::vector<std::string>& problems) {
    std::vector<Target> chosen;
    for (const Job& job : file.jobs) {
        chosen.push_back(otherwise);
        const std::optional<DiskName> name = parse_disk_name(job.filename);
        if (always || !name) continue;
        bool found = false;
        for (const Target& target : targets) {
            if (target.controller != name->controller || target.nsid != name->nsid) continue;
            chosen.back() = target;
            found = true;
        }
        if (!found)
            problems.push_back(file.file_name + ":" + std::to_string(job.line) + ": [" + job.name +
                               "]: filename=" + job.filename + ": must be one of " +
                               names_of(targets) + ", or be overruled by the option nsid");
    }
    return chosen;
}

}  // namespace platform
