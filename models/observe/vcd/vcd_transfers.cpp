// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_transfers.h"

#include <algorithm>
#include <limits>

namespace observe {

VcdTransfers::VcdTransfers(const VcdScope& scope, std::uint32_t tags)
    : VcdAlarm(scope.writer().agenda()),
      writer_(scope.writer()),
      most_tags_(tags != 0 ? tags : std::numeric_limits<std::uint64_t>::max()),
      up_(scope.wire("link.up", 16)),
      down_(scope.wire("link.down", 16)),
      tags_(scope.wire("link.tags", 17)),
      reads_(scope.wire("dma.reads", 16)),
      writes_(scope.wire("dma.writes", 16)) {}

void VcdTransfers::record(const DmaAccess& e) {
    writer_.add_during(e.ps, e.done, e.to_host ? writes_ : reads_);
}

// In the payload of an alarm: how many requests there are more; or fewer, modulo 2^64.
void VcdTransfers::record(const LinkTransfer& e) {
    writer_.add_during(e.start, e.done, e.read ? down_ : up_);
    if (e.requests == 0 || e.done <= e.start || tags_ == VcdSignal::kNone) return;
    writer_.call_at(e.start, *this, e.requests);
    writer_.call_at(e.done, *this, ~std::uint64_t{e.requests} + 1);
}

void VcdTransfers::due(std::uint64_t payload) {
    requests_ += payload;
    writer_.set(tags_, std::min(requests_, most_tags_));
}

}  // namespace observe
