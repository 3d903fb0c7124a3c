// SPDX-License-Identifier: Apache-2.0
// Write Zeroes and Dataset Management.
#include <vector>

#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

class Deallocation : public CommandsTest {
protected:
    Deallocation() { add_ram_namespace(2, 64ull << 20, 4096); }

    /// Fills blocks 0 to 511 of a namespace of 512-byte blocks, or 0 to 63 of 4096.
    void fill(std::uint32_t nsid) {
        if (!filled) filled = pattern(256 << 10, 21);
        ASSERT_TRUE(driver.write(nsid, 0, (256 << 10) / driver.block_bytes(nsid), filled).ok());
    }
    /// Expects zeros in [first, first + count) and the fill everywhere else, in 64 blocks.
    void expect_hole(std::uint32_t nsid, std::uint64_t first, std::uint64_t count) {
        const std::uint32_t block = driver.block_bytes(nsid);
        const DmaBuffer in = driver.allocate(64 * block);
        ASSERT_TRUE(driver.read(nsid, 0, 64, in).ok());
        for (std::uint64_t lba = 0; lba < 64; ++lba) {
            const std::byte* const found = in.data + lba * block;
            const bool cleared = lba >= first && lba < first + count;
            EXPECT_TRUE(cleared ? all_zero(in, lba * block, block)
                                : std::memcmp(found, filled.data + lba * block, block) == 0)
                << lba;
        }
        driver.release(in);
    }

    DmaBuffer filled;
};

TEST_F(Deallocation, WriteZeroesClearsItsBlocksWithAndWithoutDeallocation) {
    simulate([this] {
        bring_up();
        for (const std::uint32_t nsid : {1u, 2u}) {
            for (const bool deallocate : {false, true}) {
                for (const bool flushed : {false, true}) {
                    fill(nsid);
                    if (flushed) {
                        ASSERT_TRUE(driver.flush(nsid).ok());
                    }
                    EXPECT_TRUE(driver.write_zeroes(nsid, 3, 13, deallocate).ok());
                    expect_hole(nsid, 3, 13);
                }
            }
        }
    });
}

TEST_F(Deallocation, DatasetManagementClearsFromOneTo256Ranges) {
    simulate([this] {
        bring_up();
        for (const std::uint32_t nsid : {1u, 2u}) {
            fill(nsid);
            EXPECT_TRUE(driver.dataset_management(nsid, {{0, 5, 9}}).ok());
            expect_hole(nsid, 9, 5);

            fill(nsid);
            std::vector<spec::DsmRange> ranges(256);
            for (std::uint32_t i = 0; i < 256; ++i) ranges[i] = {0, 1, 1'000 + 2 * i};
            ranges[0] = {0xFFFF'FFFF, 2, 10};  // context attributes are hints
            ranges[128] = {0, 4, 12};
            ranges[255] = {0, 3, 16};
            EXPECT_TRUE(driver.dataset_management(nsid, ranges).ok());
            expect_hole(nsid, 10, 9);
        }
    });
}

TEST_F(Deallocation, RangeOutsideOfTheNamespaceLeavesAllOfThemAlone) {
    simulate([this] {
        bring_up();
        fill(1);
        const std::uint64_t end = (64u << 20) / 512;
        for (const spec::DsmRange& wrong :
             {spec::DsmRange{0, 1, end}, spec::DsmRange{0, 2, end - 1},
              spec::DsmRange{0, 0xFFFF'FFFF, 0}, spec::DsmRange{0, 1, ~0ull},
              spec::DsmRange{0, 0xFFFF'FFFF, ~0ull - 1}}) {
            EXPECT_EQ(status(driver.dataset_management(1, {{0, 8, 0}, {0, 8, 8}, wrong})),
                      StatusCode::kLbaOutOfRange)
                << wrong.slba;
            expect_hole(1, 0, 0);
        }
        EXPECT_TRUE(driver.dataset_management(1, {{0, 1, end - 1}, {0, 0, 0}, {0, 8, 8}}).ok());
        expect_hole(1, 8, 8);
    });
}

TEST_F(Deallocation, WithoutTheDeallocateAttributeNothingChanges) {
    simulate([this] {
        bring_up();
        fill(1);
        const DmaBuffer buffer = driver.allocate(4096);
        const spec::DsmRange range{0, 8, 0};
        std::memcpy(buffer.data, &range, sizeof range);
        spec::SubmissionEntry entry = commands::dataset_management(1, 1, false);
        entry.cdw11 |= 3;  // integral dataset for read and write
        EXPECT_TRUE(io(entry, {buffer.gpa, sizeof range}).ok());
        expect_hole(1, 0, 0);
    });
}

TEST_F(Deallocation, RangesMayLieAnywhereAndOverAPageBoundary) {
    simulate([this] {
        bring_up();
        fill(1);
        const DmaBuffer buffer = driver.allocate(8192);
        std::vector<spec::DsmRange> ranges(256, {0, 1, 2'000});
        ranges[255] = {0, 6, 30};
        const std::uint64_t bytes = ranges.size() * sizeof ranges[0];
        std::memcpy(buffer.data + 100, ranges.data(), bytes);
        EXPECT_TRUE(io(commands::dataset_management(1, 256), {buffer.gpa + 100, bytes}).ok());
        expect_hole(1, 30, 6);
    });
}

TEST_F(Deallocation, DeallocatedBlocksCanBeWrittenAgain) {
    simulate([this] {
        bring_up();
        fill(1);
        EXPECT_TRUE(driver.dataset_management(1, {{0, 64, 0}}).ok());
        fill(1);
        expect_hole(1, 0, 0);
        EXPECT_TRUE(driver.compare(1, 0, 64, filled).ok());
    });
}

}  // namespace
}  // namespace nvme::test
