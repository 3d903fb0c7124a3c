// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>

#include "platform/vfio_user/irq_table.h"
#include "platform/vfio_user/protocol.h"

namespace platform::vfio_user {

/// One region as a client is told about it. Size 0: there is none.
struct RegionDescription {
    std::uint64_t size = 0;
    std::uint32_t flags = 0;  ///< kRegionReadable, kRegionWritable
    /// The part that a client may map, if `map_fd` is not -1: bytes from `map_offset`, in the file
    /// at the same offset.
    int map_fd = -1;
    std::uint64_t map_offset = 0, map_size = 0;
};

struct DeviceDescription {
    std::array<RegionDescription, kRegions> regions;
    IrqDescriptions irqs;
};

/// What a session does to the device that it serves. Everything that arrives here is inside of what
/// the description says.
class Device {
public:
    virtual ~Device() = default;
    /// An access that the device refuses reads as all ones, and does not write, as on PCI Express.
    virtual void read_region(std::uint32_t region, std::uint64_t offset, std::uint8_t* data,
                             std::uint32_t count) = 0;
    virtual void write_region(std::uint32_t region, std::uint64_t offset, const std::uint8_t* data,
                              std::uint32_t count) = 0;
    /// The client's access to this region was answered with an error.
    virtual void outside(const RegionAccess& access) = 0;
    /// What DEVICE_RESET asks for; may be called again and again.
    virtual void reset() = 0;
    /// There is new memory.
    virtual void mapped() = 0;
    /// Memory goes away when this returns: nothing may point there any more. Bounds are inclusive.
    virtual void unmapping(std::uint64_t first, std::uint64_t last) = 0;
    /// Descriptors came or went.
    virtual void irqs_changed(IrqIndex index) = 0;
    /// One or more DMA messages are over.
    virtual void dma_answered() = 0;
};

}  // namespace platform::vfio_user
