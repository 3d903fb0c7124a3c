// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

/// Names for the parts of configuration space that the model gives a meaning to: offsets in the
/// header or relative to a capability, and bits.
namespace pcie::reg {

inline constexpr std::uint16_t kVendorId = 0x00;
inline constexpr std::uint16_t kDeviceId = 0x02;
inline constexpr std::uint16_t kCommand = 0x04;
inline constexpr std::uint16_t kStatus = 0x06;
inline constexpr std::uint16_t kRevisionAndClass = 0x08;
inline constexpr std::uint16_t kCacheLineSize = 0x0c;
inline constexpr std::uint16_t kBar0 = 0x10;
inline constexpr std::uint16_t kBar4 = 0x20;
inline constexpr std::uint16_t kSubsystemVendorId = 0x2c;
inline constexpr std::uint16_t kSubsystemId = 0x2e;
inline constexpr std::uint16_t kCapabilitiesPointer = 0x34;
inline constexpr std::uint16_t kInterruptLine = 0x3c;
inline constexpr std::uint16_t kInterruptPin = 0x3d;

inline constexpr std::uint16_t kCommandMemorySpace = 1u << 1;
inline constexpr std::uint16_t kCommandBusMaster = 1u << 2;
inline constexpr std::uint16_t kCommandParityErrorResponse = 1u << 6;
inline constexpr std::uint16_t kCommandSerrEnable = 1u << 8;
inline constexpr std::uint16_t kCommandInterruptDisable = 1u << 10;
inline constexpr std::uint16_t kStatusInterrupt = 1u << 3;
inline constexpr std::uint16_t kStatusCapabilitiesList = 1u << 4;
inline constexpr std::uint32_t kBarMemory64 = 0x4;  // memory, 64-bit, not prefetchable

inline constexpr std::uint8_t kCapPowerManagement = 0x01;
inline constexpr std::uint8_t kCapExpress = 0x10;
inline constexpr std::uint8_t kCapMsix = 0x11;
inline constexpr std::uint16_t kExtCapSerialNumber = 0x0003;

// Power Management
inline constexpr std::uint16_t kPmCapabilities = 0x2;
inline constexpr std::uint16_t kPmControlStatus = 0x4;
inline constexpr std::uint16_t kPmVersion3 = 0x3;
inline constexpr std::uint16_t kPmPowerState = 0x3;
inline constexpr std::uint16_t kPmNoSoftReset = 1u << 3;

// MSI-X
inline constexpr std::uint16_t kMsixControl = 0x2;
inline constexpr std::uint16_t kMsixTable = 0x4;
inline constexpr std::uint16_t kMsixPba = 0x8;
inline constexpr std::uint16_t kMsixFunctionMask = 1u << 14;
inline constexpr std::uint16_t kMsixEnable = 1u << 15;
inline constexpr std::uint32_t kMsixBir = 4;  // table and pending bits are in BAR4

// PCI Express
inline constexpr std::uint16_t kExpressCapabilities = 0x02;
inline constexpr std::uint16_t kDeviceCapabilities = 0x04;
inline constexpr std::uint16_t kDeviceControl = 0x08;
inline constexpr std::uint16_t kLinkCapabilities = 0x0c;
inline constexpr std::uint16_t kLinkControl = 0x10;
inline constexpr std::uint16_t kLinkStatus = 0x12;
inline constexpr std::uint16_t kDeviceCapabilities2 = 0x24;
inline constexpr std::uint16_t kDeviceControl2 = 0x28;
inline constexpr std::uint16_t kLinkCapabilities2 = 0x2c;
inline constexpr std::uint16_t kLinkControl2 = 0x30;
inline constexpr std::uint16_t kLinkStatus2 = 0x32;

inline constexpr std::uint16_t kExpressVersion2Endpoint = 0x0002;
inline constexpr std::uint16_t kFlitModeSupported = 1u << 15;
inline constexpr std::uint16_t kFlitModeStatus = 1u << 10;
inline constexpr std::uint32_t kExtendedTagSupported = 1u << 5;
inline constexpr std::uint32_t kAnyExitLatencyAccepted = 0x3fu << 6;  // L0s and L1: no limit
inline constexpr std::uint32_t kRoleBasedErrorReporting = 1u << 15;
inline constexpr std::uint32_t kFunctionLevelResetCapable = 1u << 28;
inline constexpr std::uint16_t kErrorReportingEnables = 0xf;
inline constexpr std::uint16_t kRelaxedOrdering = 1u << 4;
inline constexpr std::uint16_t kMaxPayloadSize = 0x7u << 5;
inline constexpr std::uint16_t kExtendedTagEnable = 1u << 8;
inline constexpr std::uint16_t kNoSnoop = 1u << 11;
inline constexpr std::uint16_t kMaxReadRequestSize = 0x7u << 12;
inline constexpr std::uint16_t kMaxReadRequest512 = 0x2u << 12;
inline constexpr std::uint16_t kInitiateFunctionLevelReset = 1u << 15;
// ASPM Support of Link Capabilities and, with the same values, ASPM Control of Link Control
inline constexpr unsigned kAspmL0s = 1u << 0;
inline constexpr unsigned kAspmL1 = 1u << 1;
inline constexpr unsigned kAspmSupportShift = 10;
inline constexpr unsigned kL0sExitLatencyShift = 12;
inline constexpr unsigned kL1ExitLatencyShift = 15;
inline constexpr std::uint32_t kAspmOptionalityCompliance = 1u << 22;
// ASPM Control, Read Completion Boundary, Common Clock Configuration, Extended Synch
inline constexpr std::uint16_t kLinkControlWritable = 0x3u | 1u << 3 | 1u << 6 | 1u << 7;
inline constexpr std::uint32_t kLinkSpeedAndWidth = 0x3ff;  // of Link Status
inline constexpr std::uint16_t kSlotClock = 1u << 12;
inline constexpr std::uint32_t kCompletionTimeoutDisable = 1u << 4;  // DevCap2 and DevCtl2
inline constexpr std::uint16_t kTargetLinkSpeed = 0xf;

}  // namespace pcie::reg
