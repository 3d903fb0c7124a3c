// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "platform/config/namespace_spec.h"
#include "platform/config/program_config.h"
#include "platform/recording/replay_reader.h"
#include "platform/runner/request_source.h"
#include "platform/workload/job_file.h"
#include "platform/workload/statistics.h"

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

/// A stream for each clone of each job, on the targets at the job's place. A size that is larger
/// than its namespace ends with it, which is a note.
[[nodiscard]] Workload job_workload(const JobFile& file,
                                    const std::vector<std::vector<Target>>& targets,
                                    std::vector<std::string>& problems,
                                    std::vector<std::string>* notes = nullptr);

/// Copies the whole of `from` to the beginning of `to`, in requests of `chunk` bytes, and flushes.
[[nodiscard]] Workload copy_workload(const Target& from, const Target& to, std::uint32_t depth,
                                     std::vector<std::string>& problems);

/// Of a replay at the recorded times: requests that had to wait, because `depth` were in flight.
/// What they waited is in no latency.
struct Lateness {
    std::uint64_t requests = 0;
    util::TimePs most = 0;
};

/// What a recording needs and says, found by reading it once from beginning to end.
struct RecordingSummary {
    const RecordingFormat* format = nullptr;  ///< null: the recording cannot be replayed
    std::uint64_t requests = 0;
    std::vector<std::uint64_t> of_queue;  ///< requests of each queue
    std::uint32_t largest = 0;            ///< bytes of the largest request with data
    bool changes_data = false;
    util::TimePs duration = 0;  ///< of the replay, up to its last request
    /// Of each device that is replayed.
    struct Device {
        std::string name;
        std::uint64_t end = 0;   ///< how far its requests reach, in bytes
        std::uint64_t bits = 0;  ///< all of its offsets and lengths, or'ed
    };
    std::vector<Device> devices;
    std::vector<LeftOut> left_out;
    std::uint64_t rounded = 0;  ///< requests to which replay_align made a difference
    std::uint64_t moved = 0;    ///< requests to which replay_beyond made a difference
    std::shared_ptr<const IoStatistics> latency;  ///< recorded latencies; null: there are none
    std::shared_ptr<Lateness> late;               ///< of the replay; complete when it has ended
};
/// Mistakes in the file are problems with its name and line.
[[nodiscard]] RecordingSummary scan_recording(const std::string& path, const ReplayOptions& options,
                                              std::vector<std::string>& problems);
/// Notes for people, one line each.
[[nodiscard]] std::vector<std::string> notes_of(const RecordingSummary& recording);
/// A line for people about what came late; empty: nothing did.
[[nodiscard]] std::string lateness_text(const RecordingSummary& recording);
[[nodiscard]] nlohmann::ordered_json recording_json(const RecordingSummary& recording);

/// Replays a recording: its first device on the first target, and so on, or all on the one that
/// replay_redirect names. Counts what is moved in `recording`.
[[nodiscard]] Workload replay_workload(const std::string& path, RecordingSummary& recording,
                                       const std::vector<Target>& targets, const RunOptions& run,
                                       std::vector<std::string>& problems);

}  // namespace platform
