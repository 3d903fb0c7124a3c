// SPDX-License-Identifier: Apache-2.0
#include "models/observe/driver_lint.h"

#include <cstdlib>
#include <fstream>
#include <random>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "models/observe/entry_rules.h"
#include "models/observe/lint_advice.h"
#include "tests/unit/observe/lint_fixture.h"

namespace observe {
namespace {

using nvme::spec::AdminOpcode;
using nvme::spec::NvmOpcode;
using nvme::spec::StatusCode;
using nvme::spec::SubmissionEntry;

TEST_F(Lint, SaysNothingOfADriverThatDoesAllRight) {
    bring_up();
    fetch(0, 1, entry(AdminOpcode::kAsyncEventRequest));
    fetch(0, 2, entry(AdminOpcode::kIdentify));
    lint.record(DataBuffer{now, 0, 2, 0x30'0000, 4096, true});
    complete(0, 2, static_cast<std::uint8_t>(AdminOpcode::kIdentify));
    fetch(1, 2, entry(NvmOpcode::kWrite, 1));
    lint.record(DataBuffer{now, 1, 2, 0x30'0000, 4096, false});
    lint.record(Doorbell{now, false, true, 1, 1});
    complete(1, 2, static_cast<std::uint8_t>(NvmOpcode::kWrite));
    fetch(1, 2, entry(NvmOpcode::kFlush, 1));
    complete(1, 2, static_cast<std::uint8_t>(NvmOpcode::kFlush));
    lint.record(Interrupt{now, 1, 0xfee0'0000});
    lint.record(QueueChange{now, false, false, 1, 0});
    lint.record(QueueChange{now, true, false, 1, 0});
    write(0x14, 4, 0x46'8001);
    state(0x46'8001, 0x9);
    write(0x14, 4, 0x46'0000);
    state(0, 0x9);
    state(0, 0);
    EXPECT_EQ(broken(), "");
    EXPECT_EQ(lint.findings(), 0u);
}

TEST_F(Lint, KnowsWhichResetsTakeTheAdminQueuePropertiesAway) {
    bring_up();
    state(0, 0);  // CC.EN = 0: they are kept
    write(0x14, 4, 0x46'0001);
    EXPECT_EQ(broken(), "");
    lint.record(StateChange{now, 0, 0, true});
    write(0x14, 4, 0x46'0001);
    EXPECT_EQ(broken(), "admin.size admin.base memory.queue-overlap ");
}

TEST_F(Lint, FindsPropertiesThatMustNotBeWritten) {
    write(0x00, 8, 0);
    write(0x08, 4, 1);
    EXPECT_EQ(lint.of(LintRule::kRegisterReadOnly).count, 2u);
    EXPECT_EQ(lint.of(LintRule::kRegisterReadOnly).first.value, 0x00u);
    write(0x1c, 4, 0x10);  // NSSRO
    EXPECT_EQ(lint.of(LintRule::kRegisterReadOnly).count, 2u);
    write(0x1c, 4, 0x1);
    EXPECT_EQ(lint.of(LintRule::kRegisterReadOnly).count, 3u);
    write(0x18, 4, 0);
    EXPECT_EQ(broken(), "register.read-only register.reserved ");
    lint.record(AccessRefused{now, 0x15, 4, true});
    lint.record(AccessRefused{now, 0x1002, 4, true});
    EXPECT_EQ(broken(), "register.access register.read-only register.reserved doorbell.access ");
}

TEST_F(Lint, FindsAWideWriteOverTwoPropertiesAsTwo) {
    write(0x08, 8, 0);  // VS and INTMS
    EXPECT_EQ(broken(), "register.read-only ");
}

TEST_F(Lint, FindsAdminQueuesThatCannotWork) {
    write(0x14, 4, 0x46'0001);
    EXPECT_EQ(broken(), "admin.size admin.base memory.queue-overlap ");  // both are at 0
    EXPECT_EQ(lint.of(LintRule::kAdminQueueBase).count, 2u);
}

TEST_F(Lint, FindsAdminQueuesThatOverlapOrMoveWhileTheyAreUsed) {
    write(0x24, 4, 0x1f'001f);
    write(0x28, 4, 0x10'0000);
    write(0x2c, 4, 0);
    write(0x30, 4, 0x10'0000);
    write(0x34, 4, 0);
    write(0x14, 4, 0x46'0001);
    EXPECT_EQ(broken(), "memory.queue-overlap ");
    write(0x30, 8, 0x20'0000);
    EXPECT_EQ(broken(), "admin.while-enabled memory.queue-overlap ");
}

TEST_F(Lint, FindsAnImpatientEnableAndDisable) {
    bring_up();
    write(0x14, 4, 0x46'0000);
    state(0, 1);
    write(0x14, 4, 0x46'0001);
    EXPECT_EQ(broken(), "cc.enable-too-early ");
    state(0x46'0001, 0);
    write(0x14, 4, 0x46'0000);
    EXPECT_EQ(broken(), "cc.enable-too-early cc.disable-too-early ");
}

TEST_F(Lint, FindsFieldsThatAreFrozenAndReserved) {
    bring_up();
    write(0x14, 4, 0x36'0001);  // IOCQES, while a queue exists
    EXPECT_EQ(lint.of(LintRule::kCcFrozen).count, 1u);
    write(0x14, 4, 0x36'0081);  // MPS
    EXPECT_EQ(lint.of(LintRule::kCcFrozen).count, 2u);
    write(0x14, 4, 0x36'0083);
    EXPECT_EQ(broken(), "cc.reserved cc.frozen ");
}

TEST_F(Lint, TellsWhyADoorbellWasRefused) {
    bring_up();
    for (const auto why : {DoorbellRefusal::kNotReady, DoorbellRefusal::kNoQueue,
                           DoorbellRefusal::kOutOfRange, DoorbellRefusal::kOverrun})
        lint.record(Doorbell{now, false, false, 3, 9, why});
    EXPECT_EQ(broken(),
              "doorbell.not-ready doorbell.no-queue doorbell.out-of-range doorbell.overrun ");
    EXPECT_EQ(lint.of(LintRule::kDoorbellOverrun).first.qid, 3u);
    EXPECT_EQ(lint.of(LintRule::kDoorbellOverrun).first.value, 9u);
}

TEST_F(Lint, FindsCommandsAfterAShutdownHasBegun) {
    bring_up();
    state(0x46'4001, 0x5);
    lint.record(Doorbell{now, true, true, 1, 1});  // acknowledging is good
    EXPECT_EQ(broken(), "");
    lint.record(Doorbell{now, false, true, 1, 1});
    EXPECT_EQ(broken(), "doorbell.after-shutdown ");
}

TEST_F(Lint, FindsAnIdentifierThatIsUsedTwice) {
    bring_up();
    fetch(1, 7, entry(NvmOpcode::kRead, 1));
    fetch(0, 7, entry(AdminOpcode::kIdentify));  // of another queue
    EXPECT_EQ(broken(), "");
    fetch(1, 7, entry(NvmOpcode::kRead, 1));
    EXPECT_EQ(broken(), "command.cid-reused ");
    EXPECT_EQ(lint.of(LintRule::kCidReused).first.cid, 7u);
}

// Where the completion queue has no room, a deletion takes commands without a completion.
TEST_F(Lint, TakesTheIdentifiersOfADeletedQueueForFree) {
    bring_up();
    fetch(1, 7, entry(NvmOpcode::kRead, 1));
    lint.record(DataBuffer{now, 1, 7, 0x30'0000, 4096, true});
    lint.record(QueueChange{now, false, false, 1, 0});
    lint.record(QueueChange{now, false, true, 1, 8, 0x21'0000});
    fetch(1, 7, entry(NvmOpcode::kRead, 1));
    lint.record(DataBuffer{now, 1, 7, 0x30'0000, 4096, true});
    EXPECT_EQ(broken(), "");
}

TEST_F(Lint, FindsReservedFieldsOfEveryKnownCommand) {
    const auto problem = [](bool admin, SubmissionEntry sqe) {
        const auto found = check_entry(admin, sqe);
        return found ? lint_rule(found->rule).id : std::string_view{};
    };
    SubmissionEntry sqe = entry(AdminOpcode::kAsyncEventRequest, 1);
    EXPECT_EQ(problem(true, sqe), "command.nsid-unused");
    sqe = entry(AdminOpcode::kAsyncEventRequest);
    EXPECT_EQ(problem(true, sqe), "");
    sqe.prp1 = 0x1000;
    EXPECT_EQ(problem(true, sqe), "command.reserved");
    sqe = entry(NvmOpcode::kRead, 1);
    sqe.cdw12 = 0x8000'0007;  // Limited Retry
    EXPECT_EQ(problem(false, sqe), "");
    sqe.cdw12 |= 1 << 16;
    EXPECT_EQ(problem(false, sqe), "command.reserved");
    sqe = entry(NvmOpcode::kWrite, 1);
    sqe.cdw12 = 1 << 20;  // DTYPE
    EXPECT_EQ(problem(false, sqe), "");
    sqe.cdw0 |= 1 << 10;
    EXPECT_EQ(problem(false, sqe), "command.reserved");
    // An opcode without a rule is none of its business.
    sqe = entry(static_cast<NvmOpcode>(0xff), 1);
    sqe.cdw15 = 1;
    EXPECT_EQ(problem(false, sqe), "");
}

TEST_F(Lint, FindsFailuresThatAreTheDriversOwnFault) {
    bring_up();
    for (const StatusCode innocent : {StatusCode::kUnrecoveredReadError,
                                      StatusCode::kAbortRequested, StatusCode::kReservationConflict,
                                      StatusCode::kInternalError, StatusCode::kCompareFailure})
        refuse(innocent);
    EXPECT_EQ(broken(), "");
    refuse(StatusCode::kInvalidOpcode);
    refuse(StatusCode::kInvalidField);
    refuse(StatusCode::kInvalidField, "transfer exceeds MDTS");
    refuse(StatusCode::kInvalidNamespaceOrFormat);
    lint.record(CommandRefused{now, 1, 5, 2, StatusCode::kInvalidField, "NSID", 0x77, 4});
    refuse(StatusCode::kPrpOffsetInvalid);
    refuse(StatusCode::kLbaOutOfRange);
    refuse(StatusCode::kCommandSequenceError);
    refuse(StatusCode::kInvalidQueueSize);
    refuse(StatusCode::kAsyncEventRequestLimitExceeded);
    EXPECT_EQ(broken(),
              "command.nsid-invalid command.opcode command.prp-offset command.field command.mdts "
              "command.lba command.sequence queue.command command.limit ");
    EXPECT_EQ(lint.of(LintRule::kTransferTooLarge).first.value, 0x77u);
    EXPECT_EQ(lint.of(LintRule::kNsidInvalid).count, 2u) << "invalid and inactive";
}

// The submission queue is seen empty only after the driver could know.
TEST_F(Lint, ExcusesCommandsForANamespaceWhoseChangeTheDriverCouldNotKnow) {
    bring_up();
    const auto refused = [this](std::uint16_t cid) {
        fetch(1, cid, entry(NvmOpcode::kRead, 1));
        lint.record(CommandRefused{now, 1, cid, 2, StatusCode::kInvalidField, "NSID", 1, 4});
        complete(1, cid, 2, StatusCode::kInvalidField);
    };
    lint.record(NamespaceChange{now, 1, 0});
    now += kMs;
    refused(1);
    auto list = entry(AdminOpcode::kGetLogPage, 0xffff'ffff);
    list.cdw10 = 0x3ff'0004;
    fetch(0, 9, list);
    now += kMs;
    complete(0, 9, 0x02);
    refused(2);  // it stood in the queue already
    EXPECT_EQ(lint.findings(), 0u);
    now += kMs;
    lint.record(QueueLevels{now, 1, 1, 3, 3, 0, 0, 0, 0});
    refused(3);
    EXPECT_EQ(broken(), "command.nsid-invalid ");
}

TEST_F(Lint, CountsHintsApart) {
    bring_up();
    lint.record(CommandRefused{now, 0, 5, 0x02, StatusCode::kInvalidLogPage, "LID", 0xc0, 40});
    EXPECT_EQ(lint.findings(), 0u);
    EXPECT_EQ(lint.hints(), 1u);
    EXPECT_EQ(broken(), "probe.not-offered ");
}

TEST_F(Lint, FindsMemoryThatIsUsedTwice) {
    bring_up();
    fetch(1, 1, entry(NvmOpcode::kRead, 1));
    lint.record(DataBuffer{now, 1, 1, 0x21'0000 + 7 * 64, 64, true});  // the last entry of a queue
    EXPECT_EQ(broken(), "memory.buffer-in-queue ");
    lint.record(DataBuffer{now, 1, 1, 0x21'0000 + 8 * 64, 64, true});  // right behind it
    EXPECT_EQ(lint.of(LintRule::kBufferInQueue).count, 1u);
    fetch(1, 2, entry(NvmOpcode::kWrite, 1));
    lint.record(DataBuffer{now, 1, 2, 0x40'0000, 4096, false});
    fetch(1, 3, entry(NvmOpcode::kWrite, 1));
    lint.record(DataBuffer{now, 1, 3, 0x40'0000, 4096, false});  // the same data, written twice
    EXPECT_EQ(lint.of(LintRule::kBufferOverlap).count, 0u);
    fetch(1, 4, entry(NvmOpcode::kRead, 1));
    lint.record(DataBuffer{now, 1, 4, 0x40'0fff, 4096, true});
    EXPECT_EQ(broken(), "memory.buffer-in-queue memory.buffer-overlap ");
    complete(1, 4, 2);
    fetch(1, 4, entry(NvmOpcode::kRead, 1));
    lint.record(DataBuffer{now, 1, 4, 0x40'1000, 4096, true});
    EXPECT_EQ(lint.of(LintRule::kBufferOverlap).count, 1u);
    lint.record(QueueChange{now, true, true, 2, 16, 0x21'0000});
    EXPECT_EQ(lint.of(LintRule::kQueueOverlap).count, 1u);
}

TEST_F(Lint, FindsACompletionQueueThatNobodyEmpties) {
    bring_up();
    lint.record(QueueLevels{now, 1, 1, 0, 0, 0, 7, 3, 1});
    now += 99 * kMs;
    lint.record(QueueLevels{now, 1, 1, 0, 0, 0, 7, 3, 2});
    EXPECT_EQ(broken(), "");
    now += kMs;
    lint.record(QueueLevels{now, 1, 1, 0, 0, 0, 7, 3, 3});
    EXPECT_EQ(broken(), "queue.completion-full ");
    lint.record(QueueLevels{now, 1, 1, 0, 0, 1, 7, 3, 0});
    now += 500 * kMs;
    lint.record(QueueLevels{now, 1, 1, 0, 0, 1, 0, 3, 1});
    EXPECT_EQ(lint.of(LintRule::kCompletionQueueFull).count, 1u);
}

TEST_F(Lint, DoesNotMindAQueueThatIsFullWhileNothingWaits) {
    bring_up();
    lint.record(QueueLevels{now, 1, 1, 0, 0, 0, 7, 0, 0});
    now += 500 * kMs;
    lint.record(QueueLevels{now, 1, 1, 0, 0, 0, 7, 3, 0});  // more commands, none is done
    lint.record(QueueLevels{now, 1, 1, 0, 0, 0, 7, 3, 1});
    now += 99 * kMs;
    lint.record(QueueLevels{now, 1, 1, 0, 0, 0, 7, 3, 1});
    EXPECT_EQ(broken(), "");
}

TEST_F(Lint, FindsThatNobodyWaitsForTheNextEvent) {
    bring_up();
    fetch(0, 1, entry(AdminOpcode::kAsyncEventRequest));
    lint.record(AsyncEvent{now, 0x40002});
    complete(0, 1, 0x0c);
    take(0, 1);
    now += 900 * kMs;
    lint.record(Doorbell{now, false, true, 1, 1});
    EXPECT_EQ(broken(), "");
    now += 100 * kMs;
    lint.record(Doorbell{now, false, true, 1, 2});
    EXPECT_EQ(broken(), "event.no-request ");
    now += 5000 * kMs;
    lint.record(Doorbell{now, false, true, 1, 3});
    EXPECT_EQ(lint.of(LintRule::kNoEventRequest).count, 1u);
}

// The entry may wait for room in the queue, or for Bus Master Enable: the driver cannot know of it.
TEST_F(Lint, CountsTheTimeWithoutEventRequestFromWhenTheEventIsPosted) {
    bring_up();
    fetch(0, 1, entry(AdminOpcode::kAsyncEventRequest));
    lint.record(AsyncEvent{now, 0x40002});
    now += 5000 * kMs;
    lint.record(Doorbell{now, false, true, 1, 1});
    complete(0, 1, 0x0c);
    take(0, 1);
    now += 999 * kMs;
    lint.record(Doorbell{now, false, true, 1, 2});
    EXPECT_EQ(broken(), "");
    now += kMs;
    lint.record(Doorbell{now, false, true, 1, 3});
    EXPECT_EQ(broken(), "event.no-request ");
}

TEST_F(Lint, IsContentWithAnotherRequestInTime) {
    bring_up();
    fetch(0, 1, entry(AdminOpcode::kAsyncEventRequest));
    lint.record(AsyncEvent{now, 0x40002});
    complete(0, 1, 0x0c);
    take(0, 1);
    fetch(0, 1, entry(AdminOpcode::kAsyncEventRequest));
    now += 5000 * kMs;
    lint.record(Doorbell{now, false, true, 1, 1});
    EXPECT_EQ(broken(), "");
}

TEST_F(Lint, FindsAVectorWithoutAnAddressOnce) {
    bring_up();
    lint.record(Interrupt{now, 3, 0});
    lint.record(Interrupt{now, 3, 0});
    EXPECT_EQ(lint.of(LintRule::kVectorWithoutEntry).count, 1u);
    EXPECT_EQ(lint.of(LintRule::kVectorWithoutEntry).first.value, 3u);
}

TEST_F(Lint, FindsAShutdownInTheMiddleOfThings) {
    bring_up();
    fetch(0, 1, entry(AdminOpcode::kAsyncEventRequest));  // stays outstanding: no fault
    fetch(1, 2, entry(NvmOpcode::kRead, 1));
    write(0x14, 4, 0x46'4001);
    EXPECT_EQ(broken(), "shutdown.queues shutdown.commands ");
    EXPECT_EQ(lint.of(LintRule::kShutdownWithCommands).first.value, 1u);
    EXPECT_EQ(lint.of(LintRule::kShutdownWithQueues).first.value, 2u);
}

TEST_F(Lint, FindsWritesThatAnAbruptShutdownMayLose) {
    bring_up();
    const auto write_opcode = static_cast<std::uint8_t>(NvmOpcode::kWrite);
    SubmissionEntry durable = entry(NvmOpcode::kWrite, 1);
    durable.cdw12 = 1 << 30;  // Force Unit Access
    fetch(1, 1, durable);
    complete(1, 1, write_opcode);
    fetch(1, 1, entry(NvmOpcode::kWrite, 2));
    complete(1, 1, write_opcode, StatusCode::kWriteFault);
    lint.record(QueueChange{now, false, false, 1, 0});
    lint.record(QueueChange{now, true, false, 1, 0});
    write(0x14, 4, 0x46'8001);
    EXPECT_EQ(broken(), "");
    state(0x46'8001, 9);
    state(0, 0);
    bring_up();
    fetch(1, 1, entry(NvmOpcode::kWrite, 2));
    complete(1, 1, write_opcode);
    lint.record(QueueChange{now, false, false, 1, 0});
    lint.record(QueueChange{now, true, false, 1, 0});
    write(0x14, 4, 0x46'8001);
    EXPECT_EQ(broken(), "shutdown.cache ");
}

TEST_F(Lint, PassesEachFindingOn) {
    struct Notes : TraceSink {
        void record(const LintFinding& e) override { found.push_back(e); }
        std::vector<LintFinding> found;
    } notes;
    DriverLint told({}, &notes);
    told.record(Doorbell{12, false, false, 3, 9, DoorbellRefusal::kNoQueue});
    ASSERT_EQ(notes.found.size(), 1u);
    EXPECT_EQ(notes.found[0].ps, 12u);
    EXPECT_EQ(notes.found[0].rule, LintRule::kDoorbellNoQueue);
}

TEST(LintRules, HaveDistinctNamesAndSayWhereTheyAreWritten) {
    std::set<std::string_view> ids;
    for (std::size_t i = 0; i < kLintRules; ++i) {
        const LintRuleInfo& rule = lint_rule(static_cast<LintRule>(i));
        EXPECT_TRUE(ids.insert(rule.id).second) << rule.id;
        for (const std::string_view text :
             {rule.id, rule.says, rule.document, rule.section, rule.value})
            EXPECT_FALSE(text.empty()) << rule.id;
    }
}

TEST(LintRules, StandInTheDocumentation) {
    std::ostringstream text;
    text << std::ifstream(NVME_TLM_SOURCE_DIR "/docs/lint.md").rdbuf();
    for (std::size_t i = 0; i < kLintRules; ++i) {
        const LintRuleInfo& rule = lint_rule(static_cast<LintRule>(i));
        std::string row = "| `";
        row.append(rule.id).append("` | ").append(rule.says).append(" | ").append(rule.document);
        row.append(" ").append(rule.section).append(" | ").append(rule.value).append(" |\n");
        EXPECT_NE(text.str().find(row), std::string::npos) << row;
    }
}

// NVME_TLM_UPDATE_GOLDEN=1 writes it anew.
TEST(LintRules, AreExplainedInTheDocumentation) {
    const std::string path = NVME_TLM_SOURCE_DIR "/docs/lint-rules.md";
    if (std::getenv("NVME_TLM_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << lint_handbook();
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    EXPECT_EQ(text.str(), lint_handbook());
    for (std::size_t i = 0; i < kLintRules; ++i) {
        const LintAdvice& advice = lint_advice(static_cast<LintRule>(i));
        for (const std::string_view part : {advice.matters, advice.wrong, advice.right})
            EXPECT_FALSE(part.empty()) << i;
        EXPECT_NE(advice.wrong, advice.right);
    }
}

TEST_F(Lint, NoSequenceOfEventsDoesHarm) {
    std::mt19937_64 random(17);
    const auto number = [&](std::uint64_t below) { return random() % below; };
    for (int i = 0; i < 50'000; ++i) {
        now += number(kMs);
        const auto qid = static_cast<std::uint16_t>(number(4));
        const auto cid = static_cast<std::uint16_t>(number(8));
        switch (number(13)) {
            case 10:
                lint.record(InterruptHeld{now, qid, InterruptHold::kVector});
                break;
            case 11:
                lint.record(ControllerError{now, qid, kNoId, number(2) != 0,
                                            StatusCode::kDataTransferError, "out of reach", cid});
                break;
            case 9:
                lint.record(StaleEntries{now, qid, cid});
                break;
            case 12:
                lint.record(Reset{now, static_cast<ResetKind>(number(5))});
                break;
            case 0:
                write(static_cast<std::uint32_t>(number(0x80) * 4), number(2) != 0 ? 8 : 4,
                      random());
                break;
            case 1:
                state(static_cast<std::uint32_t>(random()), static_cast<std::uint32_t>(random()));
                break;
            case 2: {
                SubmissionEntry sqe = entry(static_cast<NvmOpcode>(number(0x20)), 1);
                sqe.cdw12 = static_cast<std::uint32_t>(random());
                fetch(qid, cid, sqe);
                break;
            }
            case 3:
                complete(qid, cid, static_cast<std::uint8_t>(number(0x20)));
                break;
            case 4:
                lint.record(DataBuffer{now, qid, cid, random(),
                                       static_cast<std::uint32_t>(random()), number(2) != 0});
                break;
            case 5:
                lint.record(QueueChange{now, number(2) != 0, number(2) != 0, qid,
                                        static_cast<std::uint32_t>(number(65536) + 2), random()});
                break;
            case 6:
                lint.record(QueueLevels{now, qid, qid, 0, 0, cid, qid, 1});
                break;
            case 8:
                lint.record(NamespaceChange{now, static_cast<std::uint32_t>(number(3)), 0});
                break;
            case 7:
                lint.record(AsyncEvent{now, 1});
                break;
            default:
                lint.record(Doorbell{now, number(2) != 0, true, qid, cid});
        }
    }
    EXPECT_NE(lint.findings(), 0u);
}

}  // namespace
}  // namespace observe
