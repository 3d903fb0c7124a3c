// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/vcd_declarations.h"

namespace analysis {
using util::TimePs;

bool VcdDeclarations::read() {
    for (std::string_view word; words_.take(word);) {
        if (word == "$enddefinitions") return words_.rest([](std::string_view) {});
        if (word.front() != '$') return words_.fail("is no declaration of a VCD file");
        if (!read_declaration(word)) return false;
    }
    return false;
}

bool VcdDeclarations::read_declaration(std::string_view keyword) {
    if (keyword == "$var") return read_variable();
    if (keyword == "$scope") return read_scope();
    if (keyword == "$timescale") return read_scale();
    if (keyword == "$upscope") leave_scope();
    return words_.rest([](std::string_view) {});
}

/// "1 ps", "10ns".
bool VcdDeclarations::read_scale() {
    std::string scale;
    if (!words_.rest([&](std::string_view word) {
            if (scale.size() < 16) scale.append(word.substr(0, 16));
        }))
        return false;
    struct Unit {
        std::string_view name;
        TimePs multiply, divide;
    };
    constexpr Unit kUnits[] = {{"fs", 1, 1000},           {"ps", 1, 1},
                               {"ns", util::kPsPerNs, 1}, {"us", util::kPsPerUs, 1},
                               {"ms", util::kPsPerMs, 1}, {"s", util::kPsPerS, 1}};
    const std::size_t unit = scale.find_first_not_of("0123456789");
    TimePs number = 0;
    if (unit != scale.npos && parse_number(std::string_view(scale).substr(0, unit), number) &&
        (number == 1 || number == 10 || number == 100))
        for (const Unit& each : kUnits)
            if (scale.compare(unit, scale.npos, each.name) == 0) {
                multiply_ = number * each.multiply;
                divide_ = each.divide;
                return true;
            }
    return words_.fail("the $timescale must be 1, 10 or 100 s, ms, us, ns, ps or fs");
}

/// $scope module name $end
bool VcdDeclarations::read_scope() {
    std::string name;
    std::size_t words = 0;
    if (!words_.rest([&](std::string_view word) {
            if (words++ == 1) name = word.substr(0, VcdWords::kLongestName);
        }))
        return false;
    if (scopes_too_deep_ != 0 || scope_.size() + name.size() >= VcdWords::kLongestName)
        ++scopes_too_deep_;
    else
        scope_.append(name).append(1, '.');
    return true;
}

void VcdDeclarations::leave_scope() {
    if (scopes_too_deep_ != 0) {
        --scopes_too_deep_;
        return;
    }
    if (scope_.empty()) return;
    scope_.pop_back();
    scope_.erase(scope_.rfind('.') + 1);  // all of it where there is none
}

/// $var wire 16 code name [15:0] $end, also with the range at the name.
bool VcdDeclarations::read_variable() {
    std::string width, code, name;
    std::size_t words = 0;
    if (!words_.rest([&](std::string_view word) {
            switch (words++) {
                case 1:
                    width = word.substr(0, 32);
                    break;
                case 2:
                    code = word;
                    break;
                case 3:
                    name = word.substr(0, VcdWords::kLongestName);
                    break;
                default:
                    break;
            }
        }))
        return false;
    if (words < 4) return words_.fail("a $var must have a type, a width, a code and a name");
    std::uint32_t bits = 0;
    if (!parse_number(std::string_view(width), bits))
        return words_.fail("the width of a $var is no number");
    for (const char c : code)
        if (static_cast<unsigned char>(c) >= 0x80)
            return words_.fail("the code of a $var is no ASCII");
    if (scopes_too_deep_ != 0) return true;
    const std::uint32_t signal = listener_.declare(scope_ + name.substr(0, name.find('[')), bits);
    if (signal != VcdListener::kUnwanted) codes_.add(code, signal);
    return true;
}

}  // namespace analysis
