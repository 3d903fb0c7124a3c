// SPDX-License-Identifier: Apache-2.0
#include "traces/driver/behaviour_checks.h"

#include <algorithm>

#include "models/nvme/spec/opcodes.h"
#include "traces/analysis/words.h"

namespace driver::checks {

namespace {

using nvme::spec::NvmOpcode;
using nvme::spec::StatusCode;
using observe::LintRule;

/// A driver that has not answered by then will not: Linux has a patience of 30 s for a command.
constexpr util::TimePs kPatience = 60 * util::kPsPerS;
constexpr const char* kNoDetails = "the trace has no details";

std::string times(std::uint64_t count) {
    return count == 1 ? "once" : std::to_string(count) + " times";
}

Outcome of(const Occasion& occasion, const DriverProfile& p) {
    const std::uint64_t met = occasion.met(), answered = occasion.answered();
    if (met == 0) return {};
    if (answered == met) return {Verdict::kDone, times(met)};
    const std::string how = std::to_string(answered) + " of " + std::to_string(met);
    if (answered != 0) return {Verdict::kDone, how};
    if (p.end() - occasion.last() < kPatience)
        return {Verdict::kUnknown,
                "the trace ends " + analysis::in_time(p.end() - occasion.last()) + " after it"};
    return {Verdict::kNotDone, how};
}

/// A must: not to answer is wrong.
Outcome of_must(const Occasion& occasion, const DriverProfile& p) {
    Outcome outcome = of(occasion, p);
    if (outcome.verdict == Verdict::kNotDone) outcome.verdict = Verdict::kWrong;
    return outcome;
}

std::uint64_t broken(const DriverProfile& p, LintRule rule) {
    return p.lint().of(rule).count;
}

std::uint64_t sent(const DriverProfile& p, NvmOpcode opcode) {
    return p.usage().command(1, static_cast<std::uint8_t>(opcode)).count;
}

std::string what_followed(const ErrorPath& path) {
    return times(path.met) + ", sent again " + times(path.sent_again) + ", then good " +
           times(path.good_again);
}

/// It came, and the driver is still there: what it makes of the error is its user's matter.
Outcome survived(const ErrorPath* path) {
    if (path == nullptr) return {};
    return {Verdict::kDone, what_followed(*path)};
}
Outcome sent_again(const ErrorPath* path) {
    if (path == nullptr) return {};
    return {path->sent_again != 0 ? Verdict::kDone : Verdict::kNotDone, what_followed(*path)};
}

}  // namespace

Outcome normal_shutdown(const DriverProfile& p) {
    const Reactions& r = p.reactions();
    if (r.hasty != 0)
        return {Verdict::kWrong, times(r.hasty) +
                                     " the controller was disabled before CSTS.SHST "
                                     "told that the shutdown was complete"};
    if (r.normal_shutdowns != 0) return {Verdict::kDone, times(r.normal_shutdowns)};
    if (r.abrupt_shutdowns != 0) return {Verdict::kNotDone, "abrupt shutdowns only"};
    if (r.power_offs != 0) return {Verdict::kNotDone, "power was taken without a shutdown"};
    return {};
}

Outcome awaits_shutdown(const DriverProfile& p) {
    const Reactions& r = p.reactions();
    const std::uint64_t all = r.normal_shutdowns + r.abrupt_shutdowns;
    if (all == 0) return {};
    if (!r.details) return {Verdict::kUnknown, kNoDetails};
    if (r.awaited_shutdowns == 0) return {Verdict::kNotDone, "CSTS.SHST = 10b was not read"};
    return {Verdict::kDone, std::to_string(r.awaited_shutdowns) + " of " + std::to_string(all)};
}

Outcome flushes(const DriverProfile& p) {
    const std::uint64_t flushes = sent(p, NvmOpcode::kFlush);
    if (broken(p, LintRule::kAbruptWithCache) != 0)
        return {Verdict::kWrong, "an abrupt shutdown came after writes that were not flushed"};
    if (flushes != 0) return {Verdict::kDone, std::to_string(flushes) + " Flush commands"};
    if (sent(p, NvmOpcode::kWrite) == 0) return {};
    if (p.reactions().normal_shutdowns != 0)
        return {Verdict::kDone, "by the normal shutdown, no Flush command"};
    return {Verdict::kNotDone, "writes, and neither a Flush nor a normal shutdown"};
}

Outcome resets(const DriverProfile& p) {
    if (p.lives().recovered() == 0) return {};
    return {Verdict::kDone, times(p.lives().recovered())};
}

Outcome several_in_flight(const DriverProfile& p) {
    std::uint32_t most = 0;
    for (const auto& [qid, queue] : p.queues().queues())
        if (qid != 0) most = std::max(most, queue.most_in_flight);
    if (most < 2) return {};
    return {Verdict::kDone, std::to_string(most) + " in one queue"};
}

Outcome phase_tag(const DriverProfile& p) {
    std::uint64_t wraps = 0;
    for (const auto& [qid, queue] : p.queues().queues()) wraps += queue.wraps;
    if (wraps == 0) return {};
    return {Verdict::kDone, times(wraps)};
}

Outcome full_queue(const DriverProfile& p) {
    if (const std::uint64_t overruns = broken(p, LintRule::kDoorbellOverrun); overruns != 0)
        return {Verdict::kWrong, "a doorbell went past a full queue " + times(overruns)};
    std::uint64_t full = 0;
    for (const auto& [qid, queue] : p.queues().queues()) full += queue.full;
    if (full == 0) return {};
    return {Verdict::kDone, times(full)};
}

Outcome acknowledges(const DriverProfile& p) {
    if (broken(p, LintRule::kHeadNeverWritten) + broken(p, LintRule::kCompletionQueueFull) != 0)
        return {Verdict::kWrong, "completions waited for room, or half of a queue was never freed"};
    std::uint64_t heads = 0, completions = 0;
    for (const auto& [qid, queue] : p.queues().queues()) {
        heads += queue.heads;
        completions += queue.completions;
    }
    if (completions == 0) return {};
    if (heads == 0 && !p.queues().shadow_doorbells()) return {Verdict::kNotDone, {}};
    return {Verdict::kDone, std::to_string(heads) + " doorbells for " +
                                std::to_string(completions) + " completions"};
}

Outcome long_transfers(const DriverProfile& p) {
    if (p.reactions().lists != 0) return {Verdict::kDone, times(p.reactions().lists)};
    if (!p.reactions().details) return {Verdict::kUnknown, kNoDetails};
    return {};
}

Outcome asks_for_events(const DriverProfile& p) {
    const auto& use = p.usage().command(
        0, static_cast<std::uint8_t>(nvme::spec::AdminOpcode::kAsyncEventRequest));
    if (use.count == 0) return {Verdict::kNotDone, {}};
    return {Verdict::kDone, times(use.count)};
}

Outcome asks_again(const DriverProfile& p) {
    if (const std::uint64_t found = broken(p, LintRule::kNoEventRequest); found != 0)
        return {Verdict::kWrong, "not for 1 s, " + times(found)};
    return of(p.reactions().request_again, p);
}

Outcome reads_error_log(const DriverProfile& p) {
    return of(p.reactions().error_event, p);
}
Outcome reads_health_log(const DriverProfile& p) {
    return of(p.reactions().health_event, p);
}
Outcome reads_changed_namespaces(const DriverProfile& p) {
    return of(p.reactions().namespace_event, p);
}
Outcome rescans(const DriverProfile& p) {
    return of(p.reactions().rescan, p);
}
Outcome resets_after_persistent_error(const DriverProfile& p) {
    return of(p.reactions().persistent_error, p);
}

Outcome survives_read_error(const DriverProfile& p) {
    return survived(p.errors().of_io(StatusCode::kUnrecoveredReadError));
}
Outcome survives_write_error(const DriverProfile& p) {
    return survived(p.errors().of_io(StatusCode::kWriteFault));
}
Outcome sends_interrupted_again(const DriverProfile& p) {
    return sent_again(p.errors().of_io(StatusCode::kCommandInterrupted));
}
Outcome survives_transfer_error(const DriverProfile& p) {
    return survived(p.errors().of_io(StatusCode::kDataTransferError));
}

Outcome aborts(const DriverProfile& p) {
    if (const ErrorPath* const path = p.errors().aborted_io())
        return {Verdict::kDone, what_followed(*path)};
    return {};
}
Outcome resets_after_abort(const DriverProfile& p) {
    return of(p.reactions().abort_in_vain, p);
}
Outcome sends_lost_again(const DriverProfile& p) {
    return sent_again(p.errors().lost_io());
}
Outcome misses_interrupt(const DriverProfile& p) {
    return of(p.reactions().lost_interrupt, p);
}
Outcome ignores_extra_interrupt(const DriverProfile& p) {
    return of(p.reactions().extra_interrupt, p);
}
Outcome waits_for_slow_ready(const DriverProfile& p) {
    return of(p.reactions().slow_ready, p);
}
Outcome resets_after_fatal(const DriverProfile& p) {
    return of_must(p.reactions().fatal, p);
}
Outcome comes_back(const DriverProfile& p) {
    return of(p.reactions().gone, p);
}
Outcome survives_power_cut(const DriverProfile& p) {
    return of(p.reactions().power_cut, p);
}

}  // namespace driver::checks
