// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/state/features.h"

#include <algorithm>

#include "models/nvme/params/power_states.h"
#include "models/nvme/spec/admin_commands.h"
#include "models/nvme/state/keep_alive.h"

namespace nvme {
using spec::FeatureId;
using spec::FeatureSelect;
using spec::StatusCode;

namespace {

CommandError invalid(const char* reason, std::uint64_t value, spec::Location field) {
    return CommandError{StatusCode::kInvalidField, reason, value, true, field};
}

}  // namespace

const FeatureInfo* Features::find(std::uint8_t fid) const {
    const FeatureInfo* feature = find_feature(fid);
    return feature != nullptr && has(*feature) ? feature : nullptr;
}

Features::Features(const ControllerParams& params)
    : params_(params), power_states_(parse_power_states(params.power_states).states.size()) {
    refresh();
}

/// Which of a feature's values CDW11 or the NSID selects.
Result<std::uint32_t> Features::which(const FeatureInfo& feature, std::uint32_t cdw11,
                                      std::uint32_t nsid, bool set) const {
    switch (feature.id) {
        case FeatureId::kTemperatureThreshold: {
            using T = spec::TemperatureThresholdCdw11;
            const auto t = T::from(cdw11);
            if (t.get<T::Thsel>() > spec::kThselUnder)
                return invalid("THSEL is reserved", t.get<T::Thsel>(), T::at<T::Thsel>());
            const bool all = t.get<T::Tmpsel>() == spec::kTmpselAll;  // when setting only
            if (t.get<T::Tmpsel>() > params_.temperature_sensors && !(all && set))
                return invalid("TMPSEL names no implemented sensor", t.get<T::Tmpsel>(),
                               T::at<T::Tmpsel>());
            return t.get<T::Thsel>() << 4 | t.get<T::Tmpsel>();
        }
        case FeatureId::kInterruptVectorConfig: {
            using V = spec::InterruptVectorConfigCdw11;
            const auto iv = V::from(cdw11).get<V::Iv>();
            if (iv >= params_.msix_vectors)
                return invalid("IV is not a vector", iv, V::at<V::Iv>());
            return iv;
        }
        default:
            return feature.scope == FeatureInfo::Scope::kNamespace ? nsid : 0u;
    }
}

std::uint32_t Features::default_of(const FeatureInfo& feature, std::uint32_t which) const {
    switch (feature.id) {
        case FeatureId::kTemperatureThreshold: {
            // Over: WCTEMP for the composite temperature, never for a sensor. Under: never.
            using T = spec::TemperatureThresholdCdw11;
            const std::uint32_t selection = which >> 4 << 20 | (which & 0xf) << 16;
            const bool under = which >> 4 == spec::kThselUnder;
            const std::uint32_t over =
                (which & 0xf) == spec::kTmpselComposite ? params_.warning_temperature : 0xffffu;
            return T::from(selection).with<T::Tmpth>(under ? 0u : over).raw;
        }
        case FeatureId::kVolatileWriteCache:
            return has_write_cache(params_) ? 1 : 0;
        case FeatureId::kNumberOfQueues: {
            const std::uint32_t most = params_.max_io_queues - 1u;
            return most << 16 | most;
        }
        case FeatureId::kInterruptVectorConfig:
            return which;  // CD = 0
        case FeatureId::kHostControlledThermalManagement:
            return spec::ThermalManagementCdw11{}
                .with<spec::ThermalManagementCdw11::Tmt1>(params_.hctm_light_temperature)
                .with<spec::ThermalManagementCdw11::Tmt2>(params_.hctm_heavy_temperature)
                .raw;
        // All notices that the controller can send: a host that never sets the feature but keeps
        // requests outstanding wants to hear of its namespaces.
        case FeatureId::kAsyncEventConfig:
            return spec::AsyncEventConfigCdw11{}
                .with<spec::AsyncEventConfigCdw11::SmartCriticalWarnings>(0xff)
                .with<spec::AsyncEventConfigCdw11::NamespaceAttribute>(true)
                .raw;
        default:
            return 0;
    }
}

/// Rules on the value itself.
Outcome Features::check(const FeatureInfo& feature, std::uint32_t value) const {
    switch (feature.id) {
        case FeatureId::kPowerManagement: {
            using P = spec::PowerManagementCdw11;
            const auto ps = P::from(value).get<P::Ps>();
            if (ps >= power_states_)
                return invalid("PS is not a power state of this controller", ps, P::at<P::Ps>());
            return Done{};
        }
        case FeatureId::kHostControlledThermalManagement:
            return check_thermal(value);
        case FeatureId::kIoCommandSetProfile: {
            using C = spec::IoCommandSetProfileCdw11;
            const auto index = C::from(value).get<C::Iocsci>();
            if (index != 0)
                return CommandError{StatusCode::kIoCommandSetCombinationRejected,
                                    "IOCSCI names no supported combination", index, true,
                                    C::at<C::Iocsci>()};
            return Done{};
        }
        default:
            return Done{};
    }
}

Result<std::uint32_t> Features::get(const FeatureInfo& feature, FeatureSelect select,
                                    std::uint32_t selector, std::uint32_t nsid) const {
    if (select == FeatureSelect::kSupportedCapabilities) {
        using C = spec::FeatureCapabilities;
        return C{}
            .with<C::Saveable>(feature.saveable)
            .with<C::NsSpecific>(feature.scope == FeatureInfo::Scope::kNamespace)
            .with<C::Changeable>(feature.changeable)
            .raw;
    }
    if (select > FeatureSelect::kSupportedCapabilities) {
        using C = spec::GetFeaturesCdw10;
        return invalid("SEL is reserved", static_cast<std::uint64_t>(select), C::at<C::Sel>());
    }
    const auto w = which(feature, selector, nsid, false);
    if (!w) return w.error();
    const std::uint32_t fallback = default_of(feature, *w);
    if (select == FeatureSelect::kDefault) return fallback;
    const auto& values = select == FeatureSelect::kSaved ? saved_ : current_;
    const auto it = values.find(key(feature, *w));
    return it == values.end() ? fallback : it->second;
}

void Features::store(const FeatureInfo& feature, std::uint32_t which, std::uint32_t value,
                     bool save) {
    current_[key(feature, which)] = value;
    if (save || feature.persistent) saved_[key(feature, which)] = value;
}

Outcome Features::set(const FeatureInfo& feature, std::uint32_t cdw11, std::uint32_t nsid,
                      bool save) {
    const std::uint32_t value = cdw11 & feature.defined;
    const auto w = which(feature, value, nsid, true);
    if (!w) return w.error();
    if (const auto good = check(feature, value); !good) return good.error();
    if (feature.id == FeatureId::kTemperatureThreshold && (*w & 0xf) == spec::kTmpselAll) {
        using T = spec::TemperatureThresholdCdw11;
        for (std::uint32_t sensor = 0; sensor <= params_.temperature_sensors; ++sensor)
            store(feature, (*w & ~0xfu) | sensor, T::from(value).with<T::Tmpsel>(sensor).raw, save);
    } else if (feature.id == FeatureId::kKeepAliveTimer) {
        store(feature, *w, KeepAlive::rounded(value, params_.keep_alive_granularity), save);
    } else {
        store(feature, *w, value, save);
    }
    refresh();
    return Done{};
}

std::uint32_t Features::current(FeatureId id, std::uint32_t which) const {
    const FeatureInfo* feature = find_feature(static_cast<std::uint8_t>(id));
    const auto it = current_.find(key(*feature, which));
    return it == current_.end() ? default_of(*feature, which) : it->second;
}

void Features::refresh() {
    arbitration_ = current(FeatureId::kArbitration);
    write_cache_ = current(FeatureId::kVolatileWriteCache);
    coalescing_ = current(FeatureId::kInterruptCoalescing);
    async_events_ = current(FeatureId::kAsyncEventConfig);
    using R = spec::ErrorRecoveryCdw11;
    deallocated_errors_ = std::any_of(
        current_.begin(), current_.end(), [](const std::pair<const Key, std::uint32_t>& value) {
            return value.first >> 32 == static_cast<Key>(FeatureId::kErrorRecovery) &&
                   R::from(value.second).get<R::Dulbe>();
        });
}

bool Features::deallocated_error_of(std::uint32_t nsid) const {
    using R = spec::ErrorRecoveryCdw11;
    return R::from(current(FeatureId::kErrorRecovery, nsid)).get<R::Dulbe>();
}

std::uint16_t Features::temperature_threshold(std::uint32_t sensor, bool under) const {
    using T = spec::TemperatureThresholdCdw11;
    const std::uint32_t thsel = under ? spec::kThselUnder : spec::kThselOver;
    const auto value = T::from(current(FeatureId::kTemperatureThreshold, thsel << 4 | sensor));
    return static_cast<std::uint16_t>(value.get<T::Tmpth>());
}

// [NVMe-Base-2.0 5.27.1.3 Temperature Threshold]
bool Features::temperature_condition(const HealthState& health) const {
    for (std::uint32_t sensor = 0; sensor <= params_.temperature_sensors; ++sensor) {
        const std::uint16_t kelvin =
            sensor == 0 ? health.composite_kelvin : health.sensor_kelvin[sensor - 1];
        if (kelvin >= temperature_threshold(sensor, false) ||
            kelvin <= temperature_threshold(sensor, true))
            return true;
    }
    return false;
}

std::uint32_t Features::keep_alive_timeout() const {
    return current(FeatureId::kKeepAliveTimer);
}

void Features::reset() {
    current_ = saved_;
    host_behavior = {};
    refresh();
}

// Its identifier may come back as another namespace, which begins with the defaults.
void Features::forget_namespace(std::uint32_t nsid) {
    for (auto* values : {&current_, &saved_})
        for (const FeatureInfo& feature : feature_table())
            if (feature.scope == FeatureInfo::Scope::kNamespace) values->erase(key(feature, nsid));
    refresh();
}

unsigned Features::arbitration_burst() const {
    using A = spec::ArbitrationCdw11;
    const auto ab = A::from(arbitration_).get<A::Ab>();
    return ab == 7 ? ~0u : 1u << ab;
}

ArbitrationSettings Features::arbitration() const {
    using A = spec::ArbitrationCdw11;
    const auto a = A::from(arbitration_);
    return {arbitration_burst(), a.get<A::Hpw>() + 1, a.get<A::Mpw>() + 1, a.get<A::Lpw>() + 1};
}

util::TimePs Features::aggregation_time() const {
    using C = spec::InterruptCoalescingCdw11;
    constexpr util::TimePs kUnit = 100 * util::kPsPerUs;
    return util::times(C::from(coalescing_).get<C::Time>(), kUnit);
}

std::uint32_t Features::aggregation_threshold() const {
    using C = spec::InterruptCoalescingCdw11;
    return C::from(coalescing_).get<C::Thr>() + 1;
}

// Either field 0 turns coalescing off. [NVMe-Base-2.0 5.27.1.6 Interrupt Coalescing]
bool Features::coalesces(std::uint16_t vector) const {
    using V = spec::InterruptVectorConfigCdw11;
    if (aggregation_time() == 0 || aggregation_threshold() == 1) return false;
    constexpr auto kFid = static_cast<std::uint8_t>(FeatureId::kInterruptVectorConfig);
    const FeatureInfo* feature = find_feature(kFid);
    const auto it = current_.find(key(*feature, vector));
    return it == current_.end() || !V::from(it->second).get<V::Cd>();
}

bool Features::write_cache_enabled() const {
    return spec::VolatileWriteCacheCdw11::from(write_cache_)
        .get<spec::VolatileWriteCacheCdw11::Wce>();
}

std::uint32_t Features::async_event_config() const {
    return async_events_;
}

// Mask and notification have the same numbers: bit n masks type n.
bool Features::reservation_notice_masked(std::uint32_t nsid, spec::ReservationNotice type) const {
    const auto* f =
        find_feature(static_cast<std::uint8_t>(FeatureId::kReservationNotificationMask));
    const auto it = current_.find(key(*f, nsid));
    return it != current_.end() && (it->second >> static_cast<unsigned>(type) & 1) != 0;
}

}  // namespace nvme
