// SPDX-License-Identifier: Apache-2.0
// Read, Write, Compare and Verify with good arguments, on blocks of 512 and of 4096 bytes.
#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

/// NSID 1 has blocks of 512 bytes, NSID 2 of 4096.
class ReadWrite : public CommandsTest {
protected:
    ReadWrite() { add_ram_namespace(2, 64ull << 20, 4096); }
};

TEST_F(ReadWrite, EveryLengthUpToMdtsComesBackFromEveryPlaceInAPage) {
    simulate([this] {
        bring_up();
        for (const std::uint32_t nsid : {1u, 2u}) {
            const std::uint32_t block = driver.block_bytes(nsid);
            const auto most = static_cast<std::uint32_t>(driver.max_transfer_bytes() / block);
            for (const std::uint32_t blocks : {1u, 2u, 3u, 7u, 8u, 9u, 17u, most - 1, most}) {
                for (const std::uint64_t offset : {0u, 4u, 512u, 4092u}) {
                    const std::uint64_t bytes = std::uint64_t{blocks} * block;
                    const DmaBuffer out = pattern(bytes + offset, blocks), in = pattern(bytes, 0);
                    const std::uint64_t lba = blocks * 5 + offset;
                    EXPECT_TRUE(driver
                                    .execute(1, commands::write(nsid, lba, blocks),
                                             {out.gpa + offset, bytes})
                                    .ok())
                        << nsid << " " << blocks << " " << offset;
                    EXPECT_TRUE(driver.read(nsid, lba, blocks, in).ok());
                    EXPECT_EQ(std::memcmp(out.data + offset, in.data, bytes), 0)
                        << nsid << " " << blocks << " " << offset;
                    driver.release(out);
                    driver.release(in);
                }
            }
        }
    });
}

TEST_F(ReadWrite, FirstAndLastBlockCanBeReached) {
    simulate([this] {
        bring_up();
        for (const std::uint32_t nsid : {1u, 2u}) {
            spec::IdentifyNamespace id;
            ASSERT_TRUE(driver.identify_namespace(nsid, id).ok());
            const DmaBuffer out = pattern(4096, nsid), in = driver.allocate(4096);
            const std::uint32_t block = driver.block_bytes(nsid);
            for (const std::uint64_t lba : {std::uint64_t{0}, id.nsze - 1}) {
                EXPECT_TRUE(driver.write(nsid, lba, 1, out).ok());
                EXPECT_TRUE(driver.read(nsid, lba, 1, in).ok());
                EXPECT_TRUE(same(out, in, block));
            }
        }
    });
}

TEST_F(ReadWrite, WriteTouchesNoNeighbourAndUnwrittenBlocksReadAsZero) {
    simulate([this] {
        bring_up();
        for (const std::uint32_t nsid : {1u, 2u}) {
            const std::uint32_t block = driver.block_bytes(nsid);
            const DmaBuffer out = pattern(3 * block, 7), in = pattern(5 * block, 9);
            EXPECT_TRUE(driver.write(nsid, 101, 3, out).ok());
            EXPECT_TRUE(driver.read(nsid, 100, 5, in).ok());
            EXPECT_TRUE(all_zero(in, 0, block));
            EXPECT_EQ(std::memcmp(in.data + block, out.data, 3 * block), 0);
            EXPECT_TRUE(all_zero(in, 4 * block, block));
        }
    });
}

