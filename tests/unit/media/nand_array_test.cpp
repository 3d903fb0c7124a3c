// SPDX-License-Identifier: Apache-2.0
#include "models/media/nand/nand_array.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace media::test {
namespace {

using util::kPsPerNs;
using util::kPsPerUs;
using util::TimePs;

constexpr std::uint32_t kPage = 16'384;

/// Two channels of two dies with four planes. A byte crosses a channel in 1 ns: 4 KiB in 4.096 us.
NandParams small() {
    NandParams p;
    p.channels = 2;
    p.packages = 1;
    p.dies = 2;
    p.planes = 4;
    p.spare_bytes = 0;
    p.read_lsb_ns = 50'000;
    p.program_lsb_ns = 600'000;
    p.erase_ns = 3'000'000;
    p.channel_mts = 1'000;
    p.command_ns = 100;
    p.ecc_ns = 700;
    p.suspend_ns = 5'000;
    return p;
}

// Dies 0 and 2 are on channel 0, dies 1 and 3 on channel 1.
Stripe at(std::uint32_t die, std::uint32_t page = 0, std::uint32_t planes = 1) {
    return {die, 0, page, planes};
}

constexpr TimePs ns(std::uint64_t n) {
    return n * kPsPerNs;
}

TEST(NandArray, AReadIsTheSumOfItsParts) {
    NandArray array(small());
    // command, tR, 4 KiB on the channel, decoding
    EXPECT_EQ(array.read(7, at(0), 4096), 7 + ns(100 + 50'000 + 4'096 + 700));
}

struct Heard final : NandListener {
    void on_die(const DieNews& n) override { news.push_back(n); }
    void on_free_blocks(const FreeBlockNews&) override {}
    std::vector<DieNews> news;
};

TEST(NandArray, TellsWhatItsDiesAndChannelsDoAndWhen) {
    NandArray array(small());
    (void)array.read(0, at(1), 4096);
    Heard heard;
    array.set_listener(&heard);
    (void)array.read(ns(100'000), at(3, 1), 4096, 1);
    (void)array.program(ns(300'000), at(2));
    (void)array.read_later(ns(300'000), at(2, 1), 4096);
    (void)array.erase(ns(300'000), 2, 7);
    array.set_listener(nullptr);
    (void)array.erase(ns(300'000), 0, 0);
    using Work = DieNews::Work;
    ASSERT_EQ(heard.news.size(), 5u);
    const DieNews& read = heard.news[0];
    EXPECT_EQ(read.work, Work::kRead);
    EXPECT_EQ(read.die, 3u);
    EXPECT_EQ(read.channel, 1u);
    EXPECT_EQ(read.begin, ns(100'100));
    EXPECT_EQ(read.end, ns(150'100));
    EXPECT_EQ(read.transfer, read.end);
    EXPECT_EQ(read.freed, ns(150'100 + 4'096 + 100)) << "with its command";
    EXPECT_EQ(heard.news[1].work, Work::kRead) << "again";
    EXPECT_GE(heard.news[1].begin, read.freed);
    const DieNews& program = heard.news[2];
    EXPECT_EQ(program.work, Work::kProgram);
    EXPECT_EQ(program.channel, 0u);
    EXPECT_EQ(program.freed - program.transfer, ns(100 + kPage));
    EXPECT_EQ(program.begin, program.freed);
    EXPECT_EQ(program.end - program.begin, ns(600'000));
    EXPECT_EQ(heard.news[3].work, Work::kCollectorRead);
    EXPECT_EQ(heard.news[3].begin, program.end);
    EXPECT_EQ(heard.news[4].work, Work::kErase);
    EXPECT_EQ(heard.news[4].transfer, heard.news[4].freed) << "needs no channel";
}

TEST(NandArray, SpareBytesCrossTheChannelWithTheirShareOfThePage) {
    NandParams p = small();
    p.spare_bytes = 2'048;  // an eighth
    NandArray array(p);
    EXPECT_EQ(array.read(0, at(0), 4096), ns(100 + 50'000 + 4'608 + 700));
}

TEST(NandArray, ThePagesOfAWordLineHaveTimesOfTheirOwn) {
    NandParams p = small();
    p.read_csb_ns = 60'000;
    p.read_msb_ns = 80'000;
    p.program_msb_ns = 900'000;
    NandArray array(p);
    auto took = [&, start = TimePs{0}](std::uint32_t page) mutable {
        start += 10'000 * kPsPerUs;
        return array.read(start, at(0, page), 4096) - start - ns(100 + 4'096 + 700);
    };
    EXPECT_EQ(took(3), ns(50'000));
    EXPECT_EQ(took(4), ns(60'000));
    EXPECT_EQ(took(5), ns(80'000));
    const TimePs start = 100'000 * kPsPerUs;
    const TimePs sent = ns(100 + kPage);
    EXPECT_EQ(array.program(start, at(0, 6)), start + sent + ns(600'000));
    EXPECT_EQ(array.program(start, at(1, 7)), start + sent + ns(600'000)) << "csb: as lsb";
    EXPECT_EQ(array.program(start, at(2, 8)), start + sent + ns(100 + kPage + 900'000))
        << "behind the data for die 0 on the channel";
}

TEST(NandArray, CellsHaveAsManyPagesInAWordLineAsBits) {
    NandParams p = small();
    p.read_csb_ns = 60'000;
    p.read_msb_ns = 80'000;
    p.read_top_ns = 90'000;
    const auto times = [&](Cell cell) {
        p.cell = cell;
        NandArray array(p);
        std::vector<std::uint64_t> us;
        for (std::uint32_t page = 0; page != 5; ++page) {
            const TimePs start = page * 1'000 * kPsPerUs;
            us.push_back((array.read(start, at(0, page), 0) - start - ns(800)) / kPsPerUs);
        }
        return us;
    };
    using Times = std::vector<std::uint64_t>;
    EXPECT_EQ(times(Cell::kSlc), (Times{50, 50, 50, 50, 50}));
    EXPECT_EQ(times(Cell::kMlc), (Times{50, 80, 50, 80, 50}));
    EXPECT_EQ(times(Cell::kTlc), (Times{50, 60, 80, 50, 60}));
    EXPECT_EQ(times(Cell::kQlc), (Times{50, 60, 80, 90, 50}));
}

TEST(NandArray, ADieReadsOnePageAfterTheOtherAndDataLeaveMeanwhile) {
    NandArray array(small());
    (void)array.read(0, at(0, 0), 4096);
    EXPECT_EQ(array.read(0, at(0, 1), 4096), ns(100 + 2 * 50'000 + 4'096 + 700));
    NandParams p = small();
    p.cache_operations = false;
    NandArray simple(p);
    (void)simple.read(0, at(0, 0), 4096);
    EXPECT_EQ(simple.read(0, at(0, 1), 4096), ns(100 + 2 * 50'000 + 2 * 4'096 + 700));
}

TEST(NandArray, DiesReadAtTheSameTimeAndShareTheirChannel) {
    NandArray array(small());
    const TimePs one = ns(100 + 50'000 + 4'096 + 700);
    EXPECT_EQ(array.read(0, at(0), 4096), one);
    EXPECT_EQ(array.read(0, at(1), 4096), one) << "on the other channel";
    EXPECT_EQ(array.read(0, at(2), 4096), one + ns(100 + 4'096)) << "waits for the data of die 0";
}

TEST(NandArray, PlanesOfAStripeAreReadTogether) {
    NandArray array(small());
    EXPECT_EQ(array.read(0, at(0, 0, 0b1111), 4 * kPage), ns(100 + 50'000 + 4 * kPage + 700));
}

TEST(NandArray, PlanesThatReadIndependentlyDoNotWaitForEachOther) {
    NandParams p = small();
    NandArray together(p);
    (void)together.read(0, at(0, 0, 0b0001), 4096);
    EXPECT_EQ(together.read(0, at(0, 9, 0b0010), 4096), ns(100 + 2 * 50'000 + 4'096 + 700));
    p.plane_reads = true;
    NandArray apart(p);
    (void)apart.read(0, at(0, 0, 0b0001), 4096);
    EXPECT_EQ(apart.read(0, at(0, 9, 0b0010), 4096), ns(100 + 50'000 + 100 + 2 * 4'096 + 700));
}

TEST(NandArray, WhatIsInTheRegisterIsNotReadAgain) {
    NandArray array(small());
    const TimePs first = array.read(0, at(0), 4096);
    EXPECT_EQ(array.read(0, at(0), 4096), first + ns(100 + 4'096))
        << "of the page that is being read";
    const TimePs later = 1'000 * kPsPerUs;
    EXPECT_EQ(array.read(later, at(0), 4096), later + ns(100 + 4'096 + 700));
    EXPECT_EQ(array.read(2 * later, at(0, 1), 4096) - 2 * later, first) << "another page";
    EXPECT_EQ(array.read(3 * later, at(0), 4096) - 3 * later, first) << "it took the register";
    (void)array.program(4 * later, at(0, 2));
    EXPECT_EQ(array.read(6 * later, at(0), 4096) - 6 * later, first) << "and so did a program";
}

// A read before or in the middle of programs used to leave its page in the register for ever.
TEST(NandArray, WorkThatGoesOnAfterAReadTakesTheRegister) {
    NandArray array(small());
    for (std::uint32_t page = 0; page != 3; ++page) (void)array.program(0, at(0, page));
    const TimePs start = 100 * kPsPerUs, later = 5'000 * kPsPerUs;
    (void)array.read(start, at(0, 9), 4096);
    array.set_now(later);
    EXPECT_EQ(array.read(later, at(0, 9), 4096), later + ns(100 + 50'000 + 4'096 + 700));
}

TEST(NandArray, PlanesThatReadIndependentlyWaitForTheSameSuspend) {
    NandParams p = small();
    p.plane_reads = true;
    NandArray array(p);
    (void)array.program(0, at(0, 0));
    const TimePs start = 300 * kPsPerUs;
    const TimePs first = start + ns(100 + 5'000 + 50'000 + 4'096 + 700);
    EXPECT_EQ(array.read(start, at(0, 7, 0b01), 4096), first);
    EXPECT_EQ(array.read(start, at(0, 9, 0b10), 4096), first + ns(100 + 4'096));
}

// A channel used to be kept for a transfer from the moment on at which it was known.
TEST(NandArray, AChannelIsFreeUntilTheDataAreThere) {
    NandParams p = small();
    p.read_msb_ns = 200'000;
    NandArray array(p);
    const TimePs slow = array.read(0, at(0, 2), 4096);
    EXPECT_EQ(slow, ns(100 + 200'000 + 4'096 + 700));
    EXPECT_EQ(array.read(ns(1'000), at(2, 0), 4096), ns(1'000 + 100 + 50'000 + 4'096 + 700));
}

TEST(NandArray, DataForAProgramAreSentWhileTheOneBeforeGoesOn) {
    const TimePs sent = ns(100 + 4 * kPage), program = ns(600'000);
    NandArray array(small());
    EXPECT_EQ(array.program(0, at(0, 0, 0b1111)), sent + program);
    EXPECT_EQ(array.program(0, at(0, 1, 0b1111)), sent + 2 * program);
    EXPECT_EQ(array.program(0, at(0, 2, 0b1111)), sent + 3 * program);
    NandParams p = small();
    p.cache_operations = false;
    NandArray simple(p);
    (void)simple.program(0, at(0, 0, 0b1111));
    EXPECT_EQ(simple.program(0, at(0, 1, 0b1111)), 2 * (sent + program));
}

TEST(NandArray, AReadSuspendsAProgramWhichEndsLaterByWhatItTook) {
    NandArray array(small());
    const TimePs end = array.program(0, at(0, 0));
    const TimePs start = 300 * kPsPerUs;
    EXPECT_EQ(array.read(start, at(0, 9), 4096), start + ns(100 + 5'000 + 50'000 + 4'096 + 700));
    // It stood still from when the read began until its page was there.
    EXPECT_EQ(array.program(end, at(0, 1)), end + ns(50'000) + ns(600'000));
}

TEST(NandArray, ReadsThatFollowEachOtherSuspendAProgramOnce) {
    NandArray array(small());
    (void)array.program(0, at(0, 0));
    const TimePs start = 300 * kPsPerUs;
    (void)array.read(start, at(0, 7), 4096);
    EXPECT_EQ(array.read(start, at(0, 9), 4096),
              start + ns(100 + 5'000 + 2 * 50'000 + 4'096 + 700));
}

TEST(NandArray, ADieThatCannotSuspendEndsWhatItDoesAndReadsBeforeWhatFollows) {
    NandParams p = small();
    p.suspend = Suspend::kErase;
    NandArray array(p);
    const TimePs first = array.program(0, at(0, 0));
    (void)array.program(0, at(0, 1));
    const TimePs start = 300 * kPsPerUs;
    EXPECT_EQ(array.read(start, at(0, 9), 4096), first + ns(50'000 + 4'096 + 700));
    const TimePs late = 10'000 * kPsPerUs;
    (void)array.erase(late, 0, 3);
    EXPECT_EQ(array.read(late + start, at(0, 9), 4096),
              late + start + ns(100 + 5'000 + 50'000 + 4'096 + 700));
    p.suspend = Suspend::kNone;
    NandArray none(p);
    const TimePs erased = none.erase(0, 0, 3);
    EXPECT_EQ(none.read(start, at(0, 9), 4096), erased + ns(50'000 + 4'096 + 700));
}

// Reads of a busy host would keep a program from ever ending.
TEST(NandArray, AProgramIsPassedBySoManyReadsAndThenEnds) {
    NandParams p = small();
    p.suspend_limit = 3;
    NandArray array(p);
    const TimePs end = array.program(0, at(0, 0));
    TimePs start = 100 * kPsPerUs;
    for (std::uint32_t page = 10; page != 13; ++page)
        start = std::max(start, array.read(start, at(0, page), 4096));
    EXPECT_LT(start, end);
    EXPECT_EQ(array.read(start, at(0, 20), 4096), end + ns(3 * 50'000 + 50'000 + 4'096 + 700));
}

TEST(NandArray, ADieThatReadsAndProgramsIsBusyForTheSumOfBoth) {
    NandParams p = small();
    p.suspend_ns = 0;
    NandArray array(p);
    TimePs programmed = 0, read = 0;
    for (std::uint32_t i = 0; i != 100; ++i) programmed = array.program(0, at(0, i));
    for (std::uint32_t i = 0; i != 100; ++i)
        read = array.read(i * 500 * kPsPerUs, at(0, 1'000 + i), 4096);
    EXPECT_LT(read, 50'100 * kPsPerUs) << "reads do not wait for a hundred programs";
    const TimePs all = array.program(programmed, at(0, 100));
    EXPECT_NEAR(static_cast<double>(all), (101 * 600e6 + 100 * 50e6), 100e6);
}

TEST(NandArray, ReadsOfTheCollectorWaitForTheirTurn) {
    NandArray array(small());
    const TimePs end = array.program(0, at(0, 0));
    EXPECT_EQ(array.read_later(0, at(0, 9), 4096), end + ns(50'000 + 4'096 + 700));
}

TEST(NandArray, KnowsWhatItIsProgramming) {
    NandArray array(small());
    const TimePs end = array.program(0, {0, 5, 1, 1});
    EXPECT_TRUE(array.is_programming(end - 1, {0, 5, 1, 1}));
    EXPECT_FALSE(array.is_programming(end - 1, {0, 5, 1, 0b11})) << "another plane, too";
    EXPECT_FALSE(array.is_programming(end - 1, {0, 5, 0, 1}));
    EXPECT_FALSE(array.is_programming(end, {0, 5, 1, 1}));
    array.clear();
    EXPECT_FALSE(array.is_programming(0, {0, 5, 1, 1}));
}

// The channel carries 4 KiB in 4.096 us, and a die reads in 50.
TEST(NandArray, ThroughputIsThatOfTheDiesOrOfTheChannels) {
    for (const std::uint32_t dies : {2u, 8u, 16u, 64u}) {
        NandParams p = small();
        p.channels = 1;
        p.packages = 4;
        p.dies = dies / 4 + (dies < 4 ? 1 : 0);
        p.command_ns = 0;
        const auto all = static_cast<std::uint32_t>(dies_of(p));
        NandArray array(p);
        TimePs end = 0;
        constexpr std::uint32_t kReads = 4'000;
        for (std::uint32_t i = 0; i != kReads; ++i)
            end = std::max(end, array.read(0, at(i % all, i / all), 4096));
        const double each = static_cast<double>(end) / kReads;
        const double limit = std::max(50e6 / all, 4.096e6);
        EXPECT_NEAR(each, limit, limit * 0.02) << all;
    }
}

}  // namespace
}  // namespace media::test
