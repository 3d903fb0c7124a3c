// SPDX-License-Identifier: Apache-2.0
#include "models/observe/command_statistics.h"

namespace observe {

void CommandStatistics::record(const CommandCompleted& e) {
    auto& found = by_opcode_[e.sqid == 0 ? 0 : 1][e.opcode];
    if (!found) found = std::make_unique<OfOpcode>();
    if (e.status != nvme::spec::StatusCode::kSuccess) ++found->errors;
    found->latency.record(e.ps - e.fetched_ps);
}

void CommandStatistics::record(const DataBuffer& e) {
    bytes_[e.to_host ? 1 : 0] += e.len;
}

}  // namespace observe
