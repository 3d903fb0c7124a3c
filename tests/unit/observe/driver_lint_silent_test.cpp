// SPDX-License-Identifier: Apache-2.0
// What used to be silent: nothing happens, and nothing said why.
#include "tests/unit/observe/lint_fixture.h"

namespace observe {
namespace {

using nvme::spec::AdminOpcode;
using nvme::spec::NvmOpcode;
using nvme::spec::StatusCode;

TEST_F(Lint, FindsADoorbellThatTheControllerCannotFollow) {
    bring_up();
    lint.record(Doorbell{now, true, true, 1, 1, DoorbellRefusal::kNone, 1});
    EXPECT_EQ(broken(), "") << "a head asks nothing";
    lint.record(Doorbell{now, false, true, 1, 1, DoorbellRefusal::kNone, 1});
    EXPECT_EQ(broken(), "pci.bus-master ");
    EXPECT_EQ(lint.of(LintRule::kBusMasterDisabled).first.qid, 1u);
}

TEST_F(Lint, FindsWhyTheControllerCannotGoOn) {
    lint.record(ControllerError{now, kNoId, kNoId, true, StatusCode::kInvalidField,
                                "CC.MPS is out of range", 9});
    EXPECT_EQ(broken(), "controller.fatal ");
    EXPECT_EQ(lint.of(LintRule::kFatal).first.why, "CC.MPS is out of range");
    EXPECT_EQ(lint.of(LintRule::kFatal).first.value, 9u);
}

TEST_F(Lint, FindsQueuesOutOfReachAndAHostThatIsNotAlive) {
    bring_up();
    lint.record(
        ControllerError{now, 1, kNoId, false, StatusCode::kDataTransferError, "out of reach", 5});
    EXPECT_EQ(broken(), "queue.unreachable ");
    lint.record(
        ControllerError{now, kNoId, kNoId, true, StatusCode::kKeepAliveTimerExpired, "late", 0});
    EXPECT_EQ(broken(), "keep-alive.expired queue.unreachable ");
}

TEST_F(Lint, BlamesNoDriverForWhatAFaultPlanDoes) {
    bring_up();
    lint.record(FaultInjected{now, "rule", "fail"});
    refuse(StatusCode::kDataTransferError, "data buffer is unreachable");
    lint.record(
        ControllerError{now, 1, kNoId, false, StatusCode::kDataTransferError, "out of reach", 5});
    lint.record(
        ControllerError{now, kNoId, kNoId, true, StatusCode::kInternalError, "the plan", 0});
    EXPECT_EQ(broken(), "");
    ++now;
    refuse(StatusCode::kDataTransferError, "data buffer is unreachable");
    EXPECT_EQ(broken(), "command.memory ");
}

TEST_F(Lint, GivesTheControllersReasonAndTheFirstFewTimes) {
    bring_up();
    for (unsigned i = 0; i < 9; ++i) refuse(StatusCode::kInvalidQueueSize, "CC.IOCQES is not 4");
    const DriverLint::Count& count = lint.of(LintRule::kQueueCommand);
    EXPECT_EQ(count.count, 9u);
    EXPECT_EQ(count.first.why, "CC.IOCQES is not 4");
    ASSERT_EQ(count.next.size(), DriverLint::Count::kMostNext);
    EXPECT_EQ(count.next.back().why, "CC.IOCQES is not 4");
}

TEST_F(Lint, FindsAPointerThatWasLeftOut) {
    bring_up();
    fetch(1, 1, entry(NvmOpcode::kRead, 1));
    lint.record(DataBuffer{now, 1, 1, 0x5000, 4096, true});
    EXPECT_EQ(broken(), "");
    lint.record(DataBuffer{now, 1, 1, 0, 4096, true});
    EXPECT_EQ(broken(), "command.prp-zero ");
    EXPECT_EQ(lint.findings(), 0u) << "some have memory there";
}

TEST_F(Lint, FindsATailThatWasWrittenBeforeItsEntry) {
    bring_up();
    fetch(1, 0, entry(NvmOpcode::kFlush));
    lint.record(CommandRefused{now, 1, 0, 0, StatusCode::kInvalidNamespaceOrFormat, "NSID", 0});
    EXPECT_EQ(broken(), "doorbell.before-entry ") << "and nothing of what follows from it";
    complete(1, 0, 0, StatusCode::kInvalidNamespaceOrFormat);
    fetch(1, 0, entry(NvmOpcode::kFlush, 1));
    EXPECT_EQ(lint.findings(), 1u);
}

TEST_F(Lint, FindsAnIdentifyOfTheControllerWithANamespace) {
    bring_up();
    auto identify = entry(AdminOpcode::kIdentify, 1);
    identify.cdw10 = 0;
    fetch(0, 1, identify);
    EXPECT_EQ(broken(), "");
    identify.cdw10 = 1;
    fetch(0, 2, identify);
    EXPECT_EQ(broken(), "command.nsid-unused ");
}

TEST_F(Lint, FindsEntriesThatLookNewFromTheBeginning) {
    lint.record(StaleEntries{now, 2, 3});
    EXPECT_EQ(broken(), "queue.not-cleared ");
    EXPECT_EQ(lint.of(LintRule::kQueueNotCleared).first.value, 3u);
}

TEST_F(Lint, HintsAtQueuesThatNobodyAskedFor) {
    bring_up();
    fetch(0, 1, entry(AdminOpcode::kCreateIoCq));
    fetch(0, 2, entry(AdminOpcode::kCreateIoSq));
    EXPECT_EQ(lint.of(LintRule::kQueuesNotNegotiated).count, 1u);
    EXPECT_EQ(lint.findings(), 0u);
    bring_up();
    auto ask = entry(AdminOpcode::kSetFeatures);
    ask.cdw10 = 7;
    fetch(0, 3, ask);
    complete(0, 3, 0x09);
    fetch(0, 4, entry(AdminOpcode::kCreateIoCq));
    EXPECT_EQ(lint.of(LintRule::kQueuesNotNegotiated).count, 1u);
}

TEST_F(Lint, HintsAtDoorbellsThatChangeNothing) {
    bring_up();
    lint.record(Doorbell{now, false, true, 1, 1});
    take(1, 1);
    EXPECT_EQ(broken(), "");
    take(1, 1);
    EXPECT_EQ(broken(), "doorbell.unchanged ");
    EXPECT_EQ(lint.findings(), 0u);
    lint.record(QueueChange{now, true, false, 1, 0});
    lint.record(QueueChange{now, true, true, 1, 8, 0x20'0000});
    take(1, 1);
    EXPECT_EQ(lint.hints(), 1u) << "another queue";
}

TEST_F(Lint, FindsAHeadThatIsNeverWritten) {
    bring_up();  // 8 entries
    for (std::uint16_t i = 1; i < 4; ++i) {
        fetch(1, i, entry(NvmOpcode::kFlush, 1));
        complete(1, i, 0);
    }
    now += 200 * kMs;
    lint.record(Doorbell{now, false, true, 1, 2});
    EXPECT_EQ(broken(), "") << "there is room";
    fetch(1, 4, entry(NvmOpcode::kFlush, 1));
    complete(1, 4, 0);
    lint.record(Doorbell{now, false, true, 1, 3});
    lint.record(Doorbell{now, false, true, 1, 4});
    EXPECT_EQ(broken(), "queue.head-never-written ");
    EXPECT_EQ(lint.findings(), 1u);
}

TEST_F(Lint, DoesNotMissAHeadThatIsInShadowMemory) {
    bring_up();
    lint.record(InterruptHeld{now, 0, InterruptHold::kVector});
    fetch(0, 1, entry(AdminOpcode::kDoorbellBufferConfig));
    complete(0, 1, 0x7c);
    for (std::uint16_t i = 1; i < 5; ++i) {
        fetch(1, i, entry(NvmOpcode::kFlush, 1));
        complete(1, i, 0);
    }
    now += 200 * kMs;
    lint.record(Doorbell{now, false, true, 1, 5});
    lint.record(Doorbell{now, false, true, 1, 5});  // an announcement, of any value
    EXPECT_EQ(broken(), "");
}

TEST_F(Lint, FindsAnAdminQueueThatNobodyEmpties) {
    bring_up();  // 32 entries
    for (std::uint16_t i = 1; i < 32; ++i) {
        fetch(0, i, entry(AdminOpcode::kGetFeatures));
        complete(0, i, 0x0a);
    }
    lint.record(Doorbell{now, false, true, 0, 5});
    now += 99 * kMs;
    write(0x0c, 4, 0);
    EXPECT_EQ(broken(), "");
    now += kMs;
    write(0x0c, 4, 0);
    EXPECT_EQ(broken(), "queue.completion-full ");
    EXPECT_EQ(lint.of(LintRule::kCompletionQueueFull).first.qid, 0u);
}

TEST_F(Lint, FindsAnInterruptThatCannotBeSentWhileNobodyLooks) {
    bring_up();
    lint.record(QueueChange{now, true, true, 2, 8, 0x22'0000, 3});
    lint.record(QueueChange{now, false, true, 2, 8, 0x23'0000});
    fetch(2, 1, entry(NvmOpcode::kFlush, 1));
    complete(2, 1, 0);
    lint.record(InterruptHeld{now, 3, InterruptHold::kVector});
    now += 100 * kMs;
    write(0x0c, 4, 0);
    EXPECT_EQ(broken(), "interrupt.held ");
    EXPECT_EQ(lint.of(LintRule::kInterruptHeld).first.qid, 2u);
    EXPECT_EQ(lint.of(LintRule::kInterruptHeld).first.why, "vector_masked");
    lint.record(Interrupt{now, 3, 0xfee0'0000});
    fetch(2, 3, entry(NvmOpcode::kFlush, 1));
    complete(2, 3, 0);
    now += 500 * kMs;
    write(0x0c, 4, 0);
    EXPECT_EQ(lint.findings(), 1u) << "it is sent by now";
}

// SPDK looks at its admin queue now and then, and at some times not for seconds.
TEST_F(Lint, KnowsAHostThatPollsByWhatItHasTaken) {
    bring_up();
    lint.record(InterruptHeld{now, 0, InterruptHold::kMsixDisabled});
    fetch(0, 1, entry(AdminOpcode::kGetFeatures));
    complete(0, 1, 0x0a);
    now += 50 * kMs;
    take(0, 1);
    fetch(0, 2, entry(AdminOpcode::kGetFeatures));
    complete(0, 2, 0x0a);
    now += 500 * kMs;
    write(0x0c, 4, 0);
    EXPECT_EQ(broken(), "");
}

// The controller tells once that an interrupt cannot be sent, and a queue may come later.
TEST_F(Lint, RemembersOverQueuesAndResetsThatAnInterruptCannotBeSent) {
    bring_up();
    lint.record(InterruptHeld{now, 1, InterruptHold::kMsixDisabled});
    state(0, 0);
    bring_up();
    lint.record(QueueChange{now, true, true, 2, 8, 0x22'0000, 1});
    lint.record(QueueChange{now, false, true, 2, 8, 0x23'0000});
    fetch(2, 1, entry(NvmOpcode::kFlush, 1));
    complete(2, 1, 0);
    now += 100 * kMs;
    write(0x0c, 4, 0);
    EXPECT_EQ(broken(), "interrupt.held ");
    EXPECT_EQ(lint.of(LintRule::kInterruptHeld).first.qid, 2u);
}

TEST_F(Lint, DoesNotMissWhatNobodyWaitsForAfterAShutdown) {
    bring_up();
    lint.record(InterruptHeld{now, 0, InterruptHold::kMsixDisabled});
    fetch(0, 1, entry(AdminOpcode::kAsyncEventRequest));
    complete(0, 1, 0x0c);
    now += 500 * kMs;
    write(0x0c, 4, 0);
    EXPECT_EQ(broken(), "") << "an event has a rule of its own";
    state(0x46'4001, 0x9);
    now += 3600 * 1000 * kMs;
    write(0x0c, 4, 0);
    EXPECT_EQ(broken(), "");
}

TEST_F(Lint, LetsADoorbellBeLateThatAFaultPlanDelays) {
    bring_up();
    lint.record(QueueLevels{now, 1, 1, 0, 0, 0, 7, 3, 1});
    lint.record(FaultInjected{now, "late", "delay_doorbell"});
    lint.record(Doorbell{now + 500 * kMs, true, true, 1, 1});
    EXPECT_EQ(broken(), "");
}

TEST_F(Lint, FindsWhatLastsTooLongEvenIfNothingElseHappens) {
    DriverLint idle;
    idle.record(QueueChange{now, true, true, 1, 8, 0x20'0000});
    idle.record(QueueLevels{now, 1, 1, 0, 0, 0, 7, 3, 1});
    idle.look(now + 99 * kMs);
    EXPECT_EQ(idle.findings(), 0u);
    idle.look(now + 100 * kMs);
    EXPECT_EQ(idle.of(LintRule::kCompletionQueueFull).count, 1u);
    idle.look(now + 100 * kMs);
    EXPECT_EQ(idle.findings(), 1u);
}

TEST_F(Lint, HintsAtResetsThatLoseSomething) {
    bring_up();
    fetch(0, 1, entry(AdminOpcode::kAsyncEventRequest));
    lint.record(Reset{now, ResetKind::kController});
    EXPECT_EQ(broken(), "");
    fetch(1, 1, entry(NvmOpcode::kWrite, 1));
    lint.record(Reset{now, ResetKind::kController});
    EXPECT_EQ(broken(), "reset.commands ");
    complete(1, 1, 1);
    lint.record(Reset{now, ResetKind::kFunction});
    EXPECT_EQ(broken(), "reset.commands ") << "the cache stays";
    lint.record(Reset{now, ResetKind::kConventional});
    lint.record(Reset{now, ResetKind::kPowerOff});
    EXPECT_EQ(lint.of(LintRule::kResetWithCache).count, 1u);
    EXPECT_EQ(lint.findings(), 0u);
}

}  // namespace
}  // namespace observe
