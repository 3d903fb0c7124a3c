// SPDX-License-Identifier: Apache-2.0
#include "platform/config/terminal_line.h"

#include <gtest/gtest.h>

namespace platform {
namespace {

TEST(TerminalLine, SaysHowFarReadingIsAndHowLongItTakes) {
    using Seconds = std::chrono::duration<double>;
    EXPECT_EQ(reading_text(250'000'000, 1'000'000'000, Seconds(2.5)), " 25%  100 MB/s  8 s left");
    EXPECT_EQ(reading_text(0, 1000, Seconds(0)), "  0%  0 MB/s  0 s left");
    EXPECT_EQ(reading_text(2000, 1000, Seconds(1)), "100%  0 MB/s  0 s left")
        << "the file has grown";
    EXPECT_EQ(reading_text(2000, 0, Seconds(1)), "100%  0 MB/s  0 s left") << "a pipe";
}

}  // namespace
}  // namespace platform
