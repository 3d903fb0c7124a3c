// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "models/nvme/spec/location.h"
#include "models/util/bits.h"

/// Reservations: commands, their data, and what a controller reports. The keys and types are the
/// same for all I/O command sets. [NVMe-Base-2.0 7.2 to 7.5, 8.19 Reservations]
namespace nvme::spec {

using util::Bits;
using util::RegisterOf;
using util::tiles;

/// RTYPE; 0 is "none" where a type is reported, and reserved where one is asked for.
enum class ReservationType : std::uint8_t {
    kNone = 0,
    kWriteExclusive = 1,
    kExclusiveAccess = 2,
    kWriteExclusiveRegistrantsOnly = 3,
    kExclusiveAccessRegistrantsOnly = 4,
    kWriteExclusiveAllRegistrants = 5,
    kExclusiveAccessAllRegistrants = 6,
};

/// RREGA.
enum class ReservationRegisterAction : std::uint8_t {
    kRegister = 0,
    kUnregister = 1,
    kReplace = 2,
};

/// RACQA.
enum class ReservationAcquireAction : std::uint8_t {
    kAcquire = 0,
    kPreempt = 1,
    kPreemptAndAbort = 2,
};

/// RRELA.
enum class ReservationReleaseAction : std::uint8_t {
    kRelease = 0,
    kClear = 1,
};

/// CPTPL.
enum class ChangePtpl : std::uint8_t {
    kNoChange = 0,
    kReserved = 1,
    kClear = 2,  ///< a power loss ends registrations and reservation
    kSet = 3,    ///< both survive a power loss
};

struct ReservationRegisterCdw10 : CommandDword<ReservationRegisterCdw10, 10> {
    using Rrega = Bits<0, 3, ReservationRegisterAction>;
    using Iekey = Bits<3, 1, bool>;  ///< Ignore existing key.
    using Rsvd4 = Bits<4, 26>;
    using Cptpl = Bits<30, 2, ChangePtpl>;
};
static_assert(tiles<std::uint32_t, ReservationRegisterCdw10::Rrega, ReservationRegisterCdw10::Iekey,
                    ReservationRegisterCdw10::Rsvd4, ReservationRegisterCdw10::Cptpl>());
// Linux registers with CPTPL = 11b.
static_assert(
    ReservationRegisterCdw10{}.with<ReservationRegisterCdw10::Cptpl>(ChangePtpl::kSet).raw ==
    0xC000'0000);

struct ReservationAcquireCdw10 : CommandDword<ReservationAcquireCdw10, 10> {
    using Racqa = Bits<0, 3, ReservationAcquireAction>;
    using Iekey = Bits<3, 1, bool>;
    using Rsvd4 = Bits<4, 4>;
    using Rtype = Bits<8, 8, ReservationType>;
    using Rsvd16 = Bits<16, 16>;
};
static_assert(tiles<std::uint32_t, ReservationAcquireCdw10::Racqa, ReservationAcquireCdw10::Iekey,
                    ReservationAcquireCdw10::Rsvd4, ReservationAcquireCdw10::Rtype,
                    ReservationAcquireCdw10::Rsvd16>());
// Preempt and abort, Exclusive Access.
static_assert(ReservationAcquireCdw10{}
                  .with<ReservationAcquireCdw10::Racqa>(ReservationAcquireAction::kPreemptAndAbort)
                  .with<ReservationAcquireCdw10::Rtype>(ReservationType::kExclusiveAccess)
                  .raw == 0x0202);

struct ReservationReleaseCdw10 : CommandDword<ReservationReleaseCdw10, 10> {
    using Rrela = Bits<0, 3, ReservationReleaseAction>;
    using Iekey = Bits<3, 1, bool>;
    using Rsvd4 = Bits<4, 4>;
    using Rtype = Bits<8, 8, ReservationType>;
    using Rsvd16 = Bits<16, 16>;
};
static_assert(tiles<std::uint32_t, ReservationReleaseCdw10::Rrela, ReservationReleaseCdw10::Iekey,
                    ReservationReleaseCdw10::Rsvd4, ReservationReleaseCdw10::Rtype,
                    ReservationReleaseCdw10::Rsvd16>());

struct ReservationReportCdw10 : CommandDword<ReservationReportCdw10, 10> {
    using Numd = Bits<0, 32>;  ///< Number of dwords, zero-based.
};
static_assert(tiles<std::uint32_t, ReservationReportCdw10::Numd>());

struct ReservationReportCdw11 : CommandDword<ReservationReportCdw11, 11> {
    using Eds = Bits<0, 1, bool>;  ///< Extended data structure.
    using Rsvd1 = Bits<1, 31>;
};
static_assert(tiles<std::uint32_t, ReservationReportCdw11::Eds, ReservationReportCdw11::Rsvd1>());

/// Data of Reservation Register.
struct ReservationRegisterData {
    std::uint64_t crkey;  ///< Current key; not used by "register".
    std::uint64_t nrkey;  ///< New key; not used by "unregister".
};
static_assert(sizeof(ReservationRegisterData) == 16);
static_assert(offsetof(ReservationRegisterData, nrkey) == 8);
static_assert(std::is_trivially_copyable_v<ReservationRegisterData>);

/// Data of Reservation Acquire.
struct ReservationAcquireData {
    std::uint64_t crkey;
    std::uint64_t prkey;  ///< Key to preempt.
};
static_assert(sizeof(ReservationAcquireData) == 16);
static_assert(offsetof(ReservationAcquireData, prkey) == 8);
static_assert(std::is_trivially_copyable_v<ReservationAcquireData>);

/// Data of Reservation Release.
struct ReservationReleaseData {
    std::uint64_t crkey;
};
static_assert(sizeof(ReservationReleaseData) == 8);
static_assert(std::is_trivially_copyable_v<ReservationReleaseData>);

/// Head of what Reservation Report returns; RegisteredController structures follow.
struct ReservationStatus {
    std::uint32_t gen;  ///< Counts changes, wraps.
    ReservationType rtype;
    std::uint8_t regctl[2];  ///< Structures that follow, little-endian.
    std::uint8_t rsvd7[2];
    std::uint8_t ptpls;  ///< 1: persists through power loss.
    std::uint8_t rsvd10[14];
};
static_assert(sizeof(ReservationStatus) == 24);
static_assert(offsetof(ReservationStatus, rtype) == 4);
static_assert(offsetof(ReservationStatus, regctl) == 5);
static_assert(offsetof(ReservationStatus, ptpls) == 9);
static_assert(std::is_trivially_copyable_v<ReservationStatus>);

/// The same for EDS = 1; RegisteredControllerExtended structures follow.
struct ReservationStatusExtended {
    ReservationStatus header;
    std::uint8_t rsvd24[40];
};
static_assert(sizeof(ReservationStatusExtended) == 64);
static_assert(std::is_trivially_copyable_v<ReservationStatusExtended>);

/// RCSTS of a registered controller.
struct Rcsts : RegisterOf<Rcsts, std::uint8_t> {
    using Holder = Bits<0, 1, bool>;  ///< Its host holds the reservation.
    using Rsvd1 = Bits<1, 7>;
};
static_assert(tiles<std::uint8_t, Rcsts::Holder, Rcsts::Rsvd1>());

/// CNTLID of a registrant that no controller belongs to at present.
inline constexpr std::uint16_t kNoController = 0xffff;

struct RegisteredController {
    std::uint16_t cntlid;
    std::uint8_t rcsts;  ///< See Rcsts.
    std::uint8_t rsvd3[5];
    std::uint64_t hostid;
    std::uint64_t rkey;
};
static_assert(sizeof(RegisteredController) == 24);
static_assert(offsetof(RegisteredController, rcsts) == 2);
static_assert(offsetof(RegisteredController, hostid) == 8);
static_assert(offsetof(RegisteredController, rkey) == 16);
static_assert(std::is_trivially_copyable_v<RegisteredController>);

struct RegisteredControllerExtended {
    std::uint16_t cntlid;
    std::uint8_t rcsts;  ///< See Rcsts.
    std::uint8_t rsvd3[5];
    std::uint64_t rkey;
    std::uint8_t hostid[16];
    std::uint8_t rsvd32[32];
};
static_assert(sizeof(RegisteredControllerExtended) == 64);
static_assert(offsetof(RegisteredControllerExtended, rkey) == 8);
static_assert(offsetof(RegisteredControllerExtended, hostid) == 16);
static_assert(std::is_trivially_copyable_v<RegisteredControllerExtended>);

/// RESCAP of Identify Namespace.
struct Rescap : RegisterOf<Rescap, std::uint8_t> {
    using Ptpl = Bits<0, 1, bool>;  ///< Persist through power loss.
    using WriteExclusive = Bits<1, 1, bool>;
    using ExclusiveAccess = Bits<2, 1, bool>;
    using WriteExclusiveRegistrantsOnly = Bits<3, 1, bool>;
    using ExclusiveAccessRegistrantsOnly = Bits<4, 1, bool>;
    using WriteExclusiveAllRegistrants = Bits<5, 1, bool>;
    using ExclusiveAccessAllRegistrants = Bits<6, 1, bool>;
    using Iekey13 = Bits<7, 1, bool>;  ///< IEKEY as revision 1.3 and later define it.
};
static_assert(tiles<std::uint8_t, Rescap::Ptpl, Rescap::WriteExclusive, Rescap::ExclusiveAccess,
                    Rescap::WriteExclusiveRegistrantsOnly, Rescap::ExclusiveAccessRegistrantsOnly,
                    Rescap::WriteExclusiveAllRegistrants, Rescap::ExclusiveAccessAllRegistrants,
                    Rescap::Iekey13>());

/// RNLPT of the Reservation Notification log page.
enum class ReservationNotice : std::uint8_t {
    kEmpty = 0,
    kRegistrationPreempted = 1,
    kReservationReleased = 2,
    kReservationPreempted = 3,
};

/// Log page 80h. [NVMe-Base-2.0 5.16.1 Log Specific Information, Reservation Notification]
struct ReservationNotificationLog {
    std::uint64_t lpc;  ///< Number of this notification; 0 only in an empty page.
    ReservationNotice rnlpt;
    std::uint8_t nalp;  ///< Further pages to read, 255: that many or more.
    std::uint8_t rsvd10[2];
    std::uint32_t nsid;
    std::uint8_t rsvd16[48];
};
static_assert(sizeof(ReservationNotificationLog) == 64);
static_assert(offsetof(ReservationNotificationLog, rnlpt) == 8);
static_assert(offsetof(ReservationNotificationLog, nalp) == 9);
static_assert(offsetof(ReservationNotificationLog, nsid) == 12);
static_assert(std::is_trivially_copyable_v<ReservationNotificationLog>);

/// Feature 82h. A set bit masks the notification.
struct ReservationNotificationMaskCdw11 : CommandDword<ReservationNotificationMaskCdw11, 11> {
    using Rsvd0 = Bits<0, 1>;
    using Regpre = Bits<1, 1, bool>;  ///< Registration preempted.
    using Resrel = Bits<2, 1, bool>;  ///< Reservation released.
    using Respre = Bits<3, 1, bool>;  ///< Reservation preempted.
    using Rsvd4 = Bits<4, 28>;
};
static_assert(
    tiles<std::uint32_t, ReservationNotificationMaskCdw11::Rsvd0,
          ReservationNotificationMaskCdw11::Regpre, ReservationNotificationMaskCdw11::Resrel,
          ReservationNotificationMaskCdw11::Respre, ReservationNotificationMaskCdw11::Rsvd4>());

/// Feature 83h.
struct ReservationPersistenceCdw11 : CommandDword<ReservationPersistenceCdw11, 11> {
    using Ptpl = Bits<0, 1, bool>;
    using Rsvd1 = Bits<1, 31>;
};
static_assert(
    tiles<std::uint32_t, ReservationPersistenceCdw11::Ptpl, ReservationPersistenceCdw11::Rsvd1>());

}  // namespace nvme::spec
