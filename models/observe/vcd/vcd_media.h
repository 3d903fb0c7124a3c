// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <map>

#include "models/observe/device_events.h"
#include "models/observe/media_events.h"
#include "models/observe/vcd/vcd_scope.h"

namespace observe {

/// What the media are busy with as a whole: accesses under way, blocks of flash, write caches.
class VcdMedia {
public:
    explicit VcdMedia(const VcdScope& scope);

    void record(const MediaAccess& e);
    void record(const MediaBlock& e);
    void record(const FreeBlocks& e);
    void record(const CacheFill& e);
    /// What is gone is in no cache.
    void record(const NamespaceChange& e);

private:
    VcdWriter& writer_;
    std::array<VcdSignal, Words<MediaUse>::names.size()> uses_;
    VcdSignal erases_;
    std::array<VcdSignal, Words<BlockCause>::names.size()> causes_;
    VcdSignal free_, slc_free_, dirty_;
    std::map<std::uint32_t, std::uint64_t> dirty_of_;  // bytes, by namespace
    std::uint64_t all_dirty_ = 0;
};

}  // namespace observe
