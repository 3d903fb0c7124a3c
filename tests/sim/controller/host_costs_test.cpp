// SPDX-License-Identifier: Apache-2.0
// What the reference driver's own work costs, and a doorbell that crosses the link.
#include <gtest/gtest.h>

#include "tests/sim/controller/controller_fixture.h"
#include "tests/sim/controller/driver_helpers.h"

namespace nvme::test {
namespace {

using platform::DriverError;
using platform::DriverOptions;
using platform::HostCosts;
using platform::InterruptMode;

constexpr std::uint64_t kLatencyNs = 150;

/// Only the link's latency takes time.
ControllerParams link_alone() {
    ControllerParams p;
    p.media.model = media::Model::kNone;
    p.doorbell_to_fetch_ns = p.firmware_per_command_ns = p.admin_command_ns = 0;
    p.link.gen = 5;
    p.link.lanes = 16;
    p.link.latency_ns = kLatencyNs;
    return p;
}

DriverOptions with(const HostCosts& costs, InterruptMode mode) {
    DriverOptions options;
    options.costs = costs;
    options.interrupts = mode;
    return options;
}

class HostCostsTest : public ControllerTest {
protected:
    explicit HostCostsTest(const DriverOptions& options) : ControllerTest(link_alone(), options) {}

    /// Of one flush, from submit() until its completion is known.
    double flush_ns() {
        const sc_core::sc_time begin = sc_core::sc_time_stamp();
        EXPECT_TRUE(driver.flush(1).ok());
        return (sc_core::sc_time_stamp() - begin).to_seconds() * 1e9;
    }
    void bring_up() {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        ASSERT_EQ(driver.create_io_queues(1, 64), DriverError::kNone);
    }
};

class FreeHost : public HostCostsTest {
protected:
    FreeHost() : HostCostsTest(with({}, InterruptMode::kMsix)) {}
};

// The doorbell, the request for the entry, the entry, the completion: each crosses the link.
TEST_F(FreeHost, ACommandCrossesTheLinkFourTimes) {
    simulate([this] {
        bring_up();
        const double ns = flush_ns();
        EXPECT_GE(ns, 4 * kLatencyNs);
        EXPECT_LT(ns, 4 * kLatencyNs + 20) << "and the few bytes on it";
    });
}

class CostlyHost : public HostCostsTest {
protected:
    CostlyHost() : HostCostsTest(with({300, 70, 2'500}, InterruptMode::kMsix)) {}
};

TEST_F(CostlyHost, TheCostsAreOnTopOfThat) {
    simulate([this] {
        bring_up();
        const double ns = flush_ns();
        // Submission, the tail doorbell, the interrupt, the head doorbell.
        EXPECT_GE(ns, 4 * kLatencyNs + 300 + 70 + 2'500 + 70);
        EXPECT_LT(ns, 4 * kLatencyNs + 300 + 70 + 2'500 + 70 + 20);
        EXPECT_TRUE(verified_io(driver, 1));
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
    EXPECT_EQ(driver.missed_interrupts(), 0u);
}

class RealisticPolling : public HostCostsTest {
protected:
    RealisticPolling() : HostCostsTest(with(HostCosts::realistic(), InterruptMode::kPolled)) {}
};
class RealisticInterrupts : public HostCostsTest {
protected:
    RealisticInterrupts() : HostCostsTest(with(HostCosts::realistic(), InterruptMode::kMsix)) {}
};

// Without a cost of interrupts, polling was slower than they are.
TEST_F(RealisticPolling, IsFasterThanInterrupts) {
    simulate([this] {
        bring_up();
        EXPECT_LT(flush_ns(), 4 * kLatencyNs + 200 + 2 * 50 + 100 + 20);
        EXPECT_TRUE(verified_io(driver, 1));
    });
}
TEST_F(RealisticInterrupts, TakeTheirTime) {
    simulate([this] {
        bring_up();
        EXPECT_GT(flush_ns(), 4 * kLatencyNs + 200 + 2 * 50 + 1'900);
    });
}

}  // namespace
}  // namespace nvme::test
