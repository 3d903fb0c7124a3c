// SPDX-License-Identifier: Apache-2.0
// Faults of commands, seen closely: what goes on beside them, how they end, and when.
#include "tests/sim/faults/fault_fixture.h"

namespace nvme::test {
namespace {

using Opcode = spec::NvmOpcode;

class CommandFault : public FaultTest {
protected:
    Completion abort(const Ticket& ticket) {
        return driver.admin(commands::abort(ticket.qid, ticket.cid));
    }
};

TEST_F(CommandFault, AHeldCommandDoesNotHoldUpTheOthersOfItsQueue) {
    add(once(Action::kHold, Opcode::kRead, 1));
    run([this] {
        bring_up();
        const DmaBuffer buffer = driver.allocate(512);
        const Ticket held = driver.submit(1, commands::read(1, 0, 1), {buffer.gpa, 512});
        for (unsigned i = 0; i < 100; ++i) EXPECT_TRUE(driver.verify(1, i, 1).ok()) << i;
        EXPECT_FALSE(driver.done(held));
        EXPECT_TRUE(plan.release("rule_0"));
        EXPECT_TRUE(driver.wait(held, {1, sc_core::SC_MS}).ok());
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(CommandFault, ADelayIsExact) {
    Rule r = once(Action::kDelay, Opcode::kFlush, 2);
    r.delay_ns = 123'456;
    add(r);
    run([this] {
        bring_up();
        for (unsigned i = 0; i < 2; ++i) EXPECT_TRUE(driver.flush(1).ok());
    });
    const auto& done = trace.completed;
    const auto time = [](const observe::CommandCompleted& c) { return c.ps - c.fetched_ps; };
    const util::TimePs delayed = time(done.back()), plain = time(done[done.size() - 2]);
    // The decoder's time is part of the delay.
    EXPECT_GE(delayed, 123'456'000u);
    EXPECT_LE(delayed, 123'456'000u + plain);
}

// A command that is fetched without a plan used to keep what a plan had decided for the one before
// it in its slot.
TEST_F(CommandFault, APlanHasNoSayInWhatWasFetchedWithoutOne) {
    Rule rewrite = once(Action::kRewriteCompletion, Opcode::kRead, 1);
    rewrite.set = {0};  // what stands there anyway
    add(rewrite);
    faults::Injector other({once(Action::kDropCompletion, Opcode::kRead, 1'000'000)});
    run([&] {
        bring_up();
        const DmaBuffer buffer = driver.allocate(512);
        EXPECT_TRUE(driver.read(1, 0, 1, buffer).ok());
        controller.set_faults(nullptr);
        const Ticket read = driver.submit(1, commands::read(1, 0, 1), {buffer.gpa, 512});
        sc_core::wait(10, sc_core::SC_US);
        EXPECT_FALSE(driver.done(read));
        controller.set_faults(&other);
        EXPECT_TRUE(driver.wait(read, {1, sc_core::SC_MS}).ok());
        controller.set_faults(nullptr);
    });
}

TEST_F(CommandFault, AbortEndsHeldCommandsOfBothKindsOfQueueAndFindsNoLostOnes) {
    Rule hold = rule(Action::kHold);
    hold.opcode = static_cast<std::uint8_t>(Opcode::kVerify);
    Rule lose = rule(Action::kDrop);
    lose.opcode = static_cast<std::uint8_t>(Opcode::kWriteZeroes);
    lose.queues = faults::Queues::kIo;
    Rule hold_admin = once_admin(Action::kHold, spec::AdminOpcode::kGetLogPage);
    Rule hold_end = once(Action::kHoldCompletion, Opcode::kFlush, 1);
    for (const Rule& r : {hold, lose, hold_admin, hold_end}) add(r);
    run([this] {
        bring_up();
        const Ticket held = driver.submit(1, commands::verify(1, 0, 1));
        const Ticket lost = driver.submit(1, commands::write_zeroes(1, 0, 1));
        const Ticket ended = driver.submit(1, commands::flush(1));
        const DmaBuffer buffer = driver.allocate(512);
        spec::SubmissionEntry log = commands::make(spec::AdminOpcode::kGetLogPage);
        log.nsid = spec::kNsidBroadcast;
        log.cdw10 = 0x02 | 127u << 16;
        const Ticket admin = driver.submit(0, log, {buffer.gpa, 512});
        sc_core::wait(1, sc_core::SC_MS);
        for (const Ticket& ticket : {held, ended, admin}) {
            EXPECT_FALSE(driver.done(ticket));
            EXPECT_EQ(abort(ticket).dw0, 0u);
            EXPECT_EQ(status(driver.wait(ticket, {1, sc_core::SC_MS})),
                      StatusCode::kAbortRequested);
        }
        EXPECT_EQ(abort(lost).dw0, 1u);
        EXPECT_FALSE(driver.done(lost));
        for (const char* name : {"rule_0", "rule_2", "rule_3"}) plan.release(name);
        EXPECT_TRUE(driver.flush(1).ok());
        EXPECT_TRUE(driver.delete_queue_pair(1).ok());
        EXPECT_EQ(driver.wait(lost).error, DriverError::kAborted);
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(CommandFault, AbortEndsAnEventRequestThatIsHeldOrWhoseCompletionIs) {
    add(once_admin(Action::kHold, spec::AdminOpcode::kAsyncEventRequest, 1));
    add(once_admin(Action::kHoldCompletion, spec::AdminOpcode::kAsyncEventRequest, 2));
    run([this] {
        bring_up();
        const auto request = commands::make(spec::AdminOpcode::kAsyncEventRequest);
        const Ticket first = driver.submit(0, request), second = driver.submit(0, request);
        sc_core::wait(1, sc_core::SC_MS);
        host.cpu.write32(driver.pci().bar(0) + driver.sq_doorbell(9), 1);  // an error event
        sc_core::wait(1, sc_core::SC_MS);
        EXPECT_FALSE(driver.done(second)) << "its completion is held";
        for (const Ticket& ticket : {first, second}) {
            EXPECT_EQ(abort(ticket).dw0, 0u);
            EXPECT_EQ(status(driver.wait(ticket)), StatusCode::kAbortRequested);
        }
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(CommandFault, DeletingTheQueueEndsWhatIsHeldAndLeavesNoSlotTaken) {
    Rule hold = rule(Action::kHold);
    hold.opcode = static_cast<std::uint8_t>(Opcode::kVerify);
    hold.count = 60;
    add(hold);
    run([this] {
        bring_up();
        for (unsigned round = 0; round < 2; ++round) {
            Tally tally;
            for (unsigned i = 0; i < 60 && round == 0; ++i)
                driver.submit(1, commands::verify(1, i, 1), {}, tally.callback());
            sc_core::wait(1, sc_core::SC_MS);
            EXPECT_TRUE(driver.delete_queue_pair(1).ok());
            EXPECT_EQ(tally.aborted_by_deletion, round == 0 ? 60u : 0u);
            EXPECT_TRUE(driver.create_queue_pair({1, 64}).ok());
            EXPECT_EQ(pump(1, 200, commands::verify(1, 0, 1)).failed, 0u);
        }
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(CommandFault, AdminCommandsBehindAPostponedOneAreExecutedMeanwhile) {
    Rule r = once_admin(Action::kDelay, spec::AdminOpcode::kGetFeatures, 1);
    r.delay_ns = 5'000'000;
    add(r);
    run([this] {
        bring_up();
        spec::SubmissionEntry get = commands::get_features(spec::FeatureId::kArbitration);
        const Ticket slow = driver.submit(0, get);
        const util::TimePs before = trace.completed.back().ps;
        for (unsigned i = 0; i < 100; ++i)
            EXPECT_TRUE(driver.get_features(spec::FeatureId::kArbitration).ok());
        EXPECT_FALSE(driver.done(slow));
        EXPECT_TRUE(driver.wait(slow).ok());
        EXPECT_GE(trace.completed.back().ps, before + 5'000'000'000u);
    });
}

// A host that goes on sending while everything is held is held back; the plan takes no more than a
// queue's worth of memory.
TEST_F(CommandFault, TheAdminQueueTakesNoMoreThanItsSizeOfHeldCommands) {
    Rule r = rule(Action::kHold);
    r.queues = faults::Queues::kAdmin;
    r.opcode = static_cast<std::uint8_t>(spec::AdminOpcode::kGetFeatures);
    add(r);
    run([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const std::uint64_t fetched = trace.fetched.size();
        const std::uint64_t doorbell = driver.pci().bar(0) + driver.sq_doorbell(0);
        const platform::SubmissionQueue& queue = *driver.find_sq(0);
        std::byte* const memory = host.memory.data(queue.memory.gpa, queue.memory.size);
        const std::uint32_t tail = queue.tail;
        spec::SubmissionEntry get = commands::get_features(spec::FeatureId::kArbitration);
        for (std::uint32_t i = 0; i < 10 * queue.depth; ++i) {
            std::memcpy(memory + (tail + i) % queue.depth * sizeof get, &get, sizeof get);
            host.cpu.write32(doorbell, (tail + i + 1) % queue.depth);
            sc_core::wait(100, sc_core::SC_US);
        }
        EXPECT_LE(trace.fetched.size() - fetched, queue.depth);
        EXPECT_GT(trace.fetched.size() - fetched, queue.depth / 2);
        EXPECT_EQ(recovery.start(), true) << "a reset takes them";
    });
}

TEST_F(CommandFault, ExpectationsOfTheSeedsKindAreCheckedOverAWholeBringUp) {
    Rule no_shutdown = rule(Action::kExpect);
    no_shutdown.name = "no_queue_is_deleted";
    no_shutdown.queues = faults::Queues::kAdmin;
    no_shutdown.opcode = static_cast<std::uint8_t>(spec::AdminOpcode::kDeleteIoSq);
    no_shutdown.at_least = 0;
    no_shutdown.at_most = 0;
    Rule identify = rule(Action::kExpect);
    identify.name = "identify_controller";
    identify.queues = faults::Queues::kAdmin;
    identify.match_offset = 40;  // Dword 10: CNS
    identify.match = {0x01};
    identify.opcode = 0x06;
    identify.at_most = 1;
    add(no_shutdown);
    add(identify);
    run([this] {
        bring_up();
        EXPECT_TRUE(plan.result("no_queue_is_deleted").met());
        EXPECT_TRUE(plan.result("identify_controller").met());
        EXPECT_EQ(driver.shutdown(), DriverError::kNone);
    });
    EXPECT_FALSE(plan.result("no_queue_is_deleted").met());
    EXPECT_EQ(plan.result("identify_controller").matched, 1u);
}

TEST_F(CommandFault, APayloadOfAnAdminCommandIsReplacedOnItsWayToTheHost) {
    Rule r = once_admin(Action::kReplaceData, spec::AdminOpcode::kIdentify, 2);
    r.set_offset = 24;  // MN
    r.set = {'f', 'o', 'r', 'g', 'e', 'd'};
    add(r);
    run([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        spec::IdentifyController id;
        EXPECT_TRUE(driver.identify_controller(id).ok());
        EXPECT_EQ(std::memcmp(id.mn, "forgedlm ", 9), 0);
        EXPECT_TRUE(driver.identify_controller(id).ok());
        EXPECT_EQ(std::memcmp(id.mn, "nvme-tlm ", 9), 0);
    });
}

TEST_F(CommandFault, ARewrittenCommandIsAnsweredUnderItsNewIdentifier) {
    Rule r = once_admin(Action::kRewriteCommand, spec::AdminOpcode::kIdentify, 2);
    r.set_offset = 2;
    r.set = {10, 0};
    add(r);
    run([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const DmaBuffer buffer = driver.allocate(4096);
        const Ticket ticket = driver.submit(0, commands::identify(spec::Cns::kController), buffer);
        ASSERT_NE(ticket.cid, 10);
        sc_core::wait(1, sc_core::SC_MS);
        EXPECT_EQ(trace.completed.back().cid, 10);
        EXPECT_EQ(trace.completed.back().status, StatusCode::kSuccess);
        EXPECT_EQ(std::memcmp(buffer.data, &driver.controller(), 4096), 0) << "it was executed";
        EXPECT_EQ(driver.wait(ticket, {1, sc_core::SC_MS}).error, DriverError::kTimedOut);
    });
    EXPECT_EQ(driver.protocol_errors(), 1u);
}

TEST_F(CommandFault, EventRequestsThatFailLeaveTheirPlacesToOthers) {
    Rule r = rule(Action::kComplete);
    r.queues = faults::Queues::kAdmin;
    r.opcode = static_cast<std::uint8_t>(spec::AdminOpcode::kAsyncEventRequest);
    r.sc = 0x06;
    r.count = 20;
    add(r);
    run([this] {
        bring_up();
        const auto request = commands::make(spec::AdminOpcode::kAsyncEventRequest);
        for (unsigned i = 0; i < 20; ++i)
            EXPECT_EQ(status(driver.admin(request)), StatusCode::kInternalError);
        std::vector<Ticket> waiting;
        for (int i = 0; i <= driver.controller().aerl; ++i)
            waiting.push_back(driver.submit(0, request));
        EXPECT_EQ(status(driver.admin(request)), StatusCode::kAsyncEventRequestLimitExceeded);
        for (const Ticket& ticket : waiting) EXPECT_FALSE(driver.done(ticket));
        driver.write32(driver.sq_doorbell(9), 1);
        EXPECT_TRUE(driver.wait(waiting[0]).ok());
    });
}

// A host that has lost the log page of a notice asks again: until it has read the list, the list
// stays as it is.
TEST_F(CommandFault, ANoticeOutlivesALogPageThatWasLost) {
    add(once_admin(Action::kDrop, spec::AdminOpcode::kGetLogPage));
    run([this] {
        bring_up();
        const auto request = commands::make(spec::AdminOpcode::kAsyncEventRequest);
        const Ticket first = driver.submit(0, request);
        sc_core::wait(1, sc_core::SC_MS);
        add_ram_namespace(6, 1 << 20, 512);
        EXPECT_EQ(driver.wait(first).dw0, 0x0004'0002u);
        const Ticket second = driver.submit(0, request);
        const DmaBuffer buffer = driver.allocate(4096);
        const auto get = commands::get_log_page({spec::LogId::kChangedNamespaceList, 4096});
        const Ticket lost = driver.submit(0, get, buffer);
        EXPECT_EQ(driver.wait(lost, {5, sc_core::SC_MS}).error, DriverError::kTimedOut);
        EXPECT_FALSE(driver.done(second)) << "one notice until the list is read";
        EXPECT_EQ(log_page<spec::NamespaceList>(spec::LogId::kChangedNamespaceList).nsid[0], 6u);
        add_ram_namespace(7, 1 << 20, 512);
        EXPECT_EQ(driver.wait(second).dw0, 0x0004'0002u);
        EXPECT_EQ(log_page<spec::NamespaceList>(spec::LogId::kChangedNamespaceList).nsid[0], 7u);
    });
}

TEST_F(CommandFault, AReportOfMoreControllersThanItHoldsIsReadAsFarAsItGoes) {
    Rule r = once(Action::kReplaceData, Opcode::kReservationReport, 1);
    r.count = 0;
    r.set_offset = 5;  // REGCTL
    r.set = {128, 0};
    add(r);
    run([this] {
        bring_up();
        ASSERT_TRUE(driver.reservation_register(1, 0x77).ok());
        for (const bool extended : {false, true}) {
            platform::ReservationReport report;
            EXPECT_TRUE(driver.reservation_report(1, report, extended).ok());
            ASSERT_EQ(report.controllers.size(), 128u);
            EXPECT_EQ(report.controllers[0].key, 0x77u);
        }
        plan.set_active(false);
        platform::ReservationReport report;
        EXPECT_TRUE(driver.reservation_report(1, report).ok());
        EXPECT_EQ(report.controllers.size(), 1u);
    });
}

TEST_F(CommandFault, AStatusWithMoreHasItsEntryInTheErrorLog) {
    Rule r = once(Action::kComplete, Opcode::kVerify, 1);
    r.sct = 2;
    r.sc = 0x81;
    r.more = true;
    Rule admin = once_admin(Action::kComplete, spec::AdminOpcode::kGetFeatures);
    admin.sc = 0x06;
    admin.more = true;
    add(r);
    add(admin);
    run([this] {
        bring_up();
        const Completion failed_read = driver.verify(1, 7, 1);
        EXPECT_TRUE(failed_read.more);
        const auto first = log_page<spec::ErrorLogEntry>(spec::LogId::kErrorInformation);
        EXPECT_EQ(first.sqid, 1);
        EXPECT_EQ(first.cid, failed_read.cid);
        EXPECT_EQ(first.nsid, 1u);
        EXPECT_EQ(first.lba, 7u) << "a driver that recovers a block has to find it here";
        const Completion failed_get = driver.get_features(spec::FeatureId::kArbitration);
        EXPECT_EQ(status(failed_get), StatusCode::kInternalError);
        const auto second = log_page<spec::ErrorLogEntry>(spec::LogId::kErrorInformation);
        EXPECT_EQ(second.sqid, 0);
        EXPECT_EQ(second.error_count, first.error_count + 1);
    });
}

TEST_F(CommandFault, ShutdownWaitsForAHeldCommandAndAResetEndsIt) {
    Rule hold = rule(Action::kHold);
    hold.opcode = static_cast<std::uint8_t>(Opcode::kVerify);
    add(hold);
    run([this] {
        bring_up();
        const Ticket held = driver.submit(1, commands::verify(1, 0, 1));
        sc_core::wait(1, sc_core::SC_MS);
        EXPECT_EQ(driver.shutdown(spec::Shn::kAbrupt), DriverError::kTimedOut);
        EXPECT_TRUE(recovery.start());
        EXPECT_EQ(driver.wait(held).error, DriverError::kAborted);
        EXPECT_EQ(driver.shutdown(), DriverError::kNone);
    });
}

}  // namespace
}  // namespace nvme::test
