// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/state/health.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "models/nvme/spec/nvm_commands.h"
#include "models/nvme/state/timestamp.h"

namespace nvme::test {
namespace {
using spec::StatusCode;
using util::kPsPerMs;
using util::kPsPerS;

constexpr util::TimePs kMinute = 60 * kPsPerS;

TEST(Health, DataUnitsAreThousandsOfSectorsRoundedUp) {
    Health health;
    EXPECT_EQ(health.log(0, 0).data_units_read.low, 0u);
    health.count_read(512);
    EXPECT_EQ(health.log(0, 0).data_units_read.low, 1u);
    health.count_read(999 * 512);
    EXPECT_EQ(health.log(0, 0).data_units_read.low, 1u);
    health.count_read(512);
    EXPECT_EQ(health.log(0, 0).data_units_read.low, 2u);
    EXPECT_EQ(health.log(0, 0).data_units_written.low, 0u);
    health.count_write(4096);
    EXPECT_EQ(health.log(0, 0).data_units_written.low, 1u);
    EXPECT_EQ(health.log(0, 0).host_read_commands.low, 3u);
    EXPECT_EQ(health.log(0, 0).host_write_commands.low, 1u);
}

TEST(Health, BusyTimeCountsMinutesInWhichAnyCommandIsOutstanding) {
    Health health;
    health.command_started(0);
    health.command_started(kMinute);
    health.command_ended(2 * kMinute);
    EXPECT_EQ(health.log(3 * kMinute, 0).controller_busy_time.low, 3u);
    health.command_ended(4 * kMinute);
    EXPECT_EQ(health.log(10 * kMinute, 0).controller_busy_time.low, 4u);
    health.command_started(10 * kMinute);
    health.command_started(10 * kMinute);
    health.all_commands_ended(11 * kMinute);
    EXPECT_EQ(health.log(20 * kMinute, 0).controller_busy_time.low, 5u);
    health.command_ended(30 * kMinute);
    EXPECT_EQ(health.log(40 * kMinute, 0).controller_busy_time.low, 5u) << "nothing was busy";
}

TEST(Health, CountersArriveInTheirFields) {
    Health health;
    health.power_on(0);
    health.power_off(3600 * kPsPerS);
    health.power_on(5000 * kPsPerS);
    health.count_unsafe_shutdown();
    for (int i = 0; i < 3; ++i) health.count_media_error();
    const auto log = health.log(8600 * kPsPerS, 9);
    EXPECT_EQ(log.power_cycles.low, 2u);
    EXPECT_EQ(log.unsafe_shutdowns.low, 1u);
    EXPECT_EQ(log.media_errors.low, 3u);
    EXPECT_EQ(log.error_log_entries.low, 9u);
    EXPECT_EQ(log.power_on_hours.low, 2u);
}

TEST(ErrorLog, IsNewestFirstAndForgetsTheOldest) {
    ErrorLog log(4);
    EXPECT_EQ(log.entry(0).error_count, 0u);
    for (std::uint16_t cid = 1; cid <= 6; ++cid) {
        ErrorLog::Context context;
        context.sqid = 2;
        context.cid = cid;
        context.nsid = 3;
        context.lba = 4;
        log.add(context, {StatusCode::kLbaOutOfRange, "test", 0, true, spec::Slba::at()});
        EXPECT_EQ(log.count(), cid);
    }
    for (std::size_t age = 0; age < 4; ++age) {
        EXPECT_EQ(log.entry(age).error_count, 6 - age);
        EXPECT_EQ(log.entry(age).cid, 6 - age);
    }
    const auto& e = log.entry(0);
    EXPECT_EQ(e.sqid, 2u);
    EXPECT_EQ(e.nsid, 3u);
    EXPECT_EQ(e.lba, 4u);
    EXPECT_EQ(e.parameter_error_location, 40u);
    EXPECT_EQ(e.status, completion_status(StatusCode::kLbaOutOfRange, true, true));
}

TEST(ErrorLog, AnErrorOfNoCommandSaysSo) {
    ErrorLog log(1);
    log.add({}, {StatusCode::kInternalError, "test"});
    EXPECT_EQ(log.entry(0).sqid, 0xffffu);
    EXPECT_EQ(log.entry(0).cid, 0xffffu);
    EXPECT_EQ(log.entry(0).parameter_error_location, 0xffffu);
}

TEST(CompletionStatusField, PutsTypeCodeAndFlagsWhereTheyBelong) {
    EXPECT_EQ(completion_status(StatusCode::kSuccess, false, false), 0u);
    EXPECT_EQ(completion_status(StatusCode::kInvalidField, false, false), 2u << 1);
    EXPECT_EQ(completion_status(StatusCode::kInvalidQueueIdentifier, false, false),
              1u << 9 | 1u << 1);
    EXPECT_EQ(completion_status(StatusCode::kCompareFailure, true, false),
              1u << 15 | 2u << 9 | 0x85u << 1);
    EXPECT_EQ(completion_status(StatusCode::kSuccess, true, true), 3u << 14);
}

std::uint64_t milliseconds(const spec::TimestampData& data) {
    std::uint64_t ms = 0;
    for (unsigned i = 6; i-- > 0;) ms = ms << 8 | data.timestamp[i];
    return ms;
}

spec::TimestampData timestamp_of(std::uint64_t ms) {
    spec::TimestampData data{};
    for (unsigned i = 0; i < 6; ++i) data.timestamp[i] = static_cast<std::uint8_t>(ms >> 8 * i);
    data.attr = 0xff;  // read only: must not come back
    return data;
}

TEST(Timestamp, CountsFromZeroUntilAHostSetsIt) {
    const Timestamp t;
    EXPECT_EQ(milliseconds(t.get(5 * kPsPerMs)), 5u);
    EXPECT_EQ(t.get(0).attr, 0u);
}

TEST(Timestamp, GoesOnFromWhatTheHostHasSet) {
    Timestamp t;
    t.set(timestamp_of(0x0123'4567'89ab), 7 * kPsPerMs);
    EXPECT_EQ(milliseconds(t.get(7 * kPsPerMs)), 0x0123'4567'89abu);
    EXPECT_EQ(milliseconds(t.get(17 * kPsPerMs + kPsPerMs / 2)), 0x0123'4567'89abu + 10);
    EXPECT_EQ(t.get(7 * kPsPerMs).attr, 2u) << "Timestamp Origin 001b in bits 3:1";
}

TEST(Timestamp, WrapsAt48BitsWithoutTouchingTheAttributes) {
    Timestamp t;
    t.set(timestamp_of(0xffff'ffff'ffff), 0);
    EXPECT_EQ(milliseconds(t.get(2 * kPsPerMs)), 1u);
    EXPECT_EQ(t.get(2 * kPsPerMs).attr, 2u);
}

TEST(Timestamp, AResetStartsAgainAtZero) {
    Timestamp t;
    t.set(timestamp_of(1000), 0);
    t.reset(50 * kPsPerMs);
    EXPECT_EQ(milliseconds(t.get(51 * kPsPerMs)), 1u);
    EXPECT_EQ(t.get(51 * kPsPerMs).attr, 0u);
}

}  // namespace
}  // namespace nvme::test
