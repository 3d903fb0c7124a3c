// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "platform/workload/job.h"

namespace platform {

/// One mistake in a job file.
struct JobFileError {
    unsigned line = 0;
    std::string key;
    std::string value;
    std::string problem;
    std::string allowed;  ///< what could stand there instead; may be empty

    /// "job.fio:7: bs=4x: 'x' is not a unit; allowed: ..."
    [[nodiscard]] std::string text(std::string_view file_name) const;
};

struct JobFile {
    std::string file_name;
    std::vector<Job> jobs;             ///< complete only when there are no errors
    std::vector<JobFileError> errors;  ///< all of them, in the order of the lines
    std::vector<std::string> ignored;  ///< keys that make no difference, each once
    std::vector<std::string> notes;    ///< for people, on what jobs do otherwise than they say
    /// Keys and values of all [global] sections, as they are written, for reports.
    std::vector<std::pair<std::string, std::string>> global_options;

    [[nodiscard]] bool ok() const { return errors.empty(); }
    [[nodiscard]] std::vector<std::string> messages() const;
    /// A line for people about the keys that make no difference; empty: there are none.
    [[nodiscard]] std::string note() const;
};

/// Reads a fio job file: sections, [global] (for the sections below it), comments from ';' or '#'
/// to the end of the line, "key=value" with blanks allowed around both, ${NAME} in a value for what
/// the environment has under this name. A key that is neither supported nor harmless is an error.
/// The text may be any bytes. `instead`: options that every section has instead of its own,
/// key=value separated by blanks.
[[nodiscard]] JobFile parse_job_file(std::string_view text, std::string_view file_name,
                                     std::string_view instead = {});

}  // namespace platform
