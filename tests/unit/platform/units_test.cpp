// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/units.h"

#include <gtest/gtest.h>

#include <string>

namespace platform {
namespace {

std::uint64_t number(std::string_view text, unsigned kb_base = 1024) {
    const ParsedNumber parsed = parse_number(text, kb_base);
    EXPECT_TRUE(std::holds_alternative<std::uint64_t>(parsed)) << text;
    return std::holds_alternative<std::uint64_t>(parsed) ? std::get<std::uint64_t>(parsed) : 0;
}

std::string problem(const ParsedNumber& parsed) {
    return std::holds_alternative<std::string>(parsed) ? std::get<std::string>(parsed) : "none";
}

util::TimePs time(std::string_view text, util::TimePs unit = util::kPsPerS) {
    const ParsedNumber parsed = parse_time(text, unit);
    EXPECT_TRUE(std::holds_alternative<std::uint64_t>(parsed)) << text;
    return std::holds_alternative<std::uint64_t>(parsed) ? std::get<std::uint64_t>(parsed) : 0;
}

TEST(Units, SizesHaveBinaryPrefixesByDefaultInAnyCaseWithOrWithoutB) {
    for (const char* text : {"4096", "4096b", "4096B", "4k", "4kb", "4kB", "4K", "4KB", "0x1000"}) {
        EXPECT_EQ(number(text), 4096u) << text;
    }
    EXPECT_EQ(number("1m"), 1u << 20);
    EXPECT_EQ(number("1g"), 1u << 30);
    EXPECT_EQ(number("1t"), 1ull << 40);
    EXPECT_EQ(number("1P"), 1ull << 50);
    EXPECT_EQ(number("0"), 0u);
}

TEST(Units, AnIMeansPowersOfTenInFiosCompatibilityMode) {
    for (const char* text : {"4ki", "4KiB", "4kib"}) EXPECT_EQ(number(text), 4000u) << text;
    EXPECT_EQ(number("1mi"), 1'000'000u);
    EXPECT_EQ(number("1ti"), 1'000'000'000'000u);
}

TEST(Units, KbBase1000SwapsTheTwoMeanings) {
    EXPECT_EQ(number("4k", 1000), 4000u);
    EXPECT_EQ(number("4ki", 1000), 4096u);
    EXPECT_EQ(number("1GiB", 1000), 1u << 30);
}

TEST(Units, TheLargestNumberFitsAndTheNextOneDoesNot) {
    EXPECT_EQ(number("18446744073709551615"), ~0ull);
    EXPECT_EQ(number("0xffffffffffffffff"), ~0ull);
    EXPECT_EQ(problem(parse_number("18446744073709551616", 1024)), "is larger than 2^64 - 1");
    EXPECT_EQ(problem(parse_number("0x10000000000000000", 1024)), "is larger than 2^64 - 1");
    EXPECT_EQ(number("16383p"), 16383ull << 50);
    EXPECT_EQ(problem(parse_number("16384p", 1024)), "is larger than 2^64 - 1");
    EXPECT_EQ(problem(parse_number("99999999999999g", 1024)), "is larger than 2^64 - 1");
    EXPECT_EQ(problem(parse_number(std::string(10'000, '9'), 1024)), "is larger than 2^64 - 1");
}

TEST(Units, WhatIsNoSizeIsRefusedWithItsReason) {
    EXPECT_EQ(problem(parse_number("", 1024)), "a value is missing");
    EXPECT_EQ(problem(parse_number("-1", 1024)), "is not a number");
    EXPECT_EQ(problem(parse_number("k", 1024)), "is not a number");
    EXPECT_EQ(problem(parse_number("4x", 1024)), "'x' is not a unit");
    EXPECT_EQ(problem(parse_number("4kq", 1024)), "'kq' is not a unit");
    EXPECT_EQ(problem(parse_number("4 k", 1024)), "' k' is not a unit");
    EXPECT_EQ(problem(parse_number("4i", 1024)), "'i' is not a unit");
    EXPECT_EQ(problem(parse_number("1.5k", 1024)), "'.5k' is not a unit");
    EXPECT_EQ(problem(parse_number("0x", 1024)), "'x' is not a unit");
    EXPECT_EQ(problem(parse_number("0xg", 1024)), "is not a number");
    EXPECT_EQ(problem(parse_number("(4*1024)", 1024)),
              "expressions in parentheses are not supported");
    EXPECT_EQ(problem(parse_number("${SIZE}", 1024)), "variables are not supported");
    EXPECT_EQ(problem(parse_number(std::string("4k\0", 3), 1024)), "'k?' is not a unit");
}

TEST(Units, TimesAreSecondsUnlessAUnitIsGiven) {
    EXPECT_EQ(time("10"), 10 * util::kPsPerS);
    EXPECT_EQ(time("10", util::kPsPerUs), 10 * util::kPsPerUs);
    for (const char* text : {"10s", "10S", "10sec"}) EXPECT_EQ(time(text), 10 * util::kPsPerS);
    for (const char* text : {"10ms", "10MS", "10msec"}) EXPECT_EQ(time(text), 10 * util::kPsPerMs);
    EXPECT_EQ(time("10ns"), 10'000u);
    EXPECT_EQ(time("10ps"), 10u);
    for (const char* text : {"10us", "10usec"}) EXPECT_EQ(time(text), 10 * util::kPsPerUs);
    EXPECT_EQ(time("2m"), 120 * util::kPsPerS);
    EXPECT_EQ(time("1h"), 3600 * util::kPsPerS);
    EXPECT_EQ(time("1d"), 86400 * util::kPsPerS);
}

TEST(Units, TimesThatDoNotFitPicosecondsOrHaveNoUnitAreRefused) {
    EXPECT_EQ(time("213d"), 213 * 86400 * util::kPsPerS);
    EXPECT_EQ(problem(parse_time("214d", 1)), "is larger than 213 days (2^64 ps)");
    EXPECT_EQ(problem(parse_time("99999999999999d", 1)), "is larger than 213 days (2^64 ps)");
    EXPECT_EQ(problem(parse_time("10x", 1)), "'x' is not a unit");
    EXPECT_EQ(problem(parse_time("1.5", 1)), "'.5' is not a unit");
    EXPECT_EQ(problem(parse_time("abc", 1)), "is not a number");
}

TEST(Units, MessagesShowHostileTextCutAndWithoutControlCharacters) {
    EXPECT_EQ(printable("a\x1b[2J\xff"), "a?[2J?");
    EXPECT_EQ(printable(std::string(100, 'x')), std::string(60, 'x') + "...");
}

}  // namespace
}  // namespace platform
