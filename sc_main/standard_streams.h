// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdio>
#include <string>
#include <vector>

namespace nvme_vp {

/// Writes a text, at once, to standard output or error. The first that does not arrive is told on
/// standard error.
void tell(std::FILE* to, const std::string& text);
/// Writes problems to standard error: each in one line of printable characters and of a length that
/// can be read, and only the first of very many.
void tell_problems(const std::vector<std::string>& problems);

/// The exit code: `code`, unless all is well but that something which was told did not arrive.
[[nodiscard]] int exit_code(int code);

}  // namespace nvme_vp
