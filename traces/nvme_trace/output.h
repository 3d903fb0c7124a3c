// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdio>
#include <string>

namespace nvme_trace {

/// Writes a text to standard output or error, at once. False: it did not arrive; why is told on
/// standard error.
[[nodiscard]] bool tell(std::FILE* to, const std::string& text);
/// A problem, on standard error, in one line.
void tell_problem(const std::string& problem);

/// Puts a text into a file, or on standard output for "-". False: told why not.
[[nodiscard]] bool deliver(const std::string& path, const std::string& text);

}  // namespace nvme_trace
