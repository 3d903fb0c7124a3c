// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "platform/config/system_spec.h"
#include "platform/runner/request_source.h"

namespace platform {

/// What the workload needs and a controller or the host lacks, one line each.
[[nodiscard]] std::vector<std::string> check_workload(const Workload& workload,
                                                      const SystemSpec& system);

/// Streams of one controller that run at the same time, at most; at least 1.
[[nodiscard]] std::size_t most_streams(const Workload& workload, std::size_t controller);
/// Entries of the submission queue of a stream.
[[nodiscard]] std::uint32_t queue_entries(const Stream& stream,
                                          const nvme::ControllerParams& controller);
/// Host memory that the driver of one controller needs, in whole pages.
[[nodiscard]] std::uint64_t memory_of(const Workload& workload, std::size_t controller,
                                      const nvme::ControllerParams& params);

}  // namespace platform
