// SPDX-License-Identifier: Apache-2.0
#include "models/faults/match.h"

#include <array>

#include <gtest/gtest.h>

namespace faults {
namespace {

using nvme::spec::SubmissionEntry;

SubmissionEntry entry(std::uint8_t opcode, std::uint64_t slba = 0, std::uint32_t nlb_z = 0) {
    SubmissionEntry sqe{};
    sqe.cdw0 = opcode | 0x1234'0000u;
    sqe.nsid = 7;
    sqe.cdw10 = static_cast<std::uint32_t>(slba);
    sqe.cdw11 = static_cast<std::uint32_t>(slba >> 32);
    sqe.cdw12 = nlb_z;
    return sqe;
}

TEST(MatchTest, AnEmptyRuleMatchesEveryCommand) {
    EXPECT_TRUE(matches_command({}, 0, entry(0xff)));
    EXPECT_TRUE(matches_command({}, 65535, entry(0)));
}

TEST(MatchTest, EachFieldHasToAgree) {
    Rule rule;
    rule.opcode = 2;
    rule.nsid = 7;
    rule.cid = 0x1234;
    rule.queue = 3;
    EXPECT_TRUE(matches_command(rule, 3, entry(2)));
    EXPECT_FALSE(matches_command(rule, 2, entry(2)));
    EXPECT_FALSE(matches_command(rule, 3, entry(1)));
    rule.nsid = 8;
    EXPECT_FALSE(matches_command(rule, 3, entry(2)));
    rule.nsid = 7;
    rule.cid = 1;
    EXPECT_FALSE(matches_command(rule, 3, entry(2)));
}

TEST(MatchTest, QueuesAreTheAdminQueueOrTheOthers) {
    Rule rule;
    rule.queues = Queues::kAdmin;
    EXPECT_TRUE(matches_queue(rule, 0));
    EXPECT_FALSE(matches_queue(rule, 1));
    rule.queues = Queues::kIo;
    EXPECT_FALSE(matches_queue(rule, 0));
    EXPECT_TRUE(matches_queue(rule, 1));
}

TEST(MatchTest, BlocksOverlapAtTheirEdgesAndWithoutWrapping) {
    Rule rule;
    rule.lba = 100;
    rule.blocks = 10;
    struct Case {
        std::uint64_t first;
        std::uint32_t nlb_z;
        bool overlaps;
    };
    for (const Case& c : {Case{100, 0, true},
                          {109, 0, true},
                          {110, 0, false},
                          {99, 0, false},
                          {99, 1, true},
                          {0, 0xffff, true},
                          {90, 9, false},
                          {90, 10, true},
                          {~0ull, 0xffff, false}})
        EXPECT_EQ(matches_command(rule, 1, entry(2, c.first, c.nlb_z)), c.overlaps) << c.first;
    rule.lba = ~0ull;
    rule.blocks = 1;
    EXPECT_TRUE(matches_command(rule, 1, entry(2, ~0ull, 0xffff)));
    EXPECT_FALSE(matches_command(rule, 1, entry(2, 0, 0xffff)));
    EXPECT_TRUE(matches_command(rule, 1, entry(2, ~0ull - 0xffff, 0xffff)));
}

TEST(MatchTest, OnlyIoCommandsThatNameBlocksHaveAny) {
    Rule rule;
    rule.lba = 0;
    rule.blocks = ~0ull;
    for (unsigned opcode = 0; opcode < 256; ++opcode) {
        const bool names = opcode == 1 || opcode == 2 || opcode == 4 || opcode == 5 ||
                           opcode == 8 || opcode == 0xc;
        EXPECT_EQ(matches_command(rule, 1, entry(static_cast<std::uint8_t>(opcode))), names);
        EXPECT_FALSE(matches_command(rule, 0, entry(static_cast<std::uint8_t>(opcode))));
    }
}

TEST(MatchTest, AnyBytesOfTheEntryCanBeAskedForUnderAMask) {
    Rule rule;
    rule.match_offset = 4;
    rule.match = {7, 0, 0, 0};
    EXPECT_TRUE(matches_command(rule, 1, entry(2)));
    rule.match = {0xf7, 0, 0, 0};
    EXPECT_FALSE(matches_command(rule, 1, entry(2)));
    rule.match_mask = {0x0f, 0xff, 0, 0};
    EXPECT_TRUE(matches_command(rule, 1, entry(2)));
    rule = {};
    rule.match.assign(64, 0);
    rule.match_mask.assign(64, 0);
    EXPECT_TRUE(matches_command(rule, 1, entry(0xff)));
    rule.match_mask[63] = 1;
    SubmissionEntry sqe = entry(0);
    sqe.cdw15 = 0x0100'0000;
    EXPECT_FALSE(matches_command(rule, 1, sqe));
}

TEST(PatchTest, TouchesOnlyTheCommonPartOfBothRanges) {
    const Bytes bytes{1, 2, 3, 4};
    std::array<std::byte, 4> part{};
    EXPECT_FALSE(patch(part.data(), 0, 4, 4, bytes, {}));
    EXPECT_FALSE(patch(part.data(), 8, 4, 4, bytes, {}));
    EXPECT_TRUE(patch(part.data(), 0, 4, 3, bytes, {}));
    EXPECT_EQ(part, (std::array{std::byte{0}, std::byte{0}, std::byte{0}, std::byte{1}}));
    EXPECT_TRUE(patch(part.data(), 6, 4, 4, bytes, {}));
    EXPECT_EQ(part, (std::array{std::byte{3}, std::byte{4}, std::byte{0}, std::byte{1}}));
    EXPECT_TRUE(patch(part.data(), 0, 4, 0, {0xf0}, {0x30}, true));
    EXPECT_EQ(part[0], std::byte{0x33});
    EXPECT_TRUE(patch(part.data(), 0, 4, 0, {0x04}, {0x0f}));
    EXPECT_EQ(part[0], std::byte{0x34});
}

}  // namespace
}  // namespace faults
