// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/nvme/spec/location.h"
#include "models/util/bits.h"

/// Command Dwords 10 to 15 of the Admin commands, and their completions.
namespace nvme::spec {

using util::Bits;
using util::RegisterOf;
using util::tiles;

/// QPRIO of Create I/O Submission Queue, used with weighted round robin arbitration.
enum class QueuePriority : std::uint8_t {
    kUrgent = 0,
    kHigh = 1,
    kMedium = 2,
    kLow = 3,
};

/// Create I/O Submission Queue and Create I/O Completion Queue.
struct CreateQueueCdw10 : CommandDword<CreateQueueCdw10, 10> {
    using Qid = Bits<0, 16>;
    using Qsize = Bits<16, 16>;  ///< Entries, zero-based.
};
static_assert(tiles<std::uint32_t, CreateQueueCdw10::Qid, CreateQueueCdw10::Qsize>());
// A host creates queue 1 with 1,024 entries.
static_assert(
    CreateQueueCdw10{}.with<CreateQueueCdw10::Qid>(1).with<CreateQueueCdw10::Qsize>(1023).raw ==
    0x03FF'0001);

struct CreateIoSqCdw11 : CommandDword<CreateIoSqCdw11, 11> {
    using Pc = Bits<0, 1, bool>;  ///< Physically contiguous: PRP1 is the queue and not a list.
    using Qprio = Bits<1, 2, QueuePriority>;
    using Rsvd3 = Bits<3, 13>;
    using Cqid = Bits<16, 16>;
};
static_assert(tiles<std::uint32_t, CreateIoSqCdw11::Pc, CreateIoSqCdw11::Qprio,
                    CreateIoSqCdw11::Rsvd3, CreateIoSqCdw11::Cqid>());
// Linux creates contiguous queues of medium priority.
static_assert(CreateIoSqCdw11{}
                  .with<CreateIoSqCdw11::Pc>(true)
                  .with<CreateIoSqCdw11::Qprio>(QueuePriority::kMedium)
                  .with<CreateIoSqCdw11::Cqid>(1)
                  .raw == 0x0001'0005);

struct CreateIoSqCdw12 : CommandDword<CreateIoSqCdw12, 12> {
    using Nvmsetid = Bits<0, 16>;
    using Rsvd16 = Bits<16, 16>;
};
static_assert(tiles<std::uint32_t, CreateIoSqCdw12::Nvmsetid, CreateIoSqCdw12::Rsvd16>());

struct CreateIoCqCdw11 : CommandDword<CreateIoCqCdw11, 11> {
    using Pc = Bits<0, 1, bool>;
    using Ien = Bits<1, 1, bool>;  ///< Interrupts enabled.
    using Rsvd2 = Bits<2, 14>;
    using Iv = Bits<16, 16>;  ///< Interrupt vector.
};
static_assert(tiles<std::uint32_t, CreateIoCqCdw11::Pc, CreateIoCqCdw11::Ien,
                    CreateIoCqCdw11::Rsvd2, CreateIoCqCdw11::Iv>());
// Linux creates contiguous queues with interrupts.
static_assert(CreateIoCqCdw11{}
                  .with<CreateIoCqCdw11::Pc>(true)
                  .with<CreateIoCqCdw11::Ien>(true)
                  .with<CreateIoCqCdw11::Iv>(1)
                  .raw == 0x0001'0003);

/// Delete I/O Submission Queue and Delete I/O Completion Queue.
struct DeleteQueueCdw10 : CommandDword<DeleteQueueCdw10, 10> {
    using Qid = Bits<0, 16>;
    using Rsvd16 = Bits<16, 16>;
};
static_assert(tiles<std::uint32_t, DeleteQueueCdw10::Qid, DeleteQueueCdw10::Rsvd16>());

struct IdentifyCdw10 : CommandDword<IdentifyCdw10, 10> {
    using Cns = Bits<0, 8, std::uint8_t>;
    using Rsvd8 = Bits<8, 8>;
    using Cntid = Bits<16, 16>;
};
static_assert(
    tiles<std::uint32_t, IdentifyCdw10::Cns, IdentifyCdw10::Rsvd8, IdentifyCdw10::Cntid>());

struct IdentifyCdw11 : CommandDword<IdentifyCdw11, 11> {
    using CnsSpecificId = Bits<0, 16>;
    using Rsvd16 = Bits<16, 8>;
    using Csi = Bits<24, 8, std::uint8_t>;
};
static_assert(tiles<std::uint32_t, IdentifyCdw11::CnsSpecificId, IdentifyCdw11::Rsvd16,
                    IdentifyCdw11::Csi>());

/// Command Dword 14 of Identify, Get Features and Set Features.
struct UuidIndexCdw14 : CommandDword<UuidIndexCdw14, 14> {
    using UuidIndex = Bits<0, 7>;
    using Rsvd7 = Bits<7, 25>;
};
static_assert(tiles<std::uint32_t, UuidIndexCdw14::UuidIndex, UuidIndexCdw14::Rsvd7>());

struct GetLogPageCdw10 : CommandDword<GetLogPageCdw10, 10> {
    using Lid = Bits<0, 8, std::uint8_t>;
    using Lsp = Bits<8, 7>;         ///< Log specific.
    using Rae = Bits<15, 1, bool>;  ///< Retain asynchronous event.
    using Numdl = Bits<16, 16>;     ///< Low half of the number of dwords, zero-based.
};
static_assert(tiles<std::uint32_t, GetLogPageCdw10::Lid, GetLogPageCdw10::Lsp, GetLogPageCdw10::Rae,
                    GetLogPageCdw10::Numdl>());
// A host reads the 512-byte SMART log and keeps the event.
static_assert(GetLogPageCdw10{}
                  .with<GetLogPageCdw10::Lid>(2)
                  .with<GetLogPageCdw10::Rae>(true)
                  .with<GetLogPageCdw10::Numdl>(127)
                  .raw == 0x007F'8002);

struct GetLogPageCdw11 : CommandDword<GetLogPageCdw11, 11> {
    using Numdu = Bits<0, 16>;  ///< High half of the number of dwords.
    using Lsi = Bits<16, 16>;   ///< Log specific identifier.
};
static_assert(tiles<std::uint32_t, GetLogPageCdw11::Numdu, GetLogPageCdw11::Lsi>());

/// Log Page Offset, 64 bits.
struct Lpo : CommandField<12, 2> {};

struct GetLogPageCdw14 : CommandDword<GetLogPageCdw14, 14> {
    using UuidIndex = Bits<0, 7>;
    using Rsvd7 = Bits<7, 16>;
    using Ot = Bits<23, 1, bool>;  ///< The offset counts entries and not bytes.
    using Csi = Bits<24, 8, std::uint8_t>;
};
static_assert(tiles<std::uint32_t, GetLogPageCdw14::UuidIndex, GetLogPageCdw14::Rsvd7,
                    GetLogPageCdw14::Ot, GetLogPageCdw14::Csi>());
// Byte 58 bit 7.
static_assert(GetLogPageCdw14::at<GetLogPageCdw14::Ot>().raw() == 0x073A);

struct GetFeaturesCdw10 : CommandDword<GetFeaturesCdw10, 10> {
    using Fid = Bits<0, 8, std::uint8_t>;
    using Sel = Bits<8, 3>;  ///< See FeatureSelect.
    using Rsvd11 = Bits<11, 21>;
};
static_assert(
    tiles<std::uint32_t, GetFeaturesCdw10::Fid, GetFeaturesCdw10::Sel, GetFeaturesCdw10::Rsvd11>());
// Byte 41 bit 0.
static_assert(GetFeaturesCdw10::at<GetFeaturesCdw10::Sel>().raw() == 0x0029);

struct SetFeaturesCdw10 : CommandDword<SetFeaturesCdw10, 10> {
    using Fid = Bits<0, 8, std::uint8_t>;
    using Rsvd8 = Bits<8, 23>;
    using Sv = Bits<31, 1, bool>;  ///< Save across power cycles and resets.
};
static_assert(
    tiles<std::uint32_t, SetFeaturesCdw10::Fid, SetFeaturesCdw10::Rsvd8, SetFeaturesCdw10::Sv>());
// Number of Queues, saved.
static_assert(
    SetFeaturesCdw10{}.with<SetFeaturesCdw10::Fid>(7).with<SetFeaturesCdw10::Sv>(true).raw ==
    0x8000'0007);

struct AbortCdw10 : CommandDword<AbortCdw10, 10> {
    using Sqid = Bits<0, 16>;
    using Cid = Bits<16, 16>;
};
static_assert(tiles<std::uint32_t, AbortCdw10::Sqid, AbortCdw10::Cid>());

/// Dword 0 of the completion of Abort.
struct AbortDw0 : RegisterOf<AbortDw0, std::uint32_t> {
    using NotAborted = Bits<0, 1, bool>;
    using Rsvd1 = Bits<1, 31>;
};
static_assert(tiles<std::uint32_t, AbortDw0::NotAborted, AbortDw0::Rsvd1>());

/// Type of an asynchronous event.
enum class AsyncEventType : std::uint8_t {
    kError = 0,
    kSmartHealth = 1,
    kNotice = 2,
    kImmediate = 3,
    kIoCommandSpecific = 6,
    kVendorSpecific = 7,
};

/// Event information of AsyncEventType::kError.
enum class AsyncErrorInfo : std::uint8_t {
    kInvalidDoorbellRegister = 0,
    kInvalidDoorbellValue = 1,
    kDiagnosticFailure = 2,
    kPersistentInternalError = 3,
    kTransientInternalError = 4,
    kFirmwareImageLoadError = 5,
};

/// Event information of AsyncEventType::kSmartHealth.
enum class AsyncSmartInfo : std::uint8_t {
    kSubsystemReliability = 0,
    kTemperatureThreshold = 1,
    kSpareBelowThreshold = 2,
};

/// Event information of AsyncEventType::kNotice.
enum class AsyncNoticeInfo : std::uint8_t {
    kNamespaceAttributeChanged = 0,
    kFirmwareActivationStarting = 1,
    kTelemetryLogChanged = 2,
    kAnaChange = 3,
    kPredictableLatencyLogChange = 4,
    kLbaStatusInformationAlert = 5,
    kEnduranceGroupLogChange = 6,
    kDiscoveryLogChange = 0xf0,
};

/// Event information of AsyncEventType::kImmediate.
enum class AsyncImmediateInfo : std::uint8_t {
    kNormalSubsystemShutdown = 0,
};

/// Event information of AsyncEventType::kIoCommandSpecific.
enum class AsyncIoInfo : std::uint8_t {
    kReservationLogAvailable = 0,
    kSanitizeCompleted = 1,
    kSanitizeCompletedUnexpectedDeallocation = 2,
};

/// Dword 0 of the completion of Asynchronous Event Request.
struct AsyncEventDw0 : RegisterOf<AsyncEventDw0, std::uint32_t> {
    using EventType = Bits<0, 3, AsyncEventType>;
    using Rsvd3 = Bits<3, 5>;
    using EventInfo = Bits<8, 8, std::uint8_t>;
    using LogPageId = Bits<16, 8, std::uint8_t>;
    using Rsvd24 = Bits<24, 8>;
};
static_assert(tiles<std::uint32_t, AsyncEventDw0::EventType, AsyncEventDw0::Rsvd3,
                    AsyncEventDw0::EventInfo, AsyncEventDw0::LogPageId, AsyncEventDw0::Rsvd24>());
// Namespace Attribute Changed, as a Linux host decodes it.
static_assert(AsyncEventDw0{}
                  .with<AsyncEventDw0::EventType>(AsyncEventType::kNotice)
                  .with<AsyncEventDw0::LogPageId>(4)
                  .raw == 0x0004'0002);

}  // namespace nvme::spec
