// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/transport/prp.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "tests/support/fake_memory.h"

namespace nvme::test {
namespace {
using spec::StatusCode;

/// The rules of PRP entries and lists read sentence by sentence: one list slot at a time, with no
/// thought of speed.
struct Reference {
    const FakeMemory& memory;
    const std::uint64_t page;
    bool offset_invalid = false;
    std::vector<std::uint64_t> addresses;  // of each dword of data, the last perhaps in part

    void take(std::uint64_t from, std::uint64_t& left) {
        do {
            addresses.push_back(from);
            from += 4;
            left -= std::min<std::uint64_t>(left, 4);
        } while (left != 0 && from % page != 0);
    }
    void walk(std::uint64_t prp1, std::uint64_t prp2, std::uint64_t left) {
        if (prp1 % 4 != 0) return refuse();
        take(prp1, left);
        if (left == 0) return;
        if (left <= page) {
            if (prp2 % page != 0) return refuse();
            return take(prp2, left);
        }
        if (prp2 % 8 != 0) return refuse();
        std::uint64_t slot = prp2;
        while (left != 0) {
            auto entry = memory.get<std::uint64_t>(slot);
            if (slot % page == page - 8 && left > page) {
                if (entry % page != 0) return refuse();
                slot = entry;
                entry = memory.get<std::uint64_t>(slot);
            }
            if (entry % page != 0) return refuse();
            take(entry, left);
            slot += 8;
        }
    }
    void refuse() { offset_invalid = true; }
};

pcie::LinkParams instant() {
    pcie::LinkParams link;
    link.gen = 0;
    link.latency_ns = 0;
    return link;
}

class PrpTest : public testing::Test {
protected:
    PrpTest() { dma.open(); }

    /// Walks, compares with the reference, and returns the status.
    StatusCode walk(std::uint64_t prp1, std::uint64_t prp2, std::size_t len) {
        storage.assign(ExtentList::worst_case(len, page), {});
        out = ExtentList(storage.data(), storage.size());
        const auto result = walk_prps(dma, 0, {prp1, prp2}, len, page, out);
        Reference reference{memory, page, false, {}};
        reference.walk(prp1, prp2, len);
        EXPECT_EQ(!result, reference.offset_invalid);
        if (!result) return result.error().code;
        std::vector<std::uint64_t> addresses;
        std::size_t bytes = 0;
        for (const Extent& e : out) {
            EXPECT_NE(e.len, 0u);
            EXPECT_EQ(e.gpa / page, (e.gpa + e.len - 1) / page) << "an extent crosses a page";
            bytes += e.len;
            for (std::uint32_t i = 0; i < e.len; i += 4) addresses.push_back(e.gpa + i);
        }
        EXPECT_EQ(bytes, len);
        EXPECT_TRUE(addresses == reference.addresses) << "prp1 " << prp1 << " length " << len;
        return StatusCode::kSuccess;
    }
    /// `count` entries at `list`: every other page from `data` on, so that none follow another.
    void fill_list(std::uint64_t list, std::size_t count, std::uint64_t data) {
        for (std::size_t i = 0; i < count; ++i)
            memory.put<std::uint64_t>(list + 8 * i, data + 2 * i * page);
    }

