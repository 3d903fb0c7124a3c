// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <vector>

#include <linux/memfd.h>

#include "platform/vfio_user/bus_error_guard.h"
#include "platform/vfio_user/dma_map.h"
#include "tests/unit/vfio_user/session_fixture.h"

namespace platform::vfio_user {
namespace {

using test::memory_file;
constexpr std::uint32_t kBoth = kDmaReadable | kDmaWritable;

DmaMapRequest request(std::uint64_t address, std::uint64_t size, std::uint32_t flags = kBoth,
                      std::uint64_t offset = 0) {
    return {sizeof(DmaMapRequest), flags, offset, address, size};
}

TEST(DmaMap, FindsTheMappingOfAnAddress) {
    DmaMap map;
    ASSERT_EQ(map.map(request(0x10000, 0x2000), -1), 0);
    ASSERT_EQ(map.map(request(0x13000, 0x1000), -1), 0);
    EXPECT_EQ(map.find(0xffff), nullptr);
    EXPECT_EQ(map.find(0x10000)->first, 0x10000u);
    EXPECT_EQ(map.find(0x11fff)->first, 0x10000u);
    EXPECT_EQ(map.find(0x12000), nullptr);
    EXPECT_EQ(map.find(0x13fff)->last, 0x13fffu);
    EXPECT_EQ(map.find(~0ull), nullptr);
}

TEST(DmaMap, OverlapIsRefusedAndNeighboursAreGood) {
    DmaMap map;
    ASSERT_EQ(map.map(request(0x10000, 0x4000), -1), 0);
    EXPECT_EQ(map.map(request(0x10000, 0x4000), -1), EEXIST);
    EXPECT_EQ(map.map(request(0xf000, 0x2000), -1), EEXIST);
    EXPECT_EQ(map.map(request(0x13000, 0x2000), -1), EEXIST);
    EXPECT_EQ(map.map(request(0x11000, 0x1000), -1), EEXIST);
    EXPECT_EQ(map.map(request(0x0, 0x100000), -1), EEXIST);
    EXPECT_EQ(map.map(request(0xf000, 0x1000), -1), 0);
    EXPECT_EQ(map.map(request(0x14000, 0x1000), -1), 0);
}

TEST(DmaMap, ImpossibleRangesAreRefused) {
    DmaMap map;
    EXPECT_EQ(map.map(request(0x1000, 0), -1), EINVAL);
    EXPECT_EQ(map.map(request(0x1001, 0x1000), -1), EINVAL);
    EXPECT_EQ(map.map(request(0x1000, 0x1001), -1), EINVAL);
    EXPECT_EQ(map.map(request(0x1000, 0x1000, 0), -1), EINVAL);
    EXPECT_EQ(map.map(request(0x1000, 0x1000, 4), -1), EINVAL);
    EXPECT_EQ(map.map(request(0x1000, 0x1000, kBoth, 1), -1), EINVAL);
    EXPECT_EQ(map.map(request(~0ull - 0xfff, 0x2000), -1), EINVAL);
    EXPECT_EQ(map.map(request(~0ull - 0xfff, 0x1000), -1), 0);  // the very last page
}

TEST(DmaMap, MemoryIsSharedWithTheFile) {
    DmaMap map;
    const UniqueFd file = memory_file(0x3000);
    ASSERT_EQ(map.map(request(0x5000, 0x2000, kBoth, 0x1000), file.get()), 0);
    *map.find(0x5000)->at(0x5010) = std::byte{0x5a};
    unsigned char byte = 0;
    ASSERT_EQ(::pread(file.get(), &byte, 1, 0x1010), 1);
    EXPECT_EQ(byte, 0x5a);
}

TEST(DmaMap, AFileThatCannotBeMappedIsRefused) {
    DmaMap map;
    const UniqueFd file = memory_file(0x2000);
    EXPECT_EQ(map.map(request(0, 0x3000), file.get()), EINVAL);  // shorter than that
    EXPECT_EQ(map.map(request(0, 0x1000, kBoth, 0x2000), file.get()), EINVAL);
    EXPECT_EQ(map.map(request(0, 0x1000, kBoth, ~0xfffull), file.get()), EINVAL);
    int pipe_fds[2];
    ASSERT_EQ(::pipe(pipe_fds), 0);
    const UniqueFd reader(pipe_fds[0]), writer(pipe_fds[1]);
    EXPECT_EQ(map.map(request(0, 0x1000), reader.get()), EINVAL);
    EXPECT_EQ(map.map(request(0, 0x1000), 12345), EBADF);
    const UniqueFd sealed(::memfd_create("sealed", MFD_ALLOW_SEALING));
    ASSERT_EQ(::ftruncate(sealed.get(), 0x1000), 0);
    ASSERT_EQ(::fcntl(sealed.get(), F_ADD_SEALS, F_SEAL_WRITE), 0);
    EXPECT_EQ(map.map(request(0, 0x1000), sealed.get()), EPERM);
    EXPECT_TRUE(map.all().empty());
}

/// 0, or -1 when the map refuses the range.
int unmap(DmaMap& map, std::uint64_t address, std::uint64_t size) {
    const auto range = map.whole(address, size);
    if (range) map.unmap(*range);
    return range ? 0 : -1;
}

std::vector<std::uint64_t> mapped(const DmaMap& map) {
    std::vector<std::uint64_t> firsts;
    for (const auto& [address, mapping] : map.all()) firsts.push_back(mapping.first);
    return firsts;
}

TEST(DmaMap, ARangeIsUnmappedWithAllTheMapsInsideOfIt) {
    DmaMap map;
    const std::vector<std::uint64_t> pages{0x10000, 0x11000, 0x13000, 0x20000};
    for (const std::uint64_t page : pages) ASSERT_EQ(map.map(request(page, 0x1000), -1), 0);
    EXPECT_EQ(unmap(map, 0x14000, 0xc000), 0) << "nothing is there";
    EXPECT_EQ(mapped(map), pages);
    EXPECT_EQ(unmap(map, 0x11000, 0x2000), 0);
    EXPECT_EQ(mapped(map), (std::vector<std::uint64_t>{0x10000, 0x13000, 0x20000}));
    EXPECT_EQ(unmap(map, 0xf000, 0x8000), 0);
    EXPECT_EQ(mapped(map), std::vector<std::uint64_t>{0x20000});
    EXPECT_EQ(unmap(map, 0, 1ull << 63), 0);
    EXPECT_EQ(unmap(map, 1ull << 63, 1ull << 63), 0) << "up to the last address";
    EXPECT_TRUE(map.all().empty());
}

TEST(DmaMap, NoMapIsSplit) {
    DmaMap map;
    ASSERT_EQ(map.map(request(0x10000, 0x4000), -1), 0);
    ASSERT_EQ(map.map(request(0x14000, 0x4000), -1), 0);
    EXPECT_EQ(unmap(map, 0x10000, 0x2000), -1);
    EXPECT_EQ(unmap(map, 0x11000, 0x3000), -1);
    EXPECT_EQ(unmap(map, 0x11000, 0x1000), -1);
    EXPECT_EQ(unmap(map, 0x10000, 0x5000), -1);
    EXPECT_EQ(unmap(map, 0x13000, 0x5000), -1);
    EXPECT_EQ(unmap(map, 0xf000, 0x8000), -1);
    EXPECT_EQ(mapped(map).size(), 2u);
    EXPECT_EQ(unmap(map, 0x10000, 0x4000), 0);
    EXPECT_EQ(unmap(map, 0x10000, 0x4000), 0) << "again: there is nothing";
    EXPECT_EQ(mapped(map), std::vector<std::uint64_t>{0x14000});
}

TEST(DmaMap, WhatIsNoRangeIsNotUnmapped) {
    DmaMap map;
    ASSERT_EQ(map.map(request(~0ull - 0xfff, 0x1000), -1), 0);
    EXPECT_EQ(unmap(map, 0, 0), -1);
    EXPECT_EQ(unmap(map, 0x800, 0x1000), -1);
    EXPECT_EQ(unmap(map, 0x1000, 0x800), -1);
    EXPECT_EQ(unmap(map, ~0ull - 0xfff, 0x2000), -1);
    EXPECT_EQ(unmap(map, 0x2000, ~0xfffull), -1) << "its end is past the last address";
    EXPECT_EQ(unmap(map, 0x1000, ~0ull), -1);
    EXPECT_EQ(mapped(map).size(), 1u);
    EXPECT_EQ(unmap(map, ~0ull - 0xfff, 0x1000), 0);
}

TEST(DmaMap, TheNumberOfMapsIsBounded) {
    DmaMap map;
    for (std::uint64_t i = 0; i < kMaxDmaMaps; ++i)
        ASSERT_EQ(map.map(request(i * 0x2000, 0x1000), -1), 0);
    EXPECT_EQ(map.map(request(0x1'0000'0000, 0x1000), -1), ENOSPC);
    ASSERT_EQ(unmap(map, 0, 0x1000), 0);
    EXPECT_EQ(map.map(request(0x1'0000'0000, 0x1000), -1), 0);
}

/// How many mappings this process has.
std::size_t mappings() {
    std::ifstream list("/proc/self/maps");
    return static_cast<std::size_t>(std::count(std::istreambuf_iterator<char>(list), {}, '\n'));
}

// A guest behind a virtual IOMMU maps page by page. Each used to be a mapping of the process, which
// may have 65530: sixteen clients with all their maps left nothing for the server itself.
TEST(DmaMap, PartsOfOneFileAreOneMapping) {
    DmaMap map;
    const UniqueFd file = memory_file(0x1000'0000);
    ASSERT_EQ(map.map(request(0, 0x1000, kBoth, 0x5000), file.get()), 0);
    const std::size_t before = mappings();
    for (std::uint64_t i = 1; i < 10'000; ++i)
        ASSERT_EQ(map.map(request(i * 0x2000, 0x1000, kBoth, i * 0x1000), file.get()), 0);
    EXPECT_LT(mappings(), before + 1000);
    *map.find(9'999 * 0x2000)->at(9'999 * 0x2000) = std::byte{0x5a};
    unsigned char byte = 0;
    ASSERT_EQ(::pread(file.get(), &byte, 1, 9'999 * 0x1000), 1);
    EXPECT_EQ(byte, 0x5a);
}

TEST(DmaMap, AFileThatHasGrownIsMappedAnewAndOlderPartsStay) {
    DmaMap map;
    const UniqueFd file = memory_file(0x1000);
    ASSERT_EQ(map.map(request(0, 0x1000), file.get()), 0);
    ASSERT_EQ(::ftruncate(file.get(), 0x3000), 0);
    ASSERT_EQ(map.map(request(0x10000, 0x3000), file.get()), 0);
    *map.find(0)->at(0) = std::byte{7};
    EXPECT_EQ(*map.find(0x10000)->at(0x10000), std::byte{7});
    ASSERT_EQ(map.map(request(0x20000, 0x1000, kDmaReadable), file.get()), 0);
    EXPECT_EQ(*map.find(0x20000)->at(0x20000), std::byte{7});
}

TEST(DmaMap, AClientCannotUseUpTheAddressesOfTheServer) {
    DmaMap map;
    std::vector<UniqueFd> files;
    int wrong = 0;
    for (std::uint64_t i = 0; i < 10 && wrong == 0; ++i) {
        files.push_back(memory_file(1ull << 40));
        wrong = map.map(request(i * 0x1000, 0x1000), files.back().get());
    }
    EXPECT_EQ(wrong, ENOSPC);
    EXPECT_EQ(files.size(), kMaxMappedBytes / (1ull << 40) + 1);
    const UniqueFd absurd = memory_file((1ull << 63) - 0x1000);
    EXPECT_EQ(map.map(request(0x10'0000, 0x1000), absurd.get()), ENOSPC);
}

// To look at a file of a file system in user space, or to access it, waits for whoever serves it.
TEST(DmaMap, AFileThatAnAccessCouldWaitForIsReachedByMessages) {
    DmaMap map;
    const UniqueFd file(::open("/proc/self/status", O_RDONLY | O_CLOEXEC));
    ASSERT_EQ(map.map(request(0, 0x1000, kDmaReadable), file.get()), 0);
    EXPECT_EQ(map.find(0)->at(0), nullptr);
}

// A client can cut its file short after it was mapped.
TEST(DmaMap, MemoryThatVanishesReadsAsZeroesInsteadOfKillingTheServer) {
    DmaMap map;
    const UniqueFd file = memory_file(0x4000);
    ASSERT_EQ(map.map(request(0, 0x4000), file.get()), 0);
    auto* memory = reinterpret_cast<volatile unsigned char*>(map.find(0)->at(0));
    memory[0x3000] = 1;
    const std::uint64_t before = bus_error_guard::rescued();
    ASSERT_EQ(::ftruncate(file.get(), 0x1000), 0);
    EXPECT_EQ(+memory[0x3000], 0);
    memory[0x2000] = 7;
    EXPECT_EQ(bus_error_guard::rescued(), before + 1) << "all of it is replaced at once";
    EXPECT_TRUE(map.torn());
    EXPECT_EQ(unmap(map, 0, 0x4000), 0);
}

// Zeroes used to be put over the 4 KiB of the access, which cannot be done inside of a huge page:
// the signal killed the server.
TEST(DmaMap, MemoryOfHugePagesThatVanishesReadsAsZeroesToo) {
    constexpr std::uint64_t kHuge = 2 << 20;
    const UniqueFd file(::memfd_create("huge", MFD_CLOEXEC | MFD_HUGETLB | MFD_HUGE_2MB));
    DmaMap map;
    if (!file || ::ftruncate(file.get(), 2 * kHuge) != 0 ||
        map.map(request(0, 2 * kHuge), file.get()) != 0 ||
        ::fallocate(file.get(), 0, 0, 2 * kHuge) != 0)
        GTEST_SKIP() << "NOT TESTED: this machine has no two free pages of 2 MiB"
                        " (/proc/sys/vm/nr_hugepages)";
    auto* memory = reinterpret_cast<volatile unsigned char*>(map.find(0)->at(0));
    memory[kHuge + 5] = 1;
    ASSERT_EQ(::ftruncate(file.get(), kHuge), 0);
    EXPECT_EQ(+memory[kHuge + 5], 0);
    memory[kHuge + 0x1005] = 1;
    EXPECT_TRUE(map.torn());
    EXPECT_EQ(unmap(map, 0, 2 * kHuge), 0);
}

// The same without huge pages, on any machine: what is replaced is the whole mapping.
TEST(DmaMap, OfAMapThatIsTornNothingRefersToTheFileAnyMore) {
    DmaMap map;
    const UniqueFd file = memory_file(0x4000);
    ASSERT_EQ(map.map(request(0, 0x4000), file.get()), 0);
    ASSERT_EQ(::ftruncate(file.get(), 0x3000), 0);
    auto* memory = reinterpret_cast<volatile unsigned char*>(map.find(0)->at(0));
    EXPECT_EQ(+memory[0x3000], 0);
    memory[0] = 9;
    unsigned char byte = 0;
    ASSERT_EQ(::pread(file.get(), &byte, 1, 0), 1);
    EXPECT_EQ(byte, 0);
    ASSERT_EQ(::ftruncate(file.get(), 0), 0);
    EXPECT_EQ(+memory[0x1000], 0);
}

// One process serves several clients: who took memory away is who is hung up on.
TEST(DmaMap, OnlyTheMapWhoseMemoryVanishedIsTorn) {
    DmaMap innocent, guilty;
    const UniqueFd whole = memory_file(0x1000), cut = memory_file(0x1000);
    ASSERT_EQ(innocent.map(request(0, 0x1000), whole.get()), 0);
    ASSERT_EQ(guilty.map(request(0, 0x1000), cut.get()), 0);
    ASSERT_EQ(::ftruncate(cut.get(), 0), 0);
    EXPECT_EQ(+reinterpret_cast<volatile unsigned char&>(*guilty.find(0)->at(0)), 0);
    EXPECT_TRUE(guilty.torn());
    EXPECT_FALSE(innocent.torn());
    ASSERT_EQ(unmap(guilty, 0, 0x1000), 0);
    ASSERT_EQ(guilty.map(request(0, 0x1000), whole.get()), 0);
    EXPECT_FALSE(guilty.torn()) << "what another mapping met there before";
}

TEST(DmaMapDeathTest, ABusErrorSomewhereElseStaysWhatItWas) {
    ::testing::FLAGS_gtest_death_test_style = "threadsafe";
    DmaMap map;
    const UniqueFd file = memory_file(0x1000);
    ASSERT_EQ(map.map(request(0, 0x1000), file.get()), 0);  // our handler is there
    const UniqueFd other = memory_file(0x1000);
    auto* bytes =
        static_cast<volatile char*>(::mmap(nullptr, 0x1000, PROT_READ, MAP_SHARED, other.get(), 0));
    ASSERT_EQ(::ftruncate(other.get(), 0), 0);
    EXPECT_DEATH({ [[maybe_unused]] const char c = bytes[0]; }, "");
    ::munmap(const_cast<char*>(bytes), 0x1000);
}

}  // namespace
}  // namespace platform::vfio_user
