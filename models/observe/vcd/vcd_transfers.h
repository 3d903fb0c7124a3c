// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>

#include "models/observe/transfer_events.h"
#include "models/observe/vcd/vcd_scope.h"

namespace observe {

/// What link, host memory and media are busy with: how many transfers, accesses and operations are
/// under way at a time, and which blocks of flash were erased.
class VcdTransfers {
public:
    explicit VcdTransfers(const VcdScope& scope);

    void record(const DmaAccess& e);
    void record(const LinkTransfer& e);
    void record(const MediaAccess& e);
    void record(const MediaBlock& e);

private:
    void under_way(VcdSignal signal, util::TimePs begin, util::TimePs end);

    VcdWriter& writer_;
    VcdSignal up_, down_, reads_, writes_;
    std::array<VcdSignal, Words<MediaUse>::names.size()> uses_;
    VcdSignal erases_;
    std::array<VcdSignal, Words<BlockCause>::names.size()> causes_;
};

}  // namespace observe
