// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace util {

/// What a parameter may be and what it means; one per call of a params struct's `visit`.
struct ParamInfo {
    std::string_view name;
    std::string_view unit;  ///< "ns", "entries", ... or empty
    std::string_view doc;
    std::uint64_t min = 0;  ///< integers only
    std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
};

/// Names of an enumeration's values, in order from 0. Each enumeration used as a parameter
/// specialises this with `static constexpr std::array<std::string_view, N> names`.
template <typename E>
struct EnumNames;

/// A parameter that may be absent: of which type it is when it is there.
template <typename T>
struct OptionalParam : std::false_type {};
template <typename T>
struct OptionalParam<std::optional<T>> : std::true_type {
    using Value = T;
};

/// The longest time that a parameter in nanoseconds may have: 10 s.
inline constexpr std::uint64_t kMostNs = 10'000'000'000;

constexpr bool is_power_of_two(std::uint64_t n) {
    return n != 0 && (n & (n - 1)) == 0;
}

/// What is wrong with a struct of parameters: lines "<name> = <value>: must be ...".
class ParamProblems {
public:
    /// A visitor: each integer has to be in its range.
    [[nodiscard]] auto check_ranges() {
        return [this](const ParamInfo& info, const auto& field) {
            using T = std::decay_t<decltype(field)>;
            if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>)
                require(info.name, field, field >= info.min && field <= info.max,
                        "must be " + std::to_string(info.min) + " to " + std::to_string(info.max));
        };
    }
    /// `rule` is what the value breaks unless it is `good`. A parameter is complained of once.
    template <typename T>
    void require(std::string_view name, const T& value, bool good, const std::string& rule) {
        if (!good) add(name, text_of(value), rule);
    }
    /// What is wrong with a part of the struct.
    void include(const std::vector<std::string>& lines) {
        for (const std::string& line : lines)
            if (std::find(lines_.begin(), lines_.end(), line) == lines_.end())
                lines_.push_back(line);
    }
    [[nodiscard]] std::vector<std::string> take() { return std::move(lines_); }

private:
    static std::string text_of(std::uint64_t value) { return std::to_string(value); }
    static std::string text_of(const std::string& value) { return '"' + value + '"'; }

    void add(std::string_view name, const std::string& value, const std::string& rule) {
        const std::string start = std::string{name} + " = ";
        for (const std::string& line : lines_)
            if (line.compare(0, start.size(), start) == 0) return;
        lines_.push_back(start + value + ": " + rule);
    }

    std::vector<std::string> lines_;
};

}  // namespace util
