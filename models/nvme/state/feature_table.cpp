// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/state/feature_table.h"

#include <algorithm>
#include <iterator>

#include "models/nvme/spec/reservations.h"

namespace nvme {
using namespace spec;  // NOLINT: every second word below is a field of the specification

namespace {

using Scope = FeatureInfo::Scope;
constexpr auto kCtrl = Scope::kController;
constexpr auto kNs = Scope::kNamespace;

bool has_power_transitions(const ControllerParams& p) {
    return p.autonomous_power_transitions;
}
bool offers_thermal_management(const ControllerParams& p) {
    return has_thermal_management(p);
}

constexpr auto kAllBits = 0xffff'ffffu;

/// What is not reserved in CDW11.
template <typename... Fields>
constexpr auto kDefined = static_cast<std::uint32_t>(util::kMaskOf<Fields...>);

constexpr auto kArbitrationBits = kDefined<ArbitrationCdw11::Ab, ArbitrationCdw11::Lpw,
                                           ArbitrationCdw11::Mpw, ArbitrationCdw11::Hpw>;
constexpr auto kPowerBits = kDefined<PowerManagementCdw11::Ps, PowerManagementCdw11::Wh>;
constexpr auto kThresholdBits =
    kDefined<TemperatureThresholdCdw11::Tmpth, TemperatureThresholdCdw11::Tmpsel,
             TemperatureThresholdCdw11::Thsel>;
constexpr auto kRecoveryBits = kDefined<ErrorRecoveryCdw11::Tler, ErrorRecoveryCdw11::Dulbe>;
constexpr auto kCacheBits = kDefined<VolatileWriteCacheCdw11::Wce>;
constexpr auto kCoalescingBits =
    kDefined<InterruptCoalescingCdw11::Thr, InterruptCoalescingCdw11::Time>;
constexpr auto kVectorBits =
    kDefined<InterruptVectorConfigCdw11::Iv, InterruptVectorConfigCdw11::Cd>;
constexpr auto kAtomicityBits = kDefined<WriteAtomicityNormalCdw11::Dn>;
constexpr auto kEventBits =
    kAllBits & ~kDefined<AsyncEventConfigCdw11::Rsvd16, AsyncEventConfigCdw11::Rsvd28>;
constexpr auto kTransitionBits = kDefined<AutonomousTransitionCdw11::Apste>;
constexpr auto kThermalBits = kDefined<ThermalManagementCdw11::Tmt2, ThermalManagementCdw11::Tmt1>;
constexpr auto kProfileBits = kDefined<IoCommandSetProfileCdw11::Iocsci>;
constexpr auto kMarkerBits = kDefined<SoftwareProgressMarkerCdw11::Pbslc>;
constexpr auto kHostIdBits = kDefined<HostIdentifierCdw11::Exhid>;
constexpr auto kNoticeBits =
    kDefined<ReservationNotificationMaskCdw11::Regpre, ReservationNotificationMaskCdw11::Resrel,
             ReservationNotificationMaskCdw11::Respre>;
constexpr auto kPersistenceBits = kDefined<ReservationPersistenceCdw11::Ptpl>;

// clang-format off
constexpr FeatureInfo kFeatures[] = {
    // id                              name                     save   change scope bytes defined          offered
    {FeatureId::kArbitration,          "Arbitration",           true,  true,  kCtrl, 0,   kArbitrationBits},
    {FeatureId::kPowerManagement,      "Power Management",      false, true,  kCtrl, 0,   kPowerBits},
    {FeatureId::kTemperatureThreshold, "Temperature Threshold", true,  true,  kCtrl, 0,   kThresholdBits},
    {FeatureId::kErrorRecovery,        "Error Recovery",        true,  true,  kNs,   0,   kRecoveryBits},
    {FeatureId::kVolatileWriteCache,   "Volatile Write Cache",  true,  true,  kCtrl, 0,   kCacheBits,       has_write_cache},
    {FeatureId::kNumberOfQueues,       "Number of Queues",      false, true,  kCtrl, 0,   kAllBits},
    {FeatureId::kInterruptCoalescing,  "Interrupt Coalescing",  true,  true,  kCtrl, 0,   kCoalescingBits},
    {FeatureId::kInterruptVectorConfig, "Interrupt Vector Configuration",
                                                                true,  true,  kCtrl, 0,   kVectorBits},
    {FeatureId::kWriteAtomicityNormal, "Write Atomicity Normal", true, true,  kCtrl, 0,   kAtomicityBits},
    {FeatureId::kAsyncEventConfig,     "Asynchronous Event Configuration",
                                                                true,  true,  kCtrl, 0,   kEventBits},
    {FeatureId::kAutonomousPowerStateTransition, "Autonomous Power State Transition",
                                                                false, true,  kCtrl, 256, kTransitionBits,  has_power_transitions},
    {FeatureId::kTimestamp,            "Timestamp",             false, true,  kCtrl, 8,   0},
    {FeatureId::kKeepAliveTimer,       "Keep Alive Timer",      false, true,  kCtrl, 0,   kAllBits,         has_keep_alive},
    {FeatureId::kHostControlledThermalManagement, "Host Controlled Thermal Management",
                                                                true,  true,  kCtrl, 0,   kThermalBits,     offers_thermal_management},
    {FeatureId::kHostBehaviorSupport,  "Host Behavior Support", false, true,  kCtrl, 512, 0},
    {FeatureId::kIoCommandSetProfile,  "I/O Command Set Profile",
                                                                false, true,  kCtrl, 0,   kProfileBits},
    {FeatureId::kSoftwareProgressMarker, "Software Progress Marker",
                                                                false, true,  kCtrl, 0,   kMarkerBits,      nullptr, true},
    {FeatureId::kHostIdentifier,       "Host Identifier",       false, true,  kCtrl, 16,  kHostIdBits},
    {FeatureId::kReservationNotificationMask, "Reservation Notification Mask",
                                                                false, true,  kNs,   0,   kNoticeBits},
    {FeatureId::kReservationPersistence, "Reservation Persistence",
                                                                false, true,  kNs,   0,   kPersistenceBits},
};
// clang-format on

}  // namespace

const std::vector<FeatureInfo>& feature_table() {
    static const std::vector<FeatureInfo> table(std::begin(kFeatures), std::end(kFeatures));
    return table;
}

const FeatureInfo* find_feature(std::uint8_t fid) {
    const auto* it = std::find_if(std::begin(kFeatures), std::end(kFeatures), [&](const auto& f) {
        return static_cast<std::uint8_t>(f.id) == fid;
    });
    return it == std::end(kFeatures) ? nullptr : it;
}

}  // namespace nvme
