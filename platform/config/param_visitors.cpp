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

bool is_list(const nlohmann::json& value, std::size_t least, std::size_t most,
             const std::string& path, std::vector<std::string>& problems) {
    if (value.is_array() && value.size() > most) {
        problems.push_back(path + ": has " + std::to_string(value.size()) +
                           " entries, must be at most " + std::to_string(most));
        return false;
    }
    if (value.is_array() && value.size() >= least) return true;
    problems.push_back(path + " = " + shown(value) + ": must be a list in brackets" +
                       (least == 0 ? "" : ", of at least one"));
    return false;
}

}  // namespace platform
