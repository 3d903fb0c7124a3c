// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "models/nvme/transport/completion_queue.h"
#include "models/nvme/transport/submission_queue.h"
#include "tests/support/fake_memory.h"

namespace nvme::test {
namespace {

pcie::LinkParams instant() {
    pcie::LinkParams link;
    link.gen = 0;
    link.latency_ns = 0;
    return link;
}

/// Queues of every kind of size: the smallest, odd, a power of two, the largest.
class QueueTest : public testing::TestWithParam<std::uint32_t> {
protected:
    QueueTest() { dma.open(); }

    [[nodiscard]] std::uint32_t size() const { return GetParam(); }
    [[nodiscard]] SubmissionQueue make_sq() const {
        SubmissionQueue::Config config;
        config.base = kBase;
        config.size = size();
        return SubmissionQueue(config);
    }
    [[nodiscard]] CompletionQueue make_cq() const {
        CompletionQueue::Config config;
        config.base = kBase;
        config.size = size();
        return CompletionQueue(config);
    }
    [[nodiscard]] std::uint16_t index(std::uint64_t n) const {
        return static_cast<std::uint16_t>(n % size());
    }
    bool post(CompletionQueue& cq, std::uint16_t cid) {
        spec::CompletionEntry entry{};
        entry.cid = cid;
        return cq.post(dma, entry);
    }

