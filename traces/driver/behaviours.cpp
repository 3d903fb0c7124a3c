// SPDX-License-Identifier: Apache-2.0
#include "traces/driver/behaviours.h"

#include "models/nvme/spec/admin_commands.h"
#include "models/nvme/spec/logs.h"
#include "models/nvme/spec/opcodes.h"
#include "traces/driver/behaviour_checks.h"

namespace driver {

namespace {

using faults::Action;
using faults::Rule;
using nvme::spec::StatusCode;

constexpr std::uint64_t kNsPerMs = 1'000'000;

/// On a Read of an I/O queue, or when it arrives: rules that all count the same act in their order.
void on_a_read(Rule& r, Action action) {
    r.action = action;
    r.queues = faults::Queues::kIo;
    r.opcode = static_cast<std::uint8_t>(nvme::spec::NvmOpcode::kRead);
}
void event(Rule& r, nvme::spec::AsyncEventType type, std::uint8_t info, nvme::spec::LogId log) {
    on_a_read(r, Action::kAsyncEvent);
    r.event_type = static_cast<std::uint8_t>(type);
    r.event_info = info;
    r.event_log = static_cast<std::uint8_t>(log);
}

void error_event(Rule& r) {
    event(r, nvme::spec::AsyncEventType::kError,
          static_cast<std::uint8_t>(nvme::spec::AsyncErrorInfo::kTransientInternalError),
          nvme::spec::LogId::kErrorInformation);
}
void health_event(Rule& r) {
    event(r, nvme::spec::AsyncEventType::kSmartHealth,
          static_cast<std::uint8_t>(nvme::spec::AsyncSmartInfo::kTemperatureThreshold),
          nvme::spec::LogId::kSmartHealth);
}
void namespace_event(Rule& r) {
    event(r, nvme::spec::AsyncEventType::kNotice,
          static_cast<std::uint8_t>(nvme::spec::AsyncNoticeInfo::kNamespaceAttributeChanged),
          nvme::spec::LogId::kChangedNamespaceList);
    r.event_nsid = 1;
}
void persistent_error(Rule& r) {
    event(r, nvme::spec::AsyncEventType::kError,
          static_cast<std::uint8_t>(nvme::spec::AsyncErrorInfo::kPersistentInternalError),
          nvme::spec::LogId::kErrorInformation);
}
void read_error(Rule& r) {
    r.action = Action::kReadError;
}
void write_error(Rule& r) {
    r.action = Action::kWriteError;
}
void interrupted(Rule& r) {
    on_a_read(r, Action::kComplete);
    r.sct = nvme::spec::status_code_type(StatusCode::kCommandInterrupted);
    r.sc = nvme::spec::status_code_value(StatusCode::kCommandInterrupted);
}
void transfer_error(Rule& r) {
    on_a_read(r, Action::kDmaError);
    r.dma = faults::DmaAccess::kDataWrite;
}
void hold(Rule& r) {
    on_a_read(r, Action::kHold);
}
void drop(Rule& r) {
    on_a_read(r, Action::kDrop);
}
void lose_interrupt(Rule& r) {
    r.action = Action::kLoseInterrupt;
    r.vector = 1;
}
void extra_interrupt(Rule& r) {
    on_a_read(r, Action::kRaiseInterrupt);
    r.vector = 1;
}
void slow_ready(Rule& r) {
    r.action = Action::kDelayReady;
    r.delay_ns = 400 * kNsPerMs;  // within the smallest CAP.TO, 500 ms
}
void fatal(Rule& r) {
    on_a_read(r, Action::kFatalStatus);
}
void link_down(Rule& r) {
    on_a_read(r, Action::kLinkDown);
    r.duration_ns = 2000 * kNsPerMs;
}
void power_cut(Rule& r) {
    on_a_read(r, Action::kPowerCut);
    r.duration_ns = 2000 * kNsPerMs;
}

struct Behaviour {
    std::string_view id, says, section;
    bool every_driver;
    Outcome (*check)(const DriverProfile&);
    void (*fault)(Rule&) = nullptr;  ///< null: the driver's user has to do it
};
// The gentle ones first: a plan acts in this order.
// clang-format off
constexpr Behaviour kBehaviours[] = {
    {"queue.several", "has several commands in flight in a queue", "3.3.1.2 Queue Usage", false, &checks::several_in_flight},
    {"queue.wrap", "goes on when a completion queue begins anew, by the Phase Tag", "3.3.1.2 Queue Usage", true, &checks::phase_tag},
    {"queue.full", "submits nothing to a full queue", "3.3.1.2 Queue Usage", true, &checks::full_queue},
    {"queue.head", "takes completions and writes the head doorbell", "3.3.1.2 Queue Usage", true, &checks::acknowledges},
    {"data.list", "moves data by PRP lists or SGL segments", "4.1.1 Physical Region Page Entry and List", false, &checks::long_transfers},
    {"cache.flush", "flushes what it has written", "7.1 Flush command", true, &checks::flushes},
    {"shutdown.normal", "shuts the controller down before power goes", "3.6 Shutdown Processing", true, &checks::normal_shutdown},
    {"shutdown.wait", "waits until the shutdown is complete", "3.6 Shutdown Processing", true, &checks::awaits_shutdown},
    {"reset.again", "resets the controller and brings it up again", "3.7.2 Controller Level Reset", true, &checks::resets},
    {"ready.slow", "is patient with a controller that becomes ready late", "3.5 Controller Initialization", true, &checks::waits_for_slow_ready, &slow_ready},
    {"event.request", "asks for asynchronous events", "5.2 Asynchronous Event Request command", false, &checks::asks_for_events},
    {"event.request-again", "asks for the next event after each one", "5.2 Asynchronous Event Request command", false, &checks::asks_again, &health_event},
    {"event.health", "reads the SMART / Health Information log page after an event of that type", "5.2 Asynchronous Event Request command", false, &checks::reads_health_log, &health_event},
    {"event.error", "reads the Error Information log page after an error event", "5.2 Asynchronous Event Request command", false, &checks::reads_error_log, &error_event},
    {"event.namespace", "reads the Changed Namespace List after its event", "5.2 Asynchronous Event Request command", false, &checks::reads_changed_namespaces, &namespace_event},
    {"event.rescan", "identifies namespaces again when they have changed", "5.2 Asynchronous Event Request command", false, &checks::rescans, &namespace_event},
    {"interrupt.extra", "goes on after an interrupt without a completion", "3.3.1.2 Queue Usage", true, &checks::ignores_extra_interrupt, &extra_interrupt},
    {"error.interrupted", "sends a command again that was interrupted", "3.3.3.2.1 Completion queue entry: Status Field", true, &checks::sends_interrupted_again, &interrupted},
    {"error.read", "survives an Unrecovered Read Error", "3.3.3.2.1 Completion queue entry: Status Field", true, &checks::survives_read_error, &read_error},
    {"error.write", "survives a Write Fault", "3.3.3.2.1 Completion queue entry: Status Field", true, &checks::survives_write_error, &write_error},
    {"error.transfer", "survives a Data Transfer Error", "3.3.3.2.1 Completion queue entry: Status Field", true, &checks::survives_transfer_error, &transfer_error},
    {"interrupt.lost", "finds completions although their interrupt was lost", "3.3.1.2 Queue Usage", false, &checks::misses_interrupt, &lose_interrupt},
    {"timeout.abort", "aborts a command that is not answered", "5.1 Abort command", false, &checks::aborts, &hold},
    {"timeout.reset", "resets the controller when Abort does not help", "3.7.2 Controller Level Reset", true, &checks::resets_after_abort, &drop},
    {"reset.lost", "sends commands again that were not answered before a reset", "3.7.2 Controller Level Reset", true, &checks::sends_lost_again, &drop},
    {"fatal.persistent", "resets the controller after a Persistent Internal Error", "5.2 Asynchronous Event Request command", false, &checks::resets_after_persistent_error, &persistent_error},
    {"fatal.reset", "resets the controller after CSTS.CFS", "9.5 Controller Fatal Status Condition", true, &checks::resets_after_fatal, &fatal},
    {"gone.link", "brings the controller up again when it was gone for a while", "3.7.2 Controller Level Reset", false, &checks::comes_back, &link_down},
    {"gone.power", "brings the controller up again after it had no power", "3.7.2 Controller Level Reset", false, &checks::survives_power_cut, &power_cut},
};
// clang-format on

bool is_missing(const Outcome& outcome) {
    return outcome.verdict == Verdict::kNotExercised || outcome.verdict == Verdict::kUnknown;
}

}  // namespace

std::vector<Item> behaviours(const DriverProfile& profile) {
    std::vector<Item> items;
    for (const Behaviour& row : kBehaviours) {
        Item item{row.id, row.says, row.section, row.every_driver};
        if (row.fault != nullptr) {
            Rule rule;
            row.fault(rule);
            item.fault = faults::name_of(rule.action);
        }
        item.outcome = row.check(profile);
        items.push_back(std::move(item));
    }
    return items;
}

std::vector<Rule> missing_plan(const DriverProfile& profile) {
    constexpr std::uint64_t kReadsBetween = 25;
    std::vector<Rule> plan;
    void (*last)(Rule&) = nullptr;
    for (const Behaviour& row : kBehaviours) {
        // Neighbours with one fault are exercised together.
        if (row.fault == nullptr || row.fault == last || !is_missing(row.check(profile))) continue;
        last = row.fault;
        Rule rule;
        row.fault(rule);
        rule.name = row.id;
        rule.count = 1;
        // The first time that the controller becomes ready; else amid I/O.
        if (rule.action != Action::kDelayReady) rule.nth = kReadsBetween * (plan.size() + 1);
        plan.push_back(std::move(rule));
    }
    return plan;
}

}  // namespace driver
