// SPDX-License-Identifier: Apache-2.0
// Bus Master Enable = 0 (or D3hot): nothing leaves the controller, and nothing is lost by it.
#include <random>

#include <gtest/gtest.h>

#include "models/pcie/config_space.h"
#include "tests/sim/controller/probed_fixture.h"
#include "tests/sim/controller/random_io.h"

namespace nvme::test {
namespace {

namespace commands = platform::commands;
using platform::DriverError;
using platform::Ticket;

class BusMaster : public ProbedTest {
protected:
    explicit BusMaster(const ControllerParams& params = {}) : ProbedTest(params) {}

    void set_bus_master(bool on) { driver.pci().set_bus_master(on); }
    void set_d3hot(bool on) {
        host.cpu.config_write<std::uint16_t>(0, pcie::ConfigSpace::kPowerManagement + 4,
                                             on ? 3 : 0);
    }
    /// Holds the first access that `which` accepts for 50 us; Bus Master Enable goes meanwhile, and
    /// comes back after 1 ms.
    template <typename Which>
    void cut_during(Which which) {
        bool held = false;
        probe.hook = [this, which, held](const DmaAccess& a, sc_core::sc_time&) mutable {
            if (held || !which(a)) return tlm::TLM_OK_RESPONSE;
            held = true;
            sc_core::wait(us(20));
            cut_.notify();
            sc_core::wait(us(30));
            return tlm::TLM_OK_RESPONSE;
        };
        sc_core::wait(sc_core::sc_time(20, sc_core::SC_MS), cut_);
        ASSERT_EQ(probe.inside(), 1u) << "the access to be held never came";
        set_bus_master(false);
        const auto off = sc_core::sc_time_stamp();
        sc_core::wait(us(1000));
        EXPECT_EQ(probe.after(off), 0u);
        set_bus_master(true);
        probe.hook = nullptr;
    }
    void expect_ok(const std::vector<Ticket>& tickets) {
        for (const Ticket& t : tickets) {
            const auto completion = driver.wait(t, us(5000));
            EXPECT_TRUE(completion.ok()) << completion;
        }
        EXPECT_EQ(driver.protocol_errors(), 0u);
        EXPECT_EQ(driver.missed_interrupts(), 0u);
        EXPECT_FALSE(driver.csts().get<spec::Csts::Cfs>());
    }

