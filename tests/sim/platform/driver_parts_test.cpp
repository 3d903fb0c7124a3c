// SPDX-License-Identifier: Apache-2.0
// The parts of the driver that need no device.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "platform/driver/command_builders.h"
#include "platform/driver/host_memory_allocator.h"
#include "platform/driver/prp_builder.h"
#include "tests/sim/support/sim_test.h"

namespace platform {
namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kListGpa = 0x10'0000;

/// Follows a PRP pair as a controller would, and returns where each page of the data is.
std::vector<std::uint64_t> walk(const PrpPair& prps, std::uint64_t bytes, std::uint64_t page,
                                const std::vector<std::uint64_t>& list) {
    std::vector<std::uint64_t> result{prps.prp1};
    std::uint64_t left = bytes - std::min(bytes, page - prps.prp1 % page);
    if (left == 0) return result;
    if (left <= page) {
        result.push_back(prps.prp2);
        return result;
    }
    std::uint64_t at = prps.prp2;
    while (left != 0) {
        const std::uint64_t entry = list.at((at - kListGpa) / 8);
        const bool last_slot = at % page == page - 8;
        if (last_slot && left > page) {
            at = entry;
            continue;
        }
        result.push_back(entry);
        at += 8;
        left -= std::min(left, page);
    }
    return result;
}

struct PrpCase {
    std::uint64_t gpa, bytes, page, list_pages;
};

class PrpBuilder : public ::testing::TestWithParam<PrpCase> {};

TEST_P(PrpBuilder, DescribesEveryPageOfTheTransferOnce) {
    const auto [gpa, bytes, page, list_pages] = GetParam();
    EXPECT_EQ(prp_list_pages(gpa, bytes, page), list_pages);
    // One guard entry behind the list, which must survive.
    constexpr std::uint64_t kGuard = 0x6A6A'6A6A'6A6A'6A6A;
    std::vector<std::uint64_t> list(list_pages * page / 8 + 1, kGuard);
    const PrpPair prps =
        build_prps({gpa, bytes},
                   {kListGpa, list_pages * page, reinterpret_cast<std::byte*>(list.data())}, page);
    EXPECT_EQ(list.back(), kGuard);

    std::vector<std::uint64_t> expected{gpa};
    for (std::uint64_t next = gpa - gpa % page + page; next < gpa + bytes; next += page)
        expected.push_back(next);
    EXPECT_EQ(walk(prps, bytes, page, list), expected);
    EXPECT_EQ(prps.prp2 == 0, expected.size() == 1);
}

INSTANTIATE_TEST_SUITE_P(
    Transfers, PrpBuilder,
    ::testing::Values(PrpCase{0x2000, 512, kPage, 0}, PrpCase{0x2000, kPage, kPage, 0},
                      PrpCase{0x2ffc, 4, kPage, 0}, PrpCase{0x2ffc, 8, kPage, 0},
                      PrpCase{0x2000, 2 * kPage, kPage, 0}, PrpCase{0x2004, 2 * kPage, kPage, 1},
                      PrpCase{0x2000, 513 * kPage, kPage, 1},  // 512 entries: a full list page
                      PrpCase{0x2000, 514 * kPage, kPage, 2},  // 513: the last slot now chains
                      PrpCase{0x2004, 513 * kPage, kPage, 2},
                      PrpCase{0x2000, 1024 * kPage, kPage, 2},  // 511 + 512
                      PrpCase{0x2000, 1025 * kPage, kPage, 3},
                      PrpCase{0x2'1000, 3 * 65536, 65536, 1}));

class AllocatorTest : public nvme::test::SimTest {
protected:
    Memory memory{"memory", {64 * kPage, 0, 0, true}};
};

TEST_F(AllocatorTest, HandsOutDisjointAlignedPagesUntilNoneAreLeft) {
    HostMemoryAllocator allocator(memory, kPage + 1, ~std::uint64_t{0});
    EXPECT_EQ(allocator.bytes_free(), 62 * kPage);  // whole pages inside of the memory
    const DmaBuffer one = allocator.allocate(1);
    const DmaBuffer aligned = allocator.allocate(3 * kPage, 16 * kPage);
    EXPECT_EQ(one.gpa, 2 * kPage);
    EXPECT_EQ(one.size, kPage);
    EXPECT_EQ(one.data, memory.data(one.gpa, 1));
    EXPECT_EQ(aligned.gpa, 16 * kPage);
    EXPECT_EQ(allocator.bytes_free(), 58 * kPage);
    EXPECT_FALSE(allocator.allocate(46 * kPage));  // enough pages, but not in one piece
    EXPECT_TRUE(allocator.allocate(45 * kPage));
    EXPECT_FALSE(allocator.allocate(0));
    EXPECT_FALSE(allocator.allocate(~std::uint64_t{0}));
}

TEST_F(AllocatorTest, JoinsWhatIsReleasedWithItsNeighbours) {
    HostMemoryAllocator allocator(memory, 0, 8 * kPage);
    std::vector<DmaBuffer> pages;
    for (int i = 0; i < 8; ++i) pages.push_back(allocator.allocate(kPage));
    EXPECT_FALSE(allocator.allocate(1));
    for (const int i : {1, 3, 2, 0, 7, 5, 4, 6}) EXPECT_TRUE(allocator.release(pages[i]));
    EXPECT_EQ(allocator.allocate(8 * kPage).size, 8 * kPage);
}

TEST_F(AllocatorTest, IgnoresAReleaseOfWhatIsNotOut) {
    HostMemoryAllocator allocator(memory, 0, 8 * kPage);
    const DmaBuffer buffer = allocator.allocate(2 * kPage);
    EXPECT_FALSE(allocator.release({buffer.gpa, kPage, buffer.data}));
    EXPECT_FALSE(allocator.release({buffer.gpa + kPage, kPage, nullptr}));
    EXPECT_TRUE(allocator.release(buffer));
    EXPECT_FALSE(allocator.release(buffer));
    EXPECT_FALSE(allocator.release({}));
    EXPECT_EQ(allocator.bytes_free(), 8 * kPage);
}

// Expected dwords are those of the specification's figures, written out by hand.
TEST(CommandBuilders, PutEachArgumentWhereTheSpecificationHasIt) {
    const auto write = commands::write(7, 0x1'2345'6789, 256, true);
    EXPECT_EQ(write.cdw0, 0x01u);
    EXPECT_EQ(write.nsid, 7u);
    EXPECT_EQ(write.cdw10, 0x2345'6789u);
    EXPECT_EQ(write.cdw11, 1u);
    EXPECT_EQ(write.cdw12, 0x4000'00FFu);
    EXPECT_EQ(commands::read(1, 0, 65536).cdw12, 0xFFFFu);
    EXPECT_EQ(commands::write_zeroes(1, 0, 8, true).cdw12, 0x0200'0007u);
    EXPECT_EQ(commands::dataset_management(1, 256).cdw10, 0xFFu);
    EXPECT_EQ(commands::dataset_management(1, 1).cdw11, 4u);
    EXPECT_EQ(commands::abort(2, 0x1234).cdw10, 0x1234'0002u);
    EXPECT_EQ(commands::identify(spec::Cns::kCsNamespace, 3).cdw10, 5u);
    EXPECT_EQ(commands::get_features(spec::FeatureId::kNumberOfQueues,
                                     spec::FeatureSelect::kSupportedCapabilities)
                  .cdw10,
              0x307u);
    EXPECT_EQ(commands::set_features(spec::FeatureId::kTimestamp, 0, true).cdw10, 0x8000'000Eu);
}

TEST(CommandBuilders, SplitTheLengthAndOffsetOfALogPage) {
    commands::LogRequest request{spec::LogId::kSmartHealth};
    request.bytes = 0x4'0004;  // 10001h dwords
    request.offset = 0x2'0000'0010;
    request.retain_event = true;
    const auto entry = commands::get_log_page(request);
    EXPECT_EQ(entry.nsid, 0xFFFF'FFFFu);
    EXPECT_EQ(entry.cdw10, 0x0000'8002u);
    EXPECT_EQ(entry.cdw11, 1u);
    EXPECT_EQ(entry.cdw12, 0x10u);
    EXPECT_EQ(entry.cdw13, 2u);
}

}  // namespace
}  // namespace platform
