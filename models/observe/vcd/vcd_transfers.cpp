// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_transfers.h"

#include <cstddef>
#include <string>

namespace observe {

VcdTransfers::VcdTransfers(const VcdScope& scope)
    : writer_(scope.writer()),
      up_(scope.wire("link.up", 16)),
      down_(scope.wire("link.down", 16)),
      reads_(scope.wire("dma.reads", 16)),
      writes_(scope.wire("dma.writes", 16)),
      erases_(scope.wire("media.erase", 16)) {
    for (std::size_t use = 0; use < uses_.size(); ++use)
        uses_[use] = scope.wire("media." + std::string(Words<MediaUse>::names[use]), 16);
    for (std::size_t cause = 0; cause < causes_.size(); ++cause)
        causes_[cause] =
            scope.wire("media.blocks." + std::string(Words<BlockCause>::names[cause]), 32);
}

void VcdTransfers::under_way(VcdSignal signal, util::TimePs begin, util::TimePs end) {
    if (end <= begin) return;
    writer_.add_at(begin, signal, 1);
    writer_.add_at(end, signal, -1);
}

void VcdTransfers::record(const DmaAccess& e) {
    under_way(e.to_host ? writes_ : reads_, e.ps, e.done);
}

void VcdTransfers::record(const LinkTransfer& e) {
    under_way(e.read ? down_ : up_, e.start, e.done);
}

void VcdTransfers::record(const MediaAccess& e) {
    if (const auto use = static_cast<std::size_t>(e.use); use < uses_.size())
        under_way(uses_[use], e.begin, e.end);
}

void VcdTransfers::record(const MediaBlock& e) {
    under_way(erases_, e.ps, e.done);
    if (const auto cause = static_cast<std::size_t>(e.cause); cause < causes_.size())
        writer_.add_at(e.done, causes_[cause], 1);
}

}  // namespace observe
