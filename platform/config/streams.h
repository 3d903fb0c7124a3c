// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

namespace platform {

/// Before anything opens a file. Where standard input, output or error is closed, something takes
/// its place that cannot be used, so that no file becomes standard output by accident. A reader
/// that has gone and a limit of the file size make a write fail instead of ending the program.
void prepare_streams();

/// What a user gave, for a message: one line of printable characters, of a length that can be read.
[[nodiscard]] std::string one_line(std::string_view text);

}  // namespace platform
