// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <nlohmann/json.hpp>

#include "models/util/params.h"

namespace platform {

/// One parameter and its text forms, whatever its type is. Everything that reads, writes or
/// documents parameters goes through these functions, so that JSON, the command line and the
/// documentation cannot disagree.

/// Smallest and largest value of an integer parameter: its own range within that of its type.
struct IntegerRange {
    std::uint64_t min = 0;
    std::uint64_t max = 0;
};
template <typename T>
[[nodiscard]] IntegerRange range_of(const util::ParamInfo& info) {
    constexpr std::uint64_t type_max = std::numeric_limits<T>::max();
    return {info.min, info.max < type_max ? info.max : type_max};
}

/// Each stores `value` and returns an empty text, or leaves the target alone and returns what is
/// allowed: a phrase that continues "mdts = 99: ". A text is accepted for every type, because that
/// is all a command line has: "64k", "0x1414" and "true" are good.
[[nodiscard]] std::string assign_integer(IntegerRange range, const nlohmann::json& value,
                                         std::uint64_t& target);
[[nodiscard]] std::string assign_bool(const nlohmann::json& value, bool& target);
[[nodiscard]] std::string assign_text(const nlohmann::json& value, std::string& target);
/// Hexadecimal digits, two a byte; blanks may stand between bytes.
[[nodiscard]] std::string assign_bytes(const nlohmann::json& value,
                                       std::vector<std::uint8_t>& target);
[[nodiscard]] std::string assign_enum(const std::string_view* names, std::size_t count,
                                      const nlohmann::json& value, std::size_t& target);

[[nodiscard]] std::string hexadecimal(const std::vector<std::uint8_t>& bytes);
[[nodiscard]] std::string integers_allowed(IntegerRange range);
[[nodiscard]] std::string names_allowed(const std::string_view* names, std::size_t count);

template <typename T>
[[nodiscard]] std::string assign(const util::ParamInfo& info, const nlohmann::json& value,
                                 T& target) {
    if constexpr (std::is_same_v<T, bool>) {
        return assign_bool(value, target);
    } else if constexpr (std::is_same_v<T, std::string>) {
        return assign_text(value, target);
    } else if constexpr (std::is_same_v<T, std::vector<std::uint8_t>>) {
        return assign_bytes(value, target);
    } else if constexpr (util::OptionalParam<T>::value) {
        if (value.is_null()) {
            target.reset();
            return {};
        }
        typename util::OptionalParam<T>::Value present{};
        std::string problem = assign(info, value, present);
        if (problem.empty()) target = present;
        return problem;
    } else if constexpr (std::is_enum_v<T>) {
        constexpr auto& names = util::EnumNames<T>::names;
        auto index = static_cast<std::size_t>(target);
        std::string problem = assign_enum(names.data(), names.size(), value, index);
        target = static_cast<T>(index);
        return problem;
    } else {
        static_assert(std::is_unsigned_v<T>);
        std::uint64_t number = target;
        std::string problem = assign_integer(range_of<T>(info), value, number);
        target = static_cast<T>(number);
        return problem;
    }
}

template <typename T>
[[nodiscard]] nlohmann::ordered_json to_json_value(const T& field) {
    if constexpr (std::is_enum_v<T>)
        return std::string{util::EnumNames<T>::names[static_cast<std::size_t>(field)]};
    else if constexpr (util::OptionalParam<T>::value)
        return field ? nlohmann::ordered_json(*field) : nlohmann::ordered_json();
    else if constexpr (std::is_same_v<T, std::vector<std::uint8_t>>)
        return hexadecimal(field);
    else
        return field;
}

/// What may be written for the parameter: "0 to 10", "true or false", "none or fixed", "text", ....
template <typename T>
[[nodiscard]] std::string allowed_values(const util::ParamInfo& info) {
    if constexpr (std::is_same_v<T, bool>)
        return "true or false";
    else if constexpr (std::is_same_v<T, std::string>)
        return "text";
    else if constexpr (std::is_same_v<T, std::vector<std::uint8_t>>)
        return "hexadecimal bytes";
    else if constexpr (util::OptionalParam<T>::value)
        return allowed_values<typename util::OptionalParam<T>::Value>(info) + ", or null";
    else if constexpr (std::is_enum_v<T>)
        return names_allowed(util::EnumNames<T>::names.data(), util::EnumNames<T>::names.size());
    else
        return integers_allowed(range_of<T>(info));
}

}  // namespace platform
