// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/nvme/spec/features.h"
#include "models/util/time.h"

namespace nvme {

/// The Timestamp feature: milliseconds that go on counting in simulated time.
/// [NVMe-Base-2.0 5.27.1.11 Timestamp]
class Timestamp {
public:
    void set(const spec::TimestampData& data, util::TimePs now) {
        base_ms_ = 0;
        for (unsigned i = 0; i < 6; ++i)
            base_ms_ |= static_cast<std::uint64_t>(data.timestamp[i]) << 8 * i;
        since_ = now;
        set_by_host_ = true;
    }
    [[nodiscard]] spec::TimestampData get(util::TimePs now) const {
        using A = spec::TimestampAttributes;
        const std::uint64_t ms = base_ms_ + (now - since_) / util::kPsPerMs;
        spec::TimestampData data{};
        for (unsigned i = 0; i < 6; ++i) data.timestamp[i] = static_cast<std::uint8_t>(ms >> 8 * i);
        data.attr = A{}.with<A::Origin>(set_by_host_ ? 1 : 0).raw;
        return data;
    }
    /// Controller level reset: counts from zero again.
    void reset(util::TimePs now) {
        base_ms_ = 0;
        since_ = now;
        set_by_host_ = false;
    }

private:
    std::uint64_t base_ms_ = 0;
    util::TimePs since_ = 0;
    bool set_by_host_ = false;
};

}  // namespace nvme
