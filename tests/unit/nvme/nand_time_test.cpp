// SPDX-License-Identifier: Apache-2.0
// NAND behind a translation layer, as a driver sees it: by commands and the times of their
// completions. What the layers do by themselves is in tests/unit/media.
#include <algorithm>
#include <map>

#include "models/media/store/ram_store.h"
#include "models/nvme/commands/nvm_handlers.h"
#include "tests/unit/nvme/nand_drive.h"

namespace nvme::test {
namespace {

constexpr TimePs kRead = (100 + 50'000 + 4'096 + 700) * kPsPerNs;

/// A command takes exactly `time`.
void expect_time(MediaTime& t, HostQueue& q, const spec::SubmissionEntry& sqe, TimePs time) {
    const TimePs start = t.h.clock.now();
    t.h.push(q, sqe);
    t.h.ring_tail(q);
    if (time != 0) {
        t.h.run_until(start + time - 1);
        EXPECT_FALSE(t.h.poll(q)) << "too early";
    }
    t.h.run_until(start + time);
    const auto cqe = t.h.poll(q);
    ASSERT_TRUE(cqe) << "too late";
    EXPECT_EQ(status_of(*cqe), spec::StatusCode::kSuccess);
}

TEST(NandTimeAtDepthOne, AReadIsTheSumOfItsParts) {
    ControllerParams p = nand();
    p.doorbell_to_fetch_ns = 100;
    p.firmware_per_command_ns = 200;
    MediaTime t(p, kBytes);
    HostQueue q = t.h.create_queues(1, 16);
    expect_time(t, q, t.command(NvmOpcode::kRead, 3, kBlock), 300 * kPsPerNs + kRead);
}

TEST(NandTimeAtDepthOne, AWriteIsDurableInAProtectedBufferOrInItsPage) {
    MediaTime t(nand(), kBytes);
    HostQueue q = t.h.create_queues(1, 16);
    expect_time(t, q, t.command(NvmOpcode::kWrite, 3, kBlock), 3 * kPsPerUs);
    ControllerParams p = nand();
    p.media.ftl.power_loss_protection = false;
    MediaTime unprotected(p, kBytes);
    HostQueue uq = unprotected.h.create_queues(1, 16);
    expect_time(unprotected, uq, unprotected.command(NvmOpcode::kWrite, 3, kBlock),
                (100 + 16'384 + 600'000) * kPsPerNs);
}

TEST(NandTimeAtDepthOne, AFlushProgramsWhatIsInTheWriteCache) {
    ControllerParams p = nand();
    p.write_cache_bytes = 1 << 20;
    p.media.ftl.power_loss_protection = false;
    MediaTime t(p, kBytes);
    HostQueue q = t.h.create_queues(1, 16);
    expect_time(t, q, t.command(NvmOpcode::kWrite, 3, kBlock), 3 * kPsPerUs);
    expect_time(t, q, t.command(NvmOpcode::kRead, 3, kBlock), 3 * kPsPerUs);
    const auto flush = io_command(NvmOpcode::kFlush, 1, 0, 1);
    expect_time(t, q, flush, (100 + 16'384 + 600'000) * kPsPerNs);
    expect_time(t, q, flush, 0);
    expect_time(t, q, t.command(NvmOpcode::kRead, 3, kBlock), kRead);
}

// Two flushes at the same time used to have everything programmed twice.
TEST(NandTimeAtDepthOne, FlushesAtTheSameTimeProgramOnce) {
    ControllerParams p = nand();
    p.write_cache_bytes = 1 << 20;
    MediaTime t(p, kBytes);
    HostQueue q = t.h.create_queues(1, 64);
    for (unsigned i = 0; i != 16; ++i) t.h.push(q, t.command(NvmOpcode::kWrite, i, kBlock));
    t.h.ring_tail(q);
    t.h.run_for(100 * kPsPerUs);
    while (t.h.poll(q)) {
    }
    for (unsigned i = 0; i != 4; ++i) t.h.push(q, io_command(NvmOpcode::kFlush, 1, 0, 1));
    t.h.ring_tail(q);
    t.h.run_for(10'000 * kPsPerUs);
    unsigned ended = 0;
    while (t.h.poll(q)) ++ended;
    EXPECT_EQ(ended, 4u);
    EXPECT_EQ(t.h.subsystem.media_statistics().units_written, 16u);
}

TEST(NandTimeAtDepthOne, WhatIsDeallocatedTakesNoMedia) {
    MediaTime t(nand(), kBytes);
    HostQueue q = t.h.create_queues(1, 16);
    expect_time(t, q, io_command(NvmOpcode::kWriteZeroes, 1, 8, 8), 20 * kPsPerUs);
    expect_time(t, q, t.command(NvmOpcode::kRead, 9, kBlock), 0);
    expect_time(t, q, t.command(NvmOpcode::kRead, 17, kBlock), kRead);
}

// Eight dies read in 50 us each. By Little's law `depth` commands in flight, each of which takes L,
// end depth / L times a second; here L is what the completions say.
TEST(NandTimeUnderLoad, ReadsAreLimitedByTheDiesAndFollowLittlesLaw) {
    constexpr TimePs kDuration = 20'000 * kPsPerUs;
    double before = 0;
    for (const unsigned depth : {1u, 4u, 16u, 64u, 250u}) {
        MediaTime t(nand(), kBytes);
        Stream reads(t.h, 1, depth, t.random(NvmOpcode::kRead));
        t.run({&reads}, 2'000 * kPsPerUs);
        const double per_second =
            t.count({&reads}, reads, kDuration) / (static_cast<double>(kDuration) / util::kPsPerS);
        const double alone = depth / (kRead / 1e12);
        EXPECT_LE(per_second, std::min(alone, 8 / 50e-6) * 1.01) << depth;
        EXPECT_GE(per_second, before) << depth << ": more in flight, more work for the dies";
        if (depth == 1) {
            EXPECT_NEAR(per_second, alone, alone * 0.01);
        }
        if (depth == 250) {
            EXPECT_GT(per_second, 8 / 50e-6 * 0.97);
        }
        before = per_second;
    }
}

// A stripe of 64 KiB of each of eight dies in 600 us: 833 MiB/s.
TEST(NandTimeUnderLoad, WritesWithoutEndAreAsFastAsPrograms) {
    ControllerParams p = nand();
    p.media.nand.erase_ns = 0;
    MediaTime t(p, kBytes);
    Stream writes(t.h, 1, 32, pieces(t));
    t.run({&writes}, 20'000 * kPsPerUs);
    constexpr TimePs kDuration = 20'000 * kPsPerUs;
    const double rate = mib_per_s(t.count({&writes}, writes, kDuration), 65'536, kDuration);
    EXPECT_NEAR(rate, 8 * 65'536 / 1048576. / 600e-6, rate * 0.03);
}

// One page of each of four channels in 65 us: 1000 MiB/s each, and 128 KiB reads take all of them.
TEST(NandTimeUnderLoad, LongReadsAreLimitedByTheChannels) {
    MediaTime t(nand(), kBytes);
    unsigned next = 0;
    const auto sqe = t.command(NvmOpcode::kRead, 0, 131'072);
    Stream reads(t.h, 1, 32, [&](unsigned) {
        auto read = sqe;
        read.cdw10 = next++ % 512 * 32;
        return read;
    });
    t.run({&reads}, 2'000 * kPsPerUs);
    constexpr TimePs kDuration = 20'000 * kPsPerUs;
    const double rate = mib_per_s(t.count({&reads}, reads, kDuration), 131'072, kDuration);
    EXPECT_NEAR(rate, 4e9 / (1 << 20), rate * 0.03);
}

// A Copy reads and writes one range after the other, far into the future. It used to take the whole
// medium along: a read beside it waited for milliseconds.
TEST(NandTimeUnderLoad, AReadBesideALongCopyTakesAsLongAsEver) {
    ControllerParams p = nand();
    p.mdts = 1;  // in pieces of 8 KiB, the next when the one before is in the buffer
    p.media.ftl.buffer_ns = 100'000;
    p.media.nand.channels = 1;
    p.media.nand.packages = 8;
    MediaTime t(p, kBytes);
    HostQueue q = t.h.create_queues(1, 64), other = t.h.create_queues(2, 64);
    const std::uint64_t list = t.h.alloc(8192);
    for (std::uint32_t i = 0; i != nvm::kCopyRanges; ++i) {
        spec::CopyRange range{};
        range.slba = i * 64;
        range.nlb = 63;
        t.h.memory.put(list + i * sizeof range, range);
    }
    auto copy = io_command(NvmOpcode::kCopy, 1, 8'192, 1, list, list + 4096);
    copy.cdw12 = nvm::kCopyRanges - 1;
    t.h.push(q, copy);
    t.h.ring_tail(q);
    t.h.run_for(1'000 * kPsPerUs);
    EXPECT_FALSE(t.h.poll(q)) << "they go on for long";
    const TimePs start = t.h.clock.now();
    t.h.push(other, t.command(NvmOpcode::kRead, 16'000, kBlock));
    t.h.ring_tail(other);
    t.h.run_until(start + 400 * kPsPerUs);
    EXPECT_TRUE(t.h.poll(other));
}

// Reads go first: what is written beside them makes them wait for a suspend, not for programs.
TEST(NandTimeUnderLoad, ReadsDoNotWaitForQueuesOfPrograms) {
    MediaTime t(nand(), kBytes);
    Stream writes(t.h, 1, 64, t.random(NvmOpcode::kWrite));
    // In another order, so that what was written together is not read together.
    const auto sqe = t.command(NvmOpcode::kRead, 0, kBlock);
    Stream reads(t.h, 2, 1, [&](unsigned number) {
        auto read = sqe;
        read.cdw10 = static_cast<std::uint32_t>(t.random_block(977 * number));
        return read;
    });
    t.run({&writes}, 10'000 * kPsPerUs);
    constexpr TimePs kDuration = 20'000 * kPsPerUs;
    const double each_us = kDuration / 1e6 / t.count({&writes, &reads}, reads, kDuration);
    EXPECT_GT(each_us, kRead / 1e6);
    EXPECT_LT(each_us, 150) << "a program takes 600";
}

/// When each command ended, by its identifier.
struct Completions final : observe::TraceSink {
    void record(const observe::CommandCompleted& e) override {
        EXPECT_EQ(e.status, spec::StatusCode::kSuccess);
        ended[e.cid] = e.ps;
    }
    std::map<std::uint16_t, TimePs> ended;
};

/// A host that writes and reads, 400 commands, one every 7 us. It runs ahead of simulated time
/// until the end of a quantum, and annotates its doorbells with how far it is.
std::map<std::uint16_t, TimePs> completions(TimePs quantum) {
    MediaTime t(nand(), kBytes);
    HostQueue q = t.h.create_queues(1, 256);
    Completions seen;
    t.h.controller->set_trace(&seen);
    const auto read = t.command(NvmOpcode::kRead, 0, kBlock);
    const auto write = t.command(NvmOpcode::kWrite, 0, kBlock);
    const TimePs start = t.h.clock.now();
    for (unsigned i = 0; i != 400; ++i) {
        const TimePs at = start + i * 7 * kPsPerUs;
        // The quantum that `at` lies in begins now.
        t.h.run_until(quantum == 0 ? at : at - (at - start) % quantum);
        while (t.h.poll(q)) {
        }
        auto sqe = i % 3 == 0 ? write : read;
        sqe.cdw10 = static_cast<std::uint32_t>(t.random_block(31 * i));
        t.h.push(q, sqe);
        t.h.ring_tail(q, at - t.h.clock.now());
    }
    t.h.run_for(10'000 * kPsPerUs);
    t.h.controller->set_trace(nullptr);
    return seen.ended;
}

TEST(NandTimeDecoupled, AHostThatRunsAheadOfTimeSeesTheSameCompletionsAtTheSameTimes) {
    const auto exact = completions(0);
    EXPECT_EQ(exact.size(), 400u);
    for (const std::uint64_t us : {20u, 100u}) EXPECT_EQ(completions(us * kPsPerUs), exact) << us;
}

// So many doorbells ahead of time that the controller does not keep them apart: they act with the
// last one.
TEST(NandTimeDecoupled, AHostThatRunsFarAheadSeesTheSameCompletionsAtMostAQuantumLater) {
    constexpr TimePs kQuantum = 1'000 * kPsPerUs;
    const auto exact = completions(0), ahead = completions(kQuantum);
    ASSERT_EQ(ahead.size(), exact.size());
    for (const auto& [cid, at] : exact) {
        EXPECT_GE(ahead.at(cid), at) << cid;
        EXPECT_LE(ahead.at(cid), at + kQuantum) << cid;
    }
}

TEST(NandSize, ANamespaceThatTheMediaCannotHoldIsRefused) {
    ControllerParams p = nand();
    p.media.nand.blocks = 24;  // of 1 MiB in each of eight dies
    CoreHarness h(p);
    h.add_namespace(1, kBytes, kBlock);
    h.enable();
    const auto add = [&](std::uint32_t nsid, std::uint64_t bytes) {
        NamespaceConfig config;
        config.nsid = nsid;
        config.lba_size = kBlock;
        return h.subsystem.add(config, std::make_unique<media::RamStore>(bytes));
    };
    EXPECT_EQ(add(2, 128 << 20),
              "nsid = 2: the NAND flash has no room for 134217728 bytes more than 67108864");
    EXPECT_FALSE(h.subsystem.find(2));
    EXPECT_EQ(add(2, 32 << 20), "");
    EXPECT_NE(h.subsystem.resize(2, 128 << 20), "");
    EXPECT_EQ(h.subsystem.find(2)->data().size(), std::uint64_t{32} << 20);
    EXPECT_TRUE(h.subsystem.remove(1));
    EXPECT_EQ(h.subsystem.resize(2, 64 << 20), "");
}

}  // namespace
}  // namespace nvme::test
