// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/nvme/ports/health_change.h"
#include "models/util/params.h"

namespace faults {

/// What a rule does. docs/faults.md describes each; EnumNames<Action> has their names.
enum class Action : std::uint8_t {
    // A command that arrives
    kExpect,
    kDrop,
    kDelay,
    kHold,
    kComplete,
    kRewriteCommand,
    // Its data
    kReplaceData,
    kFlipData,
    kDmaError,
    // Its completion
    kDropCompletion,
    kDelayCompletion,
    kHoldCompletion,
    kRewriteCompletion,
    // Interrupts, doorbells, registers, states
    kLoseInterrupt,
    kDuplicateInterrupt,
    kDelayInterrupt,
    kLoseDoorbell,
    kDelayDoorbell,
    kForgeRegister,
    kOverrideMqes,
    kOverrideVendorId,
    kOverrideDeviceId,
    kDelayReady,
    kNeverReady,
    // Media
    kReadError,
    kWriteError,
    // By themselves, at a time or when a command arrives
    kRaiseInterrupt,
    kFatalStatus,
    kRemove,
    kInsert,
    kLinkDown,
    kLinkUp,
    kLinkRetrain,
    kPowerCut,
    kPowerOn,
    kAsyncEvent,
    kHealth,
};

enum class Queues : std::uint8_t { kAny, kAdmin, kIo };
enum class DoorbellKind : std::uint8_t { kAny, kTail, kHead };
enum class RegisterSpace : std::uint8_t { kBar0, kConfig };
enum class ReadyEdge : std::uint8_t { kRise, kFall };
/// Which access of the controller to host memory fails.
enum class DmaAccess : std::uint8_t { kDataRead, kDataWrite, kPrpList, kSqeFetch, kCqeWrite };

/// Rules of a plan.
inline constexpr std::size_t kMostRules = 1024;

using Bytes = std::vector<std::uint8_t>;

/// One rule of a fault plan: when, and what. Plain data; what a field is for and which actions use
/// it is said once, in visit(). An optional field that is absent matches everything.
struct Rule {
    std::string name;
    Action action = Action::kExpect;
    bool enabled = true;

    // When: the command
    Queues queues = Queues::kAny;
    std::optional<std::uint16_t> queue;
    std::optional<std::uint8_t> opcode;
    std::optional<std::uint32_t> nsid;
    std::optional<std::uint16_t> cid;
    std::optional<std::uint64_t> lba;
    std::uint64_t blocks = 1;
    std::uint8_t match_offset = 0;
    Bytes match, match_mask;
    // When: anything else
    DmaAccess dma = DmaAccess::kDataRead;
    std::optional<std::uint16_t> vector;
    DoorbellKind doorbell = DoorbellKind::kAny;
    RegisterSpace space = RegisterSpace::kBar0;
    std::uint16_t offset = 0;
    std::uint8_t size = 4;
    ReadyEdge edge = ReadyEdge::kRise;
    // When: which of those that match
    std::uint64_t nth = 1;
    std::uint64_t every = 1;
    std::uint64_t count = 0;
    std::uint32_t probability_ppm = 1'000'000;
    std::uint64_t seed = 1;
    std::uint64_t from_ns = 0;
    std::uint64_t until_ns = 0;
    std::optional<std::uint64_t> at_ns;

    // What
    std::uint64_t delay_ns = 0;
    std::uint64_t duration_ns = 0;
    std::uint8_t sct = 0, sc = 0;
    bool dnr = false, more = false;
    std::uint32_t dw0 = 0;
    std::uint32_t set_offset = 0;
    Bytes set, set_mask;
    std::uint64_t value = ~std::uint64_t{0};
    std::uint64_t value_mask = ~std::uint64_t{0};
    bool until_rewritten = false;
    std::uint8_t event_type = 0, event_info = 0, event_log = 0;
    std::optional<std::uint32_t> event_nsid;
    nvme::HealthChange health;
    std::optional<std::uint8_t> link_gen, link_lanes;
    std::uint64_t retrain_ns = 0;
    std::uint64_t at_least = 1;
    std::optional<std::uint64_t> at_most;

