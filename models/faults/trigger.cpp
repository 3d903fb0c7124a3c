// SPDX-License-Identifier: Apache-2.0
#include "models/faults/trigger.h"

#include "models/util/mix64.h"

namespace faults {

Trigger::Trigger(const Rule& rule, std::uint64_t stream)
    : random_(util::mix64(rule.seed) ^ util::mix64(~stream)) {}

bool Trigger::fires(const Rule& rule, util::TimePs now) {
    constexpr std::uint64_t kMillion = 1'000'000;
    if (now < util::from_ns(rule.from_ns)) return false;
    if (rule.until_ns != 0 && now > util::from_ns(rule.until_ns)) return false;
    const std::uint64_t match = ++matched_;
    if (match < rule.nth || (match - rule.nth) % rule.every != 0) return false;
    if (rule.count != 0 && fired_ >= rule.count) return false;
    if (rule.probability_ppm < kMillion) {
        const std::uint64_t draw = util::mix64(random_);
        random_ += 0x9e37'79b9'7f4a'7c15;
        // The remainder's bias is below 2^-44.
        if (draw % kMillion >= rule.probability_ppm) return false;
    }
    ++fired_;
    return true;
}

}  // namespace faults
