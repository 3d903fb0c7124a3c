// SPDX-License-Identifier: Apache-2.0
// Abort: what it ends, what it does not find, and how many may run.
#include <map>
#include <random>
#include <set>
#include <vector>

#include "tests/sim/commands/commands_fixture.h"
#include "tests/sim/controller/trace_recorder.h"

namespace nvme::test {
namespace {

/// Media so slow that a read can be caught in the act.
ControllerParams slow_reads() {
    ControllerParams params;
    params.media.fixed.read_ns = 10'000'000;
    return params;
}

class AbortCommand : public CommandsTest {
protected:
    AbortCommand() : CommandsTest(slow_reads()) {}

    Ticket request_event() {
        return driver.submit(0, commands::make(spec::AdminOpcode::kAsyncEventRequest));
    }
    Completion abort(const Ticket& ticket) {
        return driver.admin(commands::abort(ticket.qid, ticket.cid));
    }
};

TEST_F(AbortCommand, EndsAWaitingEventRequest) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const Ticket first = request_event(), second = request_event();
        const Completion done = abort(second);
        EXPECT_TRUE(done.ok());
        EXPECT_EQ(done.dw0, 0u) << "aborted";
        EXPECT_EQ(status(driver.wait(second)), StatusCode::kAbortRequested);
        EXPECT_FALSE(driver.done(first));
        EXPECT_EQ(abort(second).dw0, 1u) << "it is gone";
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(AbortCommand, EndsAReadInFlightWithoutItsData) {
    simulate([this] {
        bring_up();
        const DmaBuffer buffer = pattern(4096, 3), before = pattern(4096, 3);
        const Ticket doomed = driver.submit(1, commands::read(1, 0, 8), {buffer.gpa, 4096});
        const Ticket other = driver.submit(1, commands::verify(1, 8, 8));
        sc_core::wait(1, sc_core::SC_MS);
        const Completion done = abort(doomed);
        EXPECT_TRUE(done.ok());
        EXPECT_EQ(done.dw0, 0u);
        const Completion ended = driver.wait(doomed, {2, sc_core::SC_MS});
        EXPECT_EQ(status(ended), StatusCode::kAbortRequested);
        EXPECT_EQ(status(driver.wait(other)), StatusCode::kSuccess);
        sc_core::wait(20, sc_core::SC_MS);
        EXPECT_TRUE(same(buffer, before, 4096)) << "an aborted read wrote to memory";
        EXPECT_TRUE(driver.flush(1).ok());
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(AbortCommand, SaysSoWhenThereIsNothingToAbort) {
    simulate([this] {
        bring_up();
        const Ticket done = driver.submit(1, commands::flush(1));
        EXPECT_TRUE(driver.wait(done).ok());
        const Completion late = abort(done);
        EXPECT_TRUE(late.ok());
        EXPECT_EQ(late.dw0, 1u);
        for (const auto& [sqid, cid] :
             {std::pair{0, 0x7777}, {1, 0x7777}, {2, 0}, {64, 0}, {65, 0}, {0xFFFF, 0xFFFF}}) {
            const Completion completion = driver.admin(
                commands::abort(static_cast<std::uint16_t>(sqid), static_cast<std::uint16_t>(cid)));
            EXPECT_TRUE(completion.ok()) << sqid;
            EXPECT_EQ(completion.dw0, 1u) << sqid;
        }
    });
}

TEST_F(AbortCommand, FindsOneOfManyAndLeavesTheOthersAlone) {
    simulate([this] {
        bring_up(2);
        std::vector<Ticket> reads;
        for (unsigned i = 0; i < 30; ++i)
            reads.push_back(
                driver.submit(static_cast<std::uint16_t>(1 + i % 2), commands::verify(1, i, 1)));
        sc_core::wait(1, sc_core::SC_MS);
        for (unsigned i = 0; i < 30; i += 3) EXPECT_EQ(abort(reads[i]).dw0, 0u) << i;
        for (unsigned i = 0; i < 30; ++i)
            EXPECT_EQ(status(driver.wait(reads[i])),
                      i % 3 == 0 ? StatusCode::kAbortRequested : StatusCode::kSuccess)
                << i;
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

// Of the 100 no more than 64 are executed at a time: the rest stands in the queue, which ends in
// the middle of them.
TEST_F(AbortCommand, EndsCommandsThatAreNotFetchedYet) {
    simulate([this] {
        bring_up(2, 128);
        EXPECT_EQ(pump(1, 90, commands::flush(1)).failed, 0u);
        std::vector<Ticket> reads;
        for (unsigned i = 0; i < 100; ++i)
            reads.push_back(driver.submit(1, commands::verify(1, i, 1)));
        sc_core::wait(1, sc_core::SC_MS);
        std::vector<Ticket> aborts;
        for (const unsigned i : {64u, 80u, 99u})
            aborts.push_back(driver.submit(0, commands::abort(1, reads[i].cid)));
        EXPECT_EQ(driver.admin(commands::abort(2, reads[80].cid)).dw0, 1u) << "another queue";
        EXPECT_EQ(abort(reads[80]).dw0, 1u) << "it is to be aborted already";
        EXPECT_FALSE(driver.done(reads[80])) << "it ends when it is fetched";
        EXPECT_FALSE(driver.done(aborts[1])) << "and so does its Abort";
        for (const Ticket& done : aborts) EXPECT_EQ(driver.wait(done).dw0, 0u);
        for (unsigned i = 0; i < 100; ++i) {
            const bool doomed = i == 64 || i == 80 || i == 99;
            EXPECT_EQ(status(driver.wait(reads[i], {1, sc_core::SC_SEC})),
                      doomed ? StatusCode::kAbortRequested : StatusCode::kSuccess)
                << i;
        }
        EXPECT_EQ(abort(reads[80]).dw0, 1u) << "it is gone";
        EXPECT_EQ(pump(1, 300, commands::flush(1)).failed, 0u);
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(AbortCommand, QueueThatCannotBeReadHasNothingToAbort) {
    simulate([this] {
        bring_up(2, 128);
        std::vector<Ticket> reads;
        for (unsigned i = 0; i < 100; ++i)
            reads.push_back(driver.submit(1, commands::verify(1, i, 1)));
        sc_core::wait(1, sc_core::SC_MS);
        const DmaBuffer memory = driver.find_sq(1)->memory;
        const auto last = memory.gpa + memory.size - 1;
        host.memory.fail(memory.gpa, last, tlm::TLM_ADDRESS_ERROR_RESPONSE);
        EXPECT_EQ(abort(reads[99]).dw0, 1u);
        host.memory.clear_failures();
        const Ticket asked = driver.submit(0, commands::abort(1, reads[99].cid));
        sc_core::wait(100, sc_core::SC_US);
        EXPECT_FALSE(driver.done(asked)) << "the queue goes on";

        host.memory.fail(memory.gpa, last, tlm::TLM_ADDRESS_ERROR_RESPONSE);
        EXPECT_EQ(abort(reads[3]).dw0, 0u) << "in execution already";
        host.memory.clear_failures();
        EXPECT_EQ(abort(reads[98]).dw0, 1u) << "its place was to be fetched, and the queue stopped";
        EXPECT_EQ(driver.wait(asked).dw0, 1u);
        EXPECT_TRUE(driver.delete_queue_pair(1).ok());
        EXPECT_TRUE(driver.flush(1, 2).ok());
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

// The completion of the command is for another queue, which the host may have let run full.
TEST_F(AbortCommand, WaitsUntilThereIsRoomForTheCompletionOfItsCommand) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        platform::QueuePairOptions pair;
        pair.depth = 16;
        pair.cq_depth = 4;
        ASSERT_TRUE(driver.create_queue_pair(pair).ok());
        const Ticket doomed = driver.submit(1, commands::verify(1, 0, 1));
        std::vector<Ticket> flushes;
        for (unsigned i = 0; i < 3; ++i) flushes.push_back(driver.submit(1, commands::flush(1)));
        sc_core::wait(1, sc_core::SC_MS);
        const Ticket asked = driver.submit(0, commands::abort(1, doomed.cid));
        sc_core::wait(1, sc_core::SC_MS);
        EXPECT_EQ(driver.poll(0), 0u) << "the queue of its command is full";
        for (const Ticket& flush : flushes) EXPECT_TRUE(driver.wait(flush).ok());
        EXPECT_EQ(driver.wait(asked).dw0, 0u);
        EXPECT_EQ(status(driver.wait(doomed)), StatusCode::kAbortRequested);
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(AbortCommand, SaysThatNothingWasAbortedWhenTheQueueIsDeletedFirst) {
    simulate([this] {
        bring_up(2, 128);
        std::vector<Ticket> reads;
        for (unsigned i = 0; i < 100; ++i)
            reads.push_back(driver.submit(1, commands::verify(1, i, 1)));
        sc_core::wait(1, sc_core::SC_MS);
        const Ticket asked = driver.submit(0, commands::abort(1, reads[90].cid));
        EXPECT_TRUE(driver.delete_queue_pair(1).ok());
        EXPECT_EQ(driver.wait(asked).dw0, 1u);
        EXPECT_TRUE(driver.flush(1, 2).ok());
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

/// A few commands of a queue at a time, and a decoder and media that keep them apart.
ControllerParams few_at_a_time() {
    ControllerParams params;
    params.max_inflight_per_sq = 6;
    params.media.fixed.read_ns = 20'000;
    return params;
}

class AbortUnderLoad : public CommandsTest {
protected:
    AbortUnderLoad() : CommandsTest(few_at_a_time()) { controller.set_trace(&trace); }

    /// Every Abort that says "aborted" was posted after its command.
    void expect_commands_before_their_aborts() {
        std::set<std::uint32_t> ended;  // queue and identifier
        std::map<std::uint16_t, std::uint32_t> target;
        std::size_t fetched = 0;
        for (const auto& e : trace.completed) {
            for (; fetched < trace.fetched.size() && trace.fetched[fetched].ps <= e.ps; ++fetched) {
                const auto& f = trace.fetched[fetched];
                if (f.sqid != 0) ended.erase(std::uint32_t{f.sqid} << 16 | f.cid());
                const std::uint32_t cdw10 = f.sqe.cdw10;
                if (f.sqid == 0) target[f.cid()] = (cdw10 & 0xffff) << 16 | cdw10 >> 16;
            }
            if (e.sqid != 0 && e.status == StatusCode::kAbortRequested)
                ended.insert(std::uint32_t{e.sqid} << 16 | e.cid);
            if (e.sqid == 0 && e.opcode == static_cast<std::uint8_t>(spec::AdminOpcode::kAbort) &&
                e.status == StatusCode::kSuccess && e.dw0 == 0) {
                EXPECT_EQ(ended.count(target[e.cid]), 1u) << "at " << e.ps;
            }
        }
        trace.clear();
    }

    TraceRecorder trace;
};

// SPDK's abort example sends more than one Abort for a command: of 14161 that said "aborted" only
// 13511 had ended one, and most came before the command's own completion.
TEST_F(AbortUnderLoad, ManyAbortsOfEveryCommandAreAnsweredTruthfullyAndAfterTheCommand) {
    simulate([this] {
        bring_up(2, 32);
        std::mt19937_64 random(7);
        unsigned said = 0, ended = 0, refused = 0;
        for (unsigned round = 0; round < 100; ++round) {
            std::vector<Ticket> reads, aborts;
            for (unsigned i = 0; i < 30; ++i)
                reads.push_back(driver.submit(static_cast<std::uint16_t>(1 + i % 2),
                                              commands::verify(1, random() % 1000, 8)));
            for (unsigned i = 0; i < 20; ++i) {
                sc_core::wait(static_cast<double>(random() % 2'000), sc_core::SC_NS);
                const Ticket& read = reads[random() % reads.size()];
                aborts.push_back(driver.submit(0, commands::abort(read.qid, read.cid)));
            }
            for (const Ticket& ticket : aborts) {
                const Completion done = driver.wait(ticket);
                refused += status(done) == StatusCode::kAbortCommandLimitExceeded ? 1 : 0;
                said += done.ok() && done.dw0 == 0 ? 1 : 0;
            }
            for (const Ticket& ticket : reads)
                ended += status(driver.wait(ticket)) == StatusCode::kAbortRequested ? 1 : 0;
            expect_commands_before_their_aborts();
        }
        EXPECT_EQ(said, ended);
        EXPECT_GT(said, 200u);
        EXPECT_GT(refused, 0u);
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(AbortUnderLoad, EachIsAnsweredTruthfullyAndNothingEndsTwice) {
    simulate([this] {
        bring_up(2, 32);
        std::mt19937_64 random(2016);
        const DmaBuffer buffer = driver.allocate(4096);
        unsigned aborted = 0, late = 0;
        for (unsigned round = 0; round < 300; ++round) {
            std::vector<Ticket> commands_out;
            for (unsigned i = 0; i < 25; ++i) {
                const auto qid = static_cast<std::uint16_t>(1 + random() % 2);
                // What is read is not in the write cache, and takes the media's time.
                const auto entry = random() % 2 == 0 ? commands::read(1, 2000 + random() % 1000, 8)
                                                     : commands::write(1, random() % 1000, 8);
                const Ticket ticket = driver.submit(qid, entry, buffer);
                if (ticket.error == DriverError::kNone) commands_out.push_back(ticket);
            }
            sc_core::wait(static_cast<double>(random() % 60'000), sc_core::SC_NS);
            std::map<std::uint64_t, bool> told;  // by serial: "aborted"
            for (unsigned i = 0; i < 4; ++i) {
                const Ticket& ticket = commands_out[random() % commands_out.size()];
                if (told.count(ticket.serial) != 0) continue;
                told[ticket.serial] =
                    driver.admin(commands::abort(ticket.qid, ticket.cid)).dw0 == 0;
            }
            for (const Ticket& ticket : commands_out) {
                const auto asked = told.find(ticket.serial);
                const bool yes = asked != told.end() && asked->second;
                ASSERT_EQ(status(driver.wait(ticket)),
                          yes ? StatusCode::kAbortRequested : StatusCode::kSuccess)
                    << round;
                aborted += yes ? 1 : 0;
                late += asked != told.end() && !yes ? 1 : 0;
            }
        }
        EXPECT_GT(aborted, 100u);
        EXPECT_GT(late, 100u);
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
    EXPECT_EQ(driver.missed_interrupts(), 0u);
}

/// Admin commands take no time, so that the next one starts while the last still runs.
ControllerParams instant_admin() {
    ControllerParams params = slow_reads();
    params.admin_command_ns = 0;
    params.link.gen = 0;
    params.abort_command_limit = 1;
    return params;
}

class AbortLimit : public CommandsTest {
protected:
    AbortLimit() : CommandsTest(instant_admin()) {}
};

TEST_F(AbortLimit, OneMoreThanTheLimitIsRefusedAndTheOthersSucceed) {
    simulate([this] {
        bring_up();
        std::vector<Ticket> reads, aborts;
        for (unsigned i = 0; i < 3; ++i)
            reads.push_back(driver.submit(1, commands::verify(1, i, 1)));
        sc_core::wait(1, sc_core::SC_MS);
        for (const Ticket& read : reads)
            aborts.push_back(
                driver.submit(0, commands::abort(1, read.cid), {}, {}, Doorbell::kLater));
        driver.ring(0);
        EXPECT_EQ(status(driver.wait(aborts[0])), StatusCode::kSuccess);
        EXPECT_EQ(status(driver.wait(aborts[1])), StatusCode::kSuccess);
        EXPECT_EQ(status(driver.wait(aborts[2])), StatusCode::kAbortCommandLimitExceeded);
        EXPECT_EQ(status(driver.wait(reads[1])), StatusCode::kAbortRequested);
        EXPECT_EQ(status(driver.wait(reads[2])), StatusCode::kSuccess);
        const Ticket again = driver.submit(1, commands::verify(1, 0, 1));
        sc_core::wait(1, sc_core::SC_MS);
        EXPECT_EQ(driver.admin(commands::abort(1, again.cid)).dw0, 0u);
    });
}

}  // namespace
}  // namespace nvme::test
