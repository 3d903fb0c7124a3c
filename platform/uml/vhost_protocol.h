// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

#include "models/util/bits.h"

/// The part of vhost-user that a User Mode Linux speaks. Source: QEMU, docs/interop/vhost-user.rst;
/// names follow it. Structures are moved with memcpy, all fields are little endian.
namespace platform::uml {

enum class VhostRequest : std::uint32_t {
    kGetFeatures = 1,
    kSetFeatures = 2,
    kSetOwner = 3,
    kResetOwner = 4,
    kSetMemTable = 5,
    kSetVringNum = 8,
    kSetVringAddr = 9,
    kSetVringBase = 10,
    kGetVringBase = 11,
    kSetVringKick = 12,
    kSetVringCall = 13,
    kSetVringErr = 14,
    kGetProtocolFeatures = 15,
    kSetProtocolFeatures = 16,
    kSetVringEnable = 18,
    kSetBackendReqFd = 21,
    kVringKick = 35,
};

/// On the descriptor of kSetBackendReqFd, from the device.
enum class BackendRequest : std::uint32_t { kVringCall = 4 };

struct VhostHeader {
    std::uint32_t request = 0;
    std::uint32_t flags = 0;
    std::uint32_t size = 0;  ///< of what follows
};
static_assert(sizeof(VhostHeader) == 12);

inline constexpr std::uint32_t kVhostVersionMask = 0x3;
inline constexpr std::uint32_t kVhostVersion = 1;
inline constexpr std::uint32_t kVhostReply = 1u << 2;
inline constexpr std::uint32_t kVhostNeedReply = 1u << 3;

inline constexpr std::uint64_t kFeatureProtocolFeatures = 1ull << 30;
inline constexpr std::uint64_t kFeatureVersion1 = 1ull << 32;  ///< of virtio
inline constexpr std::uint64_t kProtocolReplyAck = 1ull << 3;
inline constexpr std::uint64_t kProtocolBackendReq = 1ull << 5;
inline constexpr std::uint64_t kProtocolInbandNotifications = 1ull << 14;

struct VringState {
    std::uint32_t index = 0, num = 0;
};
static_assert(sizeof(VringState) == 8);

struct VringAddr {
    std::uint32_t index = 0, flags = 0;
    std::uint64_t descriptors = 0, used = 0, available = 0, log = 0;
};
static_assert(sizeof(VringAddr) == 40 && offsetof(VringAddr, available) == 24);

struct MemoryRegion {
    std::uint64_t guest_address = 0, size = 0, user_address = 0, mmap_offset = 0;
};
static_assert(sizeof(MemoryRegion) == 32);

inline constexpr std::size_t kMaxMemoryRegions = 8;
struct MemoryTable {
    std::uint32_t regions = 0, padding = 0;  // then so many MemoryRegion
};
static_assert(sizeof(MemoryTable) == 8);

/// Of what follows a header.
inline constexpr std::size_t kMaxVhostPayload =
    sizeof(MemoryTable) + kMaxMemoryRegions * sizeof(MemoryRegion);

}  // namespace platform::uml
