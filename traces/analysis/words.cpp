// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/words.h"

#include <charconv>
#include <cmath>
#include <iterator>

namespace analysis {

std::string in_time(util::TimePs ps) {
    return in_ns(static_cast<double>(ps) / 1e3);
}

std::string in_ns(double ns) {
    struct Unit {
        double least;
        const char* name;
    };
    constexpr Unit kUnits[] = {{1e9, " s"}, {1e6, " ms"}, {1e3, " us"}};
    for (const Unit& unit : kUnits)
        if (std::abs(ns) >= unit.least * 0.9995) {
            const double value = ns / unit.least;
            return fixed(value, std::abs(value) < 9.995   ? 2
                                : std::abs(value) < 99.95 ? 1
                                                          : 0) +
                   unit.name;
        }
    return fixed(ns, std::abs(ns) < 9.995 && ns != 0   ? 2
                     : std::abs(ns) < 99.95 && ns != 0 ? 1
                                                       : 0) +
           " ns";
}

std::string hex(std::uint64_t value) {
    char text[16];
    return "0x" + std::string(text, std::to_chars(text, std::end(text), value, 16).ptr);
}

std::string fixed(double value, int digits) {
    char text[400];
    const auto [end, error] =
        std::to_chars(text, std::end(text), value, std::chars_format::fixed, digits);
    return error == std::errc{} ? std::string(text, end) : "?";
}

std::string in_bytes(std::uint64_t bytes) {
    constexpr const char* kUnits[] = {" bytes", " KiB", " MiB", " GiB", " TiB", " PiB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < std::size(kUnits)) {
        value /= 1024;
        ++unit;
    }
    return fixed(value, unit == 0 || value == std::floor(value) ? 0 : 2) + kUnits[unit];
}

}  // namespace analysis