    static constexpr std::uint64_t kBase = 0x100000;
    FakeClock clock;
    FakeMemory memory;
    pcie::Link link{instant()};
    Dma dma{memory, link, clock};
};

TEST_P(QueueTest, ANewSubmissionQueueIsEmpty) {
    EXPECT_EQ(make_sq().available(), 0u);
    EXPECT_EQ(make_sq().next_due(), util::kNever);
}

TEST_P(QueueTest, ASubmissionQueueHoldsOneEntryLessThanItsSize) {
    auto sq = make_sq();
    EXPECT_EQ(sq.ring(index(size() - 1), 0), DoorbellFault::kNone);
    sq.update(0);
    EXPECT_EQ(sq.available(), size() - 1);
}

TEST_P(QueueTest, AddingToAFullSubmissionQueueStopsIt) {
    auto sq = make_sq();
    ASSERT_EQ(sq.ring(index(size() - 1), 0), DoorbellFault::kNone);
    EXPECT_EQ(sq.ring(0, 0), DoorbellFault::kOverrun);
    sq.update(0);
    EXPECT_TRUE(sq.stopped());
    EXPECT_EQ(sq.available(), 0u);
}

TEST_P(QueueTest, AValueBeyondTheQueueStopsASubmissionQueue) {
    auto sq = make_sq();
    const bool any_is_good = size() == 65536;
    EXPECT_EQ(sq.ring(0xffff, 0), any_is_good ? DoorbellFault::kNone : DoorbellFault::kOutOfRange);
    EXPECT_EQ(sq.stopped(), !any_is_good);
}

TEST_P(QueueTest, TheSameTailWrittenAgainChangesNothing) {
    auto sq = make_sq();
    ASSERT_EQ(sq.ring(1, 0), DoorbellFault::kNone);
    EXPECT_EQ(sq.ring(1, 0), DoorbellFault::kNone);
    sq.update(0);
    EXPECT_EQ(sq.available(), 1u);
    EXPECT_FALSE(sq.stopped());
}

TEST_P(QueueTest, FetchingStopsAtTheWrapAndGoesOnBehindIt) {
    auto sq = make_sq();
    const std::uint32_t last = size() - 1;
    ASSERT_EQ(sq.ring(index(last), 0), DoorbellFault::kNone);
    sq.update(0);
    sq.advance(last);
    const std::uint32_t added = std::min(3u, last);
    ASSERT_EQ(sq.ring(index(last + added), 0), DoorbellFault::kNone);
    sq.update(0);
    for (std::uint32_t i = 0; i < added; ++i) {
        spec::SubmissionEntry sqe{};
        sqe.cdw10 = i;
        memory.put(kBase + index(last + i) * std::uint64_t{64}, sqe);
    }
    std::vector<spec::SubmissionEntry> out(8);
    std::uint32_t count = 0;
    ASSERT_TRUE(sq.fetch(dma, 0, out.data(), 8, count));
    EXPECT_EQ(count, 1u);
    EXPECT_EQ(out[0].cdw10, 0u);
    sq.advance(count);
    EXPECT_EQ(sq.head(), 0u);
    if (size() == 2) return;
    ASSERT_TRUE(sq.fetch(dma, 0, out.data(), 8, count));
    EXPECT_EQ(count, added - 1);
    EXPECT_EQ(out[0].cdw10, 1u);
}

TEST_P(QueueTest, ACompletionQueueHoldsOneEntryLessThanItsSize) {
    auto cq = make_cq();
    for (std::uint32_t i = 0; i + 1 < size(); ++i) {
        ASSERT_FALSE(cq.full());
        ASSERT_TRUE(post(cq, 1));
    }
    EXPECT_TRUE(cq.full());
    EXPECT_EQ(cq.used(), size() - 1);
}

TEST_P(QueueTest, ThePhaseFlipsWithEachLap) {
    auto cq = make_cq();
    for (std::uint64_t n = 0; n < 5ull * size(); ++n) {
        ASSERT_FALSE(cq.full());
        ASSERT_TRUE(post(cq, static_cast<std::uint16_t>(n)));
        const auto cqe = memory.get<spec::CompletionEntry>(kBase + index(n) * std::uint64_t{16});
        ASSERT_EQ(cqe.status & 1u, (n / size()) % 2 == 0 ? 1u : 0u) << "entry " << n;
        ASSERT_EQ(cqe.cid, static_cast<std::uint16_t>(n));
        ASSERT_EQ(cq.ring(index(n + 1), 0), DoorbellFault::kNone);
        cq.update(0);
    }
}

TEST_P(QueueTest, TheHeadCannotPassTheTailOfACompletionQueue) {
    auto cq = make_cq();
    EXPECT_EQ(cq.ring(1, 0), DoorbellFault::kOverrun);
    ASSERT_TRUE(post(cq, 1));
    EXPECT_EQ(cq.ring(index(2), 0), size() == 2 ? DoorbellFault::kNone : DoorbellFault::kOverrun);
    EXPECT_EQ(cq.ring(1, 0), DoorbellFault::kNone);
    EXPECT_EQ(cq.ring(1, 0), DoorbellFault::kNone) << "the same value again";
    EXPECT_EQ(cq.ring(0, 0), DoorbellFault::kOverrun) << "the head never goes back";
    cq.update(0);
    EXPECT_EQ(cq.head(), 1u);
    if (size() == 65536) return;
    EXPECT_EQ(cq.ring(static_cast<std::uint16_t>(size()), 0), DoorbellFault::kOutOfRange);
}

TEST_P(QueueTest, AnUnreachableCompletionQueueKeepsItsTailAndPhase) {
    auto cq = make_cq();
    for (std::uint32_t i = 0; i + 1 < size(); ++i) ASSERT_TRUE(post(cq, 1));
    ASSERT_EQ(cq.ring(index(size() - 1), 0), DoorbellFault::kNone);
    cq.update(0);
    memory.fail(kBase, 65536 * 16);
    EXPECT_FALSE(post(cq, 2));
    EXPECT_EQ(cq.tail(), size() - 1);
    EXPECT_TRUE(cq.phase());
    EXPECT_EQ(cq.used(), 0u);
}

// A host on another processor sees the entry while the controller's write has not returned yet, as
// with a target that copies and then waits. Pre-fix, its doorbell was an overrun.
TEST_P(QueueTest, AnEntryMayBeAcknowledgedBeforeItsWriteReturns) {
    auto cq = make_cq();
    for (std::uint64_t n = 0; n < 3ull * size(); ++n) {
        memory.on_access = [&](const FakeMemory::Access&) {
            ASSERT_EQ(cq.ring(index(n + 1), 0), DoorbellFault::kNone) << "entry " << n;
        };
        ASSERT_TRUE(post(cq, 1));
        cq.update(0);
        ASSERT_EQ(cq.used(), 0u);
    }
}

TEST_P(QueueTest, DelayedDoorbellsAreSeenWhenTheirTimeHasCome) {
    auto sq = make_sq();
    ASSERT_EQ(sq.ring(1, 500), DoorbellFault::kNone);
    EXPECT_EQ(sq.next_due(), 500u);
    sq.update(499);
    EXPECT_EQ(sq.available(), 0u);
    sq.update(500);
    EXPECT_EQ(sq.available(), 1u);
}

TEST_P(QueueTest, PendingDoorbellsCountAgainstTheRoom) {
    auto sq = make_sq();
    ASSERT_EQ(sq.ring(index(size() - 1), 500), DoorbellFault::kNone);
    EXPECT_EQ(sq.ring(0, 600), DoorbellFault::kOverrun);
}

INSTANTIATE_TEST_SUITE_P(Sizes, QueueTest, testing::Values(2u, 3u, 5u, 64u, 1023u, 65536u));

}  // namespace
}  // namespace nvme::test
