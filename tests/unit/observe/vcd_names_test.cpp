// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_names.h"

#include <set>
#include <string>

#include <gtest/gtest.h>

namespace observe {
namespace {

TEST(VcdNames, AreSimpleIdentifiersSeparatedByDots) {
    for (const char* good : {"a", "_", "nvme0", "soc.ssd_1.sq", "A.B9"})
        EXPECT_EQ(vcd_name_problem(good), "") << good;
    for (const char* bad : {"", ".", "a.", ".a", "a..b", "0a", "a.0", "a b", "$end", "a/b:c", "a-b",
                            "a[0]", "\xc3\xa9", "a\n"})
        EXPECT_NE(vcd_name_problem(bad), "") << bad;
}

TEST(VcdNames, CodesAreShortPrintableAndDifferent) {
    EXPECT_EQ(vcd_code(0), "!");
    EXPECT_EQ(vcd_code(93), "~");
    EXPECT_EQ(vcd_code(94), "!!");
    std::set<std::string> codes;
    for (std::size_t i = 0; i < 20'000; ++i) {
        const std::string code = vcd_code(i);
        EXPECT_LE(code.size(), 3u);
        for (const char c : code) EXPECT_TRUE(c > ' ' && c <= '~');
        EXPECT_TRUE(codes.insert(code).second) << i;
    }
}

}  // namespace
}  // namespace observe
