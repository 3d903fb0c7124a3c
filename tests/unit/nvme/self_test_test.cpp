// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include "models/nvme/spec/identify_controller.h"
#include "models/nvme/spec/self_test.h"
#include "tests/support/core_harness.h"
#include "tests/support/fault_board.h"

// Device Self-test: the command, what goes on behind it, and its log.
namespace nvme::test {
namespace {
using spec::AdminOpcode;
using spec::NvmOpcode;
using spec::SelfTestCode;
using spec::SelfTestResult;
using spec::StatusCode;
using util::kPsPerUs;

constexpr std::uint64_t kSegmentUs = 10;
constexpr std::uint32_t kEveryNamespace = 0xffff'ffff;
constexpr std::uint64_t kBytes = 1 << 20;  // 8 pieces of 128 KiB

ControllerParams params() {
    ControllerParams p = instant_params();
    p.self_test_segment_ns = kSegmentUs * 1000;
    return p;
}

class SelfTestTest : public testing::Test {
protected:
    explicit SelfTestTest(const ControllerParams& p = params()) : h(p) {
        h.add_namespace(1, kBytes);
        h.enable();
    }

    /// Sends the command and gives it no time.
    spec::CompletionEntry send(SelfTestCode code, std::uint32_t nsid = kEveryNamespace) {
        auto sqe = admin_command(AdminOpcode::kDeviceSelfTest);
        sqe.nsid = nsid;
        sqe.cdw10 = static_cast<std::uint32_t>(code);
        return at_once(sqe);
    }
    spec::CompletionEntry at_once(const spec::SubmissionEntry& sqe) {
        h.push(h.admin_queue(), sqe);
        h.ring_tail(h.admin_queue());
        h.run_for(0);
        const auto cqe = h.poll(h.admin_queue());
        EXPECT_TRUE(cqe.has_value());
        return cqe.value_or(spec::CompletionEntry{});
    }
    void start(SelfTestCode code, std::uint32_t nsid = kEveryNamespace) {
        EXPECT_EQ(status_of(send(code, nsid)), StatusCode::kSuccess);
    }
    spec::DeviceSelfTestLog log() {
        auto sqe = admin_command(AdminOpcode::kGetLogPage);
        sqe.prp1 = h.alloc(4096);
        sqe.cdw10 = (sizeof(spec::DeviceSelfTestLog) / 4 - 1) << 16 | 0x06;
        EXPECT_EQ(status_of(at_once(sqe)), StatusCode::kSuccess);
        return h.memory.get<spec::DeviceSelfTestLog>(sqe.prp1);
    }
    [[nodiscard]] static SelfTestResult result(const spec::SelfTestEntry& entry) {
        return spec::SelfTestStatus::from(entry.status).get<spec::SelfTestStatus::Result>();
    }
    [[nodiscard]] static SelfTestCode code(const spec::SelfTestEntry& entry) {
        return spec::SelfTestStatus::from(entry.status).get<spec::SelfTestStatus::Code>();
    }
    SelfTestCode going_on() { return static_cast<SelfTestCode>(log().operation); }
    SelfTestResult last_result() { return result(log().results[0]); }
    [[nodiscard]] static std::uint64_t failing_lba(const spec::SelfTestEntry& entry) {
        std::uint64_t lba = 0;
        std::memcpy(&lba, entry.failing_lba, sizeof lba);
        return lba;
    }
    /// A block that cannot be read from now on.
    static faults::Rule bad_block(std::uint32_t nsid, std::uint64_t lba) {
        faults::Rule rule;
        rule.action = faults::Action::kReadError;
        rule.nsid = nsid;
        rule.lba = lba;
        rule.blocks = 1;
        return rule;
    }

