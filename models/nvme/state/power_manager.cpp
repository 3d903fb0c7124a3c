// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/state/power_manager.h"

#include <algorithm>

namespace nvme {
using Entry = spec::AutonomousTransition;
using util::kNever;
using util::TimePs;

void PowerManager::tell(unsigned from, TimePs now, Cause cause) const {
    if (!on_change || from == current()) return;
    on_change({now, static_cast<std::uint8_t>(from), static_cast<std::uint8_t>(current()), cause,
               std::max(settled_, now)});
}

TimePs PowerManager::move(unsigned state, TimePs now, Cause cause) {
    settled_ = std::max(settled_, now);
    if (state == wanted_) return settled_;
    const unsigned before = current();
    const PowerState &from = states_[wanted_], &to = states_[state];
    // A host that changes states faster than they settle adds to this without end.
    settled_ = util::later(settled_, util::from_us(std::uint64_t{from.exit_us} + to.entry_us));
    if (to.non_operational)
        io_from_ = kNever;
    else if (from.non_operational)
        io_from_ = settled_;
    wanted_ = state;
    if (!to.non_operational) last_operational_ = state;
    tell(before, now, cause);
    return settled_;
}

void PowerManager::limit(unsigned state, TimePs now) {
    const unsigned before = current();
    least_ = state;
    tell(before, now, Cause::kThermal);
}

Outcome PowerManager::set_transitions(const spec::AutonomousTransitions& table, bool enabled,
                                      TimePs now) {
    for (std::size_t i = 0; i < std::size(table.state); ++i) {
        const auto entry = Entry::from(table.state[i]);
        if (i >= states_.size() && entry.raw != 0)
            return CommandError{spec::StatusCode::kInvalidField,
                                "an entry of a power state that does not exist is not zero", i};
        const auto target = entry.get<Entry::Itps>();
        if (entry.get<Entry::Itpt>() != 0 &&
            (target >= states_.size() || !states_[target].non_operational))
            return CommandError{spec::StatusCode::kInvalidField,
                                "ITPS is not a non-operational power state", target};
    }
    constexpr std::uint64_t kDefined = util::kMaskOf<Entry::Itps, Entry::Itpt>;
    std::transform(std::begin(table.state), std::end(table.state), std::begin(transitions_.state),
                   [](std::uint64_t entry) { return entry & kDefined; });
    autonomous_ = enabled;
    active_ = std::max(active_, now);
    return Done{};
}

TimePs PowerManager::due(TimePs idle_since) const {
    const auto itpt = Entry::from(transitions_.state[wanted_]).get<Entry::Itpt>();
    if (!autonomous_ || itpt == 0) return kNever;
    const TimePs from = std::max({idle_since, settled_, active_});
    return util::later(from, util::from_ms(itpt));
}

TimePs PowerManager::step(TimePs now, std::optional<TimePs> idle_since) {
    if (!autonomous_ || !idle_since) return kNever;
    // One at most: idle time counts anew in the new state, and there is at least a millisecond.
    if (due(*idle_since) <= now)
        move(Entry::from(transitions_.state[wanted_]).get<Entry::Itps>(), now, Cause::kIdle);
    return due(*idle_since);
}

void PowerManager::reset(TimePs now) {
    const unsigned before = current();
    wanted_ = last_operational_ = 0;
    settled_ = io_from_ = active_ = now;
    transitions_ = {};
    autonomous_ = false;
    tell(before, now, Cause::kReset);
}

}  // namespace nvme
