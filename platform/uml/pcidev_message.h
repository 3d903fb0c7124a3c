// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/util/bits.h"

/// What virt-pci and a device say to each other through their queues. Source: Linux 6.1,
/// include/uapi/linux/virtio_pcidev.h; names follow it.
namespace platform::uml {

enum class PcidevOp : std::uint8_t {
    kCfgRead = 1,
    kCfgWrite = 2,
    kMmioRead = 3,
    kMmioWrite = 4,
    kMmioMemset = 5,
    kInt = 6,  ///< to the guest: a pin
    kMsi = 7,  ///< to the guest: what an MSI-X message would have written
};

struct PcidevHeader {
    PcidevOp op{};
    std::uint8_t bar = 0;
    std::uint16_t reserved = 0;
    std::uint32_t size = 0;
    std::uint64_t address = 0;
};
static_assert(sizeof(PcidevHeader) == 16 && offsetof(PcidevHeader, address) == 8);

/// An access of the guest, with everything about it checked but what it reaches.
struct PcidevAccess {
    enum class Space : std::uint8_t { kConfig, kBar };
    Space space{};
    bool write = false;
    std::uint8_t bar = 0;
    std::uint64_t address = 0;
    std::uint32_t size = 0;
    std::vector<std::uint8_t> data;  ///< `size` bytes; of a read those to be filled in
};

/// More than any BAR here has: longer accesses are refused before they are looked at.
inline constexpr std::uint32_t kMaxPcidevAccess = 1u << 20;

/// What a message of the command queue asks for; none when it is none. `room` are the bytes that
/// the guest has for an answer.
[[nodiscard]] std::optional<PcidevAccess> decode_access(const std::vector<std::uint8_t>& message,
                                                        std::size_t room);

/// A message of the interrupt queue.
using InterruptMessage = std::array<std::uint8_t, sizeof(PcidevHeader) + 4>;
[[nodiscard]] InterruptMessage msi_message(std::uint64_t address, std::uint32_t data);
/// `pin` 1 is INTA.
[[nodiscard]] InterruptMessage int_message(std::uint8_t pin);

}  // namespace platform::uml
