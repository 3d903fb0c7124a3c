// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/engine/waiting_aborts.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <vector>

#include "tests/support/access_hook.h"
#include "tests/support/core_harness.h"

namespace nvme::test {
namespace {
using spec::AdminOpcode;
using spec::NvmOpcode;
using spec::StatusCode;

constexpr auto kRequested = StatusCode::kAbortRequested;
constexpr auto kPreempted = StatusCode::kAbortedPreemptAndAbort;

TEST(WaitingAborts, OneEndsAtItsPlaceAlone) {
    WaitingAborts aborts;
    EXPECT_TRUE(aborts.add(7, 100));
    EXPECT_FALSE(aborts.add(7, 101)) << "it is to be aborted already";
    EXPECT_TRUE(aborts.add(9, 102));
    for (std::uint64_t at = 5; at < 12; ++at) {
        const auto end = aborts.fetched(at, 1);
        ASSERT_EQ(end.has_value(), at == 7 || at == 9) << at;
        EXPECT_EQ(aborts.empty(), at >= 9) << at;
        if (!end) continue;
        EXPECT_EQ(end->status, kRequested);
        EXPECT_EQ(end->abort_cid, at == 7 ? 100 : 102);
    }
}

TEST(WaitingAborts, AreToldWhenTheirQueueIsFetchedFromNoMore) {
    WaitingAborts aborts;
    EXPECT_TRUE(aborts.add(7, 100));
    aborts.add_preempted(3, 8, 1);
    EXPECT_TRUE(aborts.add(3, 101));
    std::vector<std::uint16_t> told;
    aborts.give_up([&told](std::uint16_t cid) { told.push_back(cid); });
    EXPECT_EQ(told, (std::vector<std::uint16_t>{100, 101}));
    EXPECT_TRUE(aborts.empty());
}

TEST(WaitingAborts, PreemptionEndsTheNamespacesOwnUpToTheLastThatWasAnnounced) {
    WaitingAborts aborts;
    aborts.add_preempted(3, 3, 1);
    EXPECT_TRUE(aborts.empty()) << "nothing waits";
    aborts.add_preempted(3, 8, 1);
    aborts.add_preempted(5, 10, 1);
    aborts.add_preempted(5, 7, 2);
    EXPECT_TRUE(aborts.add(6, 100));
    const auto ends = [&aborts](WaitingAborts::Position at, std::uint32_t nsid) {
        const auto end = aborts.fetched(at, nsid);
        return end ? end->status : StatusCode::kSuccess;
    };
    EXPECT_EQ(ends(5, 1), kPreempted);
    EXPECT_EQ(ends(6, 2), kRequested);
    EXPECT_EQ(ends(7, 2), StatusCode::kSuccess);
    EXPECT_EQ(ends(8, 3), StatusCode::kSuccess);
    EXPECT_EQ(ends(9, 1), kPreempted);
    EXPECT_TRUE(aborts.empty());
    EXPECT_EQ(ends(10, 1), StatusCode::kSuccess);
}

/// Two commands of a queue are executed at a time, and take 1 us each.
ControllerParams two_at_a_time() {
    ControllerParams p = instant_params();
    p.firmware_per_command_ns = 1000;
    p.max_inflight_per_sq = 2;
    return p;
}

class AbortOfWaiting : public testing::Test {
protected:
    AbortOfWaiting() : h(two_at_a_time()) {
        h.add_namespace(1, 1 << 16);
        begin();
    }
    void begin() {
        h.enable();
        q = h.create_queues(1, 16);
        cids.clear();
        for (int i = 0; i < 12; ++i) cids.push_back(h.push(q, io_command(NvmOpcode::kFlush, 1)));
        h.ring_tail(q);
        h.run_for(0);  // two are fetched
    }
    void abort(std::uint16_t cid) {
        auto sqe = admin_command(AdminOpcode::kAbort);
        sqe.cdw10 = 1u | std::uint32_t{cid} << 16;
        h.push(h.admin_queue(), sqe);
        h.ring_tail(h.admin_queue());
    }
    /// Each of the twelve ended once, and so.
    void expect_ended(std::uint16_t aborted) {
        std::map<std::uint16_t, StatusCode> ended;
        while (const auto cqe = h.poll(q))
            EXPECT_TRUE(ended.insert({cqe->cid, status_of(*cqe)}).second);
        EXPECT_EQ(ended.size(), cids.size());
        for (const auto& [cid, status] : ended)
            EXPECT_EQ(status, cid == aborted ? StatusCode::kAbortRequested : StatusCode::kSuccess);
    }
    CoreHarness h;
    HostQueue q;
    std::vector<std::uint16_t> cids;
    AccessHook access_hook{h.memory};
};

TEST_F(AbortOfWaiting, GoesOnWhenBusMasterComesBackAroundAnyOfItsAccesses) {
    unsigned aborted = 0;
    for (std::size_t n = 1;; ++n) {
        const bool& done = access_hook.at(n, [this] {
            h.set_bus_master(false);
            h.memory.forget();
        });
        abort(cids[11]);
        h.settle();
        h.memory.on_access = nullptr;
        if (!done) break;
        h.set_bus_master(true);
        h.settle();
        const auto cqe = h.poll(h.admin_queue());
        ASSERT_TRUE(cqe) << "access " << n;
        EXPECT_EQ(status_of(*cqe), StatusCode::kSuccess);
        EXPECT_EQ(cqe->dw0, 0u) << "access " << n;
        expect_ended(cids[11]);
        ++aborted;
        h.disable();
        begin();
    }
    EXPECT_GT(aborted, 10u);
}

TEST_F(AbortOfWaiting, IsForgottenByAResetInsideAnyOfItsAccesses) {
    for (std::size_t n = 1;; ++n) {
        const bool& done = access_hook.at(n, [this] {
            h.write32(spec::offset::kCc, 0);
            h.memory.forget();
        });
        abort(cids[11]);
        h.settle();
        h.memory.on_access = nullptr;
        if (!done) break;
        EXPECT_TRUE(h.memory.accesses().empty()) << "access " << n;
        h.expect_service(1);
        h.disable();
        begin();
    }
    expect_ended(cids[11]);
}

// While the queue is read, the host adds to it, breaks its doorbell, or begins a shutdown.
TEST_F(AbortOfWaiting, IsAnsweredWhateverHappensToTheQueueMeanwhile) {
    const std::uint32_t broken = 0xffff, shutdown = 0x4000;
    for (const std::uint32_t what : {0u, broken, shutdown}) {
        const bool& done = access_hook.at(2, [&] {  // the first is the fetch of the Abort
            if (what == 0) {
                h.push(q, io_command(NvmOpcode::kFlush, 1));
                h.ring_tail(q);
            } else if (what == broken) {
                h.write32(spec::offset::kDoorbells + 8, broken);
            } else {
                h.write32(spec::offset::kCc, CoreHarness::default_cc().raw | shutdown);
            }
        });
        abort(cids[11]);
        h.settle();
        h.memory.on_access = nullptr;
        EXPECT_TRUE(done);
        EXPECT_TRUE(h.poll(h.admin_queue())) << what;
        h.expect_service(1);
        h.disable();
        begin();
    }
}

}  // namespace
}  // namespace nvme::test
