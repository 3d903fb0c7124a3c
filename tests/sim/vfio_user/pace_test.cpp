// SPDX-License-Identifier: Apache-2.0
// How time passes for who is served at the default pace. The clock on the wall is the test's own.
#include <chrono>

#include "models/faults/injector.h"
#include "models/nvme/spec/features.h"
#include "models/nvme/spec/opcodes.h"
#include "tests/sim/vfio_user/serve_fixture.h"
#include "tests/sim/vfio_user/test_clock.h"

namespace platform::vfio_user::test {
namespace {

using namespace std::chrono_literals;
using nvme::spec::AdminOpcode;

VfioUserServerOptions with_timer() {
    VfioUserServerOptions options;
    options.controller.keep_alive_granularity = 1;
    return options;
}

struct OwnClock {
    TestClock clock;
};

class ServePaceTest : private OwnClock, public ServeTest {
protected:
    explicit ServePaceTest(VfioUserServerOptions options = with_timer())
        : ServeTest(std::move(options), ServePace::kEager, &(OwnClock::clock)) {}

    static constexpr std::uint32_t kReady = 1, kFatal = 2;

    /// In steps that the server makes up for even while it is busy with the read before.
    void pass(Client& c, std::chrono::nanoseconds time) {
        constexpr std::chrono::nanoseconds kStep = 500us;
        for (; time > 0ns; time -= kStep) {
            clock.pass(std::min(time, kStep));
            (void)c.read(RegionIndex::kBar0, 0x1c, 4);
        }
    }
    /// CSTS, after as many looks at it as the server could have used to do something wrong.
    static std::uint64_t csts(Client& c) {
        for (int i = 0; i < 20; ++i) (void)c.read(RegionIndex::kBar0, 0x1c, 4);
        return c.read(RegionIndex::kBar0, 0x1c, 4);
    }
    static std::uint16_t set_keep_alive_ms(NvmeGuest& guest, std::uint32_t ms) {
        nvme::spec::SubmissionEntry entry{};
        entry.cdw0 = static_cast<std::uint8_t>(AdminOpcode::kSetFeatures);
        entry.cdw10 = static_cast<std::uint8_t>(nvme::spec::FeatureId::kKeepAliveTimer);
        entry.cdw11 = ms;
        return guest.execute(0, entry);
    }
    static std::uint16_t keep_alive(NvmeGuest& guest) {
        nvme::spec::SubmissionEntry entry{};
        entry.cdw0 = static_cast<std::uint8_t>(AdminOpcode::kKeepAlive);
        return guest.execute(0, entry);
    }
};

// Simulated time used to go to the timer at once, as nothing else was left to happen.
TEST_F(ServePaceTest, AKeepAliveTimerExpiresWhenItsTimeHasPassedOnTheWallAndNotBefore) {
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        ASSERT_EQ(set_keep_alive_ms(guest, 300), 0);
        EXPECT_EQ(csts(*c), kReady);
        for (int i = 0; i < 3; ++i) {
            pass(*c, 299ms);
            EXPECT_EQ(csts(*c), kReady);
            ASSERT_EQ(keep_alive(guest), 0);
        }
        pass(*c, 299ms);
        EXPECT_EQ(csts(*c), kReady);
        pass(*c, 2ms);
        while (c->read(RegionIndex::kBar0, 0x1c, 4) != (kReady | kFatal)) {
        }
    });
}

class ServeSlowMedia : public ServePaceTest {
protected:
    ServeSlowMedia() : ServePaceTest(slow()) {}
    static VfioUserServerOptions slow() {
        VfioUserServerOptions options = with_timer();
        options.controller.media.model = media::Model::kFixed;
        options.controller.media.fixed.read_ns = 5'000'000;
        return options;
    }
};

// Work takes simulated time, of which the host's clock knows nothing.
TEST_F(ServeSlowMedia, WorkIsDoneAtOnceAndDoesNotMakeAKeepAliveTimerExpire) {
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.create_io_queues());
        ASSERT_EQ(set_keep_alive_ms(guest, 300), 0);
        for (unsigned i = 0; i < 100; ++i) ASSERT_TRUE(guest.read(i, 1));
        EXPECT_EQ(csts(*c), kReady);
        pass(*c, 301ms);
        while (c->read(RegionIndex::kBar0, 0x1c, 4) != (kReady | kFatal)) {
        }
    });
    EXPECT_GE(util::ScTimePs().now(), 800 * util::kPsPerMs);
    EXPECT_LT(util::ScTimePs().now(), 900 * util::kPsPerMs);
}

TEST_F(ServePaceTest, IdleTimePassesAsOnTheWall) {
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        for (int i = 0; i < 10; ++i) {
            pass(*c, 50ms);
            EXPECT_EQ(csts(*c), kReady);
        }
    });
    EXPECT_GE(util::ScTimePs().now(), 495 * util::kPsPerMs);
    EXPECT_LT(util::ScTimePs().now(), 510 * util::kPsPerMs);
}

TEST_F(ServePaceTest, ADelayOfAFaultPlanIsWaitedForOnTheWall) {
    faults::Rule rule;
    rule.action = faults::Action::kDelay;
    rule.queues = faults::Queues::kIo;
    rule.delay_ns = 1'000'000'000;
    faults::Injector plan({rule});
    server.controller().set_faults(&plan);
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.create_io_queues());
        nvme::spec::SubmissionEntry entry{};
        entry.nsid = 1;  // Flush
        guest.submit(1, entry);
        const std::uint8_t* const phase = memory.at(memory.base() + 0x2000 + 0x1000 + 14, 1);
        for (int i = 0; i < 2; ++i) {
            EXPECT_EQ(csts(*c), kReady);
            EXPECT_EQ(*phase & 1, 0);
            pass(*c, 499ms);
        }
        pass(*c, 3ms);
        EXPECT_EQ(guest.wait(1), 0);
    });
}

}  // namespace
}  // namespace platform::vfio_user::test
