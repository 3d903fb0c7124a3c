// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_media.h"

#include <cstddef>
#include <string>

namespace observe {

VcdMedia::VcdMedia(const VcdScope& scope)
    : writer_(scope.writer()), erases_(scope.wire("media.erase", 16)) {
    for (std::size_t use = 0; use < uses_.size(); ++use)
        uses_[use] = scope.wire("media." + std::string(Words<MediaUse>::names[use]), 16);
    for (std::size_t cause = 0; cause < causes_.size(); ++cause)
        causes_[cause] =
            scope.wire("media.blocks." + std::string(Words<BlockCause>::names[cause]), 32);
    free_ = scope.wire("media.blocks.free", 32);
    slc_free_ = scope.wire("media.blocks.slc_free", 32);
    dirty_ = scope.wire("media.cache_dirty", 48);
}

void VcdMedia::record(const MediaAccess& e) {
    if (const auto use = static_cast<std::size_t>(e.use); use < uses_.size())
        writer_.add_during(e.begin, e.end, uses_[use]);
}

void VcdMedia::record(const MediaBlock& e) {
    writer_.add_during(e.ps, e.done, erases_);
    if (const auto cause = static_cast<std::size_t>(e.cause); cause < causes_.size())
        writer_.add_at(e.done, causes_[cause], 1);
}

void VcdMedia::record(const FreeBlocks& e) {
    writer_.set(free_, e.blocks);
    writer_.set(slc_free_, e.slc);
}

void VcdMedia::record(const CacheFill& e) {
    std::uint64_t& known = dirty_of_[e.nsid];
    all_dirty_ += e.dirty - known;
    known = e.dirty;
    writer_.set(dirty_, all_dirty_);
}

void VcdMedia::record(const NamespaceChange& e) {
    if (e.blocks == 0) record(CacheFill{e.ps, e.nsid, 0});
}

}  // namespace observe
