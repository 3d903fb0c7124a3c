// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_selection.h"

#include <gtest/gtest.h>

namespace observe {
namespace {

TEST(VcdSelection, OfNothingHasEverything) {
    EXPECT_TRUE(VcdSelection().has("nvme0", "link.up"));
    EXPECT_TRUE(VcdSelection(" , ").has("nvme0", "link.up"));
}

TEST(VcdSelection, HasWhatOneOfItsPatternsMatches) {
    const VcdSelection some("queues.1.*, link");
    EXPECT_TRUE(some.has("nvme0", "queues.io1.sq.tail"));
    EXPECT_TRUE(some.has("nvme0", "queues.io1.in_flight"));
    EXPECT_TRUE(some.has("nvme0", "link.up"));
    EXPECT_FALSE(some.has("nvme0", "queues.io11.sq.tail"));
    EXPECT_FALSE(some.has("nvme0", "queues.io2.sq.tail"));
    EXPECT_FALSE(some.has("nvme0", "queues.admin.sq.tail"));
    EXPECT_FALSE(some.has("nvme0", "linkage"));
}

TEST(VcdSelection, ComparesPartByPart) {
    EXPECT_TRUE(VcdSelection::matches("queues.*.sq", "queues.io3.sq.head"));
    EXPECT_FALSE(VcdSelection::matches("queues.*.sq", "queues.io3.cq.head"));
    EXPECT_FALSE(VcdSelection::matches("*", ""));
    EXPECT_TRUE(VcdSelection::matches("*", "state"));
    EXPECT_TRUE(VcdSelection::matches("*.*_*", "completed.strobe_x"));
    EXPECT_TRUE(VcdSelection::matches("m*x.v*", "msix.v12"));
    EXPECT_FALSE(VcdSelection::matches("state.more", "state"));
    EXPECT_FALSE(VcdSelection::matches("stat", "state"));
    EXPECT_TRUE(VcdSelection::matches("queues.1.slots.3", "queues.io1.slots.s3.step"));
}

TEST(VcdSelection, MayNameTheController) {
    const VcdSelection one("nvme1.link");
    EXPECT_TRUE(one.has("nvme1", "link.up"));
    EXPECT_FALSE(one.has("nvme0", "link.up"));
}

}  // namespace
}  // namespace observe
