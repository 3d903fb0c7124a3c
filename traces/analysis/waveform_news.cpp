// SPDX-License-Identifier: Apache-2.0
// What stands out in a waveform, and what it does not hold.
#include <algorithm>
#include <string>

#include "models/observe/event_words.h"
#include "models/observe/lint_rules.h"
#include "models/observe/transfer_events.h"
#include "traces/analysis/waveform.h"

namespace analysis {

namespace {

static_assert(kResetKinds == observe::Words<observe::ResetKind>::names.size());
constexpr std::size_t kBlockCauses = observe::Words<observe::BlockCause>::names.size();
static_assert(Wave::kCollected + (kBlockCauses - 1) == Wave::kWornOut);

}  // namespace

observe::StateChange Waveform::state() const {
    return {now_, static_cast<std::uint32_t>(value(Wave::kCc)),
            static_cast<std::uint32_t>(value(Wave::kCsts))};
}

std::uint32_t Waveform::id(Wave wave) const {
    const Signal* const signal = device(wave);
    return signal == nullptr || !signal->driven ? observe::kNoId
                                                : static_cast<std::uint32_t>(signal->value);
}

/// What was before the waveform is no news.
void Waveform::begin_news() {
    marks_.begin_with(state());
    power_ = value(Wave::kPowerState);
    for (std::size_t i = 0; i < kBlockCauses; ++i) blocks_[i] = value(Wave::kCollected + i);
}

void Waveform::tell_news() {
    if (changed(Wave::kCc) || changed(Wave::kCsts)) marks_.record(state());
    for (std::size_t i = 0; i < kResetKinds; ++i)
        if (changed(Wave::kResetController + i))
            marks_.record(observe::Reset{now_, static_cast<observe::ResetKind>(i)});
    tell_condition();
    tell_interrupts();
    if (changed(Wave::kAsyncEvent))
        marks_.record(
            observe::AsyncEvent{now_, static_cast<std::uint32_t>(value(Wave::kAsyncDw0))});
    if (changed(Wave::kLint) && value(Wave::kLintRule) < observe::kLintRules)
        marks_.record(observe::LintFinding{now_,
                                           static_cast<observe::LintRule>(value(Wave::kLintRule)),
                                           id(Wave::kLintQid), id(Wave::kLintCid), 0});
    if (changed(Wave::kFault)) {
        std::string text = "a rule of the plan has acted";
        if (id(Wave::kFaultCid) != observe::kNoId)
            text += ", command " + std::to_string(id(Wave::kFaultCid)) + " of queue " +
                    std::to_string(id(Wave::kFaultSqid));
        marks_.mark(now_, "fault", std::move(text));
    }
    if (changed(Wave::kRejected)) marks_.mark(now_, "refusal", "doorbell of some queue");
}

/// Of the drive: power, health, blocks that were erased.
void Waveform::tell_condition() {
    if (changed(Wave::kPowerState)) {
        marks_.mark(now_, "power",
                    "power state " + std::to_string(power_) + " -> " +
                        std::to_string(value(Wave::kPowerState)));
        power_ = value(Wave::kPowerState);
    }
    if (changed(Wave::kHealthWarning) || changed(Wave::kHealthTemperature) ||
        changed(Wave::kHealthSpare) || changed(Wave::kHealthUsed))
        marks_.record(
            observe::HealthLevels{now_, static_cast<std::uint8_t>(value(Wave::kHealthWarning)),
                                  static_cast<std::uint16_t>(value(Wave::kHealthTemperature)),
                                  static_cast<std::uint8_t>(value(Wave::kHealthSpare)),
                                  static_cast<std::uint8_t>(value(Wave::kHealthUsed))});
    for (std::size_t i = 0; i < kBlockCauses; ++i) {
        if (!changed(Wave::kCollected + i)) continue;
        const std::uint64_t now = value(Wave::kCollected + i);
        const std::uint64_t more = now - std::min(now, blocks_[i]);
        blocks_[i] = now;
        if (more != 0)
            marks_.mark(now_, "gc",
                        std::to_string(more) + " blocks " +
                            std::string(observe::Words<observe::BlockCause>::names[i]));
    }
}

/// Of several messages of one vector in an instant there is one.
void Waveform::tell_interrupts() {
    const std::uint64_t sent = std::max<std::uint64_t>(vectors_, changed(Wave::kMsixSent) ? 1 : 0);
    const std::uint64_t pin = changed(Wave::kIntx) && value(Wave::kIntx) != 0 ? 1 : 0;
    if (sent + pin != 0) signalled_.add(since_begin(now_), static_cast<double>(sent + pin));
}

namespace {

void add(std::string& to, const std::string& note) {
    to += (to.empty() ? "" : "; ") + note;
}

}  // namespace

/// What of the commands is not there, or may be wrong.
std::string Waveform::notes() const {
    std::string text;
    if (!remark_.empty()) add(text, remark_);
    if (!others_.empty())
        add(text, "of " + scopes_[scope_] + "; there is " + others_ + ", too (--scope)");
    if (old_ != 0)
        add(text, std::to_string(old_) +
                      " commands were in flight when the waveform began, and are left out");
    if (laneless_ != 0)
        add(text, std::to_string(laneless_) +
                      " commands had no slot, and are known by queue, identifier, opcode and "
                      "status only (vcd_slots)");
    if (const std::uint64_t ends = without_end_ + without_lane_.size(); ends != 0)
        add(text, std::to_string(ends) + " of these have no end in it");
    if (without_status_ != 0)
        add(text, std::to_string(without_status_) +
                      " commands have no status in it, and are shown as successful: of several "
                      "that completed and left their slots at one instant there is one status");
    if (perhaps_ended_ != 0)
        add(text, std::to_string(perhaps_ended_) +
                      " commands left their slots, and have no end in it: whether they completed "
                      "is known with sq.size and csts only");
    std::uint64_t unseen = 0;
    for (const Queue& queue : queues_) {
        const auto facts = result_.queues.find(queue.id);
        const std::uint64_t seen = facts == result_.queues.end() ? 0 : facts->second.commands;
        unseen += queue.fetched - std::min(queue.fetched, seen);
    }
    if (unseen != 0)
        add(text, std::to_string(unseen) +
                      " commands are not in it: of several at one instant that have no slot "
                      "there is one");
    return text;
}

/// Signals that are not there, by what is not known then.
std::string Waveform::absent() const {
    std::string text;
    const auto lacks = [&](bool there, const char* what) {
        if (!there) text += (text.empty() ? "" : ", ") + std::string(what);
    };
    const auto any = [&](Wave wave) {
        return std::any_of(signals_.begin(), signals_.end(),
                           [wave](const Signal& signal) { return signal.wave == wave; });
    };
    lacks(result_.details, "slots");
    if (result_.details) {
        lacks(any(Wave::kNsid), "slots.sM.nsid");
        lacks(any(Wave::kLba), "slots.sM.lba");
        lacks(any(Wave::kBlocks), "slots.sM.blocks");
        lacks(any(Wave::kStatus), "slots.sM.status");
    } else {
        lacks(any(Wave::kCompletedStatus), "completed.status");
    }
    lacks(any(Wave::kSqDoorbell), "sq.doorbell");
    lacks(any(Wave::kCqDoorbell), "cq.doorbell");
    lacks(any(Wave::kSqSize), "sq.size");
    lacks(any(Wave::kInFlight), "in_flight");
    lacks(any(Wave::kCc) && any(Wave::kCsts), "cc and csts");
    lacks(any(Wave::kMediaRead), "media");
    lacks(any(Wave::kMsixSent), "msix");
    return text;
}

Analysis Waveform::finish() {
    end_instant();
    media_.level(since_begin(media_since_), since_begin(now_), media_under_way_);
    std::string note = notes();
    if (const std::string list = absent(); !list.empty())
        add(note, "the waveform has no signals " + list);
    Analysis analysis = close();
    if (!note.empty()) analysis.note = note + (analysis.note.empty() ? "" : "; " + analysis.note);
    return analysis;
}

}  // namespace analysis
