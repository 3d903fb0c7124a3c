// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/time_series.h"

#include <algorithm>

namespace analysis {

double& TimeSeries::another_step(util::TimePs at) {
    while (at / step_ >= kMostSteps) {
        for (std::size_t i = 0; i < sums_.size(); ++i) {
            const double sum = sums_[i];
            sums_[i] = 0;
            sums_[i / 2] += sum;
        }
        sums_.resize((sums_.size() + 1) / 2);
        step_ *= 2;
    }
    last_ = static_cast<std::size_t>(at / step_);
    last_begin_ = last_ * step_;
    last_length_ = step_;
    if (last_ >= sums_.size()) sums_.resize(last_ + 1);
    return sums_[last_];
}

void TimeSeries::add(util::TimePs at, double amount) {
    at_step(at) += amount;
}

void TimeSeries::add_interval(util::TimePs begin, util::TimePs end, double weight) {
    if (end <= begin) return;
    (void)at_step(end - 1);  // from here on steps are as long as they have to be
    while (begin < end) {
        double& sum = at_step(begin);
        const util::TimePs until = std::min(end, last_begin_ + step_);
        sum += weight * static_cast<double>(until - begin);
        begin = until;
    }
}

std::vector<double> TimeSeries::over(util::TimePs step, std::size_t steps) const {
    std::vector<double> sums(steps);
    const auto ratio = static_cast<std::size_t>(step / step_);
    for (std::size_t i = 0; i < sums_.size() && i / ratio < steps; ++i) sums[i / ratio] += sums_[i];
    return sums;
}

TimeSeries::Part TimeSeries::between(util::TimePs begin, util::TimePs end) const {
    Part part;
    const util::TimePs first = begin / step_ + (begin % step_ != 0 ? 1 : 0);
    const util::TimePs behind = end / step_;
    if (behind <= first) return part;
    part.length = (behind - first) * step_;
    // Behind the last sum there is nothing.
    for (util::TimePs i = first; i < std::min<util::TimePs>(behind, sums_.size()); ++i)
        part.sum += sums_[static_cast<std::size_t>(i)];
    return part;
}

}  // namespace analysis
