// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>

#include "models/util/time.h"

namespace pcie {

/// One way of a link, or of what several links share: a resource that is occupied while bytes are
/// on it. Long transfers are served in the order of the calls; single packets go between theirs.
class Direction {
public:
    /// A long transfer; returns when its last byte has left.
    util::TimePs queue(util::TimePs start, util::TimePs duration) {
        free_at_ = util::later(std::max(start, free_at_), duration);
        busy_ += duration;
        return free_at_;
    }
    /// One packet. It waits for others of its kind, and the long transfers have as much less.
    util::TimePs interleave(util::TimePs start, util::TimePs duration) {
        load(start, duration);
        last_packet_end_ = util::later(std::max(start, last_packet_end_), duration);
        return last_packet_end_;
    }
    /// What nobody waits for, but what takes of the capacity.
    void load(util::TimePs start, util::TimePs duration) { (void)queue(start, duration); }
    /// Nothing moves from `now` on for so long.
    void stop(util::TimePs now, util::TimePs duration) {
        free_at_ = util::later(std::max(now, free_at_), duration);
        last_packet_end_ = util::later(std::max(now, last_packet_end_), duration);
    }
    /// When all that has been reserved is over.
    [[nodiscard]] util::TimePs end() const { return std::max(free_at_, last_packet_end_); }
    /// How long it has been occupied, including what is reserved ahead.
    [[nodiscard]] util::TimePs busy() const { return busy_; }

private:
    util::TimePs free_at_ = 0;          // the end of all that is queued
    util::TimePs last_packet_end_ = 0;  // of those that go between
    util::TimePs busy_ = 0;
};

}  // namespace pcie
