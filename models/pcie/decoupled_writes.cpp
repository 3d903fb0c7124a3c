// SPDX-License-Identifier: Apache-2.0
#include "models/pcie/decoupled_writes.h"

#include <algorithm>

namespace pcie {

void DecoupledWrites::add(const HostWrite& write) {
    const auto later = [](util::TimePs at, const HostWrite& w) { return at < w.at; };
    writes_.insert(std::upper_bound(writes_.begin(), writes_.end(), write.at, later), write);
}

HostWrite DecoupledWrites::take() {
    const HostWrite first = writes_.front();
    writes_.erase(writes_.begin());
    return first;
}

util::TimePs DecoupledWrites::last(Space space, std::uint32_t offset) const {
    util::TimePs at = 0;
    for (const HostWrite& write : writes_)
        if (write.space == space && write.offset == offset) at = write.at;
    return at;
}

}  // namespace pcie
