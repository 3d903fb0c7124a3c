// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "models/util/bits.h"

/// The vfio-user protocol as bytes. Source: QEMU, docs/interop/vfio-user.rst; names follow it.
/// Structures are moved with memcpy, all fields are little endian.
namespace platform::vfio_user {

enum class Command : std::uint16_t {
    kVersion = 1,
    kDmaMap = 2,
    kDmaUnmap = 3,
    kDeviceGetInfo = 4,
    kDeviceGetRegionInfo = 5,
    kDeviceGetRegionIoFds = 6,
    kDeviceGetIrqInfo = 7,
    kDeviceSetIrqs = 8,
    kRegionRead = 9,
    kRegionWrite = 10,
    kDmaRead = 11,   ///< server to client
    kDmaWrite = 12,  ///< server to client
    kDeviceReset = 13,
    kDirtyPages = 14,  ///< of early versions
    kRegionWriteMulti = 15,
    kDeviceFeature = 16,
    kMigDataRead = 17,
    kMigDataWrite = 18,
};

/// In front of every message.
struct Header {
    std::uint16_t id = 0;  ///< a reply has that of its request
    Command command{};
    std::uint32_t size = 0;  ///< of the whole message, with this header
    std::uint32_t flags = 0;
    std::uint32_t error = 0;  ///< an errno, in a reply with kFlagError
};
static_assert(sizeof(Header) == 16 && offsetof(Header, size) == 4 && offsetof(Header, error) == 12);

inline constexpr std::uint32_t kTypeMask = 0xf;
inline constexpr std::uint32_t kTypeRequest = 0;
inline constexpr std::uint32_t kTypeReply = 1;
inline constexpr std::uint32_t kFlagNoReply = 1u << 4;
inline constexpr std::uint32_t kFlagError = 1u << 5;

inline constexpr std::uint16_t kVersionMajor = 0;
inline constexpr std::uint16_t kVersionMinor = 1;

struct Version {
    std::uint16_t major = 0, minor = 0;  // then JSON that ends in NUL, or nothing
};
static_assert(sizeof(Version) == 4);

inline constexpr std::uint32_t kDmaReadable = 1u << 0;
inline constexpr std::uint32_t kDmaWritable = 1u << 1;

struct DmaMapRequest {
    std::uint32_t argsz = 0, flags = 0;
    std::uint64_t offset = 0;  ///< in the file that comes with the message
    std::uint64_t address = 0, size = 0;
};
static_assert(sizeof(DmaMapRequest) == 32 && offsetof(DmaMapRequest, address) == 16);

inline constexpr std::uint32_t kUnmapDirtyBitmap = 1u << 0;
inline constexpr std::uint32_t kUnmapAll = 1u << 1;

struct DmaUnmapRequest {
    std::uint32_t argsz = 0, flags = 0;
    std::uint64_t address = 0, size = 0;
};
static_assert(sizeof(DmaUnmapRequest) == 24 && offsetof(DmaUnmapRequest, address) == 8);

inline constexpr std::uint32_t kDeviceReset = 1u << 0;
inline constexpr std::uint32_t kDevicePci = 1u << 1;

struct DeviceInfo {
    std::uint32_t argsz = 0, flags = 0, regions = 0, irqs = 0;
};
static_assert(sizeof(DeviceInfo) == 16);

/// Regions of a PCI device, in the order that VFIO defines.
enum class RegionIndex : std::uint32_t { kBar0 = 0, kBar4 = 4, kConfig = 7 };
inline constexpr std::uint32_t kRegions = 9;

inline constexpr std::uint32_t kRegionReadable = 1u << 0;
inline constexpr std::uint32_t kRegionWritable = 1u << 1;
inline constexpr std::uint32_t kRegionMappable = 1u << 2;
inline constexpr std::uint32_t kRegionCapabilities = 1u << 3;

struct RegionInfo {
    std::uint32_t argsz = 0, flags = 0, index = 0, cap_offset = 0;
    std::uint64_t size = 0, offset = 0;
};
static_assert(sizeof(RegionInfo) == 32 && offsetof(RegionInfo, size) == 16);

/// Says that only a part of a region can be mapped; one area.
struct SparseMapCapability {
    std::uint16_t id = 1, version = 1;
    std::uint32_t next = 0, areas = 1, reserved = 0;
    std::uint64_t offset = 0, size = 0;
};
static_assert(sizeof(SparseMapCapability) == 32 && offsetof(SparseMapCapability, offset) == 16);

/// Interrupts of a PCI device, in the order that VFIO defines.
enum class IrqIndex : std::uint32_t { kIntx = 0, kMsi = 1, kMsix = 2, kError = 3, kRequest = 4 };
inline constexpr std::uint32_t kIrqs = 5;

inline constexpr std::uint32_t kIrqEventfd = 1u << 0;
inline constexpr std::uint32_t kIrqMaskable = 1u << 1;
inline constexpr std::uint32_t kIrqAutomasked = 1u << 2;

struct IrqInfo {
    std::uint32_t argsz = 0, flags = 0, index = 0, count = 0;
};
static_assert(sizeof(IrqInfo) == 16);

inline constexpr std::uint32_t kIrqDataNone = 1u << 0;
inline constexpr std::uint32_t kIrqDataBool = 1u << 1;
inline constexpr std::uint32_t kIrqDataEventfd = 1u << 2;
inline constexpr std::uint32_t kIrqMask = 1u << 3;
inline constexpr std::uint32_t kIrqUnmask = 1u << 4;
inline constexpr std::uint32_t kIrqTrigger = 1u << 5;

struct SetIrqs {
    std::uint32_t argsz = 0, flags = 0, index = 0, start = 0, count = 0;
};
static_assert(sizeof(SetIrqs) == 20);

/// Both directions of REGION_READ and REGION_WRITE; then the data.
struct RegionAccess {
    std::uint64_t offset = 0;
    std::uint32_t region = 0, count = 0;
};
static_assert(sizeof(RegionAccess) == 16 && offsetof(RegionAccess, region) == 8);

/// One of the writes of REGION_WRITE_MULTI, which follow their number (8 bytes).
struct WriteOne {
    RegionAccess access;
    std::uint8_t data[8] = {};
};
static_assert(sizeof(WriteOne) == 24 && offsetof(WriteOne, data) == 16);

/// Both directions of DMA_READ and DMA_WRITE; then the data.
struct DmaAccess {
    std::uint64_t address = 0, count = 0;
};
static_assert(sizeof(DmaAccess) == 16 && offsetof(DmaAccess, count) == 8);

static_assert(std::is_trivially_copyable_v<Header> && std::is_trivially_copyable_v<WriteOne> &&
              std::is_trivially_copyable_v<SparseMapCapability>);

// What this server takes. A client that does not hear of them assumes the defaults of the protocol:
// these are at least those.
inline constexpr std::uint32_t kMaxTransfer = 1u << 20;
inline constexpr std::uint32_t kMaxPayload = kMaxTransfer + sizeof(RegionAccess);
inline constexpr std::uint32_t kMaxFds = 16;
inline constexpr std::uint32_t kMaxDmaMaps = 65535;
inline constexpr std::uint32_t kMaxVersionText = 4096;
inline constexpr std::uint64_t kMaxMultiWrites = 200;
inline constexpr std::uint64_t kPageBytes = 4096;

// What one client may use up of what all clients of a server share: mappings, of which Linux gives
// a process 65530, and addresses, of which there are 128 TiB.
inline constexpr std::size_t kMostServers = 16;  ///< in one process
inline constexpr std::size_t kMaxFiles = 3072;
inline constexpr std::uint64_t kMaxMappedBytes = 4ull << 40;
static_assert(kMostServers * (kMaxFiles + 2) < 60'000);
static_assert(kMostServers * kMaxMappedBytes <= 64ull << 40);

}  // namespace platform::vfio_user
