// SPDX-License-Identifier: Apache-2.0
// A plan at work on a controller without SystemC: what the plan's owner sees and decides.
#include "models/faults/injector.h"

#include <gtest/gtest.h>

#include "tests/support/fault_board.h"

namespace nvme::test {
namespace {

using faults::Action;
using faults::Rule;
using spec::AdminOpcode;
using spec::NvmOpcode;
using spec::StatusCode;

Rule rule(Action action, const char* name = "") {
    Rule r;
    r.action = action;
    r.name = name;
    return r;
}

class InjectorTest : public ::testing::Test {
protected:
    InjectorTest() {
        h.add_namespace(1, 1 << 20);
        h.enable();
        queue = h.create_queues(1, 32);
        data = h.alloc(4096);
    }
    StatusCode read(std::uint64_t lba = 0) {
        return status_of(h.execute(queue, io_command(NvmOpcode::kRead, 1, lba, 1, data)));
    }
    /// Sends a command and lets everything run; empty: it has not completed.
    std::optional<StatusCode> attempt(const spec::SubmissionEntry& sqe) {
        h.push(queue, sqe);
        h.ring_tail(queue);
        h.settle();
        const auto cqe = h.poll(queue);
        return cqe ? std::optional{status_of(*cqe)} : std::nullopt;
    }
    std::optional<StatusCode> attempt_read() {
        return attempt(io_command(NvmOpcode::kRead, 1, 0, 1, data));
    }
    void add(const Rule& r) { EXPECT_EQ(board.plan.add(r), ""); }

