// SPDX-License-Identifier: Apache-2.0
#include "models/media/volume.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "models/media/ftl/ftl.h"
#include "models/media/store/ram_store.h"
#include "models/media/timing/fixed_timing.h"
#include "models/media/timing/told_timing.h"
#include "tests/unit/media/resident.h"

namespace media::test {
namespace {

using util::kPsPerUs;
using util::TimePs;

constexpr std::size_t kLine = 4096;

FixedTimingParams one_unit() {
    FixedTimingParams params;
    params.read_ns = 50'000;
    params.program_ns = 200'000;
    params.cache_write_ns = 2'000;
    params.flush_ns = 0;
    params.units = 1;
    return params;
}

class VolumeTest : public ::testing::Test {
protected:
    explicit VolumeTest(std::size_t lines = 8) : volume(store, lines * kLine, timing, 1) {}

    Volume::Access write(TimePs start, std::uint64_t line, bool durable = false) {
        return volume.write(start, line * kLine, {{data.data(), kLine}}, durable);
    }

    std::vector<std::byte> data = std::vector<std::byte>(kLine, std::byte{7});
    RamStore store{1 << 20};
    FixedTiming timing{one_unit()};
    Volume volume;
};

struct HeardFill final : MediaListener {
    void on_media_access(const MediaRequest&, MediaTiming::Span) override {}
    void on_cache_fill(std::uint32_t nsid, std::uint64_t dirty_bytes) override {
        EXPECT_EQ(nsid, 1u);
        fills.push_back(dirty_bytes);
    }
    std::vector<std::uint64_t> fills;
};

TEST(ToldVolume, TellsHowMuchItsCacheHoldsWhenThatChanges) {
    RamStore store{1 << 20};
    ToldTiming timing(std::make_unique<FixedTiming>(one_unit()));
    Volume volume(store, 8 * kLine, timing, 1);
    const std::vector<std::byte> data(2 * kLine);
    const auto write = [&](std::uint64_t line, std::size_t lines, bool durable) {
        return volume.write(0, line * kLine, {{data.data(), lines * kLine}}, durable).status;
    };
    EXPECT_EQ(write(0, 1, false), IoStatus::kOk) << "nobody listens";
    HeardFill heard;
    timing.set_listener(&heard);
    EXPECT_EQ(write(1, 2, false), IoStatus::kOk);
    EXPECT_EQ(write(1, 2, false), IoStatus::kOk) << "changes nothing";
    EXPECT_EQ(write(1, 1, true), IoStatus::kOk) << "leaves the cache";
    std::vector<std::byte> to(kLine);
    EXPECT_EQ(volume.read(0, to.data(), kLine, false), IoStatus::kOk);
    EXPECT_EQ(volume.data().flush(), IoStatus::kOk);
    EXPECT_EQ(write(5, 1, false), IoStatus::kOk);
    volume.power_cut();
    EXPECT_EQ(heard.fills, (std::vector<std::uint64_t>{3 * kLine, 2 * kLine, 0, kLine, 0}));
}

/// Before, they took 532 MiB.
TEST(VolumeMemory, AThousandEmptyVolumesTakeNextToNone) {
    struct Namespace {
        RamStore store{std::uint64_t{1} << 30};
        FixedTiming timing{one_unit()};
        Volume volume{store, 64 << 20, timing, 1};
    };
    std::vector<std::unique_ptr<Namespace>> all;
    const std::uint64_t before = resident_bytes();
    for (unsigned i = 0; i < 1024; ++i) all.push_back(std::make_unique<Namespace>());
    std::vector<std::byte> block(kLine);
    for (const auto& each : all)
        ASSERT_EQ(each->volume.read(kLine, block.data(), kLine, false), IoStatus::kOk);
    EXPECT_LT(resident_bytes(), before + (16 << 20));
}

TEST_F(VolumeTest, AWriteThatMustBeDurableTakesTheMedia) {
    EXPECT_EQ(write(5, 0, true).done, 200 * kPsPerUs + 5);
    EXPECT_EQ(volume.data().dirty_bytes(), 0u);
    EXPECT_EQ(write(5, 0).done, 2 * kPsPerUs + 5);
    EXPECT_EQ(volume.data().dirty_bytes(), kLine);
}

TEST_F(VolumeTest, PiecesAreOneWrite) {
    const auto done =
        volume.write(0, 512, {{data.data(), 100}, {data.data(), 412}, {data.data(), 3072}}, false);
    EXPECT_EQ(done.status, IoStatus::kOk);
    EXPECT_EQ(done.done, 2 * kPsPerUs);
    std::vector<std::byte> back(kLine);
    ASSERT_EQ(volume.read(0, back.data(), kLine, false), IoStatus::kOk);
    EXPECT_EQ(back[511], std::byte{0});
    EXPECT_EQ(std::vector<std::byte>(back.begin() + 512, back.end()),
              std::vector<std::byte>(3584, std::byte{7}));
}

// Behind 8 lines, 3 may wait for the media: it takes one at once, and those behind it are free when
// it begins with them.
TEST_F(VolumeTest, AFullCacheLetsAWriteWaitUntilTheMediaTakesALine) {
    for (std::uint64_t line = 0; line < 8; ++line) EXPECT_EQ(write(0, line).done, 2 * kPsPerUs);
    EXPECT_EQ(write(0, 8).done, 2 * kPsPerUs) << "the media takes line 0 at once";
    EXPECT_EQ(write(0, 9).done, 2 * kPsPerUs) << "line 1 waits until 200 us";
    EXPECT_EQ(write(0, 10).done, 2 * kPsPerUs) << "line 2 waits until 400 us";
    EXPECT_EQ(write(0, 11).done, 2 * kPsPerUs) << "the place of line 0 is free";
    EXPECT_EQ(write(0, 12).done, 202 * kPsPerUs) << "that of line 1 is from 200 us on";
    EXPECT_EQ(write(0, 13).done, 402 * kPsPerUs);
    EXPECT_EQ(write(3'000 * kPsPerUs, 14).done, 3'002 * kPsPerUs) << "after a while all are";
}

TEST_F(VolumeTest, AWriteToALineThatIsThereNeedsNoOther) {
    for (std::uint64_t line = 0; line < 5; ++line) (void)write(0, line);
    for (int i = 0; i < 100; ++i) EXPECT_EQ(write(0, 3).done, 2 * kPsPerUs);
}

TEST_F(VolumeTest, AReadTakesFromTheCacheWhatIsThere) {
    (void)write(0, 1);
    EXPECT_EQ(volume.begin_read(0, kLine, kLine), 2 * kPsPerUs);
    EXPECT_EQ(volume.begin_read(0, kLine + 512, 1024), 2 * kPsPerUs);
    EXPECT_EQ(volume.begin_read(0, 0, 3 * kLine), 100 * kPsPerUs) << "lines 0 and 2";
    EXPECT_EQ(volume.begin_read(1'000 * kPsPerUs, 5 * kLine, kLine), 1'050 * kPsPerUs);
}

TEST_F(VolumeTest, AFlushEndsWithTheLastProgram) {
    EXPECT_EQ(volume.begin_flush(9), 9u);
    for (std::uint64_t line = 0; line < 9; ++line) (void)write(0, line);
    // One line is being programmed, eight are dirty.
    EXPECT_EQ(volume.begin_flush(0), 9 * 200 * kPsPerUs);
}

TEST_F(VolumeTest, WithoutPowerNothingIsOnItsWay) {
    for (std::uint64_t line = 0; line < 9; ++line) (void)write(0, line);
    volume.power_cut();
    timing.reset();
    EXPECT_EQ(volume.data().dirty_bytes(), 0u);
    EXPECT_EQ(volume.begin_flush(0), 0u);
    for (std::uint64_t line = 20; line < 29; ++line) EXPECT_EQ(write(0, line).done, 2 * kPsPerUs);
}

class SmallestCache : public VolumeTest {
protected:
    SmallestCache() : VolumeTest(1) {}
};

TEST_F(SmallestCache, HoldsOneLine) {
    EXPECT_EQ(write(0, 0).done, 2 * kPsPerUs);
    EXPECT_EQ(write(0, 1).done, 2 * kPsPerUs) << "the media takes line 0 at once";
    EXPECT_EQ(write(0, 2).done, 2 * kPsPerUs) << "line 1 waits for it, in the place of line 0";
    EXPECT_EQ(write(0, 3).done, 202 * kPsPerUs);
}

class NoCache : public VolumeTest {
protected:
    NoCache() : VolumeTest(0) {}
};

TEST_F(NoCache, EveryWriteTakesTheMedia) {
    EXPECT_EQ(write(0, 0).done, 200 * kPsPerUs);
    EXPECT_EQ(write(0, 1).done, 400 * kPsPerUs);
}

TEST_F(VolumeTest, ARefusalIsTold) {
    EXPECT_EQ(volume.write(0, 1 << 20, {{data.data(), 512}}, false).status, IoStatus::kOutOfRange);
    EXPECT_EQ(volume.deallocate(0, 1 << 20, 512).status, IoStatus::kOutOfRange);
}

// What came after the plan used to reach the store without the media's knowing of it.
TEST(VolumeOverFlash, WhatIsWrittenDuringAFlushIsProgrammedToo) {
    RamStore store{1 << 20};
    Ftl timing({}, {});
    ASSERT_EQ(timing.set_size(1, 1 << 20), "");
    Volume volume(store, 16 * kLine, timing, 1);
    const std::vector<std::byte> data(kLine, std::byte{7});
    const auto write = [&](std::uint64_t line) {
        (void)volume.write(0, line * kLine, {{data.data(), kLine}}, false);
    };
    for (std::uint64_t line = 0; line != 4; ++line) write(line);
    (void)volume.begin_flush(0);
    for (std::uint64_t line = 4; line != 8; ++line) write(line);
    EXPECT_EQ(timing.statistics().units_written, 4u);
    EXPECT_EQ(volume.data().flush(), IoStatus::kOk);
    EXPECT_EQ(timing.statistics().units_written, 8u);
    write(0);
    std::vector<std::byte> back(kLine);
    EXPECT_EQ(volume.read(0, back.data(), kLine, true), IoStatus::kOk);
    EXPECT_EQ(timing.statistics().units_written, 9u) << "a read that makes it durable";
}

}  // namespace
}  // namespace media::test
