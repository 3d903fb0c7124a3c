// SPDX-License-Identifier: Apache-2.0
#include "models/pcie/msix.h"

#include <gtest/gtest.h>
#include <linux/pci_regs.h>

#include <cstdint>
#include <optional>
#include <random>

namespace pcie::test {
namespace {

constexpr unsigned kVectors = 130;
constexpr std::uint64_t kAddress = 0x12'fee0'1000;

class MsixTest : public testing::Test {
protected:
    static std::uint64_t entry(unsigned vector) { return vector * std::uint64_t{16}; }

    /// Programs a vector as a driver does: address and data first, then the mask bit.
    void program(unsigned vector, std::uint32_t data, bool masked = false) {
        msix.write(entry(vector) + PCI_MSIX_ENTRY_LOWER_ADDR, 4, kAddress & 0xffff'ffff);
        msix.write(entry(vector) + PCI_MSIX_ENTRY_UPPER_ADDR, 4, kAddress >> 32);
        msix.write(entry(vector) + PCI_MSIX_ENTRY_DATA, 4, data);
        mask(vector, masked);
    }
    void mask(unsigned vector, bool masked) {
        msix.write(entry(vector) + PCI_MSIX_ENTRY_VECTOR_CTRL, 4, masked ? 1 : 0);
    }
    bool raised(unsigned vector) { return msix.raise(vector, true, false).has_value(); }
    std::uint64_t pending_word(unsigned word) const {
        return msix.read(Msix::pba_offset(kVectors) + word * 8, 8);
    }

    Msix msix{kVectors};
};

TEST_F(MsixTest, EveryVectorIsMaskedAndEmptyAfterReset) {
    program(3, 7, true);
    EXPECT_FALSE(raised(3));
    msix.reset();
    for (unsigned vector = 0; vector < kVectors; ++vector) {
        EXPECT_EQ(msix.read(entry(vector), 8), 0u);
        EXPECT_EQ(msix.read(entry(vector) + 8, 8), 1ull << 32);
        EXPECT_FALSE(msix.pending(vector));
    }
}

TEST_F(MsixTest, AnUnmaskedVectorSendsItsMessage) {
    program(129, 0x4321);
    const std::optional<Msix::Message> message = msix.raise(129, true, false);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->address, kAddress);
    EXPECT_EQ(message->data, 0x4321u);
    EXPECT_FALSE(msix.pending(129));
}

TEST_F(MsixTest, AMaskedVectorPendsAndSendsOnceWhenItIsUnmasked) {
    program(70, 5, true);
    EXPECT_FALSE(raised(70));
    EXPECT_FALSE(raised(70));
    EXPECT_EQ(pending_word(1), 1ull << 6);
    EXPECT_FALSE(msix.take_released(true, false));
    mask(70, false);
    const auto message = msix.take_released(true, false);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->data, 5u);
    EXPECT_EQ(pending_word(1), 0u);
    EXPECT_FALSE(msix.take_released(true, false));
}

TEST_F(MsixTest, TheFunctionMaskHoldsAllVectorsAndReleasesThemInOrder) {
    for (const unsigned vector : {100u, 2u, 64u}) {
        program(vector, vector);
        EXPECT_FALSE(msix.raise(vector, true, true));
    }
    mask(64, true);
    EXPECT_FALSE(msix.take_released(true, true));
    EXPECT_EQ(msix.take_released(true, false)->data, 2u);
    EXPECT_EQ(msix.take_released(true, false)->data, 100u);
    EXPECT_FALSE(msix.take_released(true, false));
    EXPECT_TRUE(msix.pending(64));
}

TEST_F(MsixTest, DisabledNothingIsSentAndNothingPends) {
    program(1, 1);
    program(2, 2, true);
    EXPECT_FALSE(msix.raise(1, false, false));
    EXPECT_FALSE(msix.raise(2, false, false));
    EXPECT_FALSE(msix.raise(1, false, true));
    EXPECT_FALSE(msix.pending(1));
    EXPECT_FALSE(msix.pending(2));
    EXPECT_FALSE(raised(2));
    mask(2, false);
    EXPECT_FALSE(msix.take_released(false, false));
    EXPECT_TRUE(msix.take_released(true, false));
}

TEST_F(MsixTest, WhatHasBeenDealtWithIsNotSentLater) {
    program(9, 9, true);
    EXPECT_FALSE(raised(9));
    msix.withdraw(9);
    msix.withdraw(9);
    msix.withdraw(kVectors);
    mask(9, false);
    EXPECT_FALSE(msix.take_released(true, false));
}

TEST_F(MsixTest, VectorsThatDoNotExistAreIgnored) {
    for (const unsigned vector : {kVectors, 2048u, 65'535u, ~0u}) {
        EXPECT_FALSE(msix.raise(vector, true, false));
        EXPECT_FALSE(msix.raise(vector, true, true));
        EXPECT_FALSE(msix.pending(vector));
        EXPECT_TRUE(msix.masked(vector));
    }
    EXPECT_FALSE(msix.take_released(true, false));
}

TEST_F(MsixTest, ThePendingBitsAreReadOnly) {
    program(0, 0, true);
    EXPECT_FALSE(raised(0));
    msix.write(Msix::pba_offset(kVectors), 8, 0);
    EXPECT_EQ(pending_word(0), 1u);
    msix.write(Msix::pba_offset(kVectors), 8, ~0ull);
    EXPECT_EQ(pending_word(0), 1u);
    EXPECT_EQ(pending_word(2), 0u);
}

TEST_F(MsixTest, PendingBitsCanBeReadByDword) {
    program(33, 0, true);
    EXPECT_FALSE(raised(33));
    EXPECT_EQ(msix.read(Msix::pba_offset(kVectors), 4), 0u);
    EXPECT_EQ(msix.read(Msix::pba_offset(kVectors) + 4, 4), 2u);
}

TEST_F(MsixTest, ReservedBitsAndAreasReadZeroAndIgnoreWrites) {
    for (std::uint64_t at = 0; at < Msix::bar_size(kVectors); at += 8) msix.write(at, 8, ~0ull);
    EXPECT_EQ(msix.read(entry(5), 8), ~std::uint64_t{3});
    EXPECT_EQ(msix.read(entry(5) + 8, 8), 0x1'ffff'ffffu);
    EXPECT_EQ(msix.read(entry(kVectors), 8), 0u);
    EXPECT_EQ(msix.read(Msix::pba_offset(kVectors) - 8, 8), 0u);
    EXPECT_EQ(msix.read(Msix::pba_offset(kVectors) + 24, 8), 0u);
    EXPECT_EQ(msix.read(Msix::bar_size(kVectors) - 4, 4), 0u);
}

TEST_F(MsixTest, AQwordWriteIsTwoDwordWrites) {
    msix.write(entry(4), 8, kAddress);
    msix.write(entry(4) + 8, 8, 0x0000'0000'0000'abcd);
    const auto message = msix.raise(4, true, false);
    ASSERT_TRUE(message);
    EXPECT_EQ(message->address, kAddress);
    EXPECT_EQ(message->data, 0xabcdu);
}

TEST_F(MsixTest, AccessesAreDwordsOrQwordsNaturallyAlignedInsideTheBar) {
    const std::uint64_t size = Msix::bar_size(kVectors);
    EXPECT_TRUE(msix.access_ok(0, 8));
    EXPECT_TRUE(msix.access_ok(size - 4, 4));
    for (const unsigned bad : {0u, 1u, 2u, 3u, 16u, ~0u}) EXPECT_FALSE(msix.access_ok(0, bad));
    EXPECT_FALSE(msix.access_ok(4, 8));
    EXPECT_FALSE(msix.access_ok(2, 4));
    EXPECT_FALSE(msix.access_ok(size, 4));
    EXPECT_FALSE(msix.access_ok(~0ull - 7, 8));
    EXPECT_EQ(msix.read(size, 8), ~0ull);
    msix.write(~0ull - 7, 8, 1);
    msix.write(2, 4, ~0u);
    EXPECT_EQ(msix.read(0, 8), 0u);
}

TEST_F(MsixTest, SurvivesRandomWritesEverywhere) {
    std::mt19937_64 random(3);
    for (int step = 0; step < 50'000; ++step) {
        const auto size = static_cast<unsigned>(random() % 10);
        msix.write(random() % 3 == 0 ? random() : random() % 0x3000, size, random());
        const auto vector = static_cast<unsigned>(random() % 200);
        const auto message = msix.raise(vector, random() % 4 != 0, random() % 4 == 0);
        ASSERT_EQ(message ? message->address % 4 : 0, 0u);
        ASSERT_FALSE(message && msix.masked(vector));
        ASSERT_EQ(msix.vectors(), kVectors);
    }
    unsigned released = 0;
    while (msix.take_released(true, false)) ++released;
    EXPECT_LE(released, kVectors);
    for (unsigned vector = 0; vector < kVectors; ++vector) {
        EXPECT_FALSE(msix.pending(vector) && !msix.masked(vector));
    }
}

TEST(MsixLayout, PlacesThePendingBitsOnThePageBehindTheTable) {
    EXPECT_EQ(Msix::pba_offset(1), 4096u);
    EXPECT_EQ(Msix::pba_offset(256), 4096u);
    EXPECT_EQ(Msix::pba_offset(257), 8192u);
    EXPECT_EQ(Msix::pba_offset(2048), 32'768u);
    EXPECT_EQ(Msix::bar_size(1), 8192u);
    EXPECT_EQ(Msix::bar_size(65), 8192u);
    EXPECT_EQ(Msix::bar_size(257), 16'384u);
    EXPECT_EQ(Msix::bar_size(2048), 65'536u);
}

TEST(MsixLayout, AcceptsAnyNumberOfVectorsAndUsesAtMostAllThereAre) {
    Msix none(0);
    EXPECT_FALSE(none.raise(0, true, false));
    EXPECT_EQ(none.read(Msix::pba_offset(0), 8), 0u);
    EXPECT_EQ(Msix(~0u).vectors(), 2048u);
    EXPECT_EQ(Msix::bar_size(~0u), 65'536u);
}

}  // namespace
}  // namespace pcie::test
