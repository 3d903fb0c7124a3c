// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/config/namespace_spec.h"
#include "platform/config/output_file.h"
#include "platform/runner/request_source.h"
#include "platform/runner/workloads.h"
#include "platform/timeline/timeline.h"
#include "sc_main/command_line.h"

namespace nvme_vp {

struct PreparedSubsystem {
    std::vector<platform::OpenNamespace> namespaces;
    std::vector<platform::TimelineStep> timeline;
};

/// Everything that can go wrong before the simulation starts has gone well: inputs are read,
/// namespaces open, outputs writable.
struct PreparedRun {
    std::vector<PreparedSubsystem> subsystems;  ///< as many as the configuration has
    platform::Workload workload;
    std::optional<platform::RecordingSummary> recording;  ///< of a replay
    /// Of the [global] sections of the job file, as they are written.
    std::vector<std::pair<std::string, std::string>> job_options;
    std::vector<std::string> notes;  ///< each a line: what is done otherwise than one might think
    std::unique_ptr<platform::OutputFile> report;  ///< null: none is wanted
};

/// Adds what is wrong to line.problems; the namespaces that a recording needs to line.config.
[[nodiscard]] PreparedRun prepare(CommandLine& line);

}  // namespace nvme_vp
