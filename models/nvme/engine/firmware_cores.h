// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <vector>

#include "models/util/time.h"

namespace nvme {

/// The processor cores that run the controller's firmware: all queues share them, each does one
/// piece of work at a time, and work takes the core that can begin with it first.
///
/// A command is given to a core when it has been fetched, for the time of its arrival. Until then
/// the core is free: work that is there now may be done between, if it is over by then.
class FirmwareCores {
public:
    explicit FirmwareCores(std::size_t count) : cores_(count) {}

    /// A command that arrives at `from` is decoded; returns when that is done. Commands begin in
    /// the order of the calls.
    util::TimePs decode(util::TimePs from, util::TimePs work) {
        Core& core = *std::min_element(cores_.begin(), cores_.end(), frees_first);
        decode_begin_ = std::max(core.free_at, from);
        core.gap = {core.free_at, decode_begin_};
        core.free_at = util::later(decode_begin_, work);
        return core.free_at;
    }
    /// Work that is there at `now`; returns when it is done.
    util::TimePs run(util::TimePs now, util::TimePs work) {
        Core* first = nullptr;
        util::TimePs begin = util::kNever;
        for (Core& core : cores_) {
            const util::TimePs at = core.begin(now, work);
            if (first != nullptr && at >= begin) continue;
            first = &core;
            begin = at;
        }
        return first->take(begin, work);
    }
    /// When the newest command begins, or has begun, to be decoded.
    [[nodiscard]] util::TimePs decode_begin() const { return decode_begin_; }

    /// All are idle.
    void reset() {
        std::fill(cores_.begin(), cores_.end(), Core());
        decode_begin_ = 0;
    }

private:
    struct Span {
        util::TimePs begin = 0, end = 0;
    };
    struct Core {
        util::TimePs free_at = 0;
        Span gap;  // before the newest of what it was given ahead of time

        /// When it can begin with `work`.
        [[nodiscard]] util::TimePs begin(util::TimePs now, util::TimePs work) const {
            const util::TimePs between = std::max(now, gap.begin);
            return util::later(between, work) <= gap.end ? between : std::max(now, free_at);
        }
        util::TimePs take(util::TimePs at, util::TimePs work) {
            const util::TimePs done = util::later(at, work);
            (done <= gap.end ? gap.begin : free_at) = done;
            return done;
        }
    };
    static bool frees_first(const Core& a, const Core& b) { return a.free_at < b.free_at; }

    std::vector<Core> cores_;
    util::TimePs decode_begin_ = 0;
};

}  // namespace nvme
