// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "models/observe/driver_lint.h"
#include "tests/support/core_harness.h"
#include "tests/support/fault_board.h"

namespace {
std::size_t allocations = 0, allocated_bytes = 0;
}

// Every form of new ends here.
void* operator new(std::size_t bytes) {
    ++allocations;
    allocated_bytes += bytes;
    if (void* p = std::malloc(bytes)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept {
    std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
    std::free(p);
}

namespace nvme::test {
namespace {

/// Timing on: the commands go through the heap of due times, the media and the link.
ControllerParams timed_params() {
    ControllerParams p = instant_params();
    p.doorbell_to_fetch_ns = 100;
    p.firmware_per_command_ns = 200;
    p.media.model = media::Model::kFixed;
    p.link.gen = 4;
    return p;
}

class HotPath : public ::testing::Test {
protected:
    HotPath() : h(timed_params()) {
        h.add_namespace(1, 1 << 20, 4096);
        h.enable();
        queue = h.create_queues(1, 64);
        data = h.alloc(64 * 4096);
        h.interrupts.reserve(100'000);
    }
    /// Rounds of 32 commands at a time; returns how many allocations they cost.
    std::size_t cost_of(spec::NvmOpcode opcode, unsigned rounds) {
        const std::size_t before = allocations;
        for (unsigned round = 0; round < rounds; ++round) {
            h.memory.forget();  // the test's own record must not grow
            for (unsigned i = 0; i < 32; ++i)
                h.push(queue, io_command(opcode, 1, (round * 32 + i) % 128, 1, data + i * 4096));
            h.ring_tail(queue);
            h.settle();
            for (unsigned i = 0; i < 32; ++i) {
                const auto cqe = h.poll(queue, i == 31);
                if (!cqe || status_of(*cqe) != spec::StatusCode::kSuccess) ADD_FAILURE() << i;
            }
        }
        return allocations - before;
    }

    CoreHarness h;
    HostQueue queue;
    std::uint64_t data = 0;
};

TEST_F(HotPath, ReadsWritesAndFlushesAllocateNothingOnceWarm) {
    for (const auto opcode : {spec::NvmOpcode::kRead, spec::NvmOpcode::kWrite,
                              spec::NvmOpcode::kFlush, spec::NvmOpcode::kCompare}) {
        (void)cost_of(spec::NvmOpcode::kWrite, 4);  // so that Compare finds what it expects
        (void)cost_of(opcode, 4);
        EXPECT_EQ(cost_of(opcode, 100), 0u) << "opcode " << static_cast<unsigned>(opcode);
    }
}

/// Before, 100 queues took about 950 MiB: room for the largest transfer in every slot, and to
/// bounce it.
TEST(ManyQueues, TakeMemoryWhenTheyAreUsed) {
    ControllerParams p = timed_params();
    p.max_io_queues = 100;
    p.mdts = 10;
    CoreHarness h(p);
    h.add_namespace(1, 1 << 20, 4096);
    h.enable();
    auto number = admin_command(spec::AdminOpcode::kSetFeatures);
    number.cdw10 = 7;
    number.cdw11 = 99u << 16 | 99u;
    ASSERT_EQ(status_of(h.admin(number)), spec::StatusCode::kSuccess);
    const std::size_t before = allocated_bytes;
    for (std::uint16_t qid = 1; qid <= 100; ++qid) (void)h.create_queues(qid, 256);
    EXPECT_LT(allocated_bytes - before, 16u << 20);
}

TEST_F(HotPath, ShadowDoorbellsAllocateNothingOnceWarm) {
    auto config = admin_command(spec::AdminOpcode::kDoorbellBufferConfig);
    config.prp1 = 0x10'0000'0000;
    config.prp2 = 0x10'0000'1000;
    ASSERT_EQ(status_of(h.admin(config)), spec::StatusCode::kSuccess);
    // The host rings BAR 0 alone: each round looks, writes the shadow and EventIdx, looks again.
    (void)cost_of(spec::NvmOpcode::kWrite, 4);
    EXPECT_EQ(cost_of(spec::NvmOpcode::kWrite, 100), 0u);
    EXPECT_EQ(h.memory.get<std::uint32_t>(config.prp2 + 8), queue.tail);
}

TEST_F(HotPath, RulesThatWatchDelayAndRewriteCommandsAllocateNothingEither) {
    const auto rule = [](faults::Action action, std::uint64_t every) {
        faults::Rule r;
        r.action = action;
        r.queues = faults::Queues::kIo;
        r.every = every;
        return r;
    };
    std::vector<faults::Rule> rules{
        rule(faults::Action::kDelay, 3), rule(faults::Action::kExpect, 1),
        rule(faults::Action::kDelayCompletion, 5), rule(faults::Action::kRewriteCommand, 2)};
    rules[0].delay_ns = rules[2].delay_ns = 1'000;
    rules[3].set_offset = 60;
    rules[3].set = {1, 2, 3, 4};
    FaultBoard board(h, rules);
    board.keeps_record = false;
    (void)cost_of(spec::NvmOpcode::kFlush, 4);
    EXPECT_EQ(cost_of(spec::NvmOpcode::kFlush, 100), 0u);
    EXPECT_GT(board.plan.result("rule_0").applied, 1000u);
}

/// Before, the lint had nodes of two trees and of a hash table for each command.
TEST_F(HotPath, AnAttachedLintAllocatesNothingEither) {
    observe::DriverLint lint;
    h.controller->set_trace(&lint);
    for (const auto opcode : {spec::NvmOpcode::kWrite, spec::NvmOpcode::kRead}) {
        (void)cost_of(opcode, 4);
        EXPECT_EQ(cost_of(opcode, 100), 0u) << "opcode " << static_cast<unsigned>(opcode);
    }
    EXPECT_EQ(lint.of(observe::LintRule::kBufferOverlap).count, 0u);
}

TEST_F(HotPath, TheCounterSeesAllocations) {
    const std::size_t before = allocations;
    delete new int(1);
    EXPECT_EQ(allocations, before + 1);
}

}  // namespace
}  // namespace nvme::test
