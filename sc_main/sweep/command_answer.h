// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

namespace nvme_vp {

/// What a command of another program had to say.
struct CommandAnswer {
    bool good = false;    ///< it ended by itself, with exit code 0
    std::string out;      ///< its standard output
    std::string problem;  ///< unless good: one line, with the name of the command
};

/// Whether a command of this name is in PATH.
[[nodiscard]] bool has_command(const std::string& name);

/// Runs a command and waits for its end. It is killed when it takes longer than two minutes, says
/// more than 64 MiB, or when a signal to stop is pending. Variables of the environment whose names
/// begin with one of `without` are kept from it.
[[nodiscard]] CommandAnswer answer_of(const std::vector<std::string>& words,
                                      const std::vector<std::string>& without);

}  // namespace nvme_vp
