// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace platform {

/// Objects and lists within one another. What writes or shows a value calls itself for each.
inline constexpr std::size_t kDeepestJson = 64;

/// Parses JSON with // comments. Each problem is a line that begins with `name` and the place: what
/// is no JSON, a key that an object has twice (the library would keep one of them silently), a
/// number that is too large, a value that is nested too deep. Nothing when there is one.
[[nodiscard]] std::optional<nlohmann::json> parse_json(std::string_view text,
                                                       const std::string& name,
                                                       std::vector<std::string>& problems);

}  // namespace platform
