// SPDX-License-Identifier: Apache-2.0
#include "platform/driver/host_driver.h"

#include <cstdint>
#include <cstring>
#include <vector>

#include "tests/sim/platform/fake_controller.h"
#include "tests/sim/support/sim_test.h"

namespace platform {
namespace {

const sc_core::sc_time kOneMs(1, sc_core::SC_MS);

class HostDriverTest : public nvme::test::SimTest {
protected:
    explicit HostDriverTest(InterruptMode mode = InterruptMode::kMsix)
        : driver(host, host.attach(device), options_for(mode)) {}

    static DriverOptions options_for(InterruptMode mode) {
        DriverOptions options;
        options.interrupts = mode;
        options.admin_depth = 4;
        return options;
    }
    void bring_up(std::uint32_t depth = 4) {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        ASSERT_EQ(driver.create_io_queues(8, depth), DriverError::kNone);
    }
    /// Every completion arrives, in order, over several wraps of a queue of four entries.
    void read_many() {
        const DmaBuffer buffer = driver.allocate(4096);
        for (std::uint64_t lba = 0; lba < 19; ++lba) {
            ASSERT_TRUE(driver.read(1, lba, 8, buffer).ok());
            std::uint64_t found = ~lba;
            std::memcpy(&found, buffer.data, sizeof(found));
            EXPECT_EQ(found, lba);
        }
        EXPECT_EQ(driver.protocol_errors(), 0u);
        EXPECT_EQ(driver.missed_interrupts(), 0u);
        EXPECT_EQ(driver.find_sq(1)->in_flight, 0u);
    }

