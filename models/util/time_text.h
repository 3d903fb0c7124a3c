// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>

#include "models/util/time.h"

namespace util {

/// A time for people: "1.10025 ms". The largest unit that it has one of, at most six digits behind
/// the point, cut and without zeros at the end.
[[nodiscard]] inline std::string time_text(TimePs ps) {
    struct Unit {
        TimePs ps;
        const char* name;
    };
    constexpr Unit kUnits[] = {
        {kPsPerS, " s"}, {kPsPerMs, " ms"}, {kPsPerUs, " us"}, {kPsPerNs, " ns"}, {1, " ps"}};
    const Unit* unit = kUnits;
    while (unit->ps > ps && unit->ps != 1) ++unit;
    std::string text = std::to_string(ps / unit->ps);
    std::string rest = std::to_string(unit->ps + ps % unit->ps).substr(1, 6);
    rest.erase(rest.find_last_not_of('0') + 1);
    if (!rest.empty()) text += "." + rest;
    return text + unit->name;
}

}  // namespace util
