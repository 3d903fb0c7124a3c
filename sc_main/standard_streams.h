// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdio>
#include <string>
#include <vector>

namespace nvme_vp {

/// Before anything opens a file. Where standard input, output or error is closed, something takes
/// its place that cannot be used, so that no image becomes standard output by accident. A reader
/// that has gone and a limit of the file size make a write fail instead of ending the program.
void prepare_streams();

/// Writes a text, at once, to standard output or error. The first that does not arrive is told on
/// standard error.
void tell(std::FILE* to, const std::string& text);
/// Writes problems to standard error: each in one line of printable characters and of a length that
/// can be read, and only the first of very many.
void tell_problems(const std::vector<std::string>& problems);

/// The exit code: `code`, unless all is well but that something which was told did not arrive.
[[nodiscard]] int exit_code(int code);

}  // namespace nvme_vp
