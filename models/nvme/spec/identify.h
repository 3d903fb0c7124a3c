// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "models/nvme/spec/identify_controller.h"
#include "models/nvme/spec/identify_namespace.h"
#include "models/util/bits.h"

/// Identify: what can be asked for, lists, and all data structures.
namespace nvme::spec {

using util::Bits;
using util::RegisterOf;
using util::tiles;

/// Command Set Identifier.
enum class Csi : std::uint8_t {
    kNvm = 0,
    kKeyValue = 1,
    kZonedNamespace = 2,
};

/// CNS of Identify. "Cs" structures belong to the command set that CSI names.
enum class Cns : std::uint8_t {
    kNamespace = 0x00,
    kController = 0x01,
    kActiveNamespaceList = 0x02,
    kNamespaceIdDescriptors = 0x03,
    kNvmSetList = 0x04,
    kCsNamespace = 0x05,
    kCsController = 0x06,
    kCsActiveNamespaceList = 0x07,
    kIndependentNamespace = 0x08,
    kNamespaceUserDataFormat = 0x09,
    kCsNamespaceUserDataFormat = 0x0a,
    kAllocatedNamespaceList = 0x10,
    kAllocatedNamespace = 0x11,
    kAttachedControllerList = 0x12,
    kControllerList = 0x13,
    kPrimaryControllerCapabilities = 0x14,
    kSecondaryControllerList = 0x15,
    kNamespaceGranularityList = 0x16,
    kUuidList = 0x17,
    kDomainList = 0x18,
    kEnduranceGroupList = 0x19,
    kCsAllocatedNamespaceList = 0x1a,
    kCsAllocatedNamespace = 0x1b,
    kIoCommandSets = 0x1c,
};

/// NIDT of NamespaceIdDescriptor.
enum class NamespaceIdType : std::uint8_t {
    kEui64 = 1,
    kNguid = 2,
    kUuid = 3,
    kCsi = 4,
};

/// Bytes of the identifier that follows a NamespaceIdDescriptor.
inline constexpr std::uint8_t kEui64Bytes = 8;
inline constexpr std::uint8_t kNguidBytes = 16;
inline constexpr std::uint8_t kUuidBytes = 16;
inline constexpr std::uint8_t kCsiBytes = 1;

/// Bytes of every Identify data structure.
inline constexpr std::uint32_t kIdentifyBytes = 4096;

/// Header of an entry of CNS 03h. A header with nidl 0 ends the list.
struct NamespaceIdDescriptor {
    std::uint8_t nidt;  ///< See NamespaceIdType.
    std::uint8_t nidl;  ///< Bytes that follow.
    std::uint16_t rsvd2;
};
static_assert(sizeof(NamespaceIdDescriptor) == 4);
static_assert(offsetof(NamespaceIdDescriptor, nidl) == 1);
static_assert(offsetof(NamespaceIdDescriptor, rsvd2) == 2);
static_assert(std::is_trivially_copyable_v<NamespaceIdDescriptor>);

/// Ascending NSIDs, unused entries 0. CNS 02h, 07h, 10h and 1Ah.
struct NamespaceList {
    std::uint32_t nsid[1024];
};
static_assert(sizeof(NamespaceList) == 4096);
static_assert(std::is_trivially_copyable_v<NamespaceList>);

/// Ascending controller identifiers. CNS 12h and 13h.
struct ControllerList {
    std::uint16_t num;
    std::uint16_t cntlid[2047];
};
static_assert(sizeof(ControllerList) == 4096);
static_assert(offsetof(ControllerList, cntlid) == 2);
static_assert(std::is_trivially_copyable_v<ControllerList>);

/// Command sets that work together: bit n stands for Csi n.
struct IoCommandSetVector : RegisterOf<IoCommandSetVector, std::uint64_t> {
    using Nvm = Bits<0, 1, bool>;
    using KeyValue = Bits<1, 1, bool>;
    using ZonedNamespace = Bits<2, 1, bool>;
    using Rsvd3 = Bits<3, 61, std::uint64_t>;
};
static_assert(tiles<std::uint64_t, IoCommandSetVector::Nvm, IoCommandSetVector::KeyValue,
                    IoCommandSetVector::ZonedNamespace, IoCommandSetVector::Rsvd3>());

/// CNS 1Ch: combinations that IoCommandSetProfileCdw11 chooses from.
struct IdentifyIoCommandSets {
    std::uint64_t iocsc[512];  ///< See IoCommandSetVector.
};
static_assert(sizeof(IdentifyIoCommandSets) == 4096);
static_assert(std::is_trivially_copyable_v<IdentifyIoCommandSets>);

}  // namespace nvme::spec
