// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_names.h"

namespace observe {

std::string vcd_name_problem(std::string_view path) {
    bool begins = true;  // a name begins here
    for (const char c : path) {
        const bool digit = c >= '0' && c <= '9';
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && (begins || (!digit && c != '.'))) {
            begins = true;
            break;
        }
        begins = c == '.';
    }
    if (!begins) return {};
    return "must be names of letters, digits and _ that do not begin with a digit, separated by "
           "dots";
}

std::string vcd_code(std::size_t index) {
    constexpr std::size_t kFirst = '!', kCodes = '~' - '!' + 1;
    std::string code;
    for (std::size_t rest = index + 1; rest != 0; rest = (rest - 1) / kCodes)
        code += static_cast<char>(kFirst + (rest - 1) % kCodes);
    return code;
}

}  // namespace observe
