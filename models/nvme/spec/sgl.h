// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "models/util/bits.h"

/// Scatter Gather Lists. [NVMe-Base-2.0 4.1.2 Scatter Gather List]
namespace nvme::spec {

enum class SglType : std::uint8_t {
    kDataBlock = 0x0,
    kBitBucket = 0x1,    ///< data to the host that nobody wants
    kSegment = 0x2,      ///< more descriptors, not the last of them
    kLastSegment = 0x3,  ///< the last descriptors
    kKeyedDataBlock = 0x4,
    kTransportDataBlock = 0x5,
    kVendor = 0xf,
};

/// Byte 15 of a descriptor.
struct SglIdentifier : util::RegisterOf<SglIdentifier, std::uint8_t> {
    using Subtype = util::Bits<0, 4>;  ///< 0: the address is an address
    using Type = util::Bits<4, 4, SglType>;
};
static_assert(util::tiles<std::uint8_t, SglIdentifier::Subtype, SglIdentifier::Type>());

/// As it stands in DPTR of a command, or 16 bytes behind one another in a segment.
struct SglDescriptor {
    std::uint64_t address;
    std::uint32_t length;
    std::uint8_t rsvd12[3];
    std::uint8_t identifier;  ///< See SglIdentifier.

    [[nodiscard]] SglType type() const {
        return SglIdentifier::from(identifier).get<SglIdentifier::Type>();
    }
    [[nodiscard]] std::uint32_t subtype() const {
        return SglIdentifier::from(identifier).get<SglIdentifier::Subtype>();
    }
};
static_assert(sizeof(SglDescriptor) == 16);
static_assert(offsetof(SglDescriptor, length) == 8);
static_assert(offsetof(SglDescriptor, identifier) == 15);
static_assert(std::is_trivially_copyable_v<SglDescriptor>);

}  // namespace nvme::spec
