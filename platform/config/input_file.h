// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace platform {

/// Longest text, and longest line of a text, that is kept in memory. What is longer is not what its
/// reader takes it for: a device without an end, an image, a trace.
inline constexpr std::size_t kLongestText = std::size_t{64} << 20;

/// What some editors put at the beginning of a text in UTF-8.
inline constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

/// The whole text of a file that a user has named, without a byte order mark: a regular file, or a
/// pipe that somebody writes to. Nothing, with a problem that begins with the path, when it cannot
/// be read, is empty or too long, or is no text. Does not wait for somebody to open a pipe.
[[nodiscard]] std::optional<std::string> read_text_file(const std::string& path,
                                                        std::vector<std::string>& problems);

/// For files that are read line by line, and more than once: false, with a problem, for what is not
/// a regular file that can be read and is not empty.
[[nodiscard]] bool is_readable_file(const std::string& path, std::vector<std::string>& problems);

}  // namespace platform
