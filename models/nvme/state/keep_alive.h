// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>

#include "models/util/time.h"

namespace nvme {

/// The Keep Alive Timer, command based: only Keep Alive commands and the feature restart it.
/// [NVMe-Base-2.0 3.9 Keep Alive]
class KeepAlive {
public:
    /// `granularity`: KAS, in units of 100 ms; 0: the controller has no such timer.
    explicit KeepAlive(std::uint16_t granularity) : granularity_(granularity) {}

    /// KATO as the controller takes it: rounded up to the granularity, as far as 32 bits go.
    [[nodiscard]] static std::uint32_t rounded(std::uint32_t kato_ms, std::uint16_t granularity) {
        const std::uint64_t unit = std::max<std::uint64_t>(granularity, 1) * 100;
        const std::uint64_t up = (kato_ms + unit - 1) / unit * unit;
        return static_cast<std::uint32_t>(up <= 0xffff'ffff ? up : up - unit);
    }
    /// The host set the feature. 0 turns the timer off.
    void set_timeout(std::uint32_t kato_ms, util::TimePs now) {
        timeout_ = util::from_ms(rounded(kato_ms, granularity_));
        restart(now);
    }
    void restart(util::TimePs now) { started_ = now; }
    /// Does not expire before `until`.
    void postpone(util::TimePs until) {
        if (deadline() < until) started_ = until - timeout_;
    }
    /// Not active any more: shutdown, reset, a fatal error.
    void stop() { timeout_ = 0; }

    /// When the timer expires; kNever while it is not active.
    [[nodiscard]] util::TimePs deadline() const {
        return timeout_ == 0 ? util::kNever : util::later(started_, timeout_);
    }

private:
    const std::uint16_t granularity_;
    util::TimePs timeout_ = 0;
    util::TimePs started_ = 0;
};

}  // namespace nvme
