// SPDX-License-Identifier: Apache-2.0
// What lasts too long is found while nothing happens. The clock on the wall is the test's own.
#include "platform/vfio_user/lint_visitor.h"

#include <unistd.h>

#include <atomic>

#include "tests/sim/vfio_user/serve_fixture.h"
#include "tests/sim/vfio_user/test_clock.h"

namespace platform::vfio_user::test {
namespace {

using namespace std::chrono_literals;
using observe::LintRule;

struct Heard final : observe::TraceSink {
    void record(const observe::LintFinding& finding) override {
        if (finding.rule == LintRule::kCompletionQueueFull) full = true;
    }
    std::atomic<bool> full{false};
};

struct Watch {
    TestClock clock;
    Heard heard;
    observe::DriverLint lint{{}, &heard};
    LintVisitor visitor{{&lint}};
};

class ServeIdleLint : protected Watch, public ServeTest {
protected:
    ServeIdleLint() : ServeTest({}, ServePace::kEager, &(Watch::clock)) {
        server.controller().set_trace(&lint);
        visitor.follow(*loop.wall());
        loop.add(visitor);
    }
    /// A Phase Tag of 1 in the entry of completion queue 1.
    bool posted(std::uint64_t entry) {
        const std::uint64_t cq = memory.base() + 0x2000 + 0x1000;
        return (*static_cast<const volatile std::uint8_t*>(memory.at(cq + 16 * entry + 14, 1)) &
                1) != 0;
    }
};

TEST_F(ServeIdleLint, AFullCompletionQueueIsFoundWhenItsClientIsSilent) {
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.create_io_queues());
        nvme::spec::SubmissionEntry flush{};
        flush.nsid = 1;
        for (int i = 0; i < 7; ++i) guest.submit(1, flush);
        while (!posted(6)) ::usleep(1'000);
        guest.submit(1, flush);
        // It sends nothing more.
        for (int i = 0; i < 60'000 && !heard.full; ++i) {
            clock.pass(10ms);
            ::usleep(1'000);
        }
        EXPECT_TRUE(heard.full);
    });
}

class LintVisitorTest : protected Watch, public nvme::test::SimTest {
protected:
    /// When its timer says so.
    void look() {
        std::vector<pollfd> sources;
        visitor.add_sources(sources);
        ASSERT_EQ(sources.size(), 1u);
        ASSERT_EQ(::poll(sources.data(), 1, -1), 1);
        EXPECT_FALSE(visitor.look());
    }
};

// A computer that is slower than the wall has not come to what may end the wait.
TEST_F(LintVisitorTest, WhatTheSimulationHasNotComeToYetHasNotPassed) {
    visitor.follow(clock);
    simulate([this] {
        clock.start(0);
        lint.record(observe::QueueChange{0, true, true, 1, 8, 0x1000});
        lint.record(observe::QueueLevels{0, 1, 1, 1, 1, 0, 7, 1, 1});
        sc_core::sc_event next;
        next.notify(90, sc_core::SC_MS);
        clock.pass(1s);
        look();
        EXPECT_FALSE(heard.full) << "the wall says 1 s, the next event is at 90 ms";
        next.cancel();
        next.notify(101, sc_core::SC_MS);
        look();
        EXPECT_TRUE(heard.full);
    });
}

TEST_F(LintVisitorTest, AClockThatStandsSaysNothing) {
    visitor.follow(clock);
    simulate([this] {
        clock.start(0);
        lint.record(observe::QueueChange{0, true, true, 1, 8, 0x1000});
        lint.record(observe::QueueLevels{0, 1, 1, 1, 1, 0, 7, 1, 1});
        clock.stop();
        clock.pass(1s);
        look();
        EXPECT_FALSE(heard.full) << "work is simulated as fast as possible";
        sc_core::wait(101, sc_core::SC_MS);
        look();
        EXPECT_TRUE(heard.full);
    });
}

}  // namespace
}  // namespace platform::vfio_user::test
