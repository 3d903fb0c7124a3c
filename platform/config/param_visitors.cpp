// SPDX-License-Identifier: Apache-2.0
#include "platform/config/param_visitors.h"

namespace platform {

std::string shown(const nlohmann::json& value) {
    constexpr std::size_t kLongest = 60;
    // Text that is not UTF-8 cannot be JSON; a message must be possible all the same.
    std::string text = value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
    if (text.size() > kLongest) text = text.substr(0, kLongest) + "...";
    return text;
}

}  // namespace platform