TEST_F(ReadWrite, ReadTouchesNoMemoryBesideItsBuffer) {
    simulate([this] {
        bring_up();
        const DmaBuffer memory = pattern(16'384, 5), before = pattern(16'384, 5);
        EXPECT_TRUE(driver.execute(1, commands::read(1, 0, 9), {memory.gpa + 4092, 9 * 512}).ok());
        EXPECT_EQ(std::memcmp(memory.data, before.data, 4092), 0);
        EXPECT_TRUE(all_zero(memory, 4092, 9 * 512));
        const std::uint64_t end = 4092 + 9 * 512;
        EXPECT_EQ(std::memcmp(memory.data + end, before.data + end, 16'384 - end), 0);
    });
}

TEST_F(ReadWrite, NamespacesDoNotShareBlocks) {
    simulate([this] {
        bring_up();
        const DmaBuffer first = pattern(4096, 1), second = pattern(4096, 2);
        const DmaBuffer in = driver.allocate(4096);
        EXPECT_TRUE(driver.write(1, 0, 8, first).ok());
        EXPECT_TRUE(driver.write(2, 0, 1, second).ok());
        EXPECT_TRUE(driver.read(1, 0, 8, in).ok());
        EXPECT_TRUE(same(in, first, 4096));
        EXPECT_TRUE(driver.read(2, 0, 1, in).ok());
        EXPECT_TRUE(same(in, second, 4096));
    });
}

TEST_F(ReadWrite, CompareFindsADifferenceInEachPlace) {
    simulate([this] {
        bring_up();
        for (const std::uint32_t nsid : {1u, 2u}) {
            const std::uint32_t block = driver.block_bytes(nsid);
            const std::uint64_t bytes = 24ull * block;
            const DmaBuffer data = pattern(bytes, 11);
            ASSERT_TRUE(driver.write(nsid, 40, 24, data).ok());
            EXPECT_TRUE(driver.compare(nsid, 40, 24, data).ok());
            EXPECT_EQ(status(driver.compare(nsid, 41, 23, data)), StatusCode::kCompareFailure);
            for (const std::uint64_t at :
                 {std::uint64_t{0}, block - std::uint64_t{1}, std::uint64_t{block},
                  std::uint64_t{4095}, std::uint64_t{4096}, bytes / 2, bytes - 1}) {
                data.data[at] ^= std::byte{1};
                const Completion completion = driver.compare(nsid, 40, 24, data);
                EXPECT_EQ(status(completion), StatusCode::kCompareFailure) << nsid << " " << at;
                data.data[at] ^= std::byte{1};
            }
            EXPECT_TRUE(driver.compare(nsid, 40, 24, data).ok());
        }
    });
}

TEST_F(ReadWrite, CommandsWithoutDataTakeTheLargestNumberOfBlocks) {
    simulate([this] {
        bring_up();
        const DmaBuffer out = pattern(4096, 1), in = pattern(4096, 2);
        ASSERT_TRUE(driver.write(1, 65'528, 8, out).ok());
        ASSERT_TRUE(driver.write(1, 65'536, 8, out).ok());
        EXPECT_TRUE(driver.verify(1, 0, 65'536).ok());
        EXPECT_TRUE(driver.write_zeroes(1, 0, 65'536).ok());
        EXPECT_TRUE(driver.read(1, 65'528, 8, in).ok());
        EXPECT_TRUE(all_zero(in, 0, 4096));
        EXPECT_TRUE(driver.read(1, 65'536, 8, in).ok());
        EXPECT_TRUE(same(in, out, 4096)) << "the block behind the range";
    });
}

TEST_F(ReadWrite, ForceUnitAccessAndHintsChangeNothingThatIsRead) {
    simulate([this] {
        bring_up();
        const DmaBuffer out = pattern(4096, 6), in = driver.allocate(4096);
        spec::SubmissionEntry write = commands::write(1, 8, 8, true);
        write.cdw12 |= 1u << 31;  // limited retry
        write.cdw13 = 0xFF;       // dataset management hints
        EXPECT_TRUE(io(write, out).ok());
        spec::SubmissionEntry read = commands::read(1, 8, 8, true);
        read.cdw12 |= 1u << 31;
        read.cdw13 = 0xFF;
        EXPECT_TRUE(io(read, in).ok());
        EXPECT_TRUE(same(out, in, 4096));
        EXPECT_TRUE(io(commands::compare(1, 8, 8, true), out).ok());
    });
}

ControllerParams widest() {
    ControllerParams params;
    params.mdts = 10;
    return params;
}

class WidestTransfer : public CommandsTest {
protected:
    WidestTransfer() : CommandsTest(widest()) {}
};

TEST_F(WidestTransfer, FourMebibytesTravelThroughChainedPrpLists) {
    simulate([this] {
        bring_up();
        constexpr std::uint64_t kBytes = 4ull << 20;
        const DmaBuffer out = pattern(kBytes + 512, 3), in = driver.allocate(kBytes);
        EXPECT_EQ(driver.max_transfer_bytes(), kBytes);
        EXPECT_TRUE(driver.execute(1, commands::write(1, 5, 8192), {out.gpa + 512, kBytes}).ok());
        EXPECT_TRUE(driver.read(1, 5, 8192, in).ok());
        EXPECT_EQ(std::memcmp(out.data + 512, in.data, kBytes), 0);
    });
}

}  // namespace
}  // namespace nvme::test
