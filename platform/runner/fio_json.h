// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "platform/runner/run_result.h"

namespace platform {

/// The results of a job file in the form of fio 3.33 --output-format=json, or json+ with `bins`,
/// which plotting tools read. [fio 3.33 fio(1) JSON output, JSON+ output; stat.c]
///
/// An entry is a clone, or all of a group that have group_reporting; `groupid` counts the groups.
/// Reads of verification count as reads. Times are simulated; what the model does not have is 0:
/// time of the host's processors, page faults, the time until a request was submitted, short
/// requests.
[[nodiscard]] nlohmann::ordered_json fio_json(
    const RunResult& result, const std::vector<std::pair<std::string, std::string>>& global_options,
    bool bins);

}  // namespace platform