    sc_core::sc_event cut_{"cut"};
};

TEST_F(BusMaster, WithoutItNothingIsFetchedAndWithItWorkResumes) {
    simulate([this] {
        bring_up();
        set_bus_master(false);
        const auto off = sc_core::sc_time_stamp();
        const auto io = driver.submit(1, commands::flush(1));
        const auto admin = driver.submit(0, commands::make(spec::AdminOpcode::kAsyncEventRequest));
        const auto feature =
            driver.submit(0, commands::get_features(spec::FeatureId::kArbitration));
        sc_core::wait(us(5000));
        EXPECT_EQ(probe.after(off), 0u);
        EXPECT_EQ(driver.csts().get<spec::Csts::Rdy>(), true) << "registers answer all the same";
        set_bus_master(true);
        expect_ok({io, feature});
        EXPECT_FALSE(driver.done(admin));
        EXPECT_TRUE(verified_io(driver, 1));
    });
}

TEST_F(BusMaster, InD3hotNothingLeavesEither) {
    simulate([this] {
        bring_up();
        const auto buffer = driver.allocate(4096);
        const auto ticket = driver.submit(1, commands::read(1, 0, 8), buffer);
        sc_core::wait(us(1));
        set_d3hot(true);
        const auto off = sc_core::sc_time_stamp();
        sc_core::wait(us(5000));
        EXPECT_EQ(probe.after(off), 0u);
        set_d3hot(false);
        expect_ok({ticket});
        EXPECT_TRUE(verified_io(driver, 1)) << "No_Soft_Reset: the state was kept";
    });
}

TEST_F(BusMaster, CommandsInExecutionCompleteWhenItIsSetAgain) {
    simulate([this] {
        bring_up(2);
        std::mt19937_64 random(3);
        for (unsigned round = 0; round < 40; ++round) {
            const auto buffer = driver.allocate(8192);
            std::vector<Ticket> tickets;
            for (unsigned i = 0; i < 20; ++i)
                tickets.push_back(driver.submit(static_cast<std::uint16_t>(1 + i % 2),
                                                commands::read(1, i * 16, 16), buffer));
            sc_core::wait(static_cast<double>(random() % 120), sc_core::SC_US);
            set_bus_master(false);
            const auto off = sc_core::sc_time_stamp();
            sc_core::wait(us(300));
            EXPECT_EQ(probe.after(off), 0u);
            set_bus_master(true);
            expect_ok(tickets);
            driver.release(buffer);
        }
    });
}

TEST_F(BusMaster, AFetchAcrossTheEndOfTheQueueMayBeInterruptedInTheMiddle) {
    simulate([this] {
        bring_up(1, 8);
        constexpr std::uint32_t kNoBurstLimit = 7;
        ASSERT_TRUE(driver.set_features(spec::FeatureId::kArbitration, kNoBurstLimit).ok());
        ASSERT_NE(driver.block_bytes(1), 0u);
        for (unsigned i = 0; i < 5; ++i) ASSERT_TRUE(driver.flush(1).ok());
        std::vector<Ticket> tickets;
        for (unsigned i = 0; i < 6; ++i) tickets.push_back(driver.submit(1, commands::flush(1)));
        const auto sq = driver.find_sq(1)->memory;
        cut_during([sq](const DmaAccess& a) { return !a.write && a.touches(sq.gpa, sq.size); });
        expect_ok(tickets);
    });
}

TEST_F(BusMaster, CompletionsThatWereAboutToBePostedArePostedLater) {
    simulate([this] {
        bring_up();
        std::vector<Ticket> tickets;
        for (unsigned i = 0; i < 10; ++i) tickets.push_back(driver.submit(1, commands::flush(1)));
        const auto cq = driver.find_cq(1)->memory;
        cut_during([cq](const DmaAccess& a) { return a.touches(cq.gpa, cq.size); });
        expect_ok(tickets);
    });
}

TEST_F(BusMaster, CompletionsThatWaitForRoomArePostedLater) {
    simulate([this] {
        bring_up(2);
        ASSERT_TRUE(driver.delete_queue_pair(2).ok());
        platform::QueuePairOptions small;
        small.qid = 2;
        small.depth = 32;
        small.cq_depth = 4;
        ASSERT_TRUE(driver.create_queue_pair(small).ok());
        std::vector<Ticket> tickets;
        for (unsigned i = 0; i < 12; ++i) tickets.push_back(driver.submit(2, commands::flush(1)));
        sc_core::wait(us(1000));  // three are posted, the others wait
        const auto cq = driver.find_cq(2)->memory;
        EXPECT_EQ(driver.poll(2), 3u);
        cut_during([cq](const DmaAccess& a) { return a.touches(cq.gpa, cq.size); });
        expect_ok(tickets);
    });
}

TEST_F(BusMaster, AnAdminCompletionInTheWayDoesNotLoseItsMessage) {
    simulate([this] {
        bring_up();
        const auto ticket = driver.submit(0, commands::get_features(spec::FeatureId::kArbitration));
        const auto cq = driver.find_cq(0)->memory;
        const std::uint64_t before = messages(0);
        cut_during([cq](const DmaAccess& a) { return a.touches(cq.gpa, cq.size); });
        sc_core::wait(us(10));
        EXPECT_EQ(messages(0), before + 1);
        expect_ok({ticket});
    });
}

TEST_F(BusMaster, SeveralAdminCompletionsInTheWayAreNotFatal) {
    simulate([this] {
        bring_up();
        // Event requests and their events complete together.
        std::vector<Ticket> events;
        for (unsigned i = 0; i < 3; ++i)
            events.push_back(
                driver.submit(0, commands::make(spec::AdminOpcode::kAsyncEventRequest)));
        sc_core::wait(us(100));
        for (const Ticket& e : events) (void)driver.submit(0, commands::abort(0, e.cid));
        const auto cq = driver.find_cq(0)->memory;
        cut_during([cq](const DmaAccess& a) { return a.touches(cq.gpa, cq.size); });
        for (const Ticket& e : events)
            EXPECT_EQ(driver.wait(e).status, spec::StatusCode::kAbortRequested);
        expect_ok({});
        EXPECT_TRUE(verified_io(driver, 1));
    });
}

TEST_F(BusMaster, ADeletionDuringWhichItGoesCompletesWhenItIsBack) {
    simulate([this] {
        bring_up(2);
        const auto buffer = driver.allocate(4096);
        for (unsigned i = 0; i < 8; ++i) (void)driver.submit(1, commands::read(1, 0, 8), buffer);
        sc_core::wait(us(10));
        spec::SubmissionEntry entry = commands::make(spec::AdminOpcode::kDeleteIoSq);
        entry.cdw10 = 1;
        const auto deletion = driver.submit(0, entry);
        const auto cq = driver.find_cq(1)->memory;
        cut_during([cq](const DmaAccess& a) { return a.touches(cq.gpa, cq.size); });
        expect_ok({deletion});
        EXPECT_TRUE(verified_io(driver, 1, 0, 8, 2));
    });
}

TEST_F(BusMaster, AShutdownEndsWithoutIt) {
    simulate([this] {
        bring_up();
        const auto buffer = driver.allocate(4096);
        (void)driver.submit(1, commands::read(1, 0, 8), buffer);
        sc_core::wait(us(10));
        set_bus_master(false);
        EXPECT_EQ(driver.shutdown(spec::Shn::kAbrupt), DriverError::kNone);
    });
}

TEST_F(BusMaster, AResetWorksWithoutIt) {
    simulate([this] {
        bring_up();
        const auto buffer = driver.allocate(4096);
        (void)driver.submit(1, commands::read(1, 0, 8), buffer);
        set_bus_master(false);
        EXPECT_EQ(driver.disable(), DriverError::kNone);
        set_bus_master(true);
        sc_core::wait(us(1000));
        bring_up();
        EXPECT_TRUE(verified_io(driver, 1));
    });
}

}  // namespace
}  // namespace nvme::test
