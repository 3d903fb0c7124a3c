// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdint>
#include <deque>
#include <random>

#include "models/nvme/transport/completion_queue.h"
#include "models/nvme/transport/submission_queue.h"
#include "tests/support/fake_memory.h"

// Random operations on a queue, compared with a model that counts entries since the beginning of
// time and never wraps.
namespace nvme::test {
namespace {

constexpr std::uint64_t kBase = 0x100000;

pcie::LinkParams instant() {
    pcie::LinkParams link;
    link.gen = 0;
    link.latency_ns = 0;
    return link;
}

class QueueModel : public testing::TestWithParam<std::uint32_t> {
protected:
    QueueModel() { dma.open(); }
    /// A doorbell value: mostly one that a driver could write, sometimes any.
    std::uint16_t value(std::uint64_t good) {
        if (random() % 16 == 0) return static_cast<std::uint16_t>(random());
        return static_cast<std::uint16_t>(good % GetParam());
    }
    FakeClock clock;
    FakeMemory memory;
    pcie::Link link{instant()};
    Dma dma{memory, link, clock};
    std::mt19937 random{GetParam()};
};

TEST_P(QueueModel, SubmissionQueueFollowsTheModel) {
    const std::uint32_t size = GetParam();
    unsigned faults = 0;
    std::uint64_t fetched_in_all = 0;
    for (unsigned run = 0; run < 200; ++run) {
        SubmissionQueue::Config config;
        config.base = kBase;
        config.size = size;
        SubmissionQueue sq(config);
        std::uint64_t head = 0, tail = 0;  // since the beginning
        for (unsigned step = 0; step < 100; ++step) {
            if (random() % 2 == 0) {
                const std::uint16_t v = value(tail + random() % (size - (tail - head)));
                const std::uint64_t added = (v + size - tail % size) % size;
                const bool out_of_range = v >= size;
                const bool overrun = !out_of_range && tail - head + added > size - 1;
                const auto expected = out_of_range ? DoorbellFault::kOutOfRange
                                      : overrun    ? DoorbellFault::kOverrun
                                                   : DoorbellFault::kNone;
                ASSERT_EQ(sq.ring(v, 0), expected);
                ASSERT_EQ(sq.stopped(), expected != DoorbellFault::kNone);
                if (sq.stopped()) break;
                for (std::uint64_t n = tail; n < tail + added; ++n) {
                    spec::SubmissionEntry sqe{};
                    sqe.mptr = n;
                    memory.put(kBase + n % size * sizeof sqe, sqe);
                }
                tail += added;
            } else {
                sq.update(0);
                ASSERT_EQ(sq.available(), tail - head);
                if (head == tail) continue;
                spec::SubmissionEntry out[8];
                std::uint32_t count = 0;
                ASSERT_TRUE(sq.fetch(dma, 0, out, 8, count));
                ASSERT_GE(count, 1u);
                for (std::uint32_t i = 0; i < count; ++i) ASSERT_EQ(out[i].mptr, head + i);
                sq.advance(count);
                head += count;
                fetched_in_all += count;
            }
            ASSERT_EQ(sq.head(), head % size);
        }
        faults += sq.stopped() ? 1 : 0;
    }
    EXPECT_GT(faults, 0u);
    EXPECT_GT(fetched_in_all, 2ull * std::min(size, 100u));
}

TEST_P(QueueModel, CompletionQueueFollowsTheModel) {
    const std::uint32_t size = GetParam();
    CompletionQueue::Config config;
    config.base = kBase;
    config.size = size;
    CompletionQueue cq(config);
    std::uint64_t head = 0, tail = 0;
    unsigned faults = 0;
    for (unsigned step = 0; step < 20'000; ++step) {
        if (random() % 2 == 0) {
            const std::uint16_t v = value(head + random() % (tail - head + 1));
            const std::uint64_t consumed = (v + size - head % size) % size;
            const bool out_of_range = v >= size;
            const bool overrun = !out_of_range && consumed > tail - head;
            const auto expected = out_of_range ? DoorbellFault::kOutOfRange
                                  : overrun    ? DoorbellFault::kOverrun
                                               : DoorbellFault::kNone;
            ASSERT_EQ(cq.ring(v, 0), expected);
            faults += expected != DoorbellFault::kNone ? 1 : 0;
            if (expected == DoorbellFault::kNone) head += consumed;
            cq.update(0);
        } else if (!cq.full()) {
            spec::CompletionEntry entry{};
            entry.dw0 = static_cast<std::uint32_t>(tail);
            ASSERT_TRUE(cq.post(dma, entry));
            const auto seen = memory.get<spec::CompletionEntry>(kBase + tail % size * 16);
            ASSERT_EQ(seen.dw0, tail);
            ASSERT_EQ(seen.status & 1u, tail / size % 2 == 0 ? 1u : 0u);
            ++tail;
        }
        ASSERT_EQ(cq.used(), tail - head);
        ASSERT_EQ(cq.full(), tail - head == size - 1);
        ASSERT_EQ(cq.tail(), tail % size);
    }
    EXPECT_TRUE(faults > 0 || size == 65536);
}

INSTANTIATE_TEST_SUITE_P(Sizes, QueueModel, testing::Values(2u, 3u, 7u, 64u, 1000u, 65536u));

}  // namespace
}  // namespace nvme::test
