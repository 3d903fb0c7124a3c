// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
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

/// Visitor: collects one message for each integer that is out of its range.
class CheckRanges {
public:
    explicit CheckRanges(std::vector<std::string>& problems) : problems_(problems) {}

    template <typename T>
    void operator()(const ParamInfo& info, const T& field) {
        if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
            const auto value = static_cast<std::uint64_t>(field);
            if (value < info.min || value > info.max)
                problems_.push_back(std::string(info.name) + " = " + std::to_string(value) +
                                    ": must be " + std::to_string(info.min) + " to " +
                                    std::to_string(info.max));
        }
    }

private:
    std::vector<std::string>& problems_;
};

}  // namespace util
