// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>

#include "models/pcie/link_params.h"
#include "models/util/time.h"

namespace pcie {

/// The two directions of a link, as the endpoint sees them.
enum class Way : std::uint8_t { kUp, kDown };

/// Active State Power Management: a direction that has had nothing to carry sleeps (L0s), and the
/// whole link when both have had nothing for longer (L1). What wakes it up waits until it is awake.
/// Nobody has to be called when a time is over: how long it was idle is seen when the next packet
/// comes. [PCIe-Base-4.0 5.4.1 Active State Power Management (ASPM)]
class Aspm {
public:
    explicit Aspm(const LinkParams& params);

    /// ASPM Control of the Link Control register: bit 0 L0s, bit 1 L1. What the link cannot do
    /// stays disabled.
    void set_control(unsigned control);
    /// False: it never sleeps, and need not be told of packets.
    [[nodiscard]] bool enabled() const { return l0s_ || l1_; }

    /// A packet wants to leave at `start`: when it can.
    [[nodiscard]] util::TimePs wake(Way way, util::TimePs start);
    /// The direction has something to carry until `end`.
    void occupied(Way way, util::TimePs end) {
        side(way).idle_from = std::max(side(way).idle_from, end);
    }
    void reset() { up_ = down_ = {}; }

private:
    struct Side {
        util::TimePs idle_from = 0;   // the end of what it carried last
        util::TimePs awake_from = 0;  // when it has woken up for the last time
        [[nodiscard]] util::TimePs idle(util::TimePs now) const {
            return now > idle_from ? now - idle_from : 0;
        }
        void awake_at(util::TimePs at) { idle_from = awake_from = at; }
    };
    [[nodiscard]] Side& side(Way way) { return way == Way::kUp ? up_ : down_; }

    const bool has_l0s_, has_l1_;
    const util::TimePs l0s_entry_, l0s_exit_, l1_entry_, l1_exit_;
    bool l0s_ = false, l1_ = false;  // enabled by the host
    Side up_, down_;
};

}  // namespace pcie