    /// Calls v(ParamInfo, field) for each field.
    template <typename Self, typename Visitor>
    static void visit(Self& r, Visitor&& v) {
        using I = util::ParamInfo;
        constexpr std::uint64_t kTenDays = 864'000'000'000'000;
        v(I{"name", "", "letters, digits and _-. ; none: rule_N, N counted from 0"}, r.name);
        v(I{"action", "", "what happens"}, r.action);
        v(I{"enabled", "", "can be switched while the simulation runs"}, r.enabled);

        v(I{"queues", "", "commands of which submission queues"}, r.queues);
        v(I{"queue", "", "of this queue alone; 0: admin"}, r.queue);
        v(I{"opcode", "", "with this opcode"}, r.opcode);
        v(I{"nsid", "", "with this namespace identifier"}, r.nsid);
        v(I{"cid", "", "with this command identifier"}, r.cid);
        v(I{"lba", "", "whose logical blocks overlap those from here on"}, r.lba);
        v(I{"blocks", "blocks", "how many, with lba", 1}, r.blocks);
        v(I{"match_offset", "bytes", "place of match in the submission queue entry", 0, 63},
          r.match_offset);
        v(I{"match", "", "bytes that the entry must have there"}, r.match);
        v(I{"match_mask", "", "bits of match that count; as long as match; none: all"},
          r.match_mask);

        v(I{"dma", "", "dma_error: which access fails"}, r.dma);
        v(I{"vector", "", "of this MSI-X vector alone; raise_interrupt: of this one", 0, 2047},
          r.vector);
        v(I{"doorbell", "", "of submission queues (tail) or completion queues (head)"}, r.doorbell);
        v(I{"space", "", "forge_register: where"}, r.space);
        v(I{"offset", "bytes", "forge_register: first byte of the register"}, r.offset);
        v(I{"size", "bytes", "forge_register: bytes of the register", 1, 8}, r.size);
        v(I{"edge", "", "of CSTS.RDY"}, r.edge);

        v(I{"nth", "", "begins with the n-th that matches", 1}, r.nth);
        v(I{"every", "", "from then on every n-th", 1}, r.every);
        v(I{"count", "", "acts so often; 0: without limit"}, r.count);
        v(I{"probability_ppm", "1/1000000", "chance of each to be acted on", 0, 1'000'000},
          r.probability_ppm);
        v(I{"seed", "", "of the rule's own random numbers"}, r.seed);
        v(I{"from_ns", "ns", "acts not before this simulated time", 0, kTenDays}, r.from_ns);
        v(I{"until_ns", "ns", "and not after this one; 0: no end", 0, kTenDays}, r.until_ns);
        v(I{"at_ns", "ns", "hold: released then; what happens by itself: happens then", 0,
            kTenDays},
          r.at_ns);

        v(I{"delay_ns", "ns", "how much later", 0, kTenDays}, r.delay_ns);
        v(I{"duration_ns", "ns",
            "remove, link_down, link_retrain, power_cut: back after; 0: not by itself", 0,
            kTenDays},
          r.duration_ns);
        v(I{"sct", "", "complete: Status Code Type", 0, 7}, r.sct);
        v(I{"sc", "", "complete: Status Code"}, r.sc);
        v(I{"dnr", "", "complete: Do Not Retry"}, r.dnr);
        v(I{"more", "", "complete: More"}, r.more);
        v(I{"dw0", "", "complete: Dword 0"}, r.dw0);
        v(I{"set_offset", "bytes", "place of set in the entry or in the data of the command", 0,
            (1u << 24) - 1},
          r.set_offset);
        v(I{"set", "", "bytes to put there; flip_data: bits to invert"}, r.set);
        v(I{"set_mask", "", "bits of set that count; as long as set; none: all"}, r.set_mask);
        v(I{"value", "", "what a register reads as"}, r.value);
        v(I{"value_mask", "", "forge_register: bits of value that count"}, r.value_mask);
        v(I{"until_rewritten", "", "read_error: blocks that are written are good again"},
          r.until_rewritten);
        v(I{"event_type", "", "async_event: Asynchronous Event Type", 0, 7}, r.event_type);
        v(I{"event_info", "", "async_event: Asynchronous Event Information"}, r.event_info);
        v(I{"event_log", "", "async_event: Log Page Identifier"}, r.event_log);
        v(I{"event_nsid", "", "async_event: instead of these, this namespace has changed", 1},
          r.event_nsid);
        v(I{"temperature", "K", "health: composite temperature and that of every sensor", 1,
            0xffff},
          r.health.temperature);
        v(I{"available_spare", "%", "health: of the SMART log", 0, 100}, r.health.available_spare);
        v(I{"spare_threshold", "%", "health: a lower available spare is a critical warning", 0,
            100},
          r.health.spare_threshold);
        v(I{"percentage_used", "%", "health: of the SMART log; 255: more than 254", 0, 255},
          r.health.percentage_used);
        v(I{"reliability_degraded", "", "health: critical warning bit 2"},
          r.health.reliability_degraded);
        v(I{"media_read_only", "", "health: critical warning bit 3: no namespace can be written"},
          r.health.media_read_only);
        v(I{"volatile_backup_failed", "", "health: critical warning bit 4"},
          r.health.volatile_backup_failed);
        v(I{"pmr_unreliable", "", "health: critical warning bit 5"}, r.health.pmr_unreliable);
        v(I{"link_gen", "",
            "link_retrain: PCI Express generation, up to that of the controller; none: that one", 1,
            6},
          r.link_gen);
        v(I{"link_lanes", "lanes",
            "link_retrain: 1, 2, 4, 8 or 16, up to those of the controller; none: those", 1, 16},
          r.link_lanes);
        v(I{"retrain_ns", "ns", "link_retrain: so long the link carries nothing", 0, kTenDays},
          r.retrain_ns);
        v(I{"at_least", "", "expect: commands that have to arrive"}, r.at_least);
        v(I{"at_most", "", "expect: commands that may arrive"}, r.at_most);
    }
};

/// What is wrong with one field: its name, and a phrase like "must be 1 to 8".
struct RuleProblem {
    std::string_view field;
    std::string text;
};
/// Everything that is wrong with a rule, beyond the range of a single value: fields that contradict
/// one another, that are missing, or that mean nothing for the action.
[[nodiscard]] std::vector<RuleProblem> validate(const Rule& rule);

/// "delay", "power_cut", ...
[[nodiscard]] std::string_view name_of(Action action);

/// Acts by itself: at a time, or when a command arrives that matches.
[[nodiscard]] bool is_event(Action action);

}  // namespace faults

