// SPDX-License-Identifier: Apache-2.0
#include "models/util/time_text.h"

#include <gtest/gtest.h>

namespace util {
namespace {

TEST(TimeText, HasTheLargestUnitThatFitsAndAsManyDigitsAsItNeeds) {
    EXPECT_EQ(time_text(0), "0 ps");
    EXPECT_EQ(time_text(999), "999 ps");
    EXPECT_EQ(time_text(1000), "1 ns");
    EXPECT_EQ(time_text(1'100'250'000), "1.10025 ms");
    EXPECT_EQ(time_text(23'813'157'499), "23.813157 ms");
    EXPECT_EQ(time_text(1'030'714'000'000), "1.030714 s");
    EXPECT_EQ(time_text(60 * kPsPerS), "60 s");
    EXPECT_EQ(time_text(60 * kPsPerS + 1), "60 s");
    EXPECT_EQ(time_text(kNever), "18446744.073709 s");
}

}  // namespace
}  // namespace util
