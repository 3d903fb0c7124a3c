// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "models/observe/driver_lint.h"
#include "platform/config/program_config.h"
#include "sc_main/observers.h"

namespace nvme_vp {

/// What a rule says, and where it is written.
[[nodiscard]] std::string rule_text(const observe::LintRuleInfo& rule);
/// A finding, which is that of its rule so many times; `time` is what its picoseconds are called.
[[nodiscard]] nlohmann::ordered_json finding_json(const observe::LintFinding& finding,
                                                  std::uint64_t count, const char* time);
/// What the lint has found, a line for each rule that was broken; empty when there is none.
[[nodiscard]] std::string lint_text(const observe::DriverLint* lint);
/// The same for programs; null without a lint.
[[nodiscard]] nlohmann::ordered_json lint_json(const observe::DriverLint* lint);
/// Of all controllers; each has its name in front where there are several.
[[nodiscard]] std::string lint_text(const Observers& observers);
/// A list where there are several.
[[nodiscard]] nlohmann::ordered_json lint_json(const Observers& observers);
/// The run failed by what the lint has found.
[[nodiscard]] bool lint_failed(const Observers& observers, const platform::ProgramConfig& config);

}  // namespace nvme_vp
