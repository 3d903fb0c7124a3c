// SPDX-License-Identifier: Apache-2.0
#include "traces/driver/names.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <string_view>

#include "models/nvme/spec/admin_commands.h"
#include "models/nvme/spec/features.h"
#include "models/nvme/spec/identify.h"
#include "models/nvme/spec/logs.h"
#include "models/nvme/spec/registers.h"

namespace driver {

namespace {

using nvme::spec::Cns;
using nvme::spec::FeatureId;
using nvme::spec::LogId;
namespace offset = nvme::spec::offset;

template <typename Number>
struct Name {
    Number number;
    std::string_view name;
};

constexpr Name<FeatureId> kFeatures[] = {
    {FeatureId::kArbitration, "Arbitration"},
    {FeatureId::kPowerManagement, "Power Management"},
    {FeatureId::kLbaRangeType, "LBA Range Type"},
    {FeatureId::kTemperatureThreshold, "Temperature Threshold"},
    {FeatureId::kErrorRecovery, "Error Recovery"},
    {FeatureId::kVolatileWriteCache, "Volatile Write Cache"},
    {FeatureId::kNumberOfQueues, "Number of Queues"},
    {FeatureId::kInterruptCoalescing, "Interrupt Coalescing"},
    {FeatureId::kInterruptVectorConfig, "Interrupt Vector Configuration"},
    {FeatureId::kWriteAtomicityNormal, "Write Atomicity Normal"},
    {FeatureId::kAsyncEventConfig, "Asynchronous Event Configuration"},
    {FeatureId::kAutonomousPowerStateTransition, "Autonomous Power State Transition"},
    {FeatureId::kHostMemoryBuffer, "Host Memory Buffer"},
    {FeatureId::kTimestamp, "Timestamp"},
    {FeatureId::kKeepAliveTimer, "Keep Alive Timer"},
    {FeatureId::kHostControlledThermalManagement, "Host Controlled Thermal Management"},
    {FeatureId::kNonOperationalPowerStateConfig, "Non-Operational Power State Config"},
    {FeatureId::kReadRecoveryLevelConfig, "Read Recovery Level Config"},
    {FeatureId::kPredictableLatencyModeConfig, "Predictable Latency Mode Config"},
    {FeatureId::kPredictableLatencyModeWindow, "Predictable Latency Mode Window"},
    {FeatureId::kLbaStatusInformationAttributes, "LBA Status Information Attributes"},
    {FeatureId::kHostBehaviorSupport, "Host Behavior Support"},
    {FeatureId::kSanitizeConfig, "Sanitize Config"},
    {FeatureId::kEnduranceGroupEventConfig, "Endurance Group Event Configuration"},
    {FeatureId::kIoCommandSetProfile, "I/O Command Set Profile"},
    {FeatureId::kSpinupControl, "Spinup Control"},
    {FeatureId::kEnhancedControllerMetadata, "Enhanced Controller Metadata"},
    {FeatureId::kControllerMetadata, "Controller Metadata"},
    {FeatureId::kNamespaceMetadata, "Namespace Metadata"},
    {FeatureId::kSoftwareProgressMarker, "Software Progress Marker"},
    {FeatureId::kHostIdentifier, "Host Identifier"},
    {FeatureId::kReservationNotificationMask, "Reservation Notification Mask"},
    {FeatureId::kReservationPersistence, "Reservation Persistence"},
    {FeatureId::kNamespaceWriteProtectionConfig, "Namespace Write Protection Config"},
};
constexpr Name<LogId> kLogs[] = {
    {LogId::kSupportedLogPages, "Supported Log Pages"},
    {LogId::kErrorInformation, "Error Information"},
    {LogId::kSmartHealth, "SMART / Health Information"},
    {LogId::kFirmwareSlot, "Firmware Slot Information"},
    {LogId::kChangedNamespaceList, "Changed Namespace List"},
    {LogId::kCommandEffects, "Commands Supported and Effects"},
    {LogId::kDeviceSelfTest, "Device Self-test"},
    {LogId::kTelemetryHost, "Telemetry Host-Initiated"},
    {LogId::kTelemetryController, "Telemetry Controller-Initiated"},
    {LogId::kEnduranceGroup, "Endurance Group Information"},
    {LogId::kPredictableLatencyNvmSet, "Predictable Latency Per NVM Set"},
    {LogId::kPredictableLatencyAggregate, "Predictable Latency Event Aggregate"},
    {LogId::kAsymmetricNamespaceAccess, "Asymmetric Namespace Access"},
    {LogId::kPersistentEvent, "Persistent Event Log"},
    {LogId::kLbaStatus, "LBA Status Information"},
    {LogId::kEnduranceGroupEventAggregate, "Endurance Group Event Aggregate"},
    {LogId::kMediaUnitStatus, "Media Unit Status"},
    {LogId::kSupportedCapacityConfiguration, "Supported Capacity Configuration List"},
    {LogId::kFeatureEffects, "Feature Identifiers Supported and Effects"},
    {LogId::kNvmeMiEffects, "NVMe-MI Commands Supported and Effects"},
    {LogId::kLockdown, "Command and Feature Lockdown"},
    {LogId::kBootPartition, "Boot Partition"},
    {LogId::kRotationalMedia, "Rotational Media Information"},
    {LogId::kDiscovery, "Discovery"},
    {LogId::kReservationNotification, "Reservation Notification"},
    {LogId::kSanitizeStatus, "Sanitize Status"},
};
constexpr Name<Cns> kIdentify[] = {
    {Cns::kNamespace, "Namespace"},
    {Cns::kController, "Controller"},
    {Cns::kActiveNamespaceList, "Active Namespace ID list"},
    {Cns::kNamespaceIdDescriptors, "Namespace Identification Descriptor list"},
    {Cns::kNvmSetList, "NVM Set List"},
    {Cns::kCsNamespace, "I/O Command Set specific Namespace"},
    {Cns::kCsController, "I/O Command Set specific Controller"},
    {Cns::kCsActiveNamespaceList, "I/O Command Set specific Active Namespace ID list"},
    {Cns::kIndependentNamespace, "I/O Command Set Independent Namespace"},
    {Cns::kNamespaceUserDataFormat, "Namespace for a User Data Format"},
    {Cns::kAllocatedNamespaceList, "Allocated Namespace ID list"},
    {Cns::kAllocatedNamespace, "Allocated Namespace"},
    {Cns::kAttachedControllerList, "Controller list of a namespace"},
    {Cns::kControllerList, "Controller list"},
    {Cns::kPrimaryControllerCapabilities, "Primary Controller Capabilities"},
    {Cns::kSecondaryControllerList, "Secondary Controller list"},
    {Cns::kNamespaceGranularityList, "Namespace Granularity List"},
    {Cns::kUuidList, "UUID List"},
    {Cns::kDomainList, "Domain List"},
    {Cns::kEnduranceGroupList, "Endurance Group List"},
    {Cns::kIoCommandSets, "I/O Command Set"},
};
constexpr Name<std::uint32_t> kProperties[] = {
    {offset::kCap, "CAP"},
    {offset::kCap + 4, "CAP, upper half"},
    {offset::kVs, "VS"},
    {offset::kIntms, "INTMS"},
    {offset::kIntmc, "INTMC"},
    {offset::kCc, "CC"},
    {offset::kCsts, "CSTS"},
    {offset::kNssr, "NSSR"},
    {offset::kAqa, "AQA"},
    {offset::kAsq, "ASQ"},
    {offset::kAsq + 4, "ASQ, upper half"},
    {offset::kAcq, "ACQ"},
    {offset::kAcq + 4, "ACQ, upper half"},
    {offset::kCmbloc, "CMBLOC"},
    {offset::kCmbsz, "CMBSZ"},
    {offset::kCrto, "CRTO"},
    {offset::kPmrcap, "PMRCAP"},
};
/// Event Type in bits 15:8, Event Information in 7:0.
constexpr Name<std::uint32_t> kEvents[] = {
    {0x000, "Write to Invalid Doorbell Register"},
    {0x001, "Invalid Doorbell Write Value"},
    {0x002, "Diagnostic Failure"},
    {0x003, "Persistent Internal Error"},
    {0x004, "Transient Internal Error"},
    {0x005, "Firmware Image Load Error"},
    {0x100, "NVM subsystem Reliability"},
    {0x101, "Temperature Threshold"},
    {0x102, "Spare Below Threshold"},
    {0x200, "Namespace Attribute Changed"},
    {0x201, "Firmware Activation Starting"},
    {0x202, "Telemetry Log Changed"},
    {0x203, "Asymmetric Namespace Access Change"},
    {0x600, "Reservation Log Page Available"},
    {0x601, "Sanitize Operation Completed"},
};

template <typename Number, std::size_t N>
std::string name_in(const Name<Number> (&table)[N], std::uint32_t number) {
    char digits[16];
    std::snprintf(digits, sizeof digits, "%02Xh", static_cast<unsigned>(number));
    const auto* row = std::find_if(std::begin(table), std::end(table), [&](const auto& entry) {
        return static_cast<std::uint32_t>(entry.number) == number;
    });
    return row == std::end(table) ? std::string(digits)
                                  : std::string(row->name) + " (" + digits + ")";
}

}  // namespace

std::string feature_name(std::uint8_t fid) {
    return name_in(kFeatures, fid);
}
std::string log_name(std::uint8_t lid) {
    return name_in(kLogs, lid);
}
std::string identify_name(std::uint8_t cns) {
    return name_in(kIdentify, cns);
}
std::string property_name(std::uint32_t at) {
    return name_in(kProperties, at);
}
std::string event_name(std::uint32_t dw0) {
    using D = nvme::spec::AsyncEventDw0;
    const D event = D::from(dw0);
    const auto type = static_cast<std::uint32_t>(event.get<D::EventType>());
    return name_in(kEvents, type << 8 | event.get<D::EventInfo>());
}

}  // namespace driver