    CoreHarness h;
    FaultBoard board{h};
    HostQueue queue;
    std::uint64_t data = 0;
};

TEST_F(InjectorTest, RulesWithoutNameGetOneAndNamesAreUnique) {
    add(rule(Action::kExpect));
    add(rule(Action::kExpect, "mine"));
    EXPECT_NE(board.plan.add(rule(Action::kDrop, "mine")), "");
    EXPECT_NE(board.plan.add(rule(Action::kDelay)), "") << "without delay_ns";
    const auto results = board.plan.results();
    ASSERT_EQ(results.size(), 2u);
    EXPECT_EQ(results[0].name, "rule_0");
    EXPECT_EQ(results[1].name, "mine");
}

TEST_F(InjectorTest, ARuleWithoutNameGetsOneThatIsFree) {
    add(rule(Action::kExpect, "rule_1"));
    add(rule(Action::kExpect));
    add(rule(Action::kExpect));
    const auto results = board.plan.results();
    ASSERT_EQ(results.size(), 3u);
    EXPECT_EQ(results[1].name, "rule_2");
    EXPECT_EQ(results[2].name, "rule_3");
}

TEST_F(InjectorTest, ExpectationsCountWhatArrivesAndSayWhetherTheyAreMet) {
    Rule never = rule(Action::kExpect, "never");
    never.opcode = static_cast<std::uint8_t>(NvmOpcode::kWrite);
    never.queues = faults::Queues::kIo;
    never.at_least = 0;
    never.at_most = 0;
    Rule twice = rule(Action::kExpect, "twice");
    twice.opcode = static_cast<std::uint8_t>(NvmOpcode::kRead);
    twice.queues = faults::Queues::kIo;
    twice.at_least = 2;
    twice.at_most = 2;
    add(never);
    add(twice);
    EXPECT_TRUE(board.plan.result("never").met());
    EXPECT_FALSE(board.plan.result("twice").met());
    EXPECT_EQ(read(), StatusCode::kSuccess);
    EXPECT_EQ(read(), StatusCode::kSuccess);
    EXPECT_TRUE(board.plan.result("twice").met());
    EXPECT_EQ(read(), StatusCode::kSuccess);
    EXPECT_FALSE(board.plan.result("twice").met());
    EXPECT_EQ(faults::describe(board.plan.result("twice")),
              "twice: expect, 3 matched, expected at least 2 and at most 2: NOT MET");
    h.execute(queue, io_command(NvmOpcode::kWrite, 1, 0, 1, data));
    EXPECT_FALSE(board.plan.result("never").met());
}

TEST_F(InjectorTest, OfTheRulesOfOneKindTheFirstDecidesAndOthersDoNotSeeTheCommand) {
    Rule first = rule(Action::kComplete, "first");
    first.sc = 0x06;
    first.count = 1;
    Rule second = rule(Action::kComplete, "second");
    second.sc = 0x22;
    add(first);
    add(second);
    add(rule(Action::kExpect, "all"));
    EXPECT_EQ(read(), StatusCode::kInternalError);
    EXPECT_EQ(board.plan.result("second").matched, 0u);
    EXPECT_EQ(read(), StatusCode::kTransientTransportError);
    EXPECT_EQ(board.plan.result("second").matched, 1u);
    EXPECT_EQ(board.plan.result("all").matched, 2u);
}

TEST_F(InjectorTest, CompletionCarriesStatusFlagsAndDword0OfTheRule) {
    Rule r = rule(Action::kComplete);
    r.sct = 2;
    r.sc = 0x81;
    r.more = r.dnr = true;
    r.dw0 = 0xdeadbeef;
    add(r);
    const auto cqe = h.execute(queue, io_command(NvmOpcode::kRead, 1, 0, 1, data));
    EXPECT_EQ(status_of(cqe), StatusCode::kUnrecoveredReadError);
    EXPECT_EQ(cqe.status & ~1u, 0x81u << 1 | 2u << 9 | 1u << 14 | 1u << 15);
    EXPECT_EQ(cqe.dw0, 0xdeadbeefu);
}

TEST_F(InjectorTest, RulesAreSwitchedOneByOneAndAllTogether) {
    Rule r = rule(Action::kComplete, "fails");
    r.sc = 0x06;
    r.enabled = false;
    add(r);
    EXPECT_EQ(read(), StatusCode::kSuccess);
    EXPECT_EQ(board.plan.result("fails").matched, 0u);
    EXPECT_TRUE(board.plan.set_enabled("fails", true));
    EXPECT_EQ(read(), StatusCode::kInternalError);
    board.plan.set_active(false);
    EXPECT_EQ(read(), StatusCode::kSuccess);
    board.plan.set_active(true);
    EXPECT_EQ(read(), StatusCode::kInternalError);
    EXPECT_FALSE(board.plan.set_enabled("no such rule", true));
    EXPECT_FALSE(board.plan.release("no such rule"));
}

TEST_F(InjectorTest, AHeldCommandGoesOnWhenItIsReleased) {
    Rule r = rule(Action::kHold, "wait");
    r.count = 1;
    add(r);
    EXPECT_EQ(attempt_read(), std::nullopt);
    EXPECT_TRUE(board.plan.release("wait"));
    h.settle();
    const auto cqe = h.poll(queue);
    ASSERT_TRUE(cqe);
    EXPECT_EQ(status_of(*cqe), StatusCode::kSuccess);
    EXPECT_FALSE(h.poll(queue));
}

TEST_F(InjectorTest, AHeldCompletionGoesOutWhenItIsReleasedAndNotTwice) {
    Rule r = rule(Action::kHoldCompletion, "wait");
    r.count = 1;
    add(r);
    EXPECT_EQ(attempt(io_command(NvmOpcode::kWrite, 1, 3, 1, data)), std::nullopt);
    EXPECT_EQ(read(), StatusCode::kSuccess) << "the others go on";
    board.plan.release("wait");
    board.plan.release("wait");
    h.settle();
    ASSERT_TRUE(h.poll(queue));
    EXPECT_FALSE(h.poll(queue));
}

// The time of what waits for a release is never: a process that went there would take the
// controller's clock to its end.
TEST_F(InjectorTest, NobodyGoesAheadToWhatIsHeldForEver) {
    Rule r = rule(Action::kHold, "wait");
    r.count = 1;
    add(r);
    EXPECT_EQ(attempt_read(), std::nullopt);
    h.controller->set_faults(nullptr);
    EXPECT_EQ(read(), StatusCode::kSuccess);
    EXPECT_NE(h.farthest_ahead, util::kNever);
    h.controller->set_faults(&board.plan);
}

TEST_F(InjectorTest, WhatIsHeldAgainAfterAReleaseWaitsForTheNextOne) {
    add(rule(Action::kHold, "wait"));
    EXPECT_EQ(attempt_read(), std::nullopt);
    board.plan.release("wait");
    h.settle();
    EXPECT_TRUE(h.poll(queue));
    EXPECT_EQ(attempt_read(), std::nullopt);
    h.run_for(util::kPsPerS);
    EXPECT_FALSE(h.poll(queue));
    board.plan.release("wait");
    h.settle();
    EXPECT_TRUE(h.poll(queue));
}

TEST_F(InjectorTest, AResetTakesWhatIsHeld) {
    add(rule(Action::kHold, "wait"));
    add(rule(Action::kDropCompletion));
    EXPECT_EQ(attempt_read(), std::nullopt);
    h.push(h.admin_queue(), admin_command(AdminOpcode::kIdentify));
    h.ring_tail(h.admin_queue());
    h.settle();
    board.plan.set_active(false);
    h.disable();
    board.plan.release("wait");
    h.expect_service(1);
    EXPECT_EQ(h.controller->smart().controller_busy_time.low, 0u);
}

TEST_F(InjectorTest, EventsHappenAtTheirTimeOrWhenACommandArrives) {
    Rule timed = rule(Action::kFatalStatus, "timed");
    timed.at_ns = 5'000;
    add(timed);
    h.run_until(4'999'999);
    EXPECT_FALSE(h.fatal());
    h.run_until(5'000'000);
    EXPECT_TRUE(h.fatal());
    h.disable();
    h.enable();
    queue = h.create_queues(1, 32);
    Rule met = rule(Action::kFatalStatus, "met");
    met.opcode = static_cast<std::uint8_t>(NvmOpcode::kRead);
    met.nth = 2;
    met.delay_ns = 100;
    add(met);
    EXPECT_EQ(read(), StatusCode::kSuccess);
    const util::TimePs before = h.clock.now();
    (void)attempt_read();
    EXPECT_TRUE(h.fatal());
    EXPECT_EQ(h.clock.now(), before + 100'000);
    EXPECT_EQ(board.plan.result("met").applied, 1u);
}

TEST_F(InjectorTest, AHealthStateMovesWhenItsCommandArrives) {
    Rule worn = rule(Action::kHealth, "worn");
    worn.opcode = static_cast<std::uint8_t>(NvmOpcode::kRead);
    worn.lba = 8;
    worn.health.available_spare = 4;
    worn.health.media_read_only = true;
    add(worn);
    const auto write = [this] {
        return status_of(h.execute(queue, io_command(NvmOpcode::kWrite, 1, 0, 1, data)));
    };
    EXPECT_EQ(read(0), StatusCode::kSuccess);
    EXPECT_EQ(write(), StatusCode::kSuccess);
    EXPECT_EQ(h.subsystem.health().available_spare, 100);
    EXPECT_EQ(read(8), StatusCode::kSuccess);
    EXPECT_EQ(h.subsystem.health().available_spare, 4);
    EXPECT_EQ(h.subsystem.health().composite_kelvin, 310);
    EXPECT_EQ(write(), StatusCode::kAttemptedWriteToReadOnlyRange);
}

TEST_F(InjectorTest, EventsCanBeInjectedNowAndOtherActionsCannot) {
    EXPECT_EQ(board.plan.inject(rule(Action::kFatalStatus)), "");
    h.settle();
    EXPECT_TRUE(h.fatal());
    EXPECT_NE(board.plan.inject(rule(Action::kDrop)), "");
    EXPECT_NE(board.plan.inject(rule(Action::kRaiseInterrupt)), "") << "without a vector";
    faults::Injector unattached;
    EXPECT_NE(unattached.inject(rule(Action::kFatalStatus)), "");
}

TEST_F(InjectorTest, EachAppliedFaultIsAnEventWithItsCommand) {
    unsigned heard = 0;
    board.plan.set_listener([&](const observe::FaultInjected& e) {
        ++heard;
        EXPECT_EQ(e.rule, "lost");
    });
    add(rule(Action::kDrop, "lost"));
    const std::uint16_t cid = queue.next_cid;
    EXPECT_EQ(attempt_read(), std::nullopt);
    ASSERT_EQ(board.faults.size(), 1u);
    EXPECT_EQ(heard, 1u);
    const observe::FaultInjected& e = board.faults[0];
    EXPECT_EQ(e.rule, "lost");
    EXPECT_EQ(e.action, "drop");
    EXPECT_EQ(e.sqid, 1u);
    EXPECT_EQ(e.cid, cid);
}

// Commands that the controller has lost hold nothing: the queue goes on for ever.
TEST_F(InjectorTest, AnyNumberOfCommandsCanBeLostWithoutTheQueueStandingStill) {
    Rule r = rule(Action::kDrop);
    r.opcode = static_cast<std::uint8_t>(NvmOpcode::kFlush);
    add(r);
    for (unsigned i = 0; i < 10 * h.params.max_inflight_per_sq; ++i) {
        h.push(queue, io_command(NvmOpcode::kFlush, 1));
        h.ring_tail(queue);
        h.settle();
    }
    EXPECT_EQ(read(), StatusCode::kSuccess);
}

// The same plan and seed on the same host: the same faults at the same times.
TEST(InjectorDeterminism, TheSamePlanGivesTheSameFaults) {
    const auto run = [](std::uint64_t seed) {
        CoreHarness h;
        h.add_namespace(1, 1 << 20);
        Rule r = rule(Action::kDelay, "some");
        r.queues = faults::Queues::kIo;
        r.probability_ppm = 300'000;
        r.delay_ns = 777;
        r.seed = seed;
        FaultBoard board(h, {r});
        h.enable();
        HostQueue queue = h.create_queues(1, 32);
        for (unsigned i = 0; i < 200; ++i) h.execute(queue, io_command(NvmOpcode::kFlush, 1));
        std::vector<std::pair<util::TimePs, std::uint16_t>> met;
        for (const auto& e : board.faults) met.emplace_back(e.ps, e.cid);
        return met;
    };
    const auto first = run(7);
    EXPECT_GT(first.size(), 30u);
    EXPECT_LT(first.size(), 90u);
    EXPECT_EQ(run(7), first);
    EXPECT_NE(run(8), first);
}

}  // namespace
}  // namespace nvme::test
