// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_nand.h"

#include <algorithm>
#include <string>

namespace observe {

using util::TimePs;

VcdNand::VcdNand(const VcdScope& scope, std::size_t channels, std::size_t dies)
    : VcdAlarm(scope.writer().agenda()),
      writer_(scope.writer()),
      channels_(channels),
      units_(channels + dies) {
    for (std::size_t c = 0; c < channels; ++c)
        units_[c].signal = scope.wire("media.channels.c" + std::to_string(c), 1);
    for (std::size_t d = 0; d < dies; ++d)
        units_[channels + d].signal = scope.wire("media.dies.d" + std::to_string(d), 2);
}

/// The die reads in between: what is going on then is held up, and what comes behind it with it.
void VcdNand::pass(Unit& die, TimePs begin, TimePs end) {
    for (Span& work : die.later) {
        if (work.end <= begin) continue;
        if (work.begin >= end) return;
        if (work.begin < begin) die.fixed.push_back({work.begin, begin, work.what});
        const TimePs rest = work.end - std::max(work.begin, begin);
        work.begin = end;
        work.end = end = util::later(end, rest);
    }
}

void VcdNand::record(const NandWork& e) {
    if (e.channel < channels_ && units_[e.channel].signal != VcdSignal::kNone &&
        e.freed > e.transfer) {
        units_[e.channel].fixed.push_back({e.transfer, e.freed, VcdDie::kRead});
        show(e.channel);
    }
    const std::size_t at = channels_ + std::size_t{e.die};
    if (at >= units_.size() || units_[at].signal == VcdSignal::kNone || e.end <= e.begin) return;
    Unit& die = units_[at];
    if (e.work == DieWork::kRead) {
        die.fixed.push_back({e.begin, e.end, VcdDie::kRead});
        pass(die, e.begin, e.end);
    } else {
        die.later.push_back({e.begin, e.end,
                             e.work == DieWork::kProgram ? VcdDie::kProgram
                             : e.work == DieWork::kErase ? VcdDie::kErase
                                                         : VcdDie::kRead});
    }
    show(at);
}

/// A read before anything else; forgets what is over, and comes back when something changes.
void VcdNand::show(std::size_t at) {
    Unit& unit = units_[at];
    const TimePs now = writer_.now();
    VcdDie what = VcdDie::kIdle;
    TimePs next = util::kNever;
    for (std::vector<Span>* spans : {&unit.later, &unit.fixed}) {
        spans->erase(std::remove_if(spans->begin(), spans->end(),
                                    [now](const Span& span) { return span.end <= now; }),
                     spans->end());
        for (const Span& span : *spans) {
            next = std::min(next, span.begin > now ? span.begin : span.end);
            if (span.begin <= now && what != VcdDie::kRead) what = span.what;
        }
    }
    writer_.set(unit.signal, static_cast<std::uint64_t>(what));
    if (next >= unit.alarm) return;
    unit.alarm = next;
    writer_.call_at(next, *this, at);
}

void VcdNand::due(std::uint64_t payload) {
    Unit& unit = units_[payload];
    if (unit.alarm <= writer_.now()) unit.alarm = util::kNever;
    show(payload);
}

void VcdNand::stop() {
    for (std::size_t at = 0; at != units_.size(); ++at) {
        units_[at].fixed.clear();
        units_[at].later.clear();
        writer_.set(units_[at].signal, 0);
    }
}

}  // namespace observe
