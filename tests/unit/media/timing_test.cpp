// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>

#include "models/media/estimates.h"
#include "models/media/timing/fixed_timing.h"
#include "models/media/timing/no_timing.h"

namespace media::test {
namespace {

using util::kNever;
using util::kPsPerUs;
using util::TimePs;

constexpr MediaOperation kAll[] = {MediaOperation::kRead,    MediaOperation::kProgram,
                                   MediaOperation::kDestage, MediaOperation::kCacheAccess,
                                   MediaOperation::kFlush,   MediaOperation::kDeallocate};

/// Two units of 4 KiB; read 50 us, program 200 us.
FixedTimingParams two_units() {
    FixedTimingParams params;
    params.units = 2;
    return params;
}

MediaRequest read(std::uint64_t offset, std::uint64_t bytes) {
    return {MediaOperation::kRead, 1, offset, bytes};
}
MediaRequest program(std::uint64_t offset, std::uint64_t bytes) {
    return {MediaOperation::kProgram, 1, offset, bytes};
}

TimePs end(const MediaTiming::Span& span) {
    return span.end;
}

TEST(NoTiming, EndsEveryRequestWhenItStarts) {
    NoTiming timing;
    for (const MediaOperation operation : kAll) {
        EXPECT_EQ(end(timing.schedule(123, {operation, 1, 0, 1 << 30})), 123u);
    }
}

TEST(FixedTiming, AnIdleUnitTakesOneLatency) {
    FixedTiming timing(two_units());
    EXPECT_EQ(end(timing.schedule(7, read(0, 512))), 50'000'007u);
    EXPECT_EQ(end(timing.schedule(7, program(4096, 4096))), 200'000'007u);
}

TEST(FixedTiming, RequestsToOneUnitQueueAndToOthersDoNot) {
    FixedTiming timing(two_units());
    EXPECT_EQ(end(timing.schedule(0, read(0, 4096))), 50 * kPsPerUs);
    EXPECT_EQ(end(timing.schedule(0, read(8192, 4096))), 100 * kPsPerUs);  // unit 0 again
    EXPECT_EQ(end(timing.schedule(0, read(4096, 4096))), 50 * kPsPerUs);   // unit 1
    EXPECT_EQ(end(timing.schedule(300 * kPsPerUs, read(0, 4096))), 350 * kPsPerUs);
}

TEST(FixedTiming, ALongRequestEndsWithItsBusiestUnit) {
    FixedTiming timing(two_units());
    // Operations on units 1, 0, 1: unit 1 has two.
    EXPECT_EQ(end(timing.schedule(0, read(4096, 2 * 4096 + 1))), 100 * kPsPerUs);
    EXPECT_EQ(end(timing.schedule(0, read(0, 1))), 100 * kPsPerUs);
    EXPECT_EQ(end(timing.schedule(0, read(4096, 1))), 150 * kPsPerUs);
}

TEST(FixedTiming, AReadWaitsForAProgramOnItsUnit) {
    FixedTiming timing(two_units());
    EXPECT_EQ(end(timing.schedule(0, program(0, 4096))), 200 * kPsPerUs);
    EXPECT_EQ(end(timing.schedule(10, read(0, 4096))), 250 * kPsPerUs);
}

TEST(FixedTiming, AnAccessToTheCacheGrowsWithItsSizeAndHoldsNoUnit) {
    FixedTiming timing(two_units());
    EXPECT_EQ(end(timing.schedule(0, program(0, 8192))), 200 * kPsPerUs);
    EXPECT_EQ(end(timing.schedule(0, {MediaOperation::kCacheAccess, 1, 0, 1 << 20})),
              512 * kPsPerUs);
    EXPECT_EQ(end(timing.schedule(0, {MediaOperation::kCacheAccess, 1, 0, 512})), 2 * kPsPerUs);
}

TEST(FixedTiming, AFlushHoldsNoUnit) {
    FixedTimingParams params = two_units();
    params.flush_ns = 3'000;
    FixedTiming timing(params);
    EXPECT_EQ(end(timing.schedule(0, {MediaOperation::kFlush, 1, 0, 4 * 4096})), 3 * kPsPerUs);
    EXPECT_EQ(end(timing.schedule(0, read(0, 1))), 50 * kPsPerUs);
}

TEST(FixedTiming, ARequestBeginsWhenItsFirstUnitIsFree) {
    FixedTiming timing(two_units());
    EXPECT_EQ(timing.schedule(5, program(0, 4096)).begin, 5u);
    EXPECT_EQ(timing.schedule(5, program(0, 4096)).begin, 200 * kPsPerUs + 5);
    EXPECT_EQ(timing.schedule(5, program(0, 8192)).begin, 5u) << "on unit 1";
    EXPECT_EQ(timing.schedule(7, program(0, 0)).begin, 7u);
}

TEST(FixedTiming, DeallocatingAWholeNamespaceTakesOneLatencyOnEachUnit) {
    FixedTimingParams params = two_units();
    params.deallocate_ns = 1'000;
    FixedTiming timing(params);
    EXPECT_EQ(end(timing.schedule(0, {MediaOperation::kDeallocate, 1, 0, 1ull << 60})), kPsPerUs);
    EXPECT_EQ(end(timing.schedule(0, {MediaOperation::kDeallocate, 1, 0, 1})), 2 * kPsPerUs);
    EXPECT_EQ(end(timing.schedule(0, read(4096, 1))), 51 * kPsPerUs);
}

TEST(FixedTiming, AnImpossiblyLongRequestSaturatesInsteadOfWrapping) {
    FixedTiming timing(two_units());
    EXPECT_EQ(end(timing.schedule(0, program(~0ull, ~0ull))), kNever);
    EXPECT_EQ(end(timing.schedule(5, read(0, 1))), kNever);
    timing.reset();
    EXPECT_EQ(end(timing.schedule(5, read(0, 1))), 50 * kPsPerUs + 5);
}

TEST(FixedTiming, WithAllLatenciesZeroEndsEveryRequestWhenItStarts) {
    FixedTimingParams params;
    params.read_ns = params.program_ns = params.cache_write_ns = 0;
    params.flush_ns = params.deallocate_ns = 0;
    FixedTiming timing(params);
    for (const MediaOperation operation : kAll) {
        EXPECT_EQ(end(timing.schedule(99, {operation, 1, 0, 1 << 20})), 99u);
    }
}

TEST(FixedTiming, ThirtyTwoUnitsGiveThirtyTwoTimesTheRateOfOne) {
    FixedTimingParams params;
    params.units = 32;
    FixedTiming timing(params);
    TimePs end = 0;
    for (std::uint64_t i = 0; i < 320; ++i) end = timing.schedule(0, read(i * 4096, 4096)).end;
    EXPECT_EQ(end, 10 * 50 * kPsPerUs);
}

TEST(ReadTime, IsWhatIdleMediaTakes) {
    MediaParams params;
    params.fixed = two_units();
    for (const std::uint64_t bytes : {0u, 1u, 4096u, 4097u, 8192u, 131072u}) {
        FixedTiming idle(params.fixed);
        EXPECT_EQ(read_time(params, bytes), end(idle.schedule(0, read(0, bytes)))) << bytes;
    }
    params.model = Model::kNone;
    EXPECT_EQ(read_time(params, 1 << 20), 0u);
}

TEST(FixedTiming, RefusesParametersThatMeanNothing) {
    FixedTimingParams params;
    EXPECT_TRUE(validate(params).empty());
    params.units = 0;
    params.unit_bytes = 0;
    EXPECT_EQ(validate(params).size(), 2u);
    EXPECT_THROW(FixedTiming{params}, std::invalid_argument);
}

}  // namespace
}  // namespace media::test
