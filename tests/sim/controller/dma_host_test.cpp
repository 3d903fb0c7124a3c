// SPDX-License-Identifier: Apache-2.0
// Hosts that grant and revoke pointers, block, or are slow: results stay right, times add up.
#include <random>

#include <gtest/gtest.h>

#include "tests/sim/controller/probed_fixture.h"
#include "tests/sim/controller/random_io.h"

namespace nvme::test {
namespace {

namespace commands = platform::commands;

class DmaHost : public ProbedTest {
protected:
    explicit DmaHost(const ControllerParams& params = {}) : ProbedTest(params) {}

    /// Transactions that a run of random commands needs.
    std::size_t transactions_of(RandomIo& io, unsigned count) {
        const std::size_t before = probe.log.size();
        EXPECT_TRUE(io.run(count));
        return probe.log.size() - before;
    }
};

TEST_F(DmaHost, GrantedPointersReplaceAllTransactionsButMessages) {
    simulate([this] {
        bring_up();
        RandomIo io(driver, 1, 1);
        const std::size_t plain = transactions_of(io, 100);
        EXPECT_GT(plain, 1000u);

        probe.grant_dmi = true;
        EXPECT_TRUE(io.run(1));
        const std::size_t first = probe.log.size();
        EXPECT_TRUE(io.run(100));
        for (std::size_t i = first; i < probe.log.size(); ++i) EXPECT_TRUE(probe.log[i].message());

        probe.grant_dmi = false;
        host.memory.invalidate_dmi();
        EXPECT_GT(transactions_of(io, 100), 1000u);
    });
}

TEST_F(DmaHost, ResultsAreRightWhilePointersAreGrantedAndRevokedUnderLoad) {
    bool stop = false;
    in_parallel([&] {
        std::mt19937_64 random(5);
        while (!stop) {
            sc_core::wait(static_cast<double>(random() % 40'000), sc_core::SC_NS);
            host.memory.allow_dmi(random() % 3 != 0);
            if (random() % 3 == 0) host.memory.invalidate_dmi();
        }
    });
    simulate([&] {
        probe.grant_dmi = true;
        bring_up(4);
        RandomIo io(driver, 2, 4);
        EXPECT_TRUE(io.run(1500));
        stop = true;
    });
    EXPECT_GT(probe.dmi_grants(), 20u);
    EXPECT_EQ(driver.protocol_errors(), 0u);
    EXPECT_EQ(driver.missed_interrupts(), 0u);
}

TEST_F(DmaHost, ATargetThatBlocksOnlyCostsTime) {
    std::mt19937_64 random(7);
    simulate([&] {
        probe.hook = [&](const DmaAccess&, sc_core::sc_time&) {
            if (random() % 4 == 0)
                sc_core::wait(static_cast<double>(random() % 3000), sc_core::SC_NS);
            return tlm::TLM_OK_RESPONSE;
        };
        bring_up(4);
        RandomIo io(driver, 3, 4);
        EXPECT_TRUE(io.run(600));
        EXPECT_EQ(driver.shutdown(), platform::DriverError::kNone);
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
    EXPECT_EQ(driver.missed_interrupts(), 0u);
}

TEST_F(DmaHost, QueuesAreCreatedAndDeletedWhileTheirCommandsAreHeldUpInTheHost) {
    std::mt19937_64 random(11);
    simulate([&] {
        probe.hook = [&](const DmaAccess&, sc_core::sc_time&) {
            sc_core::wait(static_cast<double>(random() % 4000), sc_core::SC_NS);
            return tlm::TLM_OK_RESPONSE;
        };
        bring_up(2);
        const auto buffer = driver.allocate(8192);
        for (unsigned round = 0; round < 30; ++round) {
            for (unsigned i = 0; i < 20; ++i)
                (void)driver.submit(1, commands::read(1, i, 16), buffer);
            sc_core::wait(static_cast<double>(random() % 60), sc_core::SC_US);
            ASSERT_TRUE(driver.delete_queue_pair(1).ok()) << round;
            const std::size_t after_deletion = driver.protocol_errors();
            ASSERT_TRUE(driver.create_queue_pair({1, 64, 0, 0, 1}).ok());
            ASSERT_TRUE(verified_io(driver, round, 64, 32, 1));
            EXPECT_EQ(driver.protocol_errors(), after_deletion);
        }
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(DmaHost, AFetchThatIsHeldUpAndThenRefusedDoesNotLoseADeletion) {
    simulate([&] {
        bring_up(2);
        const auto sq = driver.find_sq(1)->memory;
        probe.hook = [&](const DmaAccess& a, sc_core::sc_time&) {
            if (a.write || !a.touches(sq.gpa, sq.size)) return tlm::TLM_OK_RESPONSE;
            sc_core::wait(us(50));
            return tlm::TLM_ADDRESS_ERROR_RESPONSE;
        };
        (void)driver.submit(1, commands::flush(1));
        sc_core::wait(us(10));
        EXPECT_EQ(probe.inside(), 1u);
        EXPECT_TRUE(driver.delete_queue_pair(1).ok());
    });
}

/// One command at a time, nothing but the host takes time.
class SlowHost : public DmaHost {
protected:
    static ControllerParams instant() {
        ControllerParams p;
        p.doorbell_to_fetch_ns = p.firmware_per_command_ns = p.admin_command_ns = 0;
        p.link.gen = 0;
        p.media.model = media::Model::kNone;
        return p;
    }
    SlowHost() : DmaHost(instant()) {}
};

TEST_F(SlowHost, ReturnedDelaysAreAddedWhereverTheDataWasNeeded) {
    simulate([this] {
        bring_up();
        const auto buffer = make_pattern(driver, 65536, 1);
        ASSERT_TRUE(driver.write(1, 0, 8, buffer).ok());
        const auto sq = driver.find_sq(1)->memory;
        probe.hook = [&](const DmaAccess& a, sc_core::sc_time& delay) {
            if (a.touches(sq.gpa, sq.size))
                delay += ns(1000);  // fetch
            else if (a.touches(buffer.gpa, buffer.size))
                delay += ns(70);
            else if (!a.write)
                delay += ns(300);  // PRP list
            return tlm::TLM_OK_RESPONSE;
        };
        const std::uint64_t start = now_ps();
        trace.clear();
        ASSERT_TRUE(driver.flush(1).ok());
        ASSERT_TRUE(driver.write(1, 0, 8, buffer).ok());
        const std::uint64_t middle = trace.completed.back().ps;
        ASSERT_TRUE(driver.write(1, 0, 128, buffer).ok());
        ASSERT_EQ(trace.completed.size(), 3u);
        EXPECT_EQ(trace.completed[0].ps, start + 1'000'000u);
        EXPECT_EQ(trace.completed[1].ps, trace.completed[0].ps + 1'070'000u);
        // The pages of the data are asked for all at once; the list comes first.
        EXPECT_EQ(trace.completed[2].ps, middle + 1'370'000u);
    });
}

TEST_F(SlowHost, TimeSpentInsideATargetCountsAsWell) {
    simulate([this] {
        bring_up();
        const auto sq = driver.find_sq(1)->memory;
        probe.hook = [&](const DmaAccess& a, sc_core::sc_time& delay) {
            if (!a.touches(sq.gpa, sq.size)) return tlm::TLM_OK_RESPONSE;
            sc_core::wait(ns(400));
            delay += ns(600);
            return tlm::TLM_OK_RESPONSE;
        };
        trace.clear();
        const std::uint64_t start = now_ps();
        ASSERT_TRUE(driver.flush(1).ok());
        EXPECT_EQ(trace.completed.back().ps, start + 1'000'000u);
    });
}

class NoDmi : public DmaHost {
protected:
    static ControllerParams params() {
        ControllerParams p;
        p.dma_uses_dmi = false;
        return p;
    }
    NoDmi() : DmaHost(params()) {}
};

TEST_F(NoDmi, PointersAreNotAskedForWhenTheParameterSaysSo) {
    simulate([this] {
        probe.grant_dmi = true;
        bring_up();
        RandomIo io(driver, 1, 1);
        EXPECT_GT(transactions_of(io, 100), 1000u);
        EXPECT_EQ(probe.dmi_grants(), 0u);
    });
}

}  // namespace
}  // namespace nvme::test
