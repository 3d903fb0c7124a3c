// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/util/time.h"

namespace pcie {

/// An address space of a function that the host writes to.
enum class Space : std::uint8_t { kConfig, kBar0, kBar4 };

struct HostWrite {
    util::TimePs at = 0;  ///< when it takes effect
    Space space = Space::kConfig;
    std::uint8_t size = 0;  ///< bytes
    std::uint32_t offset = 0;
    std::uint64_t value = 0;
};

/// Writes of temporally decoupled hosts: made ahead of simulated time, they take effect when it has
/// caught up. One list for all spaces of a function, in the order of effect; of one time, in the
/// order in which they were made. A list that has been as long before allocates nothing.
class DecoupledWrites {
public:
    void add(const HostWrite& write);
    [[nodiscard]] bool empty() const { return writes_.empty(); }
    /// When the first one takes effect; kNever.
    [[nodiscard]] util::TimePs next() const {
        return writes_.empty() ? util::kNever : writes_.front().at;
    }
    /// Takes the first one out. Not when it is empty.
    HostWrite take();

    /// When the last one to this register takes effect; 0: none is under way.
    [[nodiscard]] util::TimePs last(Space space, std::uint32_t offset) const;
    /// Calls v(write) for those to `space` that have taken effect at `at`; says whether there were.
    template <typename Visitor>
    bool until(util::TimePs at, Space space, Visitor&& v) const {
        bool any = false;
        for (const HostWrite& write : writes_) {
            if (write.at > at) break;
            if (write.space != space) continue;
            v(write);
            any = true;
        }
        return any;
    }

private:
    std::vector<HostWrite> writes_;
};

}  // namespace pcie