    HostPlatform host{"host"};
    FakeController device{"device"};
    HostDriver driver;
};

/// Too little host memory for more than the admin queue and a small I/O queue.
class HostDriverShortOfMemory : public HostDriverTest {
protected:
    static DriverOptions with_memory(std::uint64_t bytes) {
        DriverOptions options = options_for(InterruptMode::kMsix);
        options.memory_base = 1 << 20;
        options.memory_bytes = bytes;
        return options;
    }
};

class HostDriverOnWire : public HostDriverTest {
protected:
    HostDriverOnWire() : HostDriverTest(InterruptMode::kIntx) {}
};
class HostDriverPolling : public HostDriverTest {
protected:
    HostDriverPolling() : HostDriverTest(InterruptMode::kPolled) {}
};

TEST_F(HostDriverTest, EnumeratesWithDisjointBarsAndOneAddressAVector) {
    simulate([this] {
        ASSERT_EQ(driver.enumerate(), DriverError::kNone);
        const PciFunction& pci = driver.pci();
        EXPECT_EQ(pci.bar_bytes(0), FakeEndpoint::kBar0Bytes);
        EXPECT_EQ(pci.bar_bytes(4), FakeEndpoint::kBar4Bytes);
        EXPECT_EQ(pci.bar(0) % FakeEndpoint::kBar0Bytes, 0u);
        EXPECT_TRUE(pci.bar(4) >= pci.bar(0) + FakeEndpoint::kBar0Bytes ||
                    pci.bar(0) >= pci.bar(4) + FakeEndpoint::kBar4Bytes);
        EXPECT_EQ(driver.vectors(), 4u);
        EXPECT_EQ(host.cpu.config_read<std::uint16_t>(0, 4) & 0x406, 0x406);
        EXPECT_EQ(host.cpu.config_read<std::uint16_t>(0, 0x42), 0x8003);
        EXPECT_EQ(host.cpu.read32(pci.bar(4) + 3 * 16), host.interrupts.message_address(3));
    });
}

TEST_F(HostDriverTest, ReadsThroughMsix) {
    simulate([this] {
        bring_up();
        EXPECT_EQ(driver.io_queues(), (std::vector<std::uint16_t>{1, 2}));  // what was granted
        read_many();
        EXPECT_EQ(host.interrupts.count(driver.host_vector(1)), 19u);
        EXPECT_EQ(driver.shutdown(), DriverError::kNone);
        EXPECT_TRUE(driver.io_queues().empty());
    });
}

TEST_F(HostDriverOnWire, ReadsThroughALevelTriggeredWire) {
    simulate([this] {
        bring_up();
        read_many();
        EXPECT_EQ(host.interrupts.count(0), 0u);
        sc_core::wait(sc_core::SC_ZERO_TIME);
        EXPECT_FALSE(host.interrupts.wire(0));
    });
}

TEST_F(HostDriverPolling, ReadsByPolling) {
    simulate([this] {
        bring_up();
        read_many();
        EXPECT_FALSE(driver.find_cq(1)->interrupts);
    });
}

TEST_F(HostDriverTest, KeepsAQueueBusyFromCompletionCallbacks) {
    struct Load {
        HostDriver& driver;
        unsigned completed = 0, submitted = 0;
        void submit() {
            const OnCompletion next{[](void* self, const Completion& completion) {
                                        auto& load = *static_cast<Load*>(self);
                                        EXPECT_TRUE(completion.ok()) << completion;
                                        ++load.completed;
                                        if (load.submitted < 100) load.submit();
                                    },
                                    this};
            const Ticket ticket = driver.submit(1, commands::flush(1), {}, next);
            if (ticket.error == DriverError::kNone) ++submitted;
        }
    };
    simulate([this] {
        bring_up(8);
        Load load{driver};
        for (int i = 0; i < 7; ++i) load.submit();
        EXPECT_EQ(driver.submit(1, commands::flush(1)).error, DriverError::kQueueFull);
        while (load.completed < 100 && driver.wait_any(1) != 0) continue;
        EXPECT_EQ(load.completed, 100u);
        EXPECT_EQ(driver.wait_any(1, kOneMs), 0u);
    });
}

TEST_F(HostDriverTest, BatchesSubmissionsUntilTheDoorbellIsRung) {
    simulate([this] {
        bring_up(8);
        const unsigned before = device.fetched;
        const Ticket first = driver.submit(1, commands::flush(1), {}, {}, Doorbell::kLater);
        const Ticket second = driver.submit(1, commands::flush(1), {}, {}, Doorbell::kLater);
        sc_core::wait(kOneMs);
        EXPECT_EQ(device.fetched, before);
        driver.ring(1);
        EXPECT_TRUE(driver.wait(second).ok());
        EXPECT_TRUE(driver.done(first));
        EXPECT_TRUE(driver.wait(first).ok());
        EXPECT_EQ(driver.wait(first).error, DriverError::kAborted);  // collected already
    });
}

TEST_F(HostDriverTest, ServesSeveralThreadsOnOneQueue) {
    unsigned good = 0;
    bool up = false;
    const auto worker = [&] {
        while (!up) sc_core::wait(1, sc_core::SC_US);
        for (int i = 0; i < 20; ++i) good += driver.flush(1).ok() ? 1 : 0;
    };
    in_parallel(worker);
    in_parallel(worker);
    in_parallel(worker);
    simulate([&] {
        bring_up(2);  // room for one command at a time
        up = true;
        worker();
    });
    EXPECT_EQ(good, 80u);
}

TEST_F(HostDriverTest, TimesOutOnSilenceAndKeepsTheTicket) {
    simulate([this] {
        bring_up();
        device.silent = true;
        const Ticket ticket = driver.submit(1, commands::flush(1));
        const sc_core::sc_time before = sc_core::sc_time_stamp();
        EXPECT_EQ(driver.wait(ticket, kOneMs).error, DriverError::kTimedOut);
        EXPECT_EQ(sc_core::sc_time_stamp() - before, kOneMs);
        EXPECT_EQ(driver.missed_interrupts(), 0u);
        device.silent = false;
        device.wake();
        EXPECT_TRUE(driver.wait(ticket).ok());
    });
}

TEST_F(HostDriverTest, FindsACompletionWithoutAnInterruptAndSaysSo) {
    simulate([this] {
        bring_up();
        device.loses_interrupts = true;
        EXPECT_TRUE(driver.wait(driver.submit(1, commands::flush(1)), kOneMs).ok());
        EXPECT_EQ(driver.missed_interrupts(), 1u);
    });
}

TEST_F(HostDriverTest, NoticesACompletionThatComesTwice) {
    simulate([this] {
        bring_up(8);
        device.completes_twice = true;
        EXPECT_TRUE(driver.flush(1).ok());
        device.completes_twice = false;
        EXPECT_TRUE(driver.flush(1).ok());
        EXPECT_EQ(driver.protocol_errors(), 1u);
    });
}

TEST_F(HostDriverTest, ReturnsTheStatusThatTheControllerGave) {
    simulate([this] {
        bring_up();
        device.next_status = 0x4002;
        const Completion completion = driver.flush(1);
        EXPECT_EQ(completion.error, DriverError::kNone);
        EXPECT_EQ(completion.status, spec::StatusCode::kInvalidField);
        EXPECT_TRUE(completion.do_not_retry);
        EXPECT_FALSE(completion.ok());
    });
}

TEST_F(HostDriverTest, AResetEndsCommandsThatOthersWaitFor) {
    Completion ended;
    bool submitted = false;
    unsigned called = 0;
    in_parallel([&] {
        while (!submitted) sc_core::wait(1, sc_core::SC_US);
        ended = driver.wait(driver.submit(1, commands::flush(1)));
    });
    simulate([&] {
        bring_up();
        device.silent = true;
        const OnCompletion count{[](void* context, const Completion& completion) {
                                     EXPECT_EQ(completion.error, DriverError::kAborted);
                                     ++*static_cast<unsigned*>(context);
                                 },
                                 &called};
        const Ticket own = driver.submit(1, commands::flush(1));
        driver.submit(1, commands::flush(1), {}, count);
        submitted = true;
        sc_core::wait(kOneMs);
        EXPECT_EQ(driver.disable(), DriverError::kNone);
        EXPECT_EQ(driver.wait(own).error, DriverError::kAborted);
        EXPECT_EQ(driver.submit(1, commands::flush(1)).error, DriverError::kNoSuchQueue);
        sc_core::wait(kOneMs);
        device.silent = false;
        EXPECT_EQ(driver.allocator().bytes_free(), host.memory.size() - 4096);  // all came back
        bring_up();
        EXPECT_TRUE(driver.flush(1).ok());
    });
    EXPECT_EQ(ended.error, DriverError::kAborted);
    EXPECT_EQ(called, 1u);
}

TEST_F(HostDriverTest, ComesBackAfterAFunctionLevelReset) {
    simulate([this] {
        bring_up();
        const std::uint64_t bar0 = driver.pci().bar(0);
        EXPECT_EQ(driver.function_level_reset(), DriverError::kNone);
        EXPECT_EQ(driver.enable(), DriverError::kNoDevice);  // Memory Space Enable is gone
        bring_up();
        EXPECT_EQ(driver.pci().bar(0), bar0);
        EXPECT_TRUE(driver.flush(1).ok());
    });
}

TEST_F(HostDriverTest, GivesUpOnAControllerThatNeverBecomesReady) {
    simulate([this] {
        device.becomes_ready = false;
        const sc_core::sc_time before = sc_core::sc_time_stamp();
        EXPECT_EQ(driver.bring_up(), DriverError::kTimedOut);
        EXPECT_GE(sc_core::sc_time_stamp() - before, sc_core::sc_time(1, sc_core::SC_SEC));
    });
}

TEST_F(HostDriverTest, ReportsFatalStatusAndRecoversByDisabling) {
    simulate([this] {
        device.fatal = true;
        EXPECT_EQ(driver.bring_up(), DriverError::kFatalStatus);
        device.fatal = false;
        EXPECT_EQ(driver.bring_up(), DriverError::kNone);
    });
}

TEST_F(HostDriverTest, RefusesImpossibleArgumentsWithoutAskingTheDevice) {
    simulate([this] {
        bring_up();
        const DmaBuffer small = driver.allocate(4096);
        EXPECT_GT(driver.block_bytes(1), 0u);
        const unsigned before = device.fetched;
        EXPECT_EQ(driver.read(1, 0, 9, small).error, DriverError::kBadArgument);
        EXPECT_EQ(driver.read(1, 0, 0, small).error, DriverError::kBadArgument);
        EXPECT_EQ(driver.verify(1, 0, 65537).error, DriverError::kBadArgument);
        EXPECT_EQ(driver.dataset_management(1, {}).error, DriverError::kBadArgument);
        EXPECT_EQ(driver.create_cq({3, 1}).error, DriverError::kBadArgument);
        EXPECT_EQ(driver.submit(1, commands::flush(1), {2, 4}).error, DriverError::kBadArgument);
        EXPECT_EQ(driver.flush(1, 9).error, DriverError::kNoSuchQueue);
        EXPECT_EQ(device.fetched, before);
    });
}

TEST_F(HostDriverShortOfMemory, SaysSoAndWorksWithQueuesThatFit) {
    HostDriver none(host, 0, with_memory(4096)), little(host, 0, with_memory(6 * 4096));
    simulate([&] {
        EXPECT_EQ(none.bring_up(), DriverError::kNoResources);
        ASSERT_EQ(little.bring_up(), DriverError::kNone);
        EXPECT_EQ(little.create_queue_pair({1, 256}).error, DriverError::kNoResources);
        ASSERT_TRUE(little.create_queue_pair({1, 16}).ok());
        EXPECT_GT(little.block_bytes(1), 0u);
        const DmaBuffer buffer = little.allocate(4096);
        ASSERT_TRUE(buffer);
        EXPECT_FALSE(little.allocate(2 * 4096));
        std::uint64_t found = 0;
        EXPECT_TRUE(little.read(1, 7, 8, buffer).ok());
        std::memcpy(&found, buffer.data, sizeof(found));
        EXPECT_EQ(found, 7u);
    });
}

TEST_F(HostDriverTest, AbandonedTicketsGiveTheirIdentifiersBack) {
    simulate([this] {
        bring_up(2);
        for (int i = 0; i < 50; ++i) {
            const Ticket ticket = driver.submit(1, commands::flush(1));
            ASSERT_EQ(ticket.error, DriverError::kNone) << i;
            if (i % 2 == 0) driver.abandon(ticket);
            driver.wait_any(1);
            if (i % 2 == 1) driver.abandon(ticket);
        }
        EXPECT_EQ(driver.find_sq(1)->in_flight, 0u);
    });
}

}  // namespace
}  // namespace platform
