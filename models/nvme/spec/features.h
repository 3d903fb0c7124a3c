// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "models/nvme/spec/location.h"
#include "models/util/bits.h"

/// Features: identifiers, Command Dword 11 of Set Features, which is also Dword 0 of the completion
/// of Get Features, and the structures of the features that transfer data.
namespace nvme::spec {

using util::Bits;
using util::RegisterOf;
using util::tiles;

enum class FeatureId : std::uint8_t {
    kArbitration = 0x01,
    kPowerManagement = 0x02,
    kLbaRangeType = 0x03,
    kTemperatureThreshold = 0x04,
    kErrorRecovery = 0x05,
    kVolatileWriteCache = 0x06,
    kNumberOfQueues = 0x07,
    kInterruptCoalescing = 0x08,
    kInterruptVectorConfig = 0x09,
    kWriteAtomicityNormal = 0x0a,
    kAsyncEventConfig = 0x0b,
    kAutonomousPowerStateTransition = 0x0c,
    kHostMemoryBuffer = 0x0d,
    kTimestamp = 0x0e,
    kKeepAliveTimer = 0x0f,
    kHostControlledThermalManagement = 0x10,
    kNonOperationalPowerStateConfig = 0x11,
    kReadRecoveryLevelConfig = 0x12,
    kPredictableLatencyModeConfig = 0x13,
    kPredictableLatencyModeWindow = 0x14,
    kLbaStatusInformationAttributes = 0x15,
    kHostBehaviorSupport = 0x16,
    kSanitizeConfig = 0x17,
    kEnduranceGroupEventConfig = 0x18,
    kIoCommandSetProfile = 0x19,
    kSpinupControl = 0x1a,
    kEnhancedControllerMetadata = 0x7d,
    kControllerMetadata = 0x7e,
    kNamespaceMetadata = 0x7f,
    kSoftwareProgressMarker = 0x80,
    kHostIdentifier = 0x81,
    kReservationNotificationMask = 0x82,
    kReservationPersistence = 0x83,
    kNamespaceWriteProtectionConfig = 0x84,
};

/// Get Features SEL: which value is asked for.
enum class FeatureSelect : std::uint8_t {
    kCurrent = 0,
    kDefault = 1,
    kSaved = 2,
    kSupportedCapabilities = 3,
};

/// Dword 0 of Get Features with SEL = supported capabilities.
struct FeatureCapabilities : RegisterOf<FeatureCapabilities, std::uint32_t> {
    using Saveable = Bits<0, 1, bool>;
    using NsSpecific = Bits<1, 1, bool>;
    using Changeable = Bits<2, 1, bool>;
    using Rsvd3 = Bits<3, 29>;
};
static_assert(tiles<std::uint32_t, FeatureCapabilities::Saveable, FeatureCapabilities::NsSpecific,
                    FeatureCapabilities::Changeable, FeatureCapabilities::Rsvd3>());

struct ArbitrationCdw11 : CommandDword<ArbitrationCdw11, 11> {
    using Ab = Bits<0, 3>;  ///< Burst is 2^AB commands, 7 means no limit.
    using Rsvd3 = Bits<3, 5>;
    using Lpw = Bits<8, 8>;   ///< Weight of low priority, zero-based.
    using Mpw = Bits<16, 8>;  ///< Weight of medium priority, zero-based.
    using Hpw = Bits<24, 8>;  ///< Weight of high priority, zero-based.
};
static_assert(tiles<std::uint32_t, ArbitrationCdw11::Ab, ArbitrationCdw11::Rsvd3,
                    ArbitrationCdw11::Lpw, ArbitrationCdw11::Mpw, ArbitrationCdw11::Hpw>());

struct PowerManagementCdw11 : CommandDword<PowerManagementCdw11, 11> {
    using Ps = Bits<0, 5>;  ///< Power state.
    using Wh = Bits<5, 3>;  ///< Workload hint.
    using Rsvd8 = Bits<8, 24>;
};
static_assert(tiles<std::uint32_t, PowerManagementCdw11::Ps, PowerManagementCdw11::Wh,
                    PowerManagementCdw11::Rsvd8>());

struct TemperatureThresholdCdw11 : CommandDword<TemperatureThresholdCdw11, 11> {
    using Tmpth = Bits<0, 16>;   ///< Kelvin.
    using Tmpsel = Bits<16, 4>;  ///< 0 composite, 1 to 8 a sensor, 15 all (Set Features only).
    using Thsel = Bits<20, 2>;   ///< 0 over, 1 under.
    using Rsvd22 = Bits<22, 10>;
};
static_assert(
    tiles<std::uint32_t, TemperatureThresholdCdw11::Tmpth, TemperatureThresholdCdw11::Tmpsel,
          TemperatureThresholdCdw11::Thsel, TemperatureThresholdCdw11::Rsvd22>());
// Byte 46 bit 4.
static_assert(TemperatureThresholdCdw11::at<TemperatureThresholdCdw11::Thsel>().raw() == 0x042E);
inline constexpr std::uint32_t kThselOver = 0;
inline constexpr std::uint32_t kThselUnder = 1;
inline constexpr std::uint32_t kTmpselComposite = 0;
inline constexpr std::uint32_t kTmpselAll = 15;

/// [NVM-Command-Set-1.0 4.1.3.2 Error Recovery]
struct ErrorRecoveryCdw11 : CommandDword<ErrorRecoveryCdw11, 11> {
    using Tler = Bits<0, 16>;  ///< Units of 100 ms, 0 is no limit.
    using Dulbe = Bits<16, 1, bool>;
    using Rsvd17 = Bits<17, 15>;
};
static_assert(tiles<std::uint32_t, ErrorRecoveryCdw11::Tler, ErrorRecoveryCdw11::Dulbe,
                    ErrorRecoveryCdw11::Rsvd17>());

struct VolatileWriteCacheCdw11 : CommandDword<VolatileWriteCacheCdw11, 11> {
    using Wce = Bits<0, 1, bool>;
    using Rsvd1 = Bits<1, 31>;
};
static_assert(tiles<std::uint32_t, VolatileWriteCacheCdw11::Wce, VolatileWriteCacheCdw11::Rsvd1>());

/// Requested counts in the command, allocated counts in the completion (NSQA, NCQA): all
/// zero-based.
struct NumberOfQueuesCdw11 : CommandDword<NumberOfQueuesCdw11, 11> {
    using Nsqr = Bits<0, 16>;
    using Ncqr = Bits<16, 16>;
};
static_assert(tiles<std::uint32_t, NumberOfQueuesCdw11::Nsqr, NumberOfQueuesCdw11::Ncqr>());

struct InterruptCoalescingCdw11 : CommandDword<InterruptCoalescingCdw11, 11> {
    using Thr = Bits<0, 8>;   ///< Entries before an interrupt, zero-based.
    using Time = Bits<8, 8>;  ///< Units of 100 us, 0 is no delay.
    using Rsvd16 = Bits<16, 16>;
};
static_assert(tiles<std::uint32_t, InterruptCoalescingCdw11::Thr, InterruptCoalescingCdw11::Time,
                    InterruptCoalescingCdw11::Rsvd16>());

struct InterruptVectorConfigCdw11 : CommandDword<InterruptVectorConfigCdw11, 11> {
    using Iv = Bits<0, 16>;
    using Cd = Bits<16, 1, bool>;  ///< Coalescing disable.
    using Rsvd17 = Bits<17, 15>;
};
static_assert(tiles<std::uint32_t, InterruptVectorConfigCdw11::Iv, InterruptVectorConfigCdw11::Cd,
                    InterruptVectorConfigCdw11::Rsvd17>());

/// [NVM-Command-Set-1.0 4.1.3.5 Write Atomicity Normal]
struct WriteAtomicityNormalCdw11 : CommandDword<WriteAtomicityNormalCdw11, 11> {
    using Dn = Bits<0, 1, bool>;
    using Rsvd1 = Bits<1, 31>;
};
static_assert(
    tiles<std::uint32_t, WriteAtomicityNormalCdw11::Dn, WriteAtomicityNormalCdw11::Rsvd1>());

/// Which events may complete an Asynchronous Event Request. Bits 8 and up match Identify OAES.
struct AsyncEventConfigCdw11 : CommandDword<AsyncEventConfigCdw11, 11> {
    using SmartCriticalWarnings = Bits<0, 8>;  ///< As SMART Critical Warning, bit for bit.
    using NamespaceAttribute = Bits<8, 1, bool>;
    using FirmwareActivation = Bits<9, 1, bool>;
    using TelemetryLog = Bits<10, 1, bool>;
    using AnaChange = Bits<11, 1, bool>;
    using PredictableLatency = Bits<12, 1, bool>;
    using LbaStatus = Bits<13, 1, bool>;
    using EnduranceGroup = Bits<14, 1, bool>;
    using NormalSubsystemShutdown = Bits<15, 1, bool>;
    using Rsvd16 = Bits<16, 11>;
    using ZoneDescriptorChanged = Bits<27, 1, bool>;
    using Rsvd28 = Bits<28, 3>;
    using DiscoveryLog = Bits<31, 1, bool>;
};
static_assert(
    tiles<std::uint32_t, AsyncEventConfigCdw11::SmartCriticalWarnings,
          AsyncEventConfigCdw11::NamespaceAttribute, AsyncEventConfigCdw11::FirmwareActivation,
          AsyncEventConfigCdw11::TelemetryLog, AsyncEventConfigCdw11::AnaChange,
          AsyncEventConfigCdw11::PredictableLatency, AsyncEventConfigCdw11::LbaStatus,
          AsyncEventConfigCdw11::EnduranceGroup, AsyncEventConfigCdw11::NormalSubsystemShutdown,
          AsyncEventConfigCdw11::Rsvd16, AsyncEventConfigCdw11::ZoneDescriptorChanged,
          AsyncEventConfigCdw11::Rsvd28, AsyncEventConfigCdw11::DiscoveryLog>());

struct AutonomousTransitionCdw11 : CommandDword<AutonomousTransitionCdw11, 11> {
    using Apste = Bits<0, 1, bool>;
    using Rsvd1 = Bits<1, 31>;
};
static_assert(
    tiles<std::uint32_t, AutonomousTransitionCdw11::Apste, AutonomousTransitionCdw11::Rsvd1>());

/// One entry of AutonomousTransitions.
struct AutonomousTransition : RegisterOf<AutonomousTransition, std::uint64_t> {
    using Rsvd0 = Bits<0, 3>;
    using Itps = Bits<3, 5>;   ///< Idle transition power state.
    using Itpt = Bits<8, 24>;  ///< Idle time prior to transition, milliseconds; 0: none.
    using Rsvd32 = Bits<32, 32>;
};
static_assert(tiles<std::uint64_t, AutonomousTransition::Rsvd0, AutonomousTransition::Itps,
                    AutonomousTransition::Itpt, AutonomousTransition::Rsvd32>());

/// Data of the Autonomous Power State Transition feature, indexed by power state.
struct AutonomousTransitions {
    std::uint64_t state[32];  ///< See AutonomousTransition.
};
static_assert(sizeof(AutonomousTransitions) == 256);
static_assert(std::is_trivially_copyable_v<AutonomousTransitions>);

struct KeepAliveTimerCdw11 : CommandDword<KeepAliveTimerCdw11, 11> {
    using Kato = Bits<0, 32>;  ///< Milliseconds, 0 disables the timer.
};
static_assert(tiles<std::uint32_t, KeepAliveTimerCdw11::Kato>());

struct SoftwareProgressMarkerCdw11 : CommandDword<SoftwareProgressMarkerCdw11, 11> {
    using Pbslc = Bits<0, 8>;  ///< Pre-boot software load count.
    using Rsvd8 = Bits<8, 24>;
};
static_assert(
    tiles<std::uint32_t, SoftwareProgressMarkerCdw11::Pbslc, SoftwareProgressMarkerCdw11::Rsvd8>());

/// CDW11 of Set Features, and dword 0 of Get Features, for Host Controlled Thermal Management.
/// Kelvin; 0 is no threshold.
struct ThermalManagementCdw11 : CommandDword<ThermalManagementCdw11, 11> {
    using Tmt2 = Bits<0, 16>;
    using Tmt1 = Bits<16, 16>;
};
static_assert(tiles<std::uint32_t, ThermalManagementCdw11::Tmt2, ThermalManagementCdw11::Tmt1>());

struct IoCommandSetProfileCdw11 : CommandDword<IoCommandSetProfileCdw11, 11> {
    using Iocsci = Bits<0, 9>;  ///< Index into IdentifyIoCommandSets.
    using Rsvd9 = Bits<9, 23>;
};
static_assert(
    tiles<std::uint32_t, IoCommandSetProfileCdw11::Iocsci, IoCommandSetProfileCdw11::Rsvd9>());

struct HostIdentifierCdw11 : CommandDword<HostIdentifierCdw11, 11> {
    using Exhid = Bits<0, 1, bool>;  ///< The identifier has 128 bits, not 64.
    using Rsvd1 = Bits<1, 31>;
};
static_assert(tiles<std::uint32_t, HostIdentifierCdw11::Exhid, HostIdentifierCdw11::Rsvd1>());

/// Attributes byte of TimestampData, read only.
struct TimestampAttributes : RegisterOf<TimestampAttributes, std::uint8_t> {
    using Synch = Bits<0, 1, bool>;  ///< The controller may have stopped counting.
    using Origin = Bits<1, 3>;       ///< 0 cleared by a reset, 1 set by a host.
    using Rsvd4 = Bits<4, 4>;
};
static_assert(tiles<std::uint8_t, TimestampAttributes::Synch, TimestampAttributes::Origin,
                    TimestampAttributes::Rsvd4>());

/// Data of the Timestamp feature.
struct TimestampData {
    std::uint8_t timestamp[6];  ///< Milliseconds since 1970-01-01 00:00 UTC, little-endian.
    std::uint8_t attr;          ///< See TimestampAttributes.
    std::uint8_t rsvd7;
};
static_assert(sizeof(TimestampData) == 8);
static_assert(offsetof(TimestampData, attr) == 6);
static_assert(std::is_trivially_copyable_v<TimestampData>);

/// Data of the Host Behavior Support feature. [NVM-Command-Set-1.0 4.1.3.4 Host Behavior Support]
struct HostBehaviorSupport {
    std::uint8_t acre;    ///< 1: the host honours Command Retry Delay.
    std::uint8_t etdas;   ///< 1: the host understands telemetry data area 4.
    std::uint8_t lbafee;  ///< 1: the host understands 64 LBA formats and extended ones.
    std::uint8_t rsvd3[509];
};
static_assert(sizeof(HostBehaviorSupport) == 512);
static_assert(offsetof(HostBehaviorSupport, lbafee) == 2);
static_assert(std::is_trivially_copyable_v<HostBehaviorSupport>);

}  // namespace nvme::spec
