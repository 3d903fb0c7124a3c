// SPDX-License-Identifier: Apache-2.0
// A link that is trained anew while it is used: what the host sees of it, and how long it takes.
#include "tests/sim/controller/driver_helpers.h"
#include "tests/sim/faults/fault_fixture.h"

namespace nvme::test {
namespace {

constexpr std::uint64_t kRetrainNs = 50'000;

/// Only the link takes time: four lanes of 8 GT/s.
ControllerParams linked() {
    ControllerParams p = fault_params();
    p.media.model = media::Model::kNone;
    p.doorbell_to_fetch_ns = p.firmware_per_command_ns = p.admin_command_ns = 0;
    p.link.gen = 3;
    p.link.lanes = 4;
    return p;
}

class LinkFault : public FaultTest {
protected:
    explicit LinkFault(const ControllerParams& params = linked()) : FaultTest(params) {}

    /// Negotiated Link Width and Current Link Speed, as a driver reads them.
    [[nodiscard]] unsigned status() {
        const std::uint16_t at = pcie::ConfigSpace::kExpress + 0x12;
        return host.cpu.config_read<std::uint16_t>(0, at) & 0x3ffu;
    }
    static constexpr unsigned status_of(unsigned gen, unsigned lanes) { return lanes << 4 | gen; }

    /// Of a read of 32 KiB.
    double read_ns() {
        const auto buffer = make_pattern(driver, 32'768, 1);
        const std::uint64_t begin = now_ps();
        EXPECT_TRUE(driver.read(1, 0, 64, buffer).ok());
        driver.release(buffer);
        return static_cast<double>(now_ps() - begin) / 1e3;
    }
    /// What a plan makes happen now happens before this returns.
    void strike(const Rule& r) {
        EXPECT_EQ(plan.inject(r), "");
        sc_core::wait(sc_core::SC_ZERO_TIME);
        sc_core::wait(sc_core::SC_ZERO_TIME);
    }
    static Rule retrain(std::optional<std::uint8_t> gen, std::optional<std::uint8_t> lanes) {
        Rule r = rule(Action::kLinkRetrain);
        r.link_gen = gen;
        r.link_lanes = lanes;
        return r;
    }
};

TEST_F(LinkFault, IsSeenInLinkStatusAndInTheTimes) {
    run([this] {
        bring_up();
        EXPECT_EQ(status(), status_of(3, 4));
        (void)read_ns();  // the host grants direct memory pointers
        const double fast = read_ns();
        strike(retrain(1, 1));
        EXPECT_EQ(status(), status_of(1, 1));
        const double slow = read_ns();
        // 128 packets of 280 bytes: 4 ns a byte instead of 65/64/4.
        EXPECT_NEAR(slow - fast, 128 * 280 * (4.0 - 65.0 / 256), 1'000);
        strike(retrain({}, 2));
        EXPECT_EQ(status(), status_of(3, 2));
        strike(retrain(6, 16));
        EXPECT_EQ(status(), status_of(3, 4)) << "not beyond what the link can";
        EXPECT_NEAR(read_ns(), fast, 1);
        work(1);
        verify_all();
    });
    EXPECT_EQ(wrong_bytes, 0u);
}

TEST_F(LinkFault, KeepsCommandsWaitingMeanwhileAndTakesNone) {
    run([this] {
        bring_up();
        (void)read_ns();
        const double usual = read_ns();
        Rule r = retrain({}, {});
        r.retrain_ns = kRetrainNs;
        strike(r);
        EXPECT_NEAR(read_ns(), usual + kRetrainNs, 1);
        EXPECT_NEAR(read_ns(), usual, 1);
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(LinkFault, StrikesWhenACommandArrivesAndUndoesItself) {
    Rule r = retrain(2, 1);
    r.queues = faults::Queues::kIo;
    r.count = 1;
    r.retrain_ns = 1'000;
    r.duration_ns = 1'000'000;
    add(r);
    run([this] {
        bring_up();
        (void)read_ns();
        EXPECT_EQ(status(), status_of(2, 1));
        sc_core::wait(2, sc_core::SC_MS);
        EXPECT_EQ(status(), status_of(3, 4));
    });
}

TEST_F(LinkFault, OutlivesResetsAsABadLaneDoes) {
    run([this] {
        bring_up();
        EXPECT_EQ(controller.retrain_link(3, 1), "");
        driver.fundamental_reset();
        driver.forget_everything();
        bring_up();
        EXPECT_EQ(status(), status_of(3, 1));
        EXPECT_EQ(controller.retrain_link(0, 0), "");
        EXPECT_EQ(status(), status_of(3, 4));
    });
}

TEST_F(LinkFault, CannotBeToWhatDoesNotExist) {
    EXPECT_EQ(controller.retrain_link(7, 1), "gen = 7: must be 0 to 6");
    EXPECT_EQ(controller.retrain_link(1, 3), "lanes = 3: must be 0, 1, 2, 4, 8 or 16");
    EXPECT_EQ(controller.retrain_link(1, 32), "lanes = 32: must be 0, 1, 2, 4, 8 or 16");
    EXPECT_NE(plan.inject(retrain(7, {})), "");
    EXPECT_NE(plan.inject(retrain({}, 3)), "");
    run([this] {
        bring_up();
        EXPECT_EQ(status(), status_of(3, 4));
    });
}

class InfinitelyFastLinkFault : public LinkFault {
protected:
    InfinitelyFastLinkFault()
        : LinkFault([] {
              ControllerParams p = linked();
              p.link.gen = 0;
              return p;
          }()) {}
};

TEST_F(InfinitelyFastLinkFault, ChangesNothing) {
    run([this] {
        bring_up();
        const unsigned before = status();
        EXPECT_EQ(controller.retrain_link(1, 1, kRetrainNs), "");
        EXPECT_EQ(status(), before);
        EXPECT_EQ(read_ns(), 0);
    });
}

}  // namespace
}  // namespace nvme::test
