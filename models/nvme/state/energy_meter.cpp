// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/state/energy_meter.h"

#include <algorithm>
#include <numeric>

namespace nvme {
using util::kNever;
using util::TimePs;

EnergyMeter::EnergyMeter(const std::vector<PowerState>& states) {
    for (const PowerState& state : states) {
        const auto given = [](std::uint32_t mw, std::uint32_t otherwise) {
            return mw != 0 ? mw : otherwise;
        };
        const std::uint32_t active = given(state.active_power_mw, state.max_power_mw);
        states_.push_back({given(state.idle_power_mw, active), active, {}});
        known_ = known_ || state.active_power_mw != 0 || state.idle_power_mw != 0;
    }
}

void EnergyMeter::change(unsigned to, TimePs now, TimePs settled, TimePs busy) {
    account(now, busy);
    target_ = to;
    const bool takes_time = settled > now;
    charged_ = takes_time ? std::min(charged_, to) : to;
    settles_at_ = takes_time ? settled : kNever;
}

void EnergyMeter::settle(TimePs now, TimePs busy) {
    if (now < settles_at_) return;
    account(now, busy);
    charged_ = target_;
    settles_at_ = kNever;
}

void EnergyMeter::power_off(TimePs now, TimePs busy) {
    account(now, busy);
    powered_ = false;
}

void EnergyMeter::power_on(TimePs now, TimePs busy) {
    account(now, busy);
    powered_ = true;
}

EnergyMeter::Spent EnergyMeter::until(unsigned state, TimePs now, TimePs busy) const {
    const State& s = states_[state];
    Spent spent = s.spent;
    if (powered_ && state == charged_) {
        const TimePs elapsed = now - since_;
        const TimePs active = settles_at_ != kNever ? elapsed : busy - busy_since_;
        spent.active += active;
        spent.idle += elapsed - active;
    }
    spent.nanojoules =
        nvme::nanojoules(s.idle_mw, spent.idle) + nvme::nanojoules(s.active_mw, spent.active);
    return spent;
}

void EnergyMeter::account(TimePs now, TimePs busy) {
    states_[charged_].spent = until(charged_, now, busy);
    since_ = now;
    busy_since_ = busy;
}

std::vector<EnergyMeter::Spent> EnergyMeter::states(TimePs now, TimePs busy) const {
    std::vector<Spent> all;
    for (unsigned i = 0; i < states_.size(); ++i) all.push_back(until(i, now, busy));
    return all;
}

std::uint64_t EnergyMeter::nanojoules(TimePs now, TimePs busy) const {
    std::uint64_t sum = 0;
    for (unsigned i = 0; i < states_.size(); ++i) sum += until(i, now, busy).nanojoules;
    return sum;
}

std::uint64_t Energy::nanojoules() const {
    return std::accumulate(
        states.begin(), states.end(), std::uint64_t{0},
        [](std::uint64_t sum, const EnergyMeter::Spent& s) { return sum + s.nanojoules; });
}

TimePs Energy::time() const {
    return std::accumulate(
        states.begin(), states.end(), TimePs{0},
        [](TimePs sum, const EnergyMeter::Spent& s) { return sum + s.idle + s.active; });
}

double Energy::mean_watts() const {
    if (time() == 0) return 0;
    return static_cast<double>(nanojoules() + media_nanojoules) * 1e3 / static_cast<double>(time());
}

}  // namespace nvme
