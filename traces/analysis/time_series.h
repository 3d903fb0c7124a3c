// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <vector>

#include "models/util/time.h"

namespace analysis {

/// What of something there was in each of a bounded number of equal steps of time. It starts with
/// short steps, and doubles them when a trace is longer. Times count from the begin of the trace.
class TimeSeries {
public:
    static constexpr std::size_t kMostSteps = 512;

    /// Counts `amount` at a time.
    void add(util::TimePs at, double amount);
    /// Adds `weight` times the length of the interval, in ps, spread over its steps.
    void add_interval(util::TimePs begin, util::TimePs end, double weight);

    [[nodiscard]] util::TimePs step() const { return step_; }
    /// The sums of `steps` longer steps; `step` is step() times a power of two.
    [[nodiscard]] std::vector<double> over(util::TimePs step, std::size_t steps) const;
    [[nodiscard]] bool empty() const { return sums_.empty(); }
    /// Of the whole steps that lie between two times, and the length of these in ps.
    struct Part {
        double sum = 0;
        util::TimePs length = 0;
    };
    [[nodiscard]] Part between(util::TimePs begin, util::TimePs end) const;

private:
    /// Most follow upon the one before in the same step.
    double& at_step(util::TimePs at) {
        return at - last_begin_ < last_length_ ? sums_[last_] : another_step(at);
    }
    double& another_step(util::TimePs at);

    std::vector<double> sums_;
    util::TimePs step_ = util::kPsPerUs;
    util::TimePs last_begin_ = 0, last_length_ = 0;  // of the step that was used last
    std::size_t last_ = 0;                           // its index
};

/// All that is shown over time, in steps that the trace's length decides. What a trace does not
/// hold is empty.
struct Series {
    util::TimePs step_ps = 0;
    std::vector<double> iops, read_mb_s, write_mb_s, depth;
    std::vector<double> link_up, link_down, media, decoder;  ///< fractions of 1
    std::vector<double> doorbells, interrupts;               ///< per second
};

}  // namespace analysis