    std::size_t page = 4096;
    FakeClock clock;
    FakeMemory memory;
    pcie::Link link{instant()};
    Dma dma{memory, link, clock};
    std::vector<Extent> storage;
    ExtentList out;
};

TEST_F(PrpTest, NothingIsWalkedForNoBytes) {
    EXPECT_TRUE(walk_prps(dma, 7, {3, 5}, 0, page, out));
    EXPECT_EQ(out.size(), 0u);
    EXPECT_TRUE(memory.accesses().empty());
}

TEST_F(PrpTest, Prp1MayStartAnywhereInAPageAtADwordBoundary) {
    for (const std::uint64_t offset : {0, 4, 8, 0xffc})
        for (const std::size_t len : {1, 4, 512, 4096, 4097, 8192})
            if (offset + len <= 2 * 4096) {
                EXPECT_EQ(walk(0x10000 + offset, 0x30000, len), StatusCode::kSuccess);
            }
    for (const std::uint64_t offset : {1, 2, 3, 0xfff})
        EXPECT_EQ(walk(0x10000 + offset, 0x30000, 512), StatusCode::kPrpOffsetInvalid);
    EXPECT_TRUE(memory.accesses().empty()) << "without a list no memory is looked at";
}

TEST_F(PrpTest, Prp2AsASecondPageMustBePageAligned) {
    EXPECT_EQ(walk(0x10000, 0x30000, 8192), StatusCode::kSuccess);
    EXPECT_EQ(walk(0x10ffc, 0x30000, 4100), StatusCode::kSuccess);
    for (const std::uint64_t offset : {1, 4, 8, 0x800, 0xfff})
        EXPECT_EQ(walk(0x10000, 0x30000 + offset, 8192), StatusCode::kPrpOffsetInvalid);
}

TEST_F(PrpTest, Prp2IsNotLookedAtWhenPrp1IsEnough) {
    EXPECT_EQ(walk(0x10000, 0x30001, 4096), StatusCode::kSuccess);
}

TEST_F(PrpTest, TheListMayStartInsideAPageAtAQwordBoundary) {
    fill_list(0x20010, 3, 0x100000);
    EXPECT_EQ(walk(0x10000, 0x20010, 4 * 4096), StatusCode::kSuccess);
    for (const std::uint64_t offset : {1, 2, 4, 7, 0x14})
        EXPECT_EQ(walk(0x10000, 0x20000 + offset, 4 * 4096), StatusCode::kPrpOffsetInvalid);
}

TEST_F(PrpTest, EntriesOfAListMustBePageAligned) {
    for (const std::size_t wrong : {0, 1, 2}) {
        fill_list(0x20000, 3, 0x100000);
        memory.put<std::uint64_t>(0x20000 + 8 * wrong, 0x100800);
        EXPECT_EQ(walk(0x10000, 0x20000, 4 * 4096), StatusCode::kPrpOffsetInvalid);
    }
    fill_list(0x20000, 3, 0x100000);
    memory.put<std::uint64_t>(0x20018, 0x123);  // one past what is needed
    EXPECT_EQ(walk(0x10000, 0x20000, 4 * 4096), StatusCode::kSuccess);
}

TEST_F(PrpTest, AListThatEndsExactlyAtItsPageIsNotChained) {
    fill_list(0x20ff0, 2, 0x100000);
    EXPECT_EQ(walk(0x10000, 0x20ff0, 3 * 4096), StatusCode::kSuccess);
    EXPECT_EQ(out[2].gpa, 0x102000u);
    fill_list(0x20000, 512, 0x1000000);
    EXPECT_EQ(walk(0x10000, 0x20000, 513 * 4096), StatusCode::kSuccess);
}

TEST_F(PrpTest, TheLastSlotOfAPagePointsToTheNextListWhenMoreIsNeeded) {
    memory.put<std::uint64_t>(0x20ff8, 0x50000);
    fill_list(0x50000, 2, 0x100000);
    EXPECT_EQ(walk(0x10000, 0x20ff8, 3 * 4096), StatusCode::kSuccess);
    EXPECT_EQ(out[1].gpa, 0x100000u);
}

TEST_F(PrpTest, AChainedListMustStartAtAPageBoundary) {
    for (const std::uint64_t link_to : {0x50008, 0x50004, 0x50001}) {
        memory.put<std::uint64_t>(0x20ff8, link_to);
        EXPECT_EQ(walk(0x10000, 0x20ff8, 3 * 4096), StatusCode::kPrpOffsetInvalid);
    }
}

TEST_F(PrpTest, ChainsOfManyListsAreFollowed) {
    constexpr std::size_t kPages = 1600;  // needs four lists
    std::uint64_t list = 0x20000;
    std::uint64_t data = 0x10000000;
    for (std::size_t n = 0; n < kPages;) {
        for (std::size_t i = 0; i < 511; ++i, ++n, data += 8192)
            memory.put<std::uint64_t>(list + 8 * i, data);
        memory.put<std::uint64_t>(list + 8 * 511, list + 0x10000);
        list += 0x10000;
    }
    EXPECT_EQ(walk(0x10004, 0x20000, kPages * 4096), StatusCode::kSuccess);
}

TEST_F(PrpTest, AListThatPointsToItselfEndsWithTheLength) {
    for (std::size_t i = 0; i < 512; ++i) memory.put<std::uint64_t>(0x20000 + 8 * i, 0x20000);
    EXPECT_EQ(walk(0x20000, 0x20000, 2000 * 4096), StatusCode::kSuccess);
}

TEST_F(PrpTest, LargePagesHaveLargerLists) {
    for (const std::size_t size : {8192u, 16384u, 65536u}) {
        page = size;
        fill_list(0x200000, 6, 0x40000000);
        EXPECT_EQ(walk(0x100000 + page - 4, 0x200000, 6 * page), StatusCode::kSuccess);
        EXPECT_EQ(walk(0x100000, 0x300000 + 4096, 2 * page), StatusCode::kPrpOffsetInvalid);
        memory.put<std::uint64_t>(0x200000 + page - 8, 0x700000);
        fill_list(0x700000, 2, 0x50000000);
        EXPECT_EQ(walk(0x100000, 0x200000 + page - 8, 3 * page), StatusCode::kSuccess);
    }
}

TEST_F(PrpTest, AnUnreachableListIsADataTransferErrorThatMayBeRetried) {
    memory.fail(0x20000, 4096);
    const auto result = [&] {
        storage.assign(16, {});
        out = ExtentList(storage.data(), storage.size());
        return walk_prps(dma, 0, {0x10000, 0x20000}, 4 * 4096, page, out);
    }();
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, StatusCode::kDataTransferError);
    EXPECT_FALSE(result.error().do_not_retry);
}

TEST_F(PrpTest, OnlySlotsThatAreNeededAreRead) {
    fill_list(0x20000, 3, 0x100000);
    memory.fail(0x20018, 0x1000);
    EXPECT_EQ(walk(0x10000, 0x20000, 4 * 4096), StatusCode::kSuccess);
}

TEST_F(PrpTest, MoreEntriesThanReservedAreRefusedAndNotWritten) {
    fill_list(0x20000, 8, 0x100000);
    storage.assign(4, {});
    out = ExtentList(storage.data(), 3);
    const auto result = walk_prps(dma, 0, {0x10000, 0x20000}, 8 * 4096, page, out);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, StatusCode::kInternalError);
    EXPECT_EQ(storage[3].len, 0u);
}

