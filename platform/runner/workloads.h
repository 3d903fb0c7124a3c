// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
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

/// A namespace as one of its controllers offers it, and what a workload may ask of it.
struct Target {
    std::size_t controller = 0;  ///< counted through all subsystems
    std::size_t subsystem = 0;
    std::uint32_t nsid = 1;
    std::uint64_t bytes = 0;
    std::uint32_t block_bytes = 512;
    bool read_only = false;
    bool keeps_data = true;
};
/// Of all controllers, in their order; the namespaces are those of each subsystem.
[[nodiscard]] std::vector<Target> targets_of(
    const SystemSpec& system, const std::vector<const std::vector<OpenNamespace>*>& namespaces);

/// Which targets each job of the file runs on: those that its `filename` names (device_name.h), or
/// `otherwise`, where it names none, or a file. With `always` the names do not count.
struct ChosenTargets {
    std::vector<std::vector<Target>> of_jobs;
    std::string note;  ///< which files are no namespaces; empty: none is
};
[[nodiscard]] ChosenTargets choose_targets(const JobFile& file, const std::vector<Target>& targets,
                                           const Target& otherwise, bool always,
                                           std::vector<std::string>& problems);

/// A stream for each clone of each job, on the targets at the job's place.
[[nodiscard]] Workload job_workload(const JobFile& file,
                                    const std::vector<std::vector<Target>>& targets,
                                    std::vector<std::string>& problems);

/// Copies the whole of `from` to the beginning of `to`, in requests of `chunk` bytes, and flushes.
[[nodiscard]] Workload copy_workload(const Target& from, const Target& to, std::uint32_t depth,
                                     std::vector<std::string>& problems);

/// What a recorded trace needs, found by reading it once from beginning to end.
struct TraceSummary {
    std::uint64_t requests = 0;
    std::uint64_t lines_without_request = 0;  ///< see IologReader
    std::uint32_t largest = 0;                ///< bytes of the largest request
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
