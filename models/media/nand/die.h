// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/media/nand/busy_list.h"
#include "models/media/nand/nand_params.h"
#include "models/util/time.h"

namespace media {

/// What one die does: programs, erases and the collector's reads in the order in which they come
/// (its work), and reads of the host, which go first: before what has not begun, and in the middle
/// of what may be suspended.
class Die {
public:
    enum class Work : std::uint8_t { kRead, kProgram, kErase };

    explicit Die(const NandParams& params);

    /// Work that can begin at `ready`. Returns when it does.
    util::TimePs add(util::TimePs now, util::TimePs ready, util::TimePs length, Work work,
                     std::uint64_t stripe, std::uint32_t planes);
    /// When data for the next program may be sent to the die.
    [[nodiscard]] util::TimePs accepts();

    /// A read of the host that can begin at `ready`, on a lane: the die, or one of the planes that
    /// read independently. What the register has is not read, but when it is wanted `again`.
    struct Read {
        util::TimePs begin;
        util::TimePs loaded;  ///< the page is in the register
    };
    [[nodiscard]] Read read(util::TimePs now, util::TimePs ready, util::TimePs length,
                            unsigned lane, std::uint64_t stripe, std::uint32_t planes,
                            bool again = false);
    /// Its data have left the die at `end`. Returns until when it keeps the die.
    util::TimePs transferred(const Read& read, util::TimePs end, unsigned lane);

    /// When all of it is done.
    [[nodiscard]] util::TimePs free_at() const { return free_at_; }

    /// A program of these planes of the stripe ends after `now`: the data are still in the
    /// controller.
    [[nodiscard]] bool is_programming(util::TimePs now, std::uint64_t stripe, std::uint32_t planes);

    void clear();

private:
    struct Job {
        util::TimePs begin, end;
        std::uint64_t stripe;
        std::uint32_t planes;  // of the stripe, a bit each
        std::uint32_t passed;  // by reads
        Work work;
    };
    struct Lane {
        util::TimePs free = 0;    // the next read may begin
        util::TimePs loaded = 0;  // the register holds `stripe` from then on
        util::TimePs sent = 0;    // its data have left
        std::uint64_t stripe = kNone;
        std::uint32_t planes = 0;  // of the stripe, a bit each
    };
    static constexpr std::uint64_t kNone = ~std::uint64_t{0};

    void forget(util::TimePs now) { over_ = std::max(over_, jobs_.forget(now)); }
    [[nodiscard]] bool holds(const Lane& lane, util::TimePs ready, std::uint64_t stripe,
                             std::uint32_t planes);
    [[nodiscard]] util::TimePs admit(util::TimePs ready, util::TimePs length);
    [[nodiscard]] bool suspends(const Job& job) const;
    void delay(util::TimePs begin, util::TimePs end);

    const Suspend suspend_;
    const util::TimePs suspend_time_;
    const std::uint32_t suspend_limit_;
    const bool cached_;
    BusyList<Job> jobs_;
    std::vector<Lane> lanes_;
    util::TimePs over_ = 0;       // end of the jobs that were forgotten
    util::TimePs suspended_ = 0;  // the die is, from then on, as far as it was at last
    util::TimePs free_at_ = 0;
};

}  // namespace media
