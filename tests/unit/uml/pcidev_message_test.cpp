// SPDX-License-Identifier: Apache-2.0
#include "platform/uml/pcidev_message.h"

#include <cstring>

#include <gtest/gtest.h>

namespace platform::uml {
namespace {

using Space = PcidevAccess::Space;

std::vector<std::uint8_t> message(PcidevOp op, std::uint8_t bar, std::uint32_t size,
                                  std::uint64_t address, std::vector<std::uint8_t> data = {}) {
    const PcidevHeader header{op, bar, 0, size, address};
    std::vector<std::uint8_t> bytes(sizeof header);
    std::memcpy(bytes.data(), &header, sizeof header);
    bytes.insert(bytes.end(), data.begin(), data.end());
    return bytes;
}

// The bytes are those that Linux 6.1 was seen to send.
TEST(PcidevMessage, KnowsTheAccessesOfADriver) {
    const auto read = decode_access(message(PcidevOp::kCfgRead, 0, 4, 0x10), 8);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->space, Space::kConfig);
    EXPECT_FALSE(read->write);
    EXPECT_EQ(read->address, 0x10u);
    EXPECT_EQ(read->data.size(), 4u);

    const auto write =
        decode_access(message(PcidevOp::kCfgWrite, 0, 2, 4, {6, 4, 0, 0, 0, 0, 0, 0}), 0);
    ASSERT_TRUE(write);
    EXPECT_EQ(write->space, Space::kConfig);
    EXPECT_TRUE(write->write);
    EXPECT_EQ(write->data, (std::vector<std::uint8_t>{6, 4}));

    const auto doorbell =
        decode_access(message(PcidevOp::kMmioWrite, 0, 4, 0x1008, {1, 0, 0, 0}), 0);
    ASSERT_TRUE(doorbell);
    EXPECT_EQ(doorbell->space, Space::kBar);
    EXPECT_EQ(doorbell->data, (std::vector<std::uint8_t>{1, 0, 0, 0}));

    const auto registers = decode_access(message(PcidevOp::kMmioRead, 4, 24, 0), 24);
    ASSERT_TRUE(registers);
    EXPECT_EQ(registers->bar, 4);
    EXPECT_EQ(registers->data.size(), 24u);
}

TEST(PcidevMessage, KnowsBothWaysToFillABar) {
    for (const PcidevOp op : {PcidevOp::kMmioMemset, PcidevOp::kCfgWrite}) {
        const auto fill = decode_access(message(op, 4, 3, 0x20, {0xaa}), 0);
        ASSERT_TRUE(fill);
        EXPECT_EQ(fill->space, Space::kBar);
        EXPECT_EQ(fill->bar, 4);
        EXPECT_EQ(fill->data, (std::vector<std::uint8_t>{0xaa, 0xaa, 0xaa}));
    }
}

TEST(PcidevMessage, RefusesWhatIsNoAccess) {
    EXPECT_FALSE(decode_access({}, 8));
    EXPECT_FALSE(decode_access(std::vector<std::uint8_t>(15, 1), 8));
    for (int op = 6; op <= 256; ++op) {  // and 0
        const auto one = static_cast<PcidevOp>(op % 256);
        EXPECT_FALSE(decode_access(message(one, 0, 4, 0, {1, 2, 3, 4}), 8));
    }
    EXPECT_FALSE(decode_access(message(PcidevOp::kCfgRead, 0, 3, 0), 8));
    EXPECT_FALSE(decode_access(message(PcidevOp::kCfgRead, 0, 16, 0), 16));
    EXPECT_FALSE(decode_access(message(PcidevOp::kCfgRead, 0, 4, 0), 3));
    EXPECT_FALSE(decode_access(message(PcidevOp::kCfgWrite, 0, 4, 0, {1, 2, 3}), 0));
    EXPECT_FALSE(decode_access(message(PcidevOp::kCfgWrite, 0, 4, 0), 0));
    EXPECT_FALSE(decode_access(message(PcidevOp::kMmioRead, 0, 4, 0), 3));
    EXPECT_FALSE(decode_access(message(PcidevOp::kMmioWrite, 0, 4, 0, {1, 2, 3}), 0));
    EXPECT_FALSE(decode_access(message(PcidevOp::kMmioMemset, 0, 4, 0), 0));
    for (const std::uint32_t size : {0u, kMaxPcidevAccess + 1, ~0u})
        for (const PcidevOp op : {PcidevOp::kMmioRead, PcidevOp::kMmioWrite, PcidevOp::kMmioMemset})
            EXPECT_FALSE(decode_access(message(op, 0, size, 0, {1}), ~std::size_t{0}));
}

TEST(PcidevMessage, TellsOfInterrupts) {
    const InterruptMessage msi = msi_message(0xa0000, 0x41);
    const std::uint8_t wanted_msi[]{7,   0, 0, 0, 4, 0, 0,    0, 0, 0,
                                    0xa, 0, 0, 0, 0, 0, 0x41, 0, 0, 0};
    EXPECT_EQ(std::memcmp(msi.data(), wanted_msi, sizeof wanted_msi), 0);
    const InterruptMessage pin = int_message(1);
    const std::uint8_t wanted_pin[20]{6, 0, 0, 0, 0, 0, 0, 0, 1};
    EXPECT_EQ(std::memcmp(pin.data(), wanted_pin, sizeof wanted_pin), 0);
}

}  // namespace
}  // namespace platform::uml
