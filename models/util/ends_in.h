// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

namespace util {

/// The text has this end, and something before it.
[[nodiscard]] constexpr bool ends_in(std::string_view text, std::string_view end) {
    return text.size() > end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace util
