// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>

#include "models/media/nand/busy_list.h"
#include "models/util/time.h"

namespace media {

/// A channel between the controller and its dies: one transfer at a time. A transfer is known
/// before it happens, when its page is being read. It takes the first time that is free, so that it
/// keeps nobody waiting who is ready earlier.
class Channel {
public:
    /// Takes `length` from `ready` on. Returns when that begins. `now`: no later call is about
    /// earlier times.
    util::TimePs take(util::TimePs now, util::TimePs ready, util::TimePs length) {
        over_ = std::max(over_, taken_.forget(now));
        ready = std::max(ready, over_);
        std::size_t at = taken_.size();
        while (at != 0 && taken_[at - 1].end > ready) --at;
        for (; at != taken_.size() && taken_[at].begin < util::later(ready, length); ++at)
            ready = std::max(ready, taken_[at].end);
        insert(at, ready, util::later(ready, length));
        return ready;
    }
    void clear() {
        taken_.clear();
        over_ = 0;
    }

private:
    struct Taken {
        util::TimePs begin, end;
    };

    /// Before `at`; what touches becomes one.
    void insert(std::size_t at, util::TimePs begin, util::TimePs end) {
        if (begin == end) return;
        const bool joins = at != 0 && taken_[at - 1].end == begin;
        const bool joined = at != taken_.size() && taken_[at].begin == end;
        if (joins && joined) {
            taken_[at - 1].end = taken_[at].end;
            taken_.erase(at);
        } else if (joins) {
            taken_[at - 1].end = end;
        } else if (joined) {
            taken_[at].begin = begin;
        } else {
            taken_.insert(at, {begin, end});
        }
    }

    BusyList<Taken> taken_;
    util::TimePs over_ = 0;  // end of what was forgotten
};

}  // namespace media
