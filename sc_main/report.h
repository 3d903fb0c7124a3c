// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "platform/config/output_file.h"
#include "platform/config/program_config.h"
#include "platform/timeline/timeline.h"

namespace nvme_vp {

/// What every report begins with: program, version, command, configuration.
[[nodiscard]] nlohmann::ordered_json begin_report(const char* command,
                                                  const platform::ProgramConfig& config);
/// True unless something on the timeline could not be done, which goes to standard error.
[[nodiscard]] bool timeline_done(const platform::Timeline& timeline);
/// The same of the timelines of all subsystems.
using Timelines = std::vector<std::unique_ptr<platform::Timeline>>;
[[nodiscard]] bool timelines_done(const Timelines& timelines);
/// True when the report is in its place, or nobody wants one (null); otherwise standard error says
/// why not.
[[nodiscard]] bool committed(platform::OutputFile* file, const std::string& text);
/// True unless there is something wrong, which goes to standard error.
[[nodiscard]] bool good(const std::string& wrong);
/// As the text of a file. Bytes that are no UTF-8 (of a file name, say) are replaced.
[[nodiscard]] std::string dump_report(const nlohmann::ordered_json& report);

}  // namespace nvme_vp
