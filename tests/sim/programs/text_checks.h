// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

/// Every one of `parts` stands somewhere in `text`.
inline ::testing::AssertionResult has(std::string_view text,
                                      std::initializer_list<std::string_view> parts) {
    for (const std::string_view part : parts)
        if (text.find(part) == std::string_view::npos)
            return ::testing::AssertionFailure() << "\"" << part << "\" is not in:\n" << text;
    return ::testing::AssertionSuccess();
}
inline ::testing::AssertionResult has(std::string_view text, std::string_view part) {
    return has(text, {part});
}

/// There are as many lines as parts, and each line has its part.
inline ::testing::AssertionResult lists(const std::vector<std::string>& lines,
                                        std::initializer_list<std::string_view> parts) {
    bool good = lines.size() == parts.size();
    for (std::size_t i = 0; good && i < lines.size(); ++i)
        good = lines[i].find(parts.begin()[i]) != std::string::npos;
    if (good) return ::testing::AssertionSuccess();
    auto failure = ::testing::AssertionFailure() << lines.size() << " lines:\n";
    for (const std::string& line : lines) failure << line << "\n";
    return failure;
}
