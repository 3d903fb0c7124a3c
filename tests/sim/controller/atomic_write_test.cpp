// SPDX-License-Identifier: Apache-2.0
// What Identify Controller says of atomicity holds: no reader sees a part of a write (AWUN), and a
// power cut leaves no part of a block (AWUPF).
#include <algorithm>
#include <array>
#include <random>

#include <gtest/gtest.h>

#include "tests/sim/controller/probed_fixture.h"

namespace nvme::test {
namespace {

namespace commands = platform::commands;
using platform::DmaBuffer;
using platform::DriverError;
using platform::Ticket;

ControllerParams small_cache() {
    ControllerParams params;
    params.write_cache_bytes = 64 << 10;
    params.media.model = media::Model::kNone;  // commands meet in the host's memory, not before
    return params;
}

class AtomicWrites : public ProbedTest {
protected:
    AtomicWrites() : ProbedTest(small_cache()) {}

    static void fill(const DmaBuffer& buffer, unsigned tag) {
        std::fill_n(buffer.data, buffer.size, static_cast<std::byte>(tag));
    }
    static bool uniform(const std::byte* data, std::uint64_t bytes) {
        return std::all_of(data, data + bytes, [data](std::byte b) { return b == data[0]; });
    }
    std::uint64_t below(std::uint64_t end) { return random() % end; }

    std::mt19937_64 random{41};
};

TEST_F(AtomicWrites, ReadersSeeAllOrNothingOfAWriteUpToTheAtomicUnit) {
    std::uint32_t blocks = 0;
    simulate([&] {
        bring_up(4);
        ASSERT_EQ(driver.controller().awun, 63) << "MDTS in blocks of 4 KiB, zero-based";
        blocks = driver.controller().awun + 1u;
        const std::uint32_t bytes = blocks * 512;
        std::array<DmaBuffer, 4> buffers;
        for (auto& buffer : buffers) buffer = driver.allocate(bytes);
        // Every transfer of data may be held up in the host, so that commands overlap.
        probe.hook = [&](const DmaAccess& access, sc_core::sc_time&) {
            if (access.length > 64 && below(2) == 0)
                sc_core::wait(static_cast<double>(below(5'000)), sc_core::SC_NS);
            return tlm::TLM_OK_RESPONSE;
        };
        unsigned mixed = 0;
        for (unsigned round = 0; round < 150; ++round) {
            // Two writers that overlap by half, and two readers of the overlap.
            const std::uint32_t half = blocks / 2;
            fill(buffers[0], 2 * round);
            fill(buffers[1], 2 * round + 1);
            const bool forced = below(4) == 0;
            std::array<Ticket, 4> tickets{};
            tickets[0] = driver.submit(1, commands::write(1, 0, blocks, forced), buffers[0]);
            tickets[1] = driver.submit(2, commands::write(1, half, blocks), buffers[1]);
            for (std::uint16_t qid = 3; qid <= 4; ++qid) {
                sc_core::wait(static_cast<double>(below(20'000)), sc_core::SC_NS);
                const platform::Transfer data(buffers[qid - 1u].gpa, half * 512);
                tickets[qid - 1u] = driver.submit(qid, commands::read(1, half, half), data);
            }
            for (const Ticket& ticket : tickets) ASSERT_TRUE(driver.wait(ticket).ok());
            for (const unsigned reader : {2u, 3u})
                EXPECT_TRUE(uniform(buffers[reader].data, half * 512)) << round;
            if (buffers[2].data[0] != buffers[3].data[0]) ++mixed;
        }
        EXPECT_GT(mixed, 0u) << "the commands did overlap";
    });
}

TEST_F(AtomicWrites, PowerCutLeavesNoPartOfABlock) {
    NamespaceConfig config;
    config.nsid = 2;
    config.lba_size = 4096;
    constexpr std::uint32_t kBlocks = 64;
    ASSERT_EQ(controller.add_namespace(config, std::make_unique<media::RamStore>(kBlocks * 4096)),
              "");
    simulate([&] {
        unsigned lost = 0;
        for (unsigned round = 0; round < 40; ++round) {
            bring_up(2);
            EXPECT_EQ(driver.controller().awupf, 0);
            const DmaBuffer buffer = driver.allocate(kBlocks * 4096);
            ASSERT_TRUE(driver.read(2, 0, kBlocks, buffer).ok());
            for (std::uint32_t b = 0; b < kBlocks; ++b)
                EXPECT_TRUE(uniform(buffer.data + b * 4096, 4096)) << b;
            if (buffer.data[0] != static_cast<std::byte>(round)) ++lost;
            fill(buffer, round + 1);
            for (unsigned i = 0; i < 12; ++i) {
                const auto lba = static_cast<std::uint32_t>(below(kBlocks - 16));
                const auto count = 1 + static_cast<std::uint32_t>(below(16));
                const platform::Transfer data(buffer.gpa, count * 4096);
                (void)driver.submit(1, commands::write(2, i == 0 ? 0 : lba, count, below(6) == 0),
                                    data);
            }
            sc_core::wait(static_cast<double>(below(120)), sc_core::SC_US);
            controller.power_cut();
            driver.forget_everything();
            sc_core::wait(1, sc_core::SC_MS);
            controller.power_on();
        }
        EXPECT_GT(lost, 0u) << "the cuts did take something";
    });
}

}  // namespace
}  // namespace nvme::test
