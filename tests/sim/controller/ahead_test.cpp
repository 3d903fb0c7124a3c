// SPDX-License-Identifier: Apache-2.0
// A process of the controller that goes ahead of the kernel's time: nobody can tell.
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/sim/controller/probed_fixture.h"
#include "tests/sim/controller/random_io.h"

namespace nvme::test {
namespace {

/// What happened in a stretch of the simulation, by the time since it began.
struct Story {
    std::vector<std::tuple<util::TimePs, std::uint16_t, unsigned>> events;
    std::vector<std::tuple<double, std::uint64_t, unsigned>> transactions;  // ns
    std::uint64_t wake_ups = 0;
};

class Ahead : public ProbedTest {
protected:
    explicit Ahead(const ControllerParams& params = {}) : ProbedTest(params) {
        in_parallel([this] { tick(); });
    }

    /// The host reads, and writes every third time, `depth` commands at a time.
    void work(unsigned depth, unsigned rounds) {
        const platform::DmaBuffer buffer = driver.allocate(std::uint64_t{depth} * 4096);
        for (unsigned round = 0; round < rounds; ++round) {
            std::vector<platform::Ticket> tickets;
            for (unsigned i = 0; i < depth; ++i) {
                const std::uint64_t lba = (round * 37 + i * 8) % 1024;
                const auto entry = (round + i) % 3 == 2 ? platform::commands::write(1, lba, 8)
                                                        : platform::commands::read(1, lba, 8);
                tickets.push_back(
                    driver.submit(1, entry, platform::Transfer(buffer.gpa + i * 4096ull, 4096)));
            }
            for (const platform::Ticket& ticket : tickets) EXPECT_TRUE(driver.wait(ticket).ok());
        }
        driver.release(buffer);
    }

    Story tell(unsigned depth) {
        EXPECT_TRUE(driver.flush(1).ok());
        sc_core::wait(1, sc_core::SC_MS);  // nothing of before is left
        trace.clear();
        probe.log.clear();
        Story story;
        const std::uint64_t from = now_ps(), before = controller.activations();
        work(depth, 8);
        for (const auto& e : trace.fetched) story.events.emplace_back(e.ps - from, e.sqid, 0);
        for (const auto& e : trace.completed)
            story.events.emplace_back(e.ps - from, e.sqid, e.opcode + 1u);
        for (const auto& e : trace.interrupts)
            story.events.emplace_back(e.ps - from, e.vector, 999);
        for (const DmaAccess& access : probe.log)
            story.transactions.emplace_back(
                (access.at + access.delay).to_seconds() * 1e9 - static_cast<double>(from) * 1e-3,
                access.address, access.length);
        story.wake_ups = controller.activations() - before;
        return story;
    }

    /// With a process that has something to do all the time, nobody can go ahead of it.
    Story tell_beside_others(unsigned depth) {
        ticking_ = true;
        start_.notify();
        const Story story = tell(depth);
        ticking_ = false;
        return story;
    }

    void expect_equal(const Story& alone, const Story& beside) {
        EXPECT_EQ(alone.events, beside.events);
        ASSERT_EQ(alone.transactions.size(), beside.transactions.size());
        for (std::size_t i = 0; i < alone.transactions.size(); ++i) {
            EXPECT_NEAR(std::get<0>(alone.transactions[i]), std::get<0>(beside.transactions[i]),
                        1e-3);
            EXPECT_EQ(std::get<2>(alone.transactions[i]), std::get<2>(beside.transactions[i]));
        }
    }

    /// Both ways: the same happens at the same times.
    std::pair<Story, Story> compare(unsigned depth) {
        SCOPED_TRACE(depth);
        std::pair<Story, Story> stories;
        stories.first = tell(depth);
        stories.second = tell_beside_others(depth);
        expect_equal(stories.first, stories.second);
        return stories;
    }

    void finish() {
        over_ = true;
        start_.notify();
    }

private:
    void tick() {
        while (!over_) {
            if (ticking_)
                sc_core::wait(1, sc_core::SC_NS);
            else
                sc_core::wait(start_);
        }
    }

    sc_core::sc_event start_{"start"};
    bool ticking_ = false, over_ = false;
};

TEST_F(Ahead, TimesAreThoseOfASimulationInWhichNobodyCanGoAhead) {
    probe.grant_dmi = true;
    simulate([this] {
        bring_up();
        for (const unsigned depth : {1u, 7u, 40u}) {
            const auto [alone, beside] = compare(depth);
            EXPECT_LT(alone.wake_ups, beside.wake_ups);
        }
        finish();
    });
}

ControllerParams flash() {
    ControllerParams params;
    params.media.model = media::Model::kNand;
    return params;
}
class AheadOfFlash : public Ahead {
protected:
    AheadOfFlash() : Ahead(flash()) {}
};

TEST_F(AheadOfFlash, ItsReadsAndWritesGoAheadToo) {
    probe.grant_dmi = true;
    simulate([this] {
        bring_up();
        work(40, 30);
        const Story alone = tell(1), beside = tell_beside_others(1);
        EXPECT_LT(alone.wake_ups, beside.wake_ups);
        finish();
    });
}

TEST_F(Ahead, ACommandAloneTakesTwoWakeUps) {
    probe.grant_dmi = true;
    simulate([this] {
        bring_up();
        work(1, 3);
        EXPECT_EQ(tell(1).wake_ups, 2u * 8);  // doorbell and completion of each of eight commands
        EXPECT_GE(tell_beside_others(1).wake_ups, 4u * 8);
        finish();
    });
}

/// The kernel counts nanoseconds and the controller picoseconds.
struct CoarseKernel {
    CoarseKernel() { sc_core::sc_set_time_resolution(1, sc_core::SC_NS); }
};
class AheadOfACoarseKernel : private CoarseKernel, public Ahead {};

TEST_F(AheadOfACoarseKernel, TimesAreThoseThatTheKernelWouldHaveCounted) {
    probe.grant_dmi = true;
    simulate([this] {
        bring_up();
        for (const unsigned depth : {1u, 7u}) {
            const auto [alone, beside] = compare(depth);
            EXPECT_LT(alone.wake_ups, beside.wake_ups);
        }
        finish();
    });
}

/// A memory that must be asked finds the kernel's time to be the controller's.
TEST_F(Ahead, ATransactionIsSentAtItsTime) {
    simulate([this] {
        bring_up();
        for (const unsigned depth : {1u, 7u}) {
            const auto [alone, beside] = compare(depth);
            EXPECT_FALSE(alone.transactions.empty());
        }
        finish();
    });
}

}  // namespace
}  // namespace nvme::test
