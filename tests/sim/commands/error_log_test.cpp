// SPDX-License-Identifier: Apache-2.0
// The Error Information log tells of every command that failed, newest first.
#include <array>

#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

using spec::ErrorLogEntry;
using spec::LogId;

ControllerParams few_entries() {
    ControllerParams params;
    params.error_log_entries = 3;
    return params;
}

class ErrorLogPage : public CommandsTest {
protected:
    ErrorLogPage() : CommandsTest(few_entries()) {}

    std::array<ErrorLogEntry, 4> entries() {
        return log_page<std::array<ErrorLogEntry, 4>>(LogId::kErrorInformation);
    }
    static StatusCode code(const ErrorLogEntry& entry) {
        using S = spec::CompletionStatus;
        const auto s = S::from(entry.status);
        return static_cast<StatusCode>(s.get<S::Sct>() << 8 | s.get<S::Sc>());
    }
};

TEST_F(ErrorLogPage, IsEmptyUntilSomethingFails) {
    simulate([this] {
        bring_up();
        for (const ErrorLogEntry& entry : entries()) EXPECT_EQ(entry.error_count, 0u);
        EXPECT_TRUE(driver.flush(1).ok());
        EXPECT_EQ(entries()[0].error_count, 0u);
    });
}

TEST_F(ErrorLogPage, DescribesTheCommandThatFailed) {
    simulate([this] {
        bring_up(2);
        const std::uint64_t beyond = (64u << 20) / 512;
        const Completion io = driver.verify(1, beyond, 3, 2);
        ASSERT_EQ(status(io), StatusCode::kLbaOutOfRange);
        EXPECT_TRUE(io.more) << "more is in this log";
        const ErrorLogEntry first = entries()[0];
        EXPECT_EQ(first.error_count, 1u);
        EXPECT_EQ(first.sqid, 2);
        EXPECT_EQ(first.cid, io.cid);
        EXPECT_EQ(code(first), StatusCode::kLbaOutOfRange);
        EXPECT_EQ(first.parameter_error_location, 40) << "SLBA is in byte 40";
        EXPECT_EQ(first.lba, beyond);
        EXPECT_EQ(first.nsid, 1u);

        const Completion admin = driver.delete_sq(9);
        ASSERT_EQ(status(admin), StatusCode::kInvalidQueueIdentifier);
        const auto both = entries();
        EXPECT_EQ(both[0].error_count, 2u);
        EXPECT_EQ(both[0].sqid, 0);
        EXPECT_EQ(both[0].cid, admin.cid);
        EXPECT_EQ(both[1].error_count, 1u);
        EXPECT_EQ(both[2].error_count, 0u);
    });
}

TEST_F(ErrorLogPage, KeepsTheNewestEntriesAcrossResets) {
    simulate([this] {
        bring_up();
        for (std::uint32_t nsid = 100; nsid < 106; ++nsid)
            ASSERT_EQ(status(driver.flush(nsid)), StatusCode::kInvalidField);
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        const auto kept = entries();
        for (std::uint32_t age = 0; age < 4; ++age) {
            EXPECT_EQ(kept[age].error_count, 6u - age);
            EXPECT_EQ(kept[age].nsid, 105 - age);
        }
        ErrorLogEntry third;
        ASSERT_TRUE(
            driver.get_log_page({LogId::kErrorInformation, sizeof third, 2 * sizeof third}, &third)
                .ok());
        EXPECT_EQ(third.error_count, 4u);
    });
}

TEST_F(ErrorLogPage, InvalidDoorbellWriteHasAnEntryWithoutACommand) {
    simulate([this] {
        bring_up();
        driver.write32(driver.sq_doorbell(33), 1);
        sc_core::wait(10, sc_core::SC_US);
        const ErrorLogEntry entry = entries()[0];
        EXPECT_EQ(entry.error_count, 1u);
        EXPECT_EQ(entry.sqid, 0xFFFF);
        EXPECT_EQ(entry.cid, 0xFFFF);
    });
}

}  // namespace
}  // namespace nvme::test
