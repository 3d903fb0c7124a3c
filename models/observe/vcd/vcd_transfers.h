// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/observe/transfer_events.h"
#include "models/observe/vcd/vcd_scope.h"

namespace observe {

/// What link and host memory are busy with: how many transfers, accesses and tags are under way.
class VcdTransfers final : public VcdAlarm {
public:
    /// `tags`: of read requests, at a time; 0: without end.
    VcdTransfers(const VcdScope& scope, std::uint32_t tags);

    void record(const DmaAccess& e);
    void record(const LinkTransfer& e);

    /// Read requests begin, or their data have come.
    void due(std::uint64_t payload) override;

private:
    VcdWriter& writer_;
    const std::uint64_t most_tags_;
    VcdSignal up_, down_, tags_, reads_, writes_;
    std::uint64_t requests_ = 0;  // without their data, those that wait for a tag among them
};

}  // namespace observe
