// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "traces/analysis/analysis.h"

namespace analysis {

struct NamedText {
    std::string name, text;
};

/// The reads and writes of each I/O queue as the logs that fio writes of a job with write_lat_log,
/// write_bw_log, write_iops_log and log_offset: NAME_lat.N.log, and slat, clat, bw, iops, where N
/// is the queue. Each line is of one command, in the order of completion.
[[nodiscard]] std::vector<NamedText> fio_logs(const Analysis& analysis, const std::string& name,
                                              std::uint32_t block_bytes);

}  // namespace analysis
