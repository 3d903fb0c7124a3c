// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace platform {

/// The one of `names` that a person who typed `name` probably meant; empty when none is near.
[[nodiscard]] std::string_view nearest_name(std::string_view name,
                                            const std::vector<std::string_view>& names);

/// "; did you mean \"mdts\"?", or nothing.
[[nodiscard]] std::string suggestion(std::string_view name,
                                     const std::vector<std::string_view>& names);

}  // namespace platform
