// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "models/nvme/spec/location.h"
#include "models/nvme/spec/uint128.h"
#include "models/util/bits.h"

/// Log pages: identifiers and data.
namespace nvme::spec {

using util::Bits;
using util::RegisterOf;
using util::tiles;

/// Log page identifiers.
enum class LogId : std::uint8_t {
    kSupportedLogPages = 0x00,
    kErrorInformation = 0x01,
    kSmartHealth = 0x02,
    kFirmwareSlot = 0x03,
    kChangedNamespaceList = 0x04,
    kCommandEffects = 0x05,
    kDeviceSelfTest = 0x06,
    kTelemetryHost = 0x07,
    kTelemetryController = 0x08,
    kEnduranceGroup = 0x09,
    kPredictableLatencyNvmSet = 0x0a,
    kPredictableLatencyAggregate = 0x0b,
    kAsymmetricNamespaceAccess = 0x0c,
    kPersistentEvent = 0x0d,
    kLbaStatus = 0x0e,
    kEnduranceGroupEventAggregate = 0x0f,
    kMediaUnitStatus = 0x10,
    kSupportedCapacityConfiguration = 0x11,
    kFeatureEffects = 0x12,
    kNvmeMiEffects = 0x13,
    kLockdown = 0x14,
    kBootPartition = 0x15,
    kRotationalMedia = 0x16,
    kDiscovery = 0x70,
    kReservationNotification = 0x80,
    kSanitizeStatus = 0x81,
    kOcpSmart = 0xc0,  ///< A vendor's: see OcpSmartLog.
};

/// One log page in SupportedLogPages.
struct LogSupport : RegisterOf<LogSupport, std::uint32_t> {
    using Lsupp = Bits<0, 1, bool>;
    using Ios = Bits<1, 1, bool>;  ///< Index offset: GetLogPageCdw14::Ot may be set.
    using Rsvd2 = Bits<2, 14>;
    using Lidsp = Bits<16, 16>;  ///< Specific to the log page.
};
static_assert(tiles<std::uint32_t, LogSupport::Lsupp, LogSupport::Ios, LogSupport::Rsvd2,
                    LogSupport::Lidsp>());

/// Log page 00h, indexed by LogId.
struct SupportedLogPages {
    std::uint32_t lids[256];  ///< See LogSupport.
};
static_assert(sizeof(SupportedLogPages) == 1024);
static_assert(std::is_trivially_copyable_v<SupportedLogPages>);

/// Log page 01h is a list of these, newest first.
struct ErrorLogEntry {
    std::uint64_t error_count;               ///< 1 or more; 0 marks an unused entry.
    std::uint16_t sqid;                      ///< FFFFh when no command is involved.
    std::uint16_t cid;                       ///< FFFFh when no command is involved.
    std::uint16_t status;                    ///< See CompletionStatus.
    std::uint16_t parameter_error_location;  ///< See ParameterErrorLocation.
    std::uint64_t lba;
    std::uint32_t nsid;
    std::uint8_t vsia;  ///< Log page with vendor specific information, 0 for none.
    std::uint8_t trtype;
    std::uint8_t rsvd30[2];
    std::uint64_t command_specific;
    std::uint16_t transport_specific;
    std::uint8_t rsvd42[22];
};
static_assert(sizeof(ErrorLogEntry) == 64);
static_assert(offsetof(ErrorLogEntry, sqid) == 8);
static_assert(offsetof(ErrorLogEntry, cid) == 10);
static_assert(offsetof(ErrorLogEntry, status) == 12);
static_assert(offsetof(ErrorLogEntry, parameter_error_location) == 14);
static_assert(offsetof(ErrorLogEntry, lba) == 16);
static_assert(offsetof(ErrorLogEntry, nsid) == 24);
static_assert(offsetof(ErrorLogEntry, vsia) == 28);
static_assert(offsetof(ErrorLogEntry, trtype) == 29);
static_assert(offsetof(ErrorLogEntry, rsvd30) == 30);
static_assert(offsetof(ErrorLogEntry, command_specific) == 32);
static_assert(offsetof(ErrorLogEntry, transport_specific) == 40);
static_assert(offsetof(ErrorLogEntry, rsvd42) == 42);
static_assert(std::is_trivially_copyable_v<ErrorLogEntry>);

/// Critical Warning of SmartLog.
struct CriticalWarning : RegisterOf<CriticalWarning, std::uint8_t> {
    using SpareBelowThreshold = Bits<0, 1, bool>;
    using Temperature = Bits<1, 1, bool>;
    using ReliabilityDegraded = Bits<2, 1, bool>;
    using MediaReadOnly = Bits<3, 1, bool>;
    using VolatileBackupFailed = Bits<4, 1, bool>;
    using PmrUnreliable = Bits<5, 1, bool>;
    using Rsvd6 = Bits<6, 2>;
};
static_assert(tiles<std::uint8_t, CriticalWarning::SpareBelowThreshold,
                    CriticalWarning::Temperature, CriticalWarning::ReliabilityDegraded,
                    CriticalWarning::MediaReadOnly, CriticalWarning::VolatileBackupFailed,
                    CriticalWarning::PmrUnreliable, CriticalWarning::Rsvd6>());

/// Log page 02h. Temperatures in kelvin, 0 where there is no sensor.
struct SmartLog {
    std::uint8_t critical_warning;           ///< See CriticalWarning.
    std::uint8_t composite_temperature[2];   ///< Little-endian.
    std::uint8_t available_spare;            ///< Percent.
    std::uint8_t available_spare_threshold;  ///< Percent.
    std::uint8_t percentage_used;            ///< Percent, 255 stands for more than 254.
    std::uint8_t endurance_group_warnings;
    std::uint8_t rsvd7[25];
    Uint128Le data_units_read;     ///< 1,000 units of 512 bytes, rounded up.
    Uint128Le data_units_written;  ///< 1,000 units of 512 bytes, rounded up.
    Uint128Le host_read_commands;
    Uint128Le host_write_commands;
    Uint128Le controller_busy_time;  ///< Minutes.
    Uint128Le power_cycles;
    Uint128Le power_on_hours;
    Uint128Le unsafe_shutdowns;
    Uint128Le media_errors;
    Uint128Le error_log_entries;
    std::uint32_t warning_temperature_time;   ///< Minutes.
    std::uint32_t critical_temperature_time;  ///< Minutes.
    std::uint16_t temperature_sensor[8];
    std::uint32_t tmt1_transitions;
    std::uint32_t tmt2_transitions;
    std::uint32_t tmt1_time;  ///< Seconds.
    std::uint32_t tmt2_time;  ///< Seconds.
    std::uint8_t rsvd232[280];
};
static_assert(sizeof(SmartLog) == 512);
static_assert(offsetof(SmartLog, composite_temperature) == 1);
static_assert(offsetof(SmartLog, available_spare) == 3);
static_assert(offsetof(SmartLog, available_spare_threshold) == 4);
static_assert(offsetof(SmartLog, percentage_used) == 5);
static_assert(offsetof(SmartLog, endurance_group_warnings) == 6);
static_assert(offsetof(SmartLog, rsvd7) == 7);
static_assert(offsetof(SmartLog, data_units_read) == 32);
static_assert(offsetof(SmartLog, data_units_written) == 48);
static_assert(offsetof(SmartLog, host_read_commands) == 64);
static_assert(offsetof(SmartLog, host_write_commands) == 80);
static_assert(offsetof(SmartLog, controller_busy_time) == 96);
static_assert(offsetof(SmartLog, power_cycles) == 112);
static_assert(offsetof(SmartLog, power_on_hours) == 128);
static_assert(offsetof(SmartLog, unsafe_shutdowns) == 144);
static_assert(offsetof(SmartLog, media_errors) == 160);
static_assert(offsetof(SmartLog, error_log_entries) == 176);
static_assert(offsetof(SmartLog, warning_temperature_time) == 192);
static_assert(offsetof(SmartLog, critical_temperature_time) == 196);
static_assert(offsetof(SmartLog, temperature_sensor) == 200);
static_assert(offsetof(SmartLog, tmt1_transitions) == 216);
static_assert(offsetof(SmartLog, tmt2_transitions) == 220);
static_assert(offsetof(SmartLog, tmt1_time) == 224);
static_assert(offsetof(SmartLog, tmt2_time) == 228);
static_assert(offsetof(SmartLog, rsvd232) == 232);
static_assert(std::is_trivially_copyable_v<SmartLog>);

/// Active firmware in FirmwareSlotLog.
struct Afi : RegisterOf<Afi, std::uint8_t> {
    using ActiveSlot = Bits<0, 3>;
    using Rsvd3 = Bits<3, 1>;
    using NextSlot = Bits<4, 3>;  ///< Slot after the next reset, 0 is not indicated.
    using Rsvd7 = Bits<7, 1>;
};
static_assert(tiles<std::uint8_t, Afi::ActiveSlot, Afi::Rsvd3, Afi::NextSlot, Afi::Rsvd7>());

/// Log page 03h.
struct FirmwareSlotLog {
    std::uint8_t afi;  ///< See Afi.
    std::uint8_t rsvd1[7];
    char frs[7][8];  ///< Revision of slot n + 1, ASCII, zeroes when the slot is empty.
    std::uint8_t rsvd64[448];
};
static_assert(sizeof(FirmwareSlotLog) == 512);
static_assert(offsetof(FirmwareSlotLog, rsvd1) == 1);
static_assert(offsetof(FirmwareSlotLog, frs) == 8);
static_assert(offsetof(FirmwareSlotLog, rsvd64) == 64);
static_assert(std::is_trivially_copyable_v<FirmwareSlotLog>);

/// First entry of ChangedNamespaceList when more than 1,024 namespaces have changed.
inline constexpr std::uint32_t kTooManyChangedNamespaces = 0xFFFF'FFFF;

/// Log page 04h: ascending NSIDs, unused entries 0.
struct ChangedNamespaceList {
    std::uint32_t nsid[1024];
};
static_assert(sizeof(ChangedNamespaceList) == 4096);
static_assert(std::is_trivially_copyable_v<ChangedNamespaceList>);

/// What one command does to the state of the NVM subsystem.
struct CommandEffects : RegisterOf<CommandEffects, std::uint32_t> {
    using Csupp = Bits<0, 1, bool>;
    using Lbcc = Bits<1, 1, bool>;  ///< Changes logical block content.
    using Ncc = Bits<2, 1, bool>;   ///< Changes capabilities of a namespace.
    using Nic = Bits<3, 1, bool>;   ///< Changes which namespaces there are.
    using Ccc = Bits<4, 1, bool>;   ///< Changes capabilities of the controller.
    using Rsvd5 = Bits<5, 9>;
    using Cser = Bits<14, 2>;       ///< Relaxation of CSE.
    using Cse = Bits<16, 3>;        ///< Commands that may not be outstanding: 0 any may, 1 of the
                                    ///< namespace, 2 any.
    using Uss = Bits<19, 1, bool>;  ///< UUID selection.
    using Csp = Bits<20, 12>;       ///< Scopes, see kScopeNamespace and below.
};
static_assert(
    tiles<std::uint32_t, CommandEffects::Csupp, CommandEffects::Lbcc, CommandEffects::Ncc,
          CommandEffects::Nic, CommandEffects::Ccc, CommandEffects::Rsvd5, CommandEffects::Cser,
          CommandEffects::Cse, CommandEffects::Uss, CommandEffects::Csp>());

/// Scopes of CommandEffects::Csp, FeatureEffects::Fsp and MiCommandEffects::Csp.
inline constexpr std::uint32_t kScopeNamespace = 1u << 0;
inline constexpr std::uint32_t kScopeController = 1u << 1;
inline constexpr std::uint32_t kScopeNvmSet = 1u << 2;
inline constexpr std::uint32_t kScopeEnduranceGroup = 1u << 3;
inline constexpr std::uint32_t kScopeDomain = 1u << 4;
inline constexpr std::uint32_t kScopeNvmSubsystem = 1u << 5;

/// Log page 05h, indexed by opcode.
struct CommandEffectsLog {
    std::uint32_t acs[256];   ///< Admin commands, see CommandEffects.
    std::uint32_t iocs[256];  ///< I/O commands, see CommandEffects.
    std::uint8_t rsvd2048[2048];
};
static_assert(sizeof(CommandEffectsLog) == 4096);
static_assert(offsetof(CommandEffectsLog, iocs) == 1024);
static_assert(offsetof(CommandEffectsLog, rsvd2048) == 2048);
static_assert(std::is_trivially_copyable_v<CommandEffectsLog>);

/// What Set Features of one feature does to the state of the NVM subsystem.
struct FeatureEffects : RegisterOf<FeatureEffects, std::uint32_t> {
    using Fsupp = Bits<0, 1, bool>;
    using Udcc = Bits<1, 1, bool>;  ///< Changes user data content.
    using Ncc = Bits<2, 1, bool>;
    using Nic = Bits<3, 1, bool>;
    using Ccc = Bits<4, 1, bool>;
    using Rsvd5 = Bits<5, 14>;
    using Uss = Bits<19, 1, bool>;
    using Fsp = Bits<20, 12>;
};
static_assert(tiles<std::uint32_t, FeatureEffects::Fsupp, FeatureEffects::Udcc, FeatureEffects::Ncc,
                    FeatureEffects::Nic, FeatureEffects::Ccc, FeatureEffects::Rsvd5,
                    FeatureEffects::Uss, FeatureEffects::Fsp>());

/// Log page 12h, indexed by FeatureId.
struct FeatureEffectsLog {
    std::uint32_t fids[256];  ///< See FeatureEffects.
};
static_assert(sizeof(FeatureEffectsLog) == 1024);
static_assert(std::is_trivially_copyable_v<FeatureEffectsLog>);

/// What one NVMe-MI command does to the state of the NVM subsystem.
struct MiCommandEffects : RegisterOf<MiCommandEffects, std::uint32_t> {
    using Csupp = Bits<0, 1, bool>;
    using Udcc = Bits<1, 1, bool>;
    using Ncc = Bits<2, 1, bool>;
    using Nic = Bits<3, 1, bool>;
    using Ccc = Bits<4, 1, bool>;
    using Rsvd5 = Bits<5, 15>;
    using Csp = Bits<20, 12>;
};
static_assert(tiles<std::uint32_t, MiCommandEffects::Csupp, MiCommandEffects::Udcc,
                    MiCommandEffects::Ncc, MiCommandEffects::Nic, MiCommandEffects::Ccc,
                    MiCommandEffects::Rsvd5, MiCommandEffects::Csp>());

/// Log page 13h, indexed by NVMe-MI opcode.
struct MiCommandEffectsLog {
    std::uint32_t cmds[256];  ///< See MiCommandEffects.
    std::uint8_t rsvd1024[3072];
};
static_assert(sizeof(MiCommandEffectsLog) == 4096);
static_assert(offsetof(MiCommandEffectsLog, rsvd1024) == 1024);
static_assert(std::is_trivially_copyable_v<MiCommandEffectsLog>);

}  // namespace nvme::spec
