// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include <sys/types.h>

namespace nvme_vp {

/// Starts a program, which is looked for in PATH unless it is a path, with its name and arguments
/// as `words`. Descriptors `out` and `err` of this process become its output. It is in a group of
/// its own: an interrupt of the terminal is for whoever started it. Throws std::system_error.
[[nodiscard]] pid_t start_child(const std::string& program, std::vector<std::string> words, int out,
                                int err, char* const* environment);

}  // namespace nvme_vp
