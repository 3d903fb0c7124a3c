// SPDX-License-Identifier: Apache-2.0
#include "platform/config/param_values.h"

#include <optional>
#include <variant>

#include "platform/workload/units.h"

namespace platform {

namespace {

std::optional<std::uint64_t> integer_of(const nlohmann::json& value) {
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    if (!value.is_string()) return std::nullopt;
    const ParsedNumber number = parse_number(value.get_ref<const std::string&>(), 1024);
    const auto* good = std::get_if<std::uint64_t>(&number);
    return good == nullptr ? std::nullopt : std::optional{*good};
}

}  // namespace

std::string integers_allowed(IntegerRange range) {
    constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();
    if (range.max == kNoLimit) return std::to_string(range.min) + " or more";
    return std::to_string(range.min) + " to " + std::to_string(range.max);
}

std::string names_allowed(const std::string_view* names, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) text += i + 1 == count ? " or " : ", ";
        text += names[i];
    }
    return text;
}

std::string assign_integer(IntegerRange range, const nlohmann::json& value, std::uint64_t& target) {
    const std::optional<std::uint64_t> number = integer_of(value);
    if (!number) return "must be an integer, " + integers_allowed(range);
    if (*number < range.min || *number > range.max) return "must be " + integers_allowed(range);
    target = *number;
    return {};
}

std::string assign_bool(const nlohmann::json& value, bool& target) {
    if (value.is_boolean()) {
        target = value.get<bool>();
        return {};
    }
    const std::string text = value.is_string() ? value.get<std::string>() : std::string{};
    const bool yes = text == "true" || text == "1";
    if (!yes && text != "false" && text != "0") return "must be true or false";
    target = yes;
    return {};
}

std::string assign_text(const nlohmann::json& value, std::string& target) {
    if (!value.is_string()) return "must be a text in double quotes";
    // A path or a name with a null byte would be cut there, silently, by what it is passed to.
    if (value.get_ref<const std::string&>().find('\0') != std::string::npos)
        return "must not contain a null byte";
    target = value.get<std::string>();
    return {};
}

std::string assign_enum(const std::string_view* names, std::size_t count,
                        const nlohmann::json& value, std::size_t& target) {
    for (std::size_t i = 0; value.is_string() && i < count; ++i) {
        if (value.get_ref<const std::string&>() != names[i]) continue;
        target = i;
        return {};
    }
    return "must be " + names_allowed(names, count);
}

}  // namespace platform
