// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/wave_signals.h"

#include <charconv>

namespace analysis {

namespace {

constexpr std::array<std::string_view, kDeviceWaves> kDeviceNames{
    "cc.value",
    "csts.value",
    "reset.controller",
    "reset.function",
    "reset.conventional",
    "reset.subsystem",
    "reset.power_off",
    "power.state",
    "health.critical_warning",
    "health.temperature",
    "health.available_spare",
    "health.percentage_used",
    "fetched.strobe",
    "fetched.sqid",
    "fetched.cid",
    "fetched.opcode",
    "completed.strobe",
    "completed.sqid",
    "completed.cid",
    "completed.opcode",
    "completed.status",
    "queues.doorbell_rejected",
    "media.read",
    "media.program",
    "media.destage",
    "media.cache",
    "media.flush",
    "media.deallocate",
    "media.blocks.collected",
    "media.blocks.folded",
    "media.blocks.refreshed",
    "media.blocks.levelled",
    "media.blocks.failed",
    "media.blocks.worn_out",
    "msix.sent",
    "intx.asserted",
    "async_event.strobe",
    "async_event.dw0",
    "lint.finding",
    "lint.rule",
    "lint.qid",
    "lint.cid",
    "fault.acted",
    "fault.sqid",
    "fault.cid",
};
static_assert(kDeviceNames[static_cast<std::size_t>(Wave::kFetched)] == "fetched.strobe");
static_assert(kDeviceNames[static_cast<std::size_t>(Wave::kMsixSent)] == "msix.sent");
static_assert(kDeviceNames.back() == "fault.cid");

struct Row {
    std::string_view name;
    Wave wave;
};
constexpr Row kOfQueue[] = {
    {"sq.doorbell", Wave::kSqDoorbell}, {"sq.head", Wave::kSqHead},     {"sq.size", Wave::kSqSize},
    {"cq.doorbell", Wave::kCqDoorbell}, {"in_flight", Wave::kInFlight},
};
constexpr Row kOfLane[] = {
    {"step", Wave::kStep},     {"opcode", Wave::kOpcode}, {"cid", Wave::kCid},
    {"nsid", Wave::kNsid},     {"lba", Wave::kLba},       {"blocks", Wave::kBlocks},
    {"status", Wave::kStatus},
};

template <std::size_t N>
Wave find(const Row (&rows)[N], std::string_view name) {
    for (const Row& row : rows)
        if (row.name == name) return row.wave;
    return Wave::kNone;
}

/// Takes "io3." or "s12." off the front of a name. False: there is nothing of the kind.
bool take_number(std::string_view& name, std::string_view before, std::uint16_t& number) {
    if (name.substr(0, before.size()) != before) return false;
    const char* const begin = name.data() + before.size();
    const char* const behind = name.data() + name.size();
    const auto [end, error] = std::from_chars(begin, behind, number);
    if (error != std::errc{}) return false;
    if (end != behind && *end != '.') return false;
    name.remove_prefix(static_cast<std::size_t>(end - name.data()) + (end != behind ? 1 : 0));
    return true;
}

/// Of what stands behind "queues."
void take_queue(std::string_view name, WaveName& result) {
    constexpr std::string_view kAdmin = "admin.";
    constexpr std::string_view kSlots = "slots.";
    if (name.substr(0, kAdmin.size()) == kAdmin)
        name.remove_prefix(kAdmin.size());
    else if (!take_number(name, "io", result.queue) || result.queue == 0)
        return;
    if (name.substr(0, kSlots.size()) != kSlots) {
        result.wave = find(kOfQueue, name);
        return;
    }
    name.remove_prefix(kSlots.size());
    if (take_number(name, "s", result.lane)) result.wave = find(kOfLane, name);
}

/// Is it the controller's own, in some scope?
bool ends_with_name(std::string_view path, std::string_view name) {
    return path.size() > name.size() + 1 && path.substr(path.size() - name.size()) == name &&
           path[path.size() - name.size() - 1] == '.';
}

}  // namespace

std::string_view name_of(Wave wave) {
    return kDeviceNames[static_cast<std::size_t>(wave)];
}

WaveName wave_name(std::string_view path) {
    WaveName result;
    for (std::size_t i = 0; i < kDeviceWaves; ++i)
        if (ends_with_name(path, kDeviceNames[i])) {
            result.wave = static_cast<Wave>(i);
            result.scope = path.substr(0, path.size() - kDeviceNames[i].size() - 1);
            return result;
        }
    constexpr std::string_view kQueues = ".queues.";
    constexpr std::string_view kVectors = ".msix.";
    if (const std::size_t at = path.find(kQueues); at != path.npos) {
        result.scope = path.substr(0, at);
        take_queue(path.substr(at + kQueues.size()), result);
    } else if (const std::size_t msix = path.find(kVectors); msix != path.npos) {
        result.scope = path.substr(0, msix);
        std::string_view name = path.substr(msix + kVectors.size());
        if (take_number(name, "v", result.queue) && name.empty()) result.wave = Wave::kVector;
    }
    return result;
}

}  // namespace analysis
