// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/subsystem/thermal.h"

#include <algorithm>

namespace nvme {
using util::TimePs;

namespace {

constexpr std::int64_t kMicro = 1'000'000;
constexpr std::uint64_t kStepsInATimeConstant = 250;
constexpr std::int64_t kHottest = 2'000 * kMicro;  // bounds the arithmetic

/// 1 - exp(-1 / 250), in units of 2^-30.
constexpr std::int64_t kPartOfAStep = 4'286'389;
constexpr std::int64_t kWhole = std::int64_t{1} << 30;

/// Mean power in microwatts, of up to 2^64 nanojoules.
std::uint64_t microwatts(std::uint64_t nanojoules, TimePs time) {
    const std::uint64_t us = std::max<std::uint64_t>(time / util::kPsPerUs, 1);
    constexpr std::uint64_t kLong = 1'000'000'000;  // us: the product below might not fit
    return us < kLong ? nanojoules * 1'000 / us : nanojoules / (us / 1'000);
}

}  // namespace

Thermal::Thermal(const SubsystemParams& params)
    : resistance_(params.thermal_resistance),
      ambient_(params.ambient_temperature * kMicro),
      step_(util::from_ms(params.thermal_time_constant_ms) / kStepsInATimeConstant),
      temperature_(params.temperature * kMicro) {}

bool Thermal::advance(TimePs now, std::uint64_t nanojoules, bool idle) {
    const std::uint16_t before = kelvin();
    const std::uint64_t steps = (now - last_) / step_;
    if (steps == 0) return false;
    const std::uint64_t power = microwatts(nanojoules - energy_, now - last_);
    const std::int64_t rise = static_cast<std::int64_t>(
        std::min<std::uint64_t>(resistance_ * power / 1'000, std::uint64_t{kHottest}));
    const std::int64_t target = std::min(ambient_ + rise, kHottest);
    // What is left becomes less than a part in each step: the loop ends long before most gaps do.
    for (std::uint64_t i = 0; i < steps; ++i) {
        const std::int64_t moved = (target - temperature_) * kPartOfAStep / kWhole;
        unchanged_ = moved == 0 && idle ? unchanged_ + 1 : 0;
        if (moved == 0) break;
        temperature_ += moved;
    }
    last_ += steps * step_;
    // The part of a step that has begun keeps its share.
    energy_ = nanojoules - (now == last_ ? 0 : power * ((now - last_) / util::kPsPerUs) / 1'000);
    return kelvin() != before;
}

void Thermal::set(std::uint16_t kelvin) {
    temperature_ = std::min(kelvin * kMicro, kHottest);
    wake_up();
}

std::uint16_t Thermal::kelvin() const {
    return static_cast<std::uint16_t>((temperature_ + kMicro / 2) / kMicro);
}

}  // namespace nvme
