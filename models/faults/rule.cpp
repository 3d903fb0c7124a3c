// SPDX-License-Identifier: Apache-2.0
#include "models/faults/rule.h"

#include <algorithm>
#include <type_traits>

#include "models/faults/action_table.h"
#include "models/nvme/spec/entries.h"

namespace faults {
namespace {

using Problems = std::vector<RuleProblem>;

struct Field {
    std::string_view name;
    std::uint32_t group;
};
constexpr Field kFields[] = {
    {"name", kAlways},
    {"action", kAlways},
    {"enabled", kAlways},
    {"queues", kQueue},
    {"queue", kQueue},
    {"opcode", kCommandMatch},
    {"nsid", kBlocks},
    {"cid", kCommandMatch},
    {"lba", kBlocks},
    {"blocks", kBlocks},
    {"match_offset", kCommandMatch},
    {"match", kCommandMatch},
    {"match_mask", kCommandMatch},
    {"dma", kDma},
    {"vector", kVector},
    {"doorbell", kDoorbellKind},
    {"space", kRegisterPlace},
    {"offset", kRegisterPlace},
    {"size", kRegisterPlace},
    {"edge", kEdge},
    {"nth", kFrequency},
    {"every", kFrequency},
    {"count", kFrequency},
    {"probability_ppm", kFrequency},
    {"seed", kFrequency},
    {"from_ns", kFrequency},
    {"until_ns", kFrequency},
    {"at_ns", kAt},
    {"delay_ns", kDelayBy},
    {"duration_ns", kDuration},
    {"sct", kStatus},
    {"sc", kStatus},
    {"dnr", kStatus},
    {"more", kStatus},
    {"dw0", kStatus},
    {"set_offset", kSetOffset},
    {"set", kSet},
    {"set_mask", kSet},
    {"value", kValue},
    {"value_mask", kRegisterPlace},
    {"until_rewritten", kRewritten},
    {"event_type", kAsync},
    {"event_info", kAsync},
    {"event_log", kAsync},
    {"event_nsid", kAsync},
    {"temperature", kHealthState},
    {"available_spare", kHealthState},
    {"spare_threshold", kHealthState},
    {"percentage_used", kHealthState},
    {"reliability_degraded", kHealthState},
    {"media_read_only", kHealthState},
    {"volatile_backup_failed", kHealthState},
    {"pmr_unreliable", kHealthState},
    {"link_gen", kLinkSpeed},
    {"link_lanes", kLinkSpeed},
    {"retrain_ns", kLinkSpeed},
    {"at_least", kBounds},
    {"at_most", kBounds},
};

std::uint32_t group_of(std::string_view field) {
    for (const Field& f : kFields)
        if (f.name == field) return f.group;
    return 0;  // a test finds fields that are in no group
}

/// Names of the fields that do not have their default.
std::vector<std::string_view> changed_fields(const Rule& rule) {
    const Rule defaults;
    std::vector<std::string_view> changed;
    // Both are visited in the same order: the second walk compares with the first one's pointers.
    std::vector<const void*> places;
    Rule::visit(defaults,
                [&](const util::ParamInfo&, const auto& field) { places.push_back(&field); });
    std::size_t i = 0;
    Rule::visit(rule, [&](const util::ParamInfo& info, const auto& field) {
        using T = std::decay_t<decltype(field)>;
        if (!(field == *static_cast<const T*>(places[i++]))) changed.push_back(info.name);
    });
    return changed;
}

void check_ranges(const Rule& rule, Problems& problems) {
    Rule::visit(rule, [&](const util::ParamInfo& info, const auto& field) {
        const auto check = [&](std::uint64_t value) {
            if (value < info.min || value > info.max)
                problems.push_back({info.name, "must be " + std::to_string(info.min) + " to " +
                                                   std::to_string(info.max)});
        };
        using T = std::decay_t<decltype(field)>;
        if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
            check(field);
        } else if constexpr (util::OptionalParam<T>::value) {
            if (field) check(*field);
        } else if constexpr (std::is_enum_v<T>) {
            if (static_cast<std::size_t>(field) >= util::EnumNames<T>::names.size())
                problems.push_back({info.name, "is no value of its enumeration"});
        }
    });
}

void check_name(const std::string& name, Problems& problems) {
    constexpr std::size_t kLongest = 64;
    constexpr std::string_view kAllowed =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
    if (name.size() > kLongest || name.find_first_not_of(kAllowed) != std::string::npos)
        problems.push_back({"name", "must be up to 64 letters, digits and _-."});
}

void check_bytes(std::string_view field, std::size_t offset, const Bytes& bytes,
                 std::string_view mask_field, const Bytes& mask, std::size_t space,
                 Problems& problems) {
    if (offset + bytes.size() > space)
        problems.push_back({field, "must end within " + std::to_string(space) + " bytes"});
    if (!mask.empty() && mask.size() != bytes.size())
        problems.push_back({mask_field, "must be as long as " + std::string{field}});
}

/// Bytes that `set` may address.
std::size_t space_of(Action action) {
    if (action == Action::kRewriteCommand) return sizeof(nvme::spec::SubmissionEntry);
    if (action == Action::kRewriteCompletion) return sizeof(nvme::spec::CompletionEntry);
    return std::size_t{1} << 24;
}

/// Groups of which any field is enough; of the others it is the first.
constexpr std::uint32_t kAnyIsEnough = kHealthState;

RuleProblem missing(const Field& field) {
    if ((field.group & kAnyIsEnough) == 0) return {field.name, "is missing"};
    std::string names;
    for (const Field& other : kFields)
        if (other.group == field.group) names.append(names.empty() ? "" : ", ").append(other.name);
    return {"action", "needs at least one of " + names};
}

void check_use(const Rule& rule, Problems& problems) {
    const ActionInfo& info = info_of(rule.action);
    const auto changed = changed_fields(rule);
    for (const std::string_view field : changed) {
        const std::uint32_t group = group_of(field);
        if ((group & (info.groups | kAlways)) == 0)
            problems.push_back({field, "means nothing for " + std::string{name_of(rule.action)}});
    }
    for (const Field& field : kFields) {
        if ((field.group & info.required) == 0) continue;
        const bool given = std::any_of(changed.begin(), changed.end(), [&](std::string_view name) {
            return group_of(name) == field.group;
        });
        if (!given) {
            problems.push_back(missing(field));
            return;
        }
    }
    // At a time, or when a command arrives: not both.
    const auto selects_commands = [](std::string_view field) {
        return (group_of(field) & (kQueue | kCommandMatch | kBlocks)) != 0;
    };
    if (is_event(rule.action) && rule.at_ns) {
        if (std::any_of(changed.begin(), changed.end(), selects_commands))
            problems.push_back({"at_ns", "excludes what selects commands"});
        if (rule.delay_ns != 0) problems.push_back({"at_ns", "excludes delay_ns"});
    }
    // What fails before there is a command cannot depend on one.
    if (place_of(rule) == Place::kFetch)
        for (const std::string_view field : changed)
            if ((group_of(field) & (kCommandMatch | kBlocks | kSetOffset)) != 0)
                problems.push_back({field, "is not known yet when an entry is fetched"});
}

void check_values(const Rule& rule, Problems& problems) {
    if (rule.action == Action::kForgeRegister) {
        if (rule.size != 1 && rule.size != 2 && rule.size != 4 && rule.size != 8)
            problems.push_back({"size", "must be 1, 2, 4 or 8"});
        else if (rule.offset % rule.size != 0)
            problems.push_back({"offset", "must be a multiple of size"});
        if (rule.space == RegisterSpace::kConfig && rule.offset >= 4096)
            problems.push_back({"offset", "must be below 4096 in configuration space"});
    }
    const bool overrides = rule.action == Action::kOverrideMqes ||
                           rule.action == Action::kOverrideVendorId ||
                           rule.action == Action::kOverrideDeviceId;
    const bool given = rule.value != Rule{}.value;  // else it is missing, which is said already
    if (overrides && given && rule.value > 0xffff)
        problems.push_back({"value", "must be 0 to 65535"});
    if (rule.link_lanes && !util::is_power_of_two(*rule.link_lanes))
        problems.push_back({"link_lanes", "must be 1, 2, 4, 8 or 16"});
    if (rule.until_ns != 0 && rule.until_ns < rule.from_ns)
        problems.push_back({"until_ns", "must not be before from_ns"});
    if (rule.at_most && *rule.at_most < rule.at_least)
        problems.push_back({"at_most", "must not be below at_least"});
    if (rule.lba && *rule.lba + (rule.blocks - 1) < *rule.lba)
        problems.push_back({"blocks", "must end below 2^64"});
    if (rule.queue && rule.queues != Queues::kAny &&
        (*rule.queue == 0) != (rule.queues == Queues::kAdmin))
        problems.push_back({"queue", "contradicts queues"});
}

}  // namespace

std::vector<RuleProblem> validate(const Rule& rule) {
    Problems problems;
    check_name(rule.name, problems);
    check_ranges(rule, problems);
    if (!problems.empty()) return problems;  // what follows relies on them
    check_bytes("match", rule.match_offset, rule.match, "match_mask", rule.match_mask,
                sizeof(nvme::spec::SubmissionEntry), problems);
    check_bytes("set", rule.set_offset, rule.set, "set_mask", rule.set_mask, space_of(rule.action),
                problems);
    check_use(rule, problems);
    check_values(rule, problems);
    return problems;
}

}  // namespace faults
