// SPDX-License-Identifier: Apache-2.0
#include "models/util/text_table.h"

#include <gtest/gtest.h>

namespace util {
namespace {

TEST(TextTable, AlignsWordsAtTheLeftAndFiguresAtTheRight) {
    TextTable table(2);
    EXPECT_TRUE(table.empty());
    EXPECT_EQ(table.text(), "");
    table.add({"job", "op", "IOPS", "mean"});
    table.add({"a", "write", "1000000", "1"});
    table.add({"longer", "read", "7", ""});
    table.add({"short"});
    EXPECT_EQ(table.text(),
              "job     op        IOPS  mean\n"
              "a       write  1000000     1\n"
              "longer  read         7\n"
              "short\n");
    EXPECT_EQ(table.text("  ").substr(0, 9), "  job    ");
    EXPECT_FALSE(table.empty());
}

}  // namespace
}  // namespace util
