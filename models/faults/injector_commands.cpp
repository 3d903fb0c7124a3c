// SPDX-License-Identifier: Apache-2.0
// Rules about commands: decided once, when the command arrives.
#include <algorithm>

#include "models/faults/injector.h"
#include "models/faults/match.h"
#include "models/nvme/state/health.h"

namespace faults {

using nvme::CommandFaults;
using nvme::FetchVerdict;
using nvme::spec::Cdw0;
using util::from_ns;
using util::kNever;
using util::later;
using util::TimePs;
using Kind = FetchVerdict::Kind;

FetchVerdict Injector::on_fetched(std::uint16_t sqid, nvme::spec::SubmissionEntry& sqe,
                                  CommandFaults& faults) {
    faults = {};
    faults.sqid = sqid;
    faults.cid = Cdw0::from(sqe.cdw0).get<Cdw0::Cid>();
    FetchVerdict verdict;
    if (!active_) return verdict;
    const nvme::spec::SubmissionEntry sent = sqe;  // rules see what the host sent
    bool rewritten = false, decided = false;
    for (const Index index : arrivals_) {
        Live& live = rules_[index];
        const Place place = place_of(live.rule);
        const bool taken = (place == Place::kEntry && rewritten) ||
                           (place == Place::kCommand && decided) ||
                           (place == Place::kData && faults.data != 0) ||
                           (place == Place::kCompletion && faults.completion != 0);
        if (taken || !matches_command(live.rule, sqid, sent) || !fires(live)) continue;
        switch (place) {
            case Place::kEntry:
                rewritten = true;
                patch(reinterpret_cast<std::byte*>(&sqe), 0, sizeof sqe, live.rule.set_offset,
                      live.rule.set, live.rule.set_mask);
                note(live, &faults);
                break;
            case Place::kCommand:
                decided = true;
                verdict = decide(index);
                if (verdict.kind == Kind::kPostpone) {
                    faults.waiting = static_cast<std::uint16_t>(index + 1);
                    faults.release = live.releases;
                }
                note(live, &faults);
                break;
            case Place::kData:
                faults.data = static_cast<std::uint16_t>(index + 1);
                break;  // noted where it shows
            case Place::kCompletion:
                faults.completion = static_cast<std::uint16_t>(index + 1);
                break;
            case Place::kEvent:
                schedule({later(now(), from_ns(live.rule.delay_ns)), Deed::Kind::kRule, index, 0});
                break;
            default:  // an expectation: to have been counted is all
                note(live, &faults);
                break;
        }
    }
    return verdict;
}

FetchVerdict Injector::decide(Index index) const {
    const Rule& rule = rules_[index].rule;
    FetchVerdict verdict;
    switch (rule.action) {
        case Action::kDrop:
            verdict.kind = Kind::kDrop;
            break;
        case Action::kComplete:
            verdict.kind = Kind::kComplete;
            verdict.status = static_cast<nvme::spec::StatusCode>(rule.sct << 8 | rule.sc);
            verdict.status_field = nvme::completion_status(verdict.status, rule.dnr, rule.more);
            verdict.dw0 = rule.dw0;
            break;
        default:
            verdict.kind = Kind::kPostpone;
            verdict.until = postponed_to(rule, now());
            break;
    }
    return verdict;
}

/// Delayed from `at` on, or held.
TimePs Injector::postponed_to(const Rule& rule, TimePs at) const {
    if (rule.delay_ns != 0) return later(at, from_ns(rule.delay_ns));
    if (rule.at_ns) return std::max(at, from_ns(*rule.at_ns));
    return kNever;
}

TimePs Injector::on_ended(CommandFaults& faults, TimePs at) {
    faults.waiting = 0;
    if (faults.completion == 0) return at;
    Live& live = rules_[faults.completion - 1u];
    const bool postpones =
        live.rule.action == Action::kDelayCompletion || live.rule.action == Action::kHoldCompletion;
    if (!postpones) return at;
    faults.waiting = faults.completion;
    faults.completion = 0;  // once
    faults.release = live.releases;
    note(live, &faults);
    return postponed_to(live.rule, std::max(at, now()));
}

bool Injector::on_posting(const CommandFaults& faults, nvme::spec::CompletionEntry& cqe) {
    lose_next_entry_ = false;  // of an entry that could not be written for another reason
    if (faults.completion == 0) return true;
    Live& live = rules_[faults.completion - 1u];
    note(live, &faults);
    switch (live.rule.action) {
        case Action::kDropCompletion:
            return false;
        case Action::kDmaError:
            lose_next_entry_ = true;
            return true;
        default:
            patch(reinterpret_cast<std::byte*>(&cqe), 0, sizeof cqe, live.rule.set_offset,
                  live.rule.set, live.rule.set_mask);
            return true;
    }
}

bool Injector::held(const CommandFaults& faults) const {
    return faults.waiting != 0 && rules_[faults.waiting - 1u].releases == faults.release;
}

}  // namespace faults
