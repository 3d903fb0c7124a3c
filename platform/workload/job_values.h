// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/workload/job.h"
#include "platform/workload/job_options.h"
#include "platform/workload/units.h"

namespace platform::values {

// How the values of keys are read: templates whose instances are what the rows of the option tables
// apply. Each stores the value in the job, or says what is wrong with it.

/// Nothing, or what is wrong: a phrase that continues "bs=4x: ".
using Problem = std::optional<std::string>;

inline constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();
inline constexpr std::uint64_t kMaxBlock = std::uint64_t{1} << 30;

// What messages and the documentation call the forms.
inline constexpr std::string_view kSize = "bytes with k, m, g, t, p (4k = 4096), or 0..100%";
inline constexpr std::string_view kCount = "a number";
inline constexpr std::string_view kBool = "0 or 1";
inline constexpr std::string_view kTime = "a time with us, ms, s, m, h or d";

template <typename T>
Problem number_into(T& target, const Job& job, std::string_view value, std::uint64_t low,
                    std::uint64_t high) {
    const ParsedNumber parsed = parse_number(value, job.kb_base);
    if (const auto* problem = std::get_if<std::string>(&parsed)) return *problem;
    const std::uint64_t number = std::get<std::uint64_t>(parsed);
    if (number < low || number > high) return "is out of range";
    target = static_cast<T>(number);
    return std::nullopt;
}

template <auto Member, std::uint64_t Low = 0, std::uint64_t High = kNoLimit>
Problem number(Job& job, std::string_view value) {
    return number_into(job.*Member, job, value, Low, High);
}

template <auto Member>
Problem flag(Job& job, std::string_view value) {
    if (value != "0" && value != "1") return "is neither 0 nor 1";
    job.*Member = value == "1";
    return std::nullopt;
}

template <auto Member>
Problem text(Job& job, std::string_view value) {
    job.*Member = std::string{value};
    return std::nullopt;
}

template <auto Member, util::TimePs DefaultUnit>
Problem time(Job& job, std::string_view value) {
    const ParsedNumber parsed = parse_time(value, DefaultUnit);
    if (const auto* problem = std::get_if<std::string>(&parsed)) return *problem;
    job.*Member = std::get<std::uint64_t>(parsed);
    return std::nullopt;
}

/// A size of 0 is none, and 100 % of it are all of it, too. [fio 3.33 fio(1) size]
template <auto Member, bool ZeroIsUnset>
Problem amount(Job& job, std::string_view value) {
    Amount result{Amount::Kind::kBytes, 0};
    Problem problem;
    if (!value.empty() && value.back() == '%') {
        result.kind = Amount::Kind::kPercent;
        value.remove_suffix(1);
        problem = number_into(result.value, job, value, ZeroIsUnset ? 1 : 0, 100);
    } else {
        problem = number_into(result.value, job, value, 0, kNoLimit);
        if (ZeroIsUnset && result.value == 0) result = Amount{};
    }
    if (!problem) job.*Member = result;
    return problem;
}

/// Calls `read(part, target)` for the parts of "4k", "4k,8k", ",8k", "4k,8k,": a value also holds
/// for the directions after it, unless a comma follows it; what is left out keeps its value.
/// [fio 3.33 fio(1) blocksize]
template <typename T, typename Read>
Problem read_directions(PerDirection<T>& target, std::string_view value, Read read) {
    PerDirection<T> result = target;
    if (value.empty()) return "a value is missing";
    for (std::size_t direction = 0; direction < result.size(); ++direction) {
        const std::size_t comma = value.find(',');
        const std::string_view part = value.substr(0, comma);
        if (!part.empty())
            if (Problem problem = read(part, result[direction])) return problem;
        if (comma == std::string_view::npos) {
            for (std::size_t rest = direction + 1; rest < result.size() && !part.empty(); ++rest)
                result[rest] = result[direction];
            value = {};
            break;
        }
        value.remove_prefix(comma + 1);
    }
    if (!value.empty()) return "has more than three values";
    target = std::move(result);
    return std::nullopt;
}

template <auto Member, std::uint64_t Low, std::uint64_t High>
Problem per_direction(Job& job, std::string_view value) {
    return read_directions(job.*Member, value, [&](std::string_view part, auto& target) {
        return number_into(target, job, part, Low, High);
    });
}

/// One word of several; its place among them is the value of an enumeration or a flag.
template <auto Member, const std::string_view* Words, std::size_t Count>
Problem word(Job& job, std::string_view value) {
    for (std::size_t i = 0; i < Count; ++i) {
        if (Words[i] != value) continue;
        job.*Member = static_cast<std::decay_t<decltype(job.*Member)>>(i);
        return std::nullopt;
    }
    return "is none of these words";
}

/// The part in front of the first `separator`, which is taken away with it.
inline std::string_view take_part(std::string_view& text, char separator) {
    const std::size_t end = text.find(separator);
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return part;
}

/// A share of "4k/60" or "60/5": without one it gets what the others leave.
struct PercentOrRest {
    unsigned percent = 0;
    bool rest = false;
};
[[nodiscard]] Problem read_percent(std::string_view text, PercentOrRest& result);
/// Shares what is left of 100 among those that have no percentage.
[[nodiscard]] Problem share_the_rest(std::vector<PercentOrRest>& shares);
/// A decimal number such as 1.25.
[[nodiscard]] Problem read_decimal(std::string_view text, double& result);

}  // namespace platform::values