TEST_F(PrpTest, PagesAtTheTopOfTheAddressSpaceDoNotWrap) {
    const std::uint64_t top = ~std::uint64_t{0xfff};
    EXPECT_EQ(walk(top + 0xffc, top, 4100), StatusCode::kSuccess);
    memory.put<std::uint64_t>(top + 0xff0, 0x100000);
    memory.put<std::uint64_t>(top + 0xff8, 0x50000);
    fill_list(0x50000, 2, top);
    memory.put<std::uint64_t>(0x50008, 0x7000);
    EXPECT_EQ(walk(top, top + 0xff0, 4 * 4096), StatusCode::kSuccess);
}

TEST_F(PrpTest, TheWorstCaseIsReachedAndNeverExceeded) {
    fill_list(0x20000, 32, 0x100000);
    for (std::size_t len = 8; len < 20 * 4096; len += 500) {
        EXPECT_EQ(walk(0x10ffc, 0x20000, len), StatusCode::kSuccess);
        EXPECT_LE(out.size(), ExtentList::worst_case(len, page));
    }
    EXPECT_EQ(walk(0x10ffc, 0x20000, 4 * 4096 + 8), StatusCode::kSuccess);
    EXPECT_EQ(out.size(), ExtentList::worst_case(4 * 4096 + 8, page));
}

TEST_F(PrpTest, AClosedGateReadsNoList) {
    dma.close();
    storage.assign(16, {});
    out = ExtentList(storage.data(), storage.size());
    EXPECT_FALSE(walk_prps(dma, 0, {0x10000, 0x20000}, 4 * 4096, page, out));
    EXPECT_TRUE(memory.accesses().empty());
}

TEST_F(PrpTest, TheWalkEndsWhenTheLastListHasBeenRead) {
    memory.latency = 500;
    memory.put<std::uint64_t>(0x20ff8, 0x50000);
    fill_list(0x50000, 2, 0x100000);
    storage.assign(16, {});
    out = ExtentList(storage.data(), storage.size());
    const auto result = walk_prps(dma, 1000, {0x10000, 0x20ff8}, 3 * 4096, page, out);
    ASSERT_TRUE(result);
    EXPECT_EQ(*result, 2000u);  // two dependent reads
}

/// Pointers and lists of a host that means harm: aligned often enough to get deep into the lists.
TEST_F(PrpTest, RandomListsAreWalkedAsTheReferenceDoes) {
    std::mt19937_64 random(20240611);
    const auto pick = [&](std::uint64_t n) { return random() % n; };
    unsigned good = 0, bad = 0;
    for (unsigned round = 0; round < 1500; ++round) {
        page = std::size_t{4096} << pick(5);
        const auto pointer = [&] {
            const std::uint64_t p = (pick(6) + 1) * 65536;
            switch (pick(40)) {
                case 0:
                    return p + pick(page);
                case 1:
                    return random();
                default:
                    return p;
            }
        };
        for (std::uint64_t p = 1; p <= 6; ++p) {
            for (unsigned i = 0; i < 8; ++i)
                memory.put<std::uint64_t>(p * 65536 + 8 * i, pointer());
            for (unsigned i = 1; i <= 8; ++i)
                memory.put<std::uint64_t>(p * 65536 + page - 8 * i, pointer());
        }
        const std::uint64_t prp1 = pointer() + (pick(2) != 0 ? 4 * pick(page / 4) : 0);
        const std::uint64_t prp2 =
            pointer() + (pick(2) != 0 ? page - 8 * (1 + pick(8)) : 8 * pick(2));
        const std::size_t len = 1 + pick(6) * page + pick(page);
        (walk(prp1, prp2, len) == StatusCode::kSuccess ? good : bad) += 1;
    }
    EXPECT_GT(good, 200u);
    EXPECT_GT(bad, 200u);
}

}  // namespace
}  // namespace nvme::test
