// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "platform/config/namespace_spec.h"
#include "platform/config/program_config.h"
#include "platform/runner/request_source.h"
#include "platform/workload/iolog.h"
#include "platform/workload/job_file.h"

namespace platform {

/// What a workload may ask of a namespace.
struct Target {
    std::uint32_t nsid = 1;
    std::uint64_t bytes = 0;
    std::uint32_t block_bytes = 512;
    bool read_only = false;
};
[[nodiscard]] std::vector<Target> targets_of(const std::vector<OpenNamespace>& namespaces);

/// A stream for each clone of each job, all on one namespace.
[[nodiscard]] Workload job_workload(const JobFile& file, const Target& target,
                                    std::vector<std::string>& problems);

/// Copies the whole of `from` to the beginning of `to`, in requests of `chunk` bytes, and flushes.
[[nodiscard]] Workload copy_workload(const Target& from, const Target& to, std::uint32_t depth,
                                     std::vector<std::string>& problems);

/// What a recorded trace needs, found by reading it once from beginning to end.
struct TraceSummary {
    std::uint64_t requests = 0;
    std::uint32_t largest = 0;        ///< bytes of the largest request
    std::vector<std::uint64_t> ends;  ///< of each file: how far its requests reach, in bytes
    std::vector<std::string> files;
};
/// Mistakes in the file are problems with its name and line.
[[nodiscard]] TraceSummary scan_trace(const std::string& path, std::vector<std::string>& problems);

/// Replays a recorded trace: its first file on the first target, and so on.
[[nodiscard]] Workload replay_workload(const std::string& path, const TraceSummary& summary,
                                       const std::vector<Target>& targets, std::uint32_t depth,
                                       Pace pace, std::vector<std::string>& problems);

}  // namespace platform