    CoreHarness h;
};

TEST_F(SelfTestTest, ANewControllerHasNoResults) {
    const auto page = log();
    EXPECT_EQ(page.operation, 0);
    EXPECT_EQ(page.completion, 0);
    for (const auto& entry : page.results) EXPECT_EQ(entry.status, 0x0f);
}

TEST_F(SelfTestTest, TheControllerSaysThatItHasIt) {
    auto sqe = admin_command(AdminOpcode::kIdentify);
    sqe.prp1 = h.alloc(4096);
    sqe.cdw10 = 1;
    EXPECT_EQ(status_of(h.admin(sqe)), StatusCode::kSuccess);
    const auto id = h.memory.get<spec::IdentifyController>(sqe.prp1);
    EXPECT_TRUE(spec::Oacs::from(id.oacs).get<spec::Oacs::DeviceSelfTest>());
    EXPECT_EQ(id.edstt, 1);
    EXPECT_EQ(id.dsto, 0) << "one test a controller, not one a subsystem";
}

TEST_F(SelfTestTest, AShortTestTakesItsTimeAndPasses) {
    start(SelfTestCode::kShort);
    EXPECT_EQ(going_on(), SelfTestCode::kShort);
    EXPECT_EQ(log().completion, 0);
    // Seven segments, and three pieces that are read in a microsecond each.
    h.run_for((7 * kSegmentUs + 3) * kPsPerUs - 1);
    EXPECT_EQ(going_on(), SelfTestCode::kShort);
    EXPECT_EQ(log().completion, 90);
    h.run_for(1);
    const auto page = log();
    EXPECT_EQ(page.operation, 0);
    EXPECT_EQ(page.completion, 0);
    EXPECT_EQ(page.results[0].status, 0x10) << "short, passed";
    EXPECT_EQ(page.results[0].valid, 0);
    EXPECT_EQ(page.results[1].status, 0x0f);
}

TEST_F(SelfTestTest, AnExtendedTestReadsAllOfTheNamespaces) {
    h.add_namespace(2, 300 << 10, 4096);
    start(SelfTestCode::kExtended);
    // 8 pieces and 3; each namespace's three pieces of the short test.
    const std::uint64_t end = 9 * kSegmentUs + 3 + 3 + 8 + 3;
    h.run_for(end * kPsPerUs - 1);
    EXPECT_EQ(going_on(), SelfTestCode::kExtended);
    h.run_for(1);
    EXPECT_EQ(log().results[0].status, 0x20) << "extended, passed";
}

TEST_F(SelfTestTest, WithoutNamespacesNothingIsRead) {
    FaultBoard board(h, {bad_block(1, 0)});
    start(SelfTestCode::kExtended, 0);
    h.run_for(9 * kSegmentUs * kPsPerUs);
    EXPECT_EQ(last_result(), SelfTestResult::kPassed);
}

TEST_F(SelfTestTest, ASecondOneIsRefusedWhileOneGoesOn) {
    start(SelfTestCode::kShort);
    for (const auto code : {SelfTestCode::kShort, SelfTestCode::kExtended}) {
        const auto cqe = send(code);
        EXPECT_EQ(status_of(cqe), StatusCode::kDeviceSelfTestInProgress);
        EXPECT_FALSE(spec::CompletionStatus::from(cqe.status).get<spec::CompletionStatus::Dnr>());
    }
    h.settle();
    start(SelfTestCode::kShort);
}

TEST_F(SelfTestTest, TheHostCanAbortIt) {
    start(SelfTestCode::kExtended);
    h.run_for(3 * kSegmentUs * kPsPerUs);
    start(SelfTestCode::kAbort);
    const auto page = log();
    EXPECT_EQ(page.operation, 0);
    EXPECT_EQ(page.results[0].status, 0x21) << "extended, aborted by command";
    start(SelfTestCode::kAbort);
    EXPECT_EQ(log().results[1].status, 0x0f) << "there was nothing to abort";
    h.settle();
    EXPECT_EQ(log().results[1].status, 0x0f);
}

TEST_F(SelfTestTest, FieldsAreChecked) {
    for (const std::uint32_t reserved : {0x0u, 0x3u, 0xdu, 0xeu})
        EXPECT_EQ(status_of(send(static_cast<SelfTestCode>(reserved))), StatusCode::kInvalidField)
            << reserved;
    EXPECT_EQ(status_of(send(SelfTestCode::kShort, 2)), StatusCode::kInvalidField) << "inactive";
    EXPECT_EQ(status_of(send(SelfTestCode::kShort, h.params.max_namespaces + 1)),
              StatusCode::kInvalidNamespaceOrFormat);
    EXPECT_EQ(status_of(send(SelfTestCode::kShort, 0xffff'fffe)),
              StatusCode::kInvalidNamespaceOrFormat);
    EXPECT_EQ(going_on(), SelfTestCode::kNone);
}

TEST_F(SelfTestTest, ABlockThatCannotBeReadIsFound) {
    FaultBoard board(h, {bad_block(1, 777)});
    start(SelfTestCode::kShort);
    h.settle();
    EXPECT_EQ(last_result(), SelfTestResult::kPassed) << "it is not among those that are read";
    start(SelfTestCode::kExtended, 1);
    h.settle();
    const spec::SelfTestEntry entry = log().results[0];
    EXPECT_EQ(entry.status, 0x27) << "extended, a segment has failed";
    EXPECT_EQ(entry.segment, 7);
    EXPECT_EQ(entry.valid, 0x0f);
    EXPECT_EQ(entry.nsid, 1u);
    EXPECT_EQ(failing_lba(entry), 777u);
    EXPECT_EQ(entry.status_code_type, 2);
    EXPECT_EQ(entry.status_code, 0x81);
    EXPECT_EQ(h.controller->smart().media_errors.low, 1u);
}

TEST_F(SelfTestTest, TheFirstFailureIsTold) {
    h.add_namespace(3, kBytes, 4096);
    FaultBoard board(h, {bad_block(3, 100), bad_block(1, 2047), bad_block(1, 500)});
    start(SelfTestCode::kExtended);
    h.settle();
    const spec::SelfTestEntry entry = log().results[0];
    EXPECT_EQ(entry.segment, 5) << "the last block is read there already";
    EXPECT_EQ(entry.nsid, 1u);
    EXPECT_EQ(failing_lba(entry), 2047u);
}

TEST_F(SelfTestTest, BlocksThatTheHostMarkedAreNoFault) {
    HostQueue q = h.create_queues(1, 8);
    EXPECT_EQ(status_of(h.execute(q, io_command(NvmOpcode::kWriteUncorrectable, 1, 0, 4))),
              StatusCode::kSuccess);
    start(SelfTestCode::kExtended);
    h.settle();
    EXPECT_EQ(last_result(), SelfTestResult::kPassed);
}

// Before, nothing was read of a piece with a marked block in it.
TEST_F(SelfTestTest, AMarkedBlockHidesNoBadOneBesideIt) {
    HostQueue q = h.create_queues(1, 8);
    EXPECT_EQ(status_of(h.execute(q, io_command(NvmOpcode::kWriteUncorrectable, 1, 700, 4))),
              StatusCode::kSuccess);
    FaultBoard board(h, {bad_block(1, 710)});
    start(SelfTestCode::kExtended);
    h.settle();
    EXPECT_EQ(last_result(), SelfTestResult::kFailedInSegment);
    EXPECT_EQ(failing_lba(log().results[0]), 710u);
}

TEST_F(SelfTestTest, TheHealthStateIsLookedAt) {
    struct Case {
        std::uint8_t segment;
        void (*damage)(HealthState&);
    };
    for (const Case& each : {Case{2, [](HealthState& s) { s.reliability_degraded = true; }},
                             Case{2, [](HealthState& s) { s.volatile_backup_failed = true; }},
                             Case{8, [](HealthState& s) { s.percentage_used = 255; }}}) {
        HealthState health;
        each.damage(health);
        EXPECT_EQ(h.subsystem.set_health(health), "");
        start(SelfTestCode::kShort);
        h.settle();
        const spec::SelfTestEntry entry = log().results[0];
        EXPECT_EQ(result(entry), SelfTestResult::kFailedInSegment);
        EXPECT_EQ(entry.segment, each.segment);
        EXPECT_EQ(entry.valid, 0) << "it is no block's fault";
    }
}

TEST_F(SelfTestTest, AResetEndsAShortOne) {
    for (const ResetKind kind : {ResetKind::kFunction, ResetKind::kPowerOff}) {
        start(SelfTestCode::kShort);
        h.run_for(kSegmentUs * kPsPerUs);
        h.reset(kind);
        h.subsystem.set_power(true);
        h.settle();
        h.enable();
        EXPECT_EQ(log().results[0].status, 0x12) << "short, aborted by a reset";
        EXPECT_EQ(going_on(), SelfTestCode::kNone);
    }
}

TEST_F(SelfTestTest, AnExtendedOneGoesOnAfterAReset) {
    for (const ResetKind kind :
         {ResetKind::kController, ResetKind::kFunction, ResetKind::kPowerOff}) {
        start(SelfTestCode::kExtended);
        h.run_for((5 * kSegmentUs + 1) * kPsPerUs);
        const unsigned before = log().completion;
        EXPECT_GT(before, 0u);
        if (kind == ResetKind::kController)
            h.disable();
        else
            h.reset(kind);
        h.settle();
        h.run_for(util::kPsPerS);
        h.subsystem.set_power(true);
        h.start_enable();
        h.run_for(0);
        ASSERT_TRUE(h.ready());
        EXPECT_EQ(going_on(), SelfTestCode::kExtended);
        EXPECT_GE(log().completion, before);
        h.settle();
        EXPECT_EQ(log().results[0].status, 0x20) << "extended, passed";
    }
}

TEST_F(SelfTestTest, ItRestsWhileTheControllerIsShutDown) {
    start(SelfTestCode::kExtended);
    h.run_for(kSegmentUs * kPsPerUs);
    h.write32(spec::offset::kCc,
              CoreHarness::default_cc().with<spec::Cc::Shn>(spec::Shn::kNormal).raw);
    h.settle();
    EXPECT_EQ(h.csts().get<spec::Csts::Shst>(), spec::Shst::kComplete);
    h.disable();
    h.enable();
    EXPECT_EQ(log().results[0].status, 0x20) << "it had not ended before";
}

TEST_F(SelfTestTest, TheRemovalOfItsNamespaceEndsIt) {
    h.add_namespace(2, kBytes);
    start(SelfTestCode::kExtended, 2);
    h.run_for(kSegmentUs * kPsPerUs);
    EXPECT_TRUE(h.subsystem.remove(2));
    EXPECT_EQ(log().results[0].status, 0x23);

    h.add_namespace(2, kBytes);
    start(SelfTestCode::kExtended);
    h.run_for((5 * kSegmentUs + 4) * kPsPerUs);  // its second namespace is being read
    EXPECT_TRUE(h.subsystem.remove(2));
    h.settle();
    EXPECT_EQ(last_result(), SelfTestResult::kPassed) << "of those that are left";
}

TEST_F(SelfTestTest, ANamespaceMayShrinkAndGrowMeanwhile) {
    for (unsigned us = 0; us < 9 * kSegmentUs + 20; us += 3) {
        start(SelfTestCode::kExtended);
        h.run_for(us * kPsPerUs);
        EXPECT_EQ(h.subsystem.resize(1, us % 2 == 0 ? 512 : 2 * kBytes), "");
        h.settle();
        EXPECT_EQ(last_result(), SelfTestResult::kPassed);
    }
}

TEST_F(SelfTestTest, TheLogKeepsTheTwentyNewest) {
    for (unsigned i = 0; i < 22; ++i) {
        start(i % 2 == 0 ? SelfTestCode::kShort : SelfTestCode::kExtended);
        if (i == 21) break;
        h.settle();
    }
    start(SelfTestCode::kAbort);
    const auto page = log();
    EXPECT_EQ(page.results[0].status, 0x21);
    for (unsigned i = 1; i < spec::kSelfTestEntries; ++i)
        EXPECT_EQ(code(page.results[i]),
                  i % 2 == 1 ? SelfTestCode::kShort : SelfTestCode::kExtended);
}

ControllerParams one_slow_unit() {
    ControllerParams p = params();
    p.media.model = media::Model::kFixed;
    p.media.fixed.read_ns = 1'000;
    p.media.fixed.units = 1;
    return p;
}

class SlowSelfTest : public SelfTestTest {
protected:
    SlowSelfTest() : SelfTestTest(one_slow_unit()) {}
};

TEST_F(SlowSelfTest, ReadsTakeTheMediasTime) {
    start(SelfTestCode::kExtended);
    const std::uint64_t end = 9 * kSegmentUs + 3 + kBytes / 4096;
    h.run_for(end * kPsPerUs - 1);
    EXPECT_EQ(going_on(), SelfTestCode::kExtended);
    h.run_for(1);
    EXPECT_EQ(last_result(), SelfTestResult::kPassed);
}

TEST_F(SlowSelfTest, AReadOfTheHostWaitsForThePieceThatIsRead) {
    HostQueue q = h.create_queues(1, 8);
    const auto read = io_command(NvmOpcode::kRead, 1, 0, 8, h.alloc(4096));
    util::TimePs alone = h.clock.now();
    EXPECT_EQ(status_of(h.execute(q, read)), StatusCode::kSuccess);
    alone = h.clock.now() - alone;
    EXPECT_EQ(alone, kPsPerUs);

    start(SelfTestCode::kExtended);
    h.run_for((7 * kSegmentUs + 3) * kPsPerUs);  // 32 us of a first piece have begun
    const util::TimePs from = h.clock.now();
    h.push(q, read);
    h.ring_tail(q);
    h.run_for(33 * kPsPerUs - 1);
    EXPECT_FALSE(h.poll(q).has_value());
    h.run_for(1);
    EXPECT_TRUE(h.poll(q).has_value());
    EXPECT_EQ(h.clock.now() - from, 33 * kPsPerUs);
}

}  // namespace
}  // namespace nvme::test