template <>
struct util::EnumNames<faults::Action> {
    static constexpr std::array<std::string_view, 37> names{"expect",
                                                            "drop",
                                                            "delay",
                                                            "hold",
                                                            "complete",
                                                            "rewrite_command",
                                                            "replace_data",
                                                            "flip_data",
                                                            "dma_error",
                                                            "drop_completion",
                                                            "delay_completion",
                                                            "hold_completion",
                                                            "rewrite_completion",
                                                            "lose_interrupt",
                                                            "duplicate_interrupt",
                                                            "delay_interrupt",
                                                            "lose_doorbell",
                                                            "delay_doorbell",
                                                            "forge_register",
                                                            "override_mqes",
                                                            "override_vendor_id",
                                                            "override_device_id",
                                                            "delay_ready",
                                                            "never_ready",
                                                            "read_error",
                                                            "write_error",
                                                            "raise_interrupt",
                                                            "fatal_status",
                                                            "remove",
                                                            "insert",
                                                            "link_down",
                                                            "link_up",
                                                            "link_retrain",
                                                            "power_cut",
                                                            "power_on",
                                                            "async_event",
                                                            "health"};
};
static_assert(util::EnumNames<faults::Action>::names.size() ==
              static_cast<std::size_t>(faults::Action::kHealth) + 1);
template <>
struct util::EnumNames<faults::Queues> {
    static constexpr std::array<std::string_view, 3> names{"any", "admin", "io"};
};
template <>
struct util::EnumNames<faults::DoorbellKind> {
    static constexpr std::array<std::string_view, 3> names{"any", "tail", "head"};
};
template <>
struct util::EnumNames<faults::RegisterSpace> {
    static constexpr std::array<std::string_view, 2> names{"bar0", "config"};
};
template <>
struct util::EnumNames<faults::ReadyEdge> {
    static constexpr std::array<std::string_view, 2> names{"rise", "fall"};
};
template <>
struct util::EnumNames<faults::DmaAccess> {
    static constexpr std::array<std::string_view, 5> names{"data_read", "data_write", "prp_list",
                                                           "sqe_fetch", "cqe_write"};
};
