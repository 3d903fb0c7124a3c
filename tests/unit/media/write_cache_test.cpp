// SPDX-License-Identifier: Apache-2.0
#include "models/media/cache/write_cache.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "tests/unit/media/bytes.h"
#include "tests/unit/media/recording_store.h"

namespace media::test {
namespace {

constexpr std::size_t kLine = 4096;
constexpr std::uint64_t kSize = 16 * kLine;

class WriteCacheTest : public testing::Test {
protected:
    RecordingStore durable{kSize};
    WriteCache cache{durable, 4 * kLine};
};

TEST_F(WriteCacheTest, AWriteIsVisibleAndNotDurable) {
    ASSERT_EQ(put(cache, 1024, filled(512, 1)), IoStatus::kOk);
    EXPECT_EQ(content(cache, 1024, 512), filled(512, 1));
    EXPECT_EQ(content(durable, 1024, 512), filled(512, 0));
    EXPECT_EQ(cache.dirty_bytes(), 512u);
    EXPECT_EQ(durable.writes.size(), 0u);
}

TEST_F(WriteCacheTest, APowerCutLosesWhatWasNotFlushed) {
    ASSERT_EQ(put(cache, 0, filled(512, 1)), IoStatus::kOk);
    ASSERT_EQ(cache.flush(), IoStatus::kOk);
    ASSERT_EQ(put(cache, 0, filled(1024, 2)), IoStatus::kOk);
    cache.power_cut();
    EXPECT_EQ(content(cache, 0, 512), filled(512, 1));
    EXPECT_EQ(content(cache, 512, 512), filled(512, 0));
    EXPECT_EQ(cache.dirty_bytes(), 0u);
}

TEST_F(WriteCacheTest, AFlushWritesDownInAscendingOrderAndThenFlushesTheStore) {
    for (const std::uint64_t line : {7, 2, 11}) {
        ASSERT_EQ(put(cache, line * kLine, filled(512, 1)), IoStatus::kOk);
    }
    ASSERT_EQ(put(cache, 2 * kLine + 2048, filled(1024, 1)), IoStatus::kOk);
    ASSERT_EQ(cache.flush(), IoStatus::kOk);
    using Access = RecordingStore::Access;
    EXPECT_EQ(
        durable.writes,
        (std::vector<Access>{
            {2 * kLine, 512}, {2 * kLine + 2048, 1024}, {7 * kLine, 512}, {11 * kLine, 512}}));
    EXPECT_EQ(durable.flushes, 1u);
    EXPECT_EQ(cache.dirty_bytes(), 0u);
}

TEST_F(WriteCacheTest, AFullCacheMovesItsOldestLineDown) {
    for (const std::uint64_t line : {9, 1, 3, 5}) {
        ASSERT_EQ(put(cache, line * kLine, filled(kLine, 1)), IoStatus::kOk);
    }
    ASSERT_EQ(put(cache, 9 * kLine, filled(kLine, 2)), IoStatus::kOk);  // stays the oldest
    EXPECT_TRUE(durable.writes.empty());
    ASSERT_EQ(put(cache, 6 * kLine, filled(512, 3)), IoStatus::kOk);
    EXPECT_EQ(content(durable, 9 * kLine, kLine), filled(kLine, 2));
    EXPECT_EQ(durable.writes.size(), 1u);
    EXPECT_EQ(cache.dirty_bytes(), 3 * kLine + 512);
}

TEST_F(WriteCacheTest, AWriteLongerThanTheCachePassesThroughIt) {
    Bytes bytes = filled(kSize, 0);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::byte>(i / 97);
    ASSERT_EQ(put(cache, 0, bytes), IoStatus::kOk);
    EXPECT_EQ(content(cache, 0, kSize), bytes);
    EXPECT_EQ(cache.dirty_bytes(), 4 * kLine);
    ASSERT_EQ(cache.flush(), IoStatus::kOk);
    EXPECT_EQ(content(durable, 0, kSize), bytes);
}

TEST_F(WriteCacheTest, ForcedUnitAccessIsDurableAndReplacesWhatWasCached) {
    ASSERT_EQ(put(cache, 0, filled(2048, 1)), IoStatus::kOk);
    const Bytes fua = filled(512, 2);
    ASSERT_EQ(cache.write_durable(512, fua.data(), fua.size()), IoStatus::kOk);
    EXPECT_EQ(durable.flushes, 1u);
    EXPECT_EQ(content(cache, 0, 512), filled(512, 1));
    EXPECT_EQ(content(cache, 512, 512), fua);
    EXPECT_EQ(content(cache, 1024, 1024), filled(1024, 1));
    EXPECT_EQ(cache.dirty_bytes(), 1536u);
    cache.power_cut();
    EXPECT_EQ(content(cache, 512, 512), fua);
    EXPECT_EQ(content(cache, 0, 512), filled(512, 0));
}

TEST_F(WriteCacheTest, OlderCachedDataNeverReturnsOverForcedUnitAccess) {
    ASSERT_EQ(put(cache, 0, filled(kLine, 1)), IoStatus::kOk);
    const Bytes fua = filled(kLine, 2);
    ASSERT_EQ(cache.write_durable(0, fua.data(), fua.size()), IoStatus::kOk);
    ASSERT_EQ(cache.flush(), IoStatus::kOk);
    EXPECT_EQ(content(durable, 0, kLine), fua);
}

TEST_F(WriteCacheTest, DeallocationReadsAsZeroAndSurvivesAPowerCut) {
    ASSERT_EQ(put(cache, 0, filled(4 * kLine, 1)), IoStatus::kOk);
    ASSERT_EQ(cache.flush(), IoStatus::kOk);
    ASSERT_EQ(put(cache, 0, filled(2 * kLine, 2)), IoStatus::kOk);
    ASSERT_EQ(cache.deallocate(512, kSize - 512), IoStatus::kOk);
    EXPECT_EQ(content(cache, 0, 512), filled(512, 2));
    EXPECT_EQ(content(cache, 512, kSize - 512), filled(kSize - 512, 0));
    EXPECT_EQ(cache.dirty_bytes(), 512u);
    cache.power_cut();
    EXPECT_EQ(content(cache, 0, 512), filled(512, 1));
    EXPECT_EQ(content(cache, 512, kSize - 512), filled(kSize - 512, 0));
}

TEST_F(WriteCacheTest, WithoutCapacityEveryWriteIsDurable) {
    WriteCache none(durable, kLine - 1);
    ASSERT_EQ(put(none, 100, filled(5000, 1)), IoStatus::kOk);
    EXPECT_EQ(content(durable, 100, 5000), filled(5000, 1));
    none.power_cut();
    EXPECT_EQ(content(none, 100, 5000), filled(5000, 1));
    EXPECT_EQ(none.dirty_bytes(), 0u);
}

TEST_F(WriteCacheTest, AFailedFlushReportsKeepsTheDataAndMovesTheOtherLines) {
    for (const std::uint64_t line : {0, 1, 2}) {
        ASSERT_EQ(put(cache, line * kLine, filled(kLine, 1)), IoStatus::kOk);
    }
    durable.bad_write = kLine + 5;
    EXPECT_EQ(cache.flush(), IoStatus::kWriteError);
    EXPECT_EQ(cache.dirty_bytes(), kLine);
    EXPECT_EQ(content(cache, 0, 3 * kLine), filled(3 * kLine, 1));
    EXPECT_EQ(content(durable, 2 * kLine, kLine), filled(kLine, 1));
    durable.bad_write.reset();
    EXPECT_EQ(cache.flush(), IoStatus::kOk);
    EXPECT_EQ(content(durable, kLine, kLine), filled(kLine, 1));
}

TEST_F(WriteCacheTest, AFailedDestageReportsToTheWriteThatNeededTheRoom) {
    ASSERT_EQ(put(cache, 0, filled(4 * kLine, 1)), IoStatus::kOk);
    durable.bad_write = 0;
    EXPECT_EQ(put(cache, 8 * kLine, filled(512, 2)), IoStatus::kWriteError);
    EXPECT_EQ(content(cache, 0, 4 * kLine), filled(4 * kLine, 1));
    EXPECT_EQ(content(cache, 8 * kLine, 512), filled(512, 0));
    EXPECT_EQ(put(cache, kLine, filled(512, 3)), IoStatus::kOk);  // needs no room
    durable.bad_write.reset();
    EXPECT_EQ(put(cache, 8 * kLine, filled(512, 2)), IoStatus::kOk);
}

TEST_F(WriteCacheTest, AFailingFlushOfTheStoreIsReported) {
    durable.flush_status = IoStatus::kWriteError;
    EXPECT_EQ(cache.flush(), IoStatus::kWriteError);
    const Bytes bytes = filled(512, 1);
    EXPECT_EQ(cache.write_durable(0, bytes.data(), bytes.size()), IoStatus::kWriteError);
}

TEST_F(WriteCacheTest, AFailedDeallocationDropsNothing) {
    ASSERT_EQ(put(cache, 0, filled(512, 1)), IoStatus::kOk);
    durable.bad_write = 0;
    EXPECT_EQ(cache.deallocate(0, 512), IoStatus::kWriteError);
    EXPECT_EQ(content(cache, 0, 512), filled(512, 1));
}

TEST_F(WriteCacheTest, AReadErrorBelowIsReportedOnlyWhereTheCacheHasNoData) {
    durable.bad_read = 600;
    ASSERT_EQ(put(cache, 512, filled(512, 1)), IoStatus::kOk);
    EXPECT_EQ(content(cache, 0, kLine).size(), kLine);
    cache.power_cut();
    Bytes bytes = filled(kLine, 0);
    EXPECT_EQ(cache.read(0, bytes.data(), kLine), IoStatus::kReadError);
    // Part of a sector whose rest cannot be read: refused, and no line is left behind.
    EXPECT_EQ(put(cache, 700, filled(8, 1)), IoStatus::kReadError);
    EXPECT_EQ(cache.dirty_bytes(), 0u);
    EXPECT_EQ(put(cache, 1024, filled(512, 1)), IoStatus::kOk);
}

TEST_F(WriteCacheTest, ReadsWithNothingDirtyAreOneReadOfTheStore) {
    content(cache, 0, kSize);
    EXPECT_EQ(durable.reads, 1u);
    ASSERT_EQ(put(cache, 8 * kLine, filled(512, 1)), IoStatus::kOk);
    content(cache, 0, kSize);
    EXPECT_EQ(durable.reads, 3u);  // before and behind the cached sector
}

TEST_F(WriteCacheTest, RefusesAccessesThatLeaveTheStoreOrChangeAReadOnlyOne) {
    Bytes bytes = filled(1024, 1);
    ASSERT_EQ(put(cache, 0, filled(512, 1)), IoStatus::kOk);
    EXPECT_EQ(cache.read(kSize - 512, bytes.data(), 1024), IoStatus::kOutOfRange);
    EXPECT_EQ(cache.write(kSize - 512, bytes.data(), 1024), IoStatus::kOutOfRange);
    EXPECT_EQ(cache.write_durable(~0ull - 5, bytes.data(), 1024), IoStatus::kOutOfRange);
    EXPECT_EQ(cache.deallocate(512, ~0ull), IoStatus::kOutOfRange);

    RecordingStore fixed(kSize, true);
    WriteCache over_fixed(fixed, kSize);
    EXPECT_TRUE(over_fixed.read_only());
    EXPECT_EQ(put(over_fixed, 0, bytes), IoStatus::kReadOnly);
    EXPECT_EQ(over_fixed.deallocate(0, 512), IoStatus::kReadOnly);
    EXPECT_EQ(over_fixed.write_durable(0, bytes.data(), 512), IoStatus::kReadOnly);
}

TEST_F(WriteCacheTest, ShrinkingDropsTheTailForGood) {
    ASSERT_EQ(put(cache, 0, filled(3 * kLine, 1)), IoStatus::kOk);
    ASSERT_EQ(cache.resize(kLine + 700), IoStatus::kOk);
    EXPECT_EQ(cache.size(), kLine + 700);
    EXPECT_EQ(cache.dirty_bytes(), kLine + 1024);
    ASSERT_EQ(cache.resize(kSize), IoStatus::kOk);
    EXPECT_EQ(content(cache, 0, kLine + 700), filled(kLine + 700, 1));
    EXPECT_EQ(content(cache, kLine + 700, 2 * kLine), filled(2 * kLine, 0));
    ASSERT_EQ(cache.flush(), IoStatus::kOk);
    EXPECT_EQ(content(durable, kLine + 700, 2 * kLine), filled(2 * kLine, 0));
}

TEST(WriteCache, OverAStoreThatEndsInsideASectorIsExactToTheLastByte) {
    RecordingStore durable(kLine + 100);
    WriteCache cache(durable, 4 * kLine);
    ASSERT_EQ(put(cache, kLine - 10, filled(110, 1)), IoStatus::kOk);
    EXPECT_EQ(content(cache, kLine - 10, 110), filled(110, 1));
    ASSERT_EQ(cache.flush(), IoStatus::kOk);
    EXPECT_EQ(content(durable, kLine - 10, 110), filled(110, 1));
    ASSERT_EQ(put(cache, kLine + 99, filled(1, 2)), IoStatus::kOk);
    ASSERT_EQ(cache.resize(2 * kLine), IoStatus::kOk);
    EXPECT_EQ(content(cache, kLine + 99, 1), filled(1, 2));
    EXPECT_EQ(content(cache, kLine + 100, 412), filled(412, 0));
}

}  // namespace
}  // namespace media::test
