// SPDX-License-Identifier: Apache-2.0
#include "models/faults/bad_blocks.h"

#include <random>
#include <set>

#include <gtest/gtest.h>

namespace faults {
namespace {

media::MediaRange blocks(std::uint64_t first, std::uint64_t count, std::uint32_t nsid = 1) {
    return {nsid, 9, first << 9, count << 9};
}

Rule rule(std::uint64_t lba, std::uint64_t count) {
    Rule r;
    r.action = Action::kReadError;
    r.lba = lba;
    r.blocks = count;
    r.until_rewritten = true;
    return r;
}

TEST(BadBlocksTest, ARuleWithoutBlocksIsAboutAllOfThem) {
    Rule r;
    r.action = Action::kReadError;
    const BadBlocks bad(r);
    EXPECT_TRUE(bad.touches(r, blocks(0, 1)));
    EXPECT_TRUE(bad.touches(r, blocks(1ull << 50, 1)));
    EXPECT_FALSE(bad.touches(r, blocks(0, 0)));
    r.nsid = 2;
    EXPECT_FALSE(bad.touches(r, blocks(0, 1)));
    EXPECT_TRUE(bad.touches(r, blocks(0, 1, 2)));
}

TEST(BadBlocksTest, WhatIsWrittenIsGoodAgainOnlyWhereTheRuleSaysSo) {
    Rule r = rule(10, 10);
    r.until_rewritten = false;
    BadBlocks bad(r);
    bad.heal(r, blocks(0, 100));
    EXPECT_TRUE(bad.touches(r, blocks(10, 1)));
    r.until_rewritten = true;
    bad.heal(r, blocks(12, 3));
    EXPECT_TRUE(bad.touches(r, blocks(11, 1)));
    EXPECT_FALSE(bad.touches(r, blocks(12, 3)));
    EXPECT_TRUE(bad.touches(r, blocks(12, 4)));
    bad.heal(r, blocks(0, 100));
    EXPECT_FALSE(bad.touches(r, blocks(0, 100)));
}

TEST(BadBlocksTest, AgreesWithASetOfBlocks) {
    std::mt19937_64 random(5);
    const Rule r = rule(50, 100);
    BadBlocks bad(r);
    std::set<std::uint64_t> model;
    for (std::uint64_t b = 50; b < 150; ++b) model.insert(b);
    for (int step = 0; step < 400; ++step) {
        const std::uint64_t first = random() % 200, count = 1 + random() % 4;
        const auto from = model.lower_bound(first), to = model.lower_bound(first + count);
        EXPECT_EQ(bad.touches(r, blocks(first, count)), from != to);
        if (step % 3 != 0) continue;
        model.erase(from, to);
        bad.heal(r, blocks(first, count));
    }
}

// The guest decides where it writes; it must not decide how much memory the plan takes.
TEST(BadBlocksTest, PiecesWithoutEndAreNotKept) {
    const Rule r = rule(0, 1 << 20);
    BadBlocks bad(r);
    for (std::uint64_t b = 1; b < 1 << 12; b += 2) bad.heal(r, blocks(b, 1));
    std::size_t left = 0;
    for (std::uint64_t b = 0; b < 1 << 12; ++b) left += bad.touches(r, blocks(b, 1)) ? 1 : 0;
    EXPECT_LE(left, 1024u);
    EXPECT_TRUE(bad.touches(r, blocks((1 << 20) - 1, 1))) << "the larger part stays bad";
}

}  // namespace
}  // namespace faults
