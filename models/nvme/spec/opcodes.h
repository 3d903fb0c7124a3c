// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

/// Opcodes of Base Specification 2.0 and NVM Command Set 1.0. The enumerations can hold every value
/// that a host can send: a switch over one always needs a default.
namespace nvme::spec {

/// Commands of the Admin queue.
enum class AdminOpcode : std::uint8_t {
    kDeleteIoSq = 0x00,
    kCreateIoSq = 0x01,
    kGetLogPage = 0x02,
    kDeleteIoCq = 0x04,
    kCreateIoCq = 0x05,
    kIdentify = 0x06,
    kAbort = 0x08,
    kSetFeatures = 0x09,
    kGetFeatures = 0x0a,
    kAsyncEventRequest = 0x0c,
    kNamespaceManagement = 0x0d,
    kFirmwareCommit = 0x10,
    kFirmwareImageDownload = 0x11,
    kDeviceSelfTest = 0x14,
    kNamespaceAttachment = 0x15,
    kKeepAlive = 0x18,
    kDirectiveSend = 0x19,
    kDirectiveReceive = 0x1a,
    kVirtualizationManagement = 0x1c,
    kNvmeMiSend = 0x1d,
    kNvmeMiReceive = 0x1e,
    kCapacityManagement = 0x20,
    kLockdown = 0x24,
    kDoorbellBufferConfig = 0x7c,
    kFabrics = 0x7f,
    kFormatNvm = 0x80,
    kSecuritySend = 0x81,
    kSecurityReceive = 0x82,
    kSanitize = 0x84,
    kGetLbaStatus = 0x86,
};

/// Commands of the I/O queues. [NVM-Command-Set-1.0 3.2 NVM Command Set Commands]
enum class NvmOpcode : std::uint8_t {
    kFlush = 0x00,
    kWrite = 0x01,
    kRead = 0x02,
    kWriteUncorrectable = 0x04,
    kCompare = 0x05,
    kWriteZeroes = 0x08,
    kDatasetManagement = 0x09,
    kVerify = 0x0c,
    kReservationRegister = 0x0d,
    kReservationReport = 0x0e,
    kReservationAcquire = 0x11,
    kReservationRelease = 0x15,
    kCopy = 0x19,
};

/// Which way the data of a command travels, if it has data.
enum class DataTransfer : std::uint8_t {
    kNone = 0,
    kHostToController = 1,
    kControllerToHost = 2,
    kBidirectional = 3,
};

/// Bits 1:0 of every opcode, vendor specific ones included, tell the direction.
constexpr DataTransfer data_transfer(std::uint8_t opcode) {
    return static_cast<DataTransfer>(opcode & 0x3);
}
static_assert(data_transfer(static_cast<std::uint8_t>(NvmOpcode::kWrite)) ==
              DataTransfer::kHostToController);
static_assert(data_transfer(static_cast<std::uint8_t>(AdminOpcode::kIdentify)) ==
              DataTransfer::kControllerToHost);

/// Vendor specific commands: admin C0h to FFh, I/O 80h to FFh.
inline constexpr std::uint8_t kFirstVendorAdminOpcode = 0xc0;
inline constexpr std::uint8_t kFirstVendorIoOpcode = 0x80;

}  // namespace nvme::spec
