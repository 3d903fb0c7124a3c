// SPDX-License-Identifier: Apache-2.0
// The kernel's VFIO interface has the same structures behind a different transport: an independent
// witness for numbers and layouts.
#include <gtest/gtest.h>

#include <linux/vfio.h>

#include "platform/vfio_user/message.h"

namespace platform::vfio_user {
namespace {

TEST(Protocol, RegionsAreThoseOfVfio) {
    EXPECT_EQ(std::uint32_t{VFIO_PCI_NUM_REGIONS}, kRegions);
    EXPECT_EQ(VFIO_PCI_BAR0_REGION_INDEX, static_cast<int>(RegionIndex::kBar0));
    EXPECT_EQ(VFIO_PCI_BAR4_REGION_INDEX, static_cast<int>(RegionIndex::kBar4));
    EXPECT_EQ(VFIO_PCI_CONFIG_REGION_INDEX, static_cast<int>(RegionIndex::kConfig));
    EXPECT_EQ(VFIO_REGION_INFO_FLAG_READ, kRegionReadable);
    EXPECT_EQ(VFIO_REGION_INFO_FLAG_WRITE, kRegionWritable);
    EXPECT_EQ(VFIO_REGION_INFO_FLAG_MMAP, kRegionMappable);
    EXPECT_EQ(VFIO_REGION_INFO_FLAG_CAPS, kRegionCapabilities);
}

TEST(Protocol, RegionInfoIsLaidOutAsInVfio) {
    EXPECT_EQ(sizeof(vfio_region_info), sizeof(RegionInfo));
    EXPECT_EQ(offsetof(vfio_region_info, cap_offset), offsetof(RegionInfo, cap_offset));
    EXPECT_EQ(offsetof(vfio_region_info, size), offsetof(RegionInfo, size));
    EXPECT_EQ(offsetof(vfio_region_info, offset), offsetof(RegionInfo, offset));
    EXPECT_EQ(offsetof(vfio_region_info_cap_sparse_mmap, areas),
              offsetof(SparseMapCapability, offset));
    EXPECT_EQ(SparseMapCapability{}.id, VFIO_REGION_INFO_CAP_SPARSE_MMAP);
}

TEST(Protocol, InterruptsAreThoseOfVfio) {
    EXPECT_EQ(std::uint32_t{VFIO_PCI_NUM_IRQS}, kIrqs);
    EXPECT_EQ(VFIO_PCI_MSIX_IRQ_INDEX, static_cast<int>(IrqIndex::kMsix));
    EXPECT_EQ(VFIO_PCI_ERR_IRQ_INDEX, static_cast<int>(IrqIndex::kError));
    EXPECT_EQ(sizeof(vfio_irq_info), sizeof(IrqInfo));
    EXPECT_EQ(offsetof(vfio_irq_set, data), sizeof(SetIrqs));
    EXPECT_EQ(VFIO_IRQ_SET_DATA_NONE | VFIO_IRQ_SET_ACTION_UNMASK, kIrqDataNone | kIrqUnmask);
    EXPECT_EQ(VFIO_IRQ_SET_DATA_BOOL | VFIO_IRQ_SET_ACTION_MASK, kIrqDataBool | kIrqMask);
    EXPECT_EQ(VFIO_IRQ_SET_DATA_EVENTFD | VFIO_IRQ_SET_ACTION_TRIGGER,
              kIrqDataEventfd | kIrqTrigger);
    EXPECT_EQ(VFIO_IRQ_INFO_EVENTFD | VFIO_IRQ_INFO_MASKABLE | VFIO_IRQ_INFO_AUTOMASKED,
              kIrqEventfd | kIrqMaskable | kIrqAutomasked);
}

TEST(Protocol, AMessageThatIsShorterThanItsHeaderOrTooLongCannotBeReceived) {
    Header header;
    header.size = 15;
    EXPECT_FALSE(receivable(header));
    header.size = 16;
    EXPECT_TRUE(receivable(header));
    header.size = 16 + kMaxPayload;
    EXPECT_TRUE(receivable(header));
    header.size = 16 + kMaxPayload + 1;
    EXPECT_FALSE(receivable(header));
    header.size = 0xffff'ffff;
    EXPECT_FALSE(receivable(header));
}

TEST(Protocol, APayloadIsNotReadBeyondItsEnd) {
    const std::vector<std::uint8_t> payload(24);
    EXPECT_TRUE(load<DmaUnmapRequest>(payload));
    EXPECT_FALSE(load<DmaMapRequest>(payload));
    EXPECT_TRUE(load<RegionAccess>(payload, 8));
    EXPECT_FALSE(load<RegionAccess>(payload, 9));
    EXPECT_FALSE(load<RegionAccess>(payload, ~std::size_t{0}));
}

}  // namespace
}  // namespace platform::vfio_user
