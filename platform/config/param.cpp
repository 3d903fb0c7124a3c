// SPDX-License-Identifier: Apache-2.0
#include "platform/config/param.h"

#include <algorithm>
#include <utility>
#include <variant>

#include <nlohmann/json.hpp>

#include "platform/workload/units.h"

namespace platform {

namespace {

using Bytes = std::vector<std::uint8_t>;

/// Or why it is none, a phrase; empty when that is plain to see.
ParsedNumber integer_of(const nlohmann::json& value) {
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    if (!value.is_string()) return std::string{};
    return parse_number(value.get_ref<const std::string&>(), 1024);
}

std::string integers_allowed(IntegerRange range) {
    constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();
    if (range.max == kNoLimit) return std::to_string(range.min) + " or more";
    return std::to_string(range.min) + " to " + std::to_string(range.max);
}

std::string names_allowed(const ParamType& type) {
    std::string text;
    for (std::size_t i = 0; i < type.name_count; ++i) {
        if (i > 0) text += i + 1 == type.name_count ? " or " : ", ";
        text += type.names[i];
    }
    return text;
}

std::string assign_integer(IntegerRange range, const nlohmann::json& value,
                           ParamType::Word& target) {
    const ParsedNumber parsed = integer_of(value);
    const auto* number = std::get_if<std::uint64_t>(&parsed);
    if (number == nullptr) {
        const std::string& why = std::get<std::string>(parsed);
        return (why.empty() ? "must be an integer, " : why + "; must be an integer, ") +
               integers_allowed(range) + (why.empty() ? "" : ", k, m, g, t or p may follow");
    }
    if (*number < range.min || *number > range.max) return "must be " + integers_allowed(range);
    target = *number;
    return {};
}

std::string assign_bool(const nlohmann::json& value, ParamType::Word& target) {
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

std::string assign_bytes(const nlohmann::json& value, Bytes& target) {
    constexpr const char* kAllowed = "must be bytes in hexadecimal, two digits each, in quotes";
    constexpr std::size_t kMost = 4096;
    if (!value.is_string()) return kAllowed;
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (c >= 'A' && c <= 'F') return c - 'A' + 10;
        return -1;
    };
    const std::string& text = value.get_ref<const std::string&>();
    Bytes bytes;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == ' ') {
            ++i;
            continue;
        }
        const int high = digit(text[i]), low = i + 1 < text.size() ? digit(text[i + 1]) : -1;
        if (high < 0 || low < 0) return kAllowed;
        bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
        i += 2;
    }
    if (bytes.size() > kMost) return "must be at most " + std::to_string(kMost) + " bytes";
    target = std::move(bytes);
    return {};
}

std::string hexadecimal(const Bytes& bytes) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : bytes) {
        text += kDigits[byte >> 4];
        text += kDigits[byte & 15];
    }
    return text;
}

std::string assign_name(const ParamType& type, const nlohmann::json& value,
                        ParamType::Word& target) {
    for (std::size_t i = 0; value.is_string() && i < type.name_count; ++i) {
        if (value.get_ref<const std::string&>() != type.names[i]) continue;
        target = i;
        return {};
    }
    return "must be " + names_allowed(type);
}

}  // namespace

IntegerRange Param::range() const {
    return {info.min, std::min(info.max, type->max)};
}

std::string Param::assign(const nlohmann::json& value) const {
    using Kind = ParamType::Kind;
    if (type->kind == Kind::kText) return assign_text(value, *static_cast<std::string*>(field_));
    if (type->kind == Kind::kBytes) return assign_bytes(value, *static_cast<Bytes*>(field_));
    ParamType::Word word;
    if (!type->optional || !value.is_null()) {
        std::string problem = type->kind == Kind::kBool   ? assign_bool(value, word)
                              : type->kind == Kind::kName ? assign_name(*type, value, word)
                                                          : assign_integer(range(), value, word);
        if (!problem.empty()) return problem;
    }
    type->set(field_, word);
    return {};
}

nlohmann::ordered_json Param::value() const {
    using Kind = ParamType::Kind;
    if (type->kind == Kind::kText) return *static_cast<const std::string*>(field_);
    if (type->kind == Kind::kBytes) return hexadecimal(*static_cast<const Bytes*>(field_));
    const ParamType::Word word = type->get(field_);
    if (!word) return nullptr;
    if (type->kind == Kind::kBool) return *word != 0;
    if (type->kind == Kind::kName) return std::string{type->names[*word]};
    return *word;
}

std::string Param::text() const {
    return value().dump();
}

std::string Param::allowed() const {
    const std::string or_null = type->optional ? ", or null" : "";
    switch (type->kind) {
        case ParamType::Kind::kBool:
            return "true or false" + or_null;
        case ParamType::Kind::kName:
            return names_allowed(*type) + or_null;
        case ParamType::Kind::kText:
            return "text";
        case ParamType::Kind::kBytes:
            return "hexadecimal bytes";
        case ParamType::Kind::kInteger:
            break;
    }
    return integers_allowed(range()) + or_null;
}

}  // namespace platform
