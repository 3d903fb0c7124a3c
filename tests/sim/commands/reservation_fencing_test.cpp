// SPDX-License-Identifier: Apache-2.0
// Two computers share a drive, one stops answering, and the other one takes over: Preempt and
// Abort.
#include <random>

#include "tests/sim/commands/reservation_fixture.h"

namespace nvme::test {
namespace {

class Fencing : public ReservationTest {
protected:
    /// A and B work on the namespace together, as a cluster does.
    void form_cluster() {
        bring_up_all();
        ASSERT_TRUE(host_a.reservation_register(1, 0xA).ok());
        ASSERT_TRUE(host_b.reservation_register(1, 0xB).ok());
        ASSERT_TRUE(host_b.reservation_acquire(1, Type::kWriteExclusiveRegistrantsOnly, 0xB).ok());
        EXPECT_TRUE(verified_io(host_a, 1, 0));
        EXPECT_TRUE(verified_io(host_b, 2, 512));
        // What is read below takes the media's time, not the cache's.
        ASSERT_TRUE(host_a.flush(1).ok());
    }
    Completion take_over(bool abort = true) {
        return host_a.reservation_preempt(1, Type::kWriteExclusiveRegistrantsOnly, 0xA, 0xB, abort);
    }
};

TEST_F(Fencing, OutstandingCommandsOfThePreemptedHostAreAborted) {
    simulate([this] {
        form_cluster();
        const DmaBuffer buffer = host_b.allocate(32 * 4096);
        std::vector<Ticket> tickets;
        for (unsigned i = 0; i < 16; ++i)
            tickets.push_back(host_b.submit(static_cast<std::uint16_t>(1 + i % 2),
                                            commands::read(1, i * 8, 8),
                                            {buffer.gpa + i * 4096, 4096}));
        const Ticket elsewhere =
            host_b.submit(1, commands::read(2, 0, 8), {buffer.gpa + 16 * 4096, 4096});
        sc_core::wait(us(10));  // fetched, and with the media for 50 us
        ASSERT_TRUE(take_over().ok());
        for (const Ticket& ticket : tickets) {
            const Completion done = host_b.wait(ticket);
            EXPECT_EQ(status(done), StatusCode::kAbortedPreemptAndAbort);
            EXPECT_FALSE(done.do_not_retry);
        }
        EXPECT_EQ(status(host_b.wait(elsewhere)), StatusCode::kSuccess) << "another namespace";
        EXPECT_EQ(host_b.protocol_errors(), 0u);
        EXPECT_EQ(status(host_b.write_zeroes(1, 0, 8)), StatusCode::kReservationConflict);
        EXPECT_EQ(registered(host_a), (std::vector<unsigned>{0}));
        EXPECT_EQ(notices(host_b), Notices{ReservationNotice::kRegistrationPreempted});
        EXPECT_TRUE(verified_io(host_a, 3, 512));
    });
}

// No more than 64 commands of a queue are executed at a time; what stands behind them in the queue
// is outstanding all the same.
TEST_F(Fencing, CommandsThatAreNotFetchedYetAreAbortedToo) {
    simulate([this] {
        form_cluster();
        ASSERT_TRUE(host_b.delete_queue_pair(1).ok());
        ASSERT_TRUE(host_b.create_queue_pair({1, 256}).ok());
        std::vector<Ticket> tickets;
        for (unsigned i = 0; i < 200; ++i)
            tickets.push_back(host_b.submit(1, commands::verify(1 + i % 2, i, 1)));
        sc_core::wait(us(10));
        ASSERT_TRUE(take_over().ok());
        for (unsigned i = 0; i < 200; ++i)
            EXPECT_EQ(status(host_b.wait(tickets[i])),
                      i % 2 == 0 ? StatusCode::kAbortedPreemptAndAbort : StatusCode::kSuccess)
                << i;
        EXPECT_EQ(host_b.protocol_errors(), 0u);
        ASSERT_TRUE(host_b.verify(1, 0, 1).ok()) << "reads are allowed to anybody";
    });
}

TEST_F(Fencing, PreemptAloneLetsThemFinish) {
    simulate([this] {
        form_cluster();
        const DmaBuffer buffer = host_b.allocate(4096);
        const Ticket ticket = host_b.submit(1, commands::read(1, 0, 8), buffer);
        sc_core::wait(us(10));
        ASSERT_TRUE(take_over(false).ok());
        EXPECT_EQ(status(host_b.wait(ticket)), StatusCode::kSuccess);
        EXPECT_EQ(status(host_b.write_zeroes(1, 0, 8)), StatusCode::kReservationConflict);
    });
}

TEST_F(Fencing, AllControllersOfThePreemptedHostAreEmptied) {
    simulate([this] {
        form_cluster();
        bring_up(host_c);
        ASSERT_TRUE(host_c.set_host_identifier(host_id(2)).ok());
        std::vector<std::pair<HostDriver*, Ticket>> tickets;
        for (HostDriver* driver : {&host_b, &host_c})
            tickets.emplace_back(
                driver, driver->submit(1, commands::read(1, 0, 8), driver->allocate(4096)));
        const Ticket own = host_a.submit(2, commands::read(1, 0, 8), host_a.allocate(4096));
        sc_core::wait(us(10));
        ASSERT_TRUE(take_over().ok());
        for (const auto& [driver, ticket] : tickets)
            EXPECT_EQ(status(driver->wait(ticket)), StatusCode::kAbortedPreemptAndAbort);
        EXPECT_EQ(status(host_a.wait(own)), StatusCode::kSuccess) << "not those of the winner";
    });
}

TEST_F(Fencing, TheWinnerIsAnsweredWhenTheLastWriteOfTheLoserIsOver) {
    simulate([this] {
        form_cluster();
        const auto theirs = make_pattern(host_b, 4096, 7);
        const auto ours = make_pattern(host_a, 4096, 8);
        // The memory of B's computer answers late: the write is inside that read for 500 us.
        bool inside = false;
        probe.hook = [&](const DmaAccess& access, sc_core::sc_time&) {
            if (!access.write && access.touches(theirs.gpa, 4096)) {
                inside = true;
                sc_core::wait(us(500));
            }
            return tlm::TLM_OK_RESPONSE;
        };
        const Ticket write = host_b.submit(1, commands::write(1, 64, 8), theirs);
        const auto submitted = sc_core::sc_time_stamp();
        sc_core::wait(us(50));
        ASSERT_TRUE(inside);
        ASSERT_TRUE(take_over().ok());
        EXPECT_GE(sc_core::sc_time_stamp() - submitted, us(500));
        // Whatever B's write did, it did it before: this one stays.
        ASSERT_TRUE(host_a.write(1, 64, 8, ours).ok());
        EXPECT_EQ(status(host_b.wait(write)), StatusCode::kAbortedPreemptAndAbort);
        sc_core::wait(us(2000));
        const DmaBuffer in = host_a.allocate(4096);
        ASSERT_TRUE(host_a.read(1, 64, 8, in).ok());
        EXPECT_EQ(std::memcmp(in.data, ours.data, 4096), 0);
    });
}

TEST_F(Fencing, AComputerThatCannotBeReachedAnyMoreDoesNotStopTheTakeOver) {
    simulate([this] {
        form_cluster();
        const Ticket ticket = host_b.submit(1, commands::read(1, 0, 8), host_b.allocate(4096));
        sc_core::wait(us(10));
        host_b.pci().set_bus_master(false);
        const auto before = sc_core::sc_time_stamp();
        ASSERT_TRUE(take_over().ok());
        EXPECT_LT(sc_core::sc_time_stamp() - before, us(1000));
        EXPECT_TRUE(verified_io(host_a, 3, 512));
        host_b.pci().set_bus_master(true);
        EXPECT_EQ(status(host_b.wait(ticket)), StatusCode::kAbortedPreemptAndAbort);
    });
}

// The loser writes as fast as it can, over and over the same blocks; the winner takes over at a
// moment that the seed chooses, and writes. What it wrote is there afterwards.
TEST_F(Fencing, NothingOfTheLoserLandsAfterTheTakeOverWheneverItComes) {
    bool stop = false, started = false;
    in_parallel([&] {
        while (!started) sc_core::wait(us(10));
        const auto theirs = make_pattern(host_b, 4096, 1);
        std::vector<Ticket> tickets;
        while (!stop) {
            for (unsigned i = 0; i < 12; ++i)
                tickets.push_back(host_b.submit(static_cast<std::uint16_t>(1 + i % 2),
                                                commands::write(1, 64 + i * 8, 8), theirs));
            for (const Ticket& ticket : tickets) {
                const Completion done = host_b.wait(ticket);
                EXPECT_TRUE(done.ok() || done.status == StatusCode::kReservationConflict ||
                            done.status == StatusCode::kAbortedPreemptAndAbort)
                    << done;
            }
            tickets.clear();
        }
    });
    simulate([&] {
        form_cluster();
        started = true;
        std::mt19937_64 random(4711);
        const auto ours = make_pattern(host_a, 12 * 4096, 2);
        const auto in = host_a.allocate(12 * 4096);
        for (unsigned round = 0; round < 30; ++round) {
            sc_core::wait(ns(static_cast<double>(random() % 40'000)));
            ASSERT_TRUE(take_over().ok());
            ASSERT_TRUE(host_a.write(1, 64, 96, ours).ok());
            sc_core::wait(us(300));
            ASSERT_TRUE(host_a.read(1, 64, 96, in).ok());
            ASSERT_EQ(std::memcmp(ours.data, in.data, 12 * 4096), 0) << round;
            // Let the other one in again, as the holder.
            ASSERT_TRUE(host_a.reservation_clear(1, 0xA).ok());
            ASSERT_TRUE(host_a.reservation_register(1, 0xA).ok());
            ASSERT_TRUE(host_b.reservation_register(1, 0xB).ok());
            ASSERT_TRUE(
                host_b.reservation_acquire(1, Type::kWriteExclusiveRegistrantsOnly, 0xB).ok());
        }
        stop = true;
    });
}

// Every field of every reservation command at random, from two hosts at once, some pointers bad.
TEST_F(Fencing, RandomReservationCommandsHurtNobody) {
    const auto torment = [this](HostDriver& driver, unsigned seed) {
        std::mt19937_64 random(seed);
        const DmaBuffer buffer = driver.allocate(65536);
        constexpr std::uint8_t kOpcodes[] = {0x0D, 0x0E, 0x11, 0x15, 0x02, 0x01};
        for (unsigned n = 0; n < 3000; ++n) {
            spec::SubmissionEntry entry =
                commands::make(static_cast<spec::NvmOpcode>(kOpcodes[random() % 6]), 1);
            const std::uint32_t small = static_cast<std::uint32_t>(random() & 0xB);
            entry.cdw10 = random() % 4 == 0 ? static_cast<std::uint32_t>(random())
                                            : small | static_cast<std::uint32_t>(random() % 8) << 8;
            entry.cdw11 = static_cast<std::uint32_t>(random() % 3);
            if (random() % 8 == 0) entry.nsid = static_cast<std::uint32_t>(random());
            for (std::size_t i = 0; i < 64; ++i)
                buffer.data[i] = static_cast<std::byte>(i % 8 == 0 ? random() % 3 : 0);
            entry.prp1 = random() % 8 == 0 ? random() : buffer.gpa;
            entry.prp2 = random() % 8 == 0 ? random() : buffer.gpa + 4096;
            const Completion done =
                driver.execute(static_cast<std::uint16_t>(1 + random() % 2), entry);
            ASSERT_EQ(done.error, DriverError::kNone);
        }
    };
    bool ready = false, done = false;
    in_parallel([&] {
        while (!ready) sc_core::wait(us(10));
        torment(host_b, 22);
        done = true;
    });
    simulate([&] {
        bring_up_all();
        ready = true;
        torment(host_a, 11);
        while (!done) sc_core::wait(us(10));
        EXPECT_FALSE(host_a.csts().get<spec::Csts::Cfs>());
        wipe(host_c);
        EXPECT_TRUE(verified_io(host_a, 1));
        EXPECT_TRUE(verified_io(host_b, 2));
        EXPECT_EQ(host_a.protocol_errors() + host_b.protocol_errors(), 0u);
    });
}

}  // namespace
}  // namespace nvme::test
