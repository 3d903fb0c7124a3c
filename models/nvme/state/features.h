// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <map>

#include "models/nvme/params/params.h"
#include "models/nvme/ports/result.h"
#include "models/nvme/spec/features.h"
#include "models/nvme/spec/logs.h"
#include "models/nvme/spec/reservations.h"
#include "models/nvme/state/feature_table.h"
#include "models/nvme/state/thermal_management.h"
#include "models/nvme/subsystem/health_state.h"
#include "models/util/time.h"

namespace nvme {

/// The Arbitration feature in plain numbers of commands.
struct ArbitrationSettings {
    std::uint32_t burst;              ///< from one queue at a time
    std::uint32_t high, medium, low;  ///< weights: of a priority level in one round
};

/// The values of a controller's features: current, default and saved.
class Features {
public:
    explicit Features(const ControllerParams& params);

    /// Looks a row up; null for a feature that this controller does not have.
    [[nodiscard]] const FeatureInfo* find(std::uint8_t fid) const;
    [[nodiscard]] bool has(const FeatureInfo& feature) const {
        return feature.offered == nullptr || feature.offered(params_);
    }

    /// Value as Get Features returns it in dword 0. `selector` is CDW11 of Get Features (which
    /// threshold, which vector), `nsid` matters for features with namespace scope.
    Result<std::uint32_t> get(const FeatureInfo& feature, spec::FeatureSelect select,
                              std::uint32_t selector, std::uint32_t nsid) const;
    /// Stores what is defined of CDW11 of Set Features, and saves it when asked. The caller has
    /// checked saveability, scope and that the NSID names a namespace (FFFFFFFFh: all).
    Outcome set(const FeatureInfo& feature, std::uint32_t cdw11, std::uint32_t nsid, bool save);

    /// Controller level reset: current values return to the saved ones, or to the defaults.
    void reset();
    /// A namespace is gone: no value of its own is kept, not even a saved one.
    void forget_namespace(std::uint32_t nsid);

    // What other parts need at every command.
    [[nodiscard]] unsigned arbitration_burst() const;
    [[nodiscard]] ArbitrationSettings arbitration() const;
    /// Interrupts of the vector are held back: neither Interrupt Coalescing nor Interrupt Vector
    /// Configuration turns that off.
    [[nodiscard]] bool coalesces(std::uint16_t vector) const;
    [[nodiscard]] util::TimePs aggregation_time() const;
    [[nodiscard]] std::uint32_t aggregation_threshold() const;  ///< entries, at least 1
    [[nodiscard]] bool write_cache_enabled() const;
    [[nodiscard]] std::uint32_t async_event_config() const;
    [[nodiscard]] bool reservation_notice_masked(std::uint32_t nsid,
                                                 spec::ReservationNotice type) const;
    /// Reads of blocks that hold no data are errors.
    [[nodiscard]] bool deallocated_error_enabled(std::uint32_t nsid) const {
        return deallocated_errors_ && deallocated_error_of(nsid);
    }

    /// In kelvin; `sensor` 0 is the composite temperature.
    [[nodiscard]] std::uint16_t temperature_threshold(std::uint32_t sensor, bool under) const;
    /// Some temperature is at or beyond one of its thresholds.
    [[nodiscard]] bool temperature_condition(const HealthState& health) const;
    [[nodiscard]] std::uint32_t keep_alive_timeout() const;
    [[nodiscard]] ThermalThresholds thermal_thresholds() const;

    spec::HostBehaviorSupport host_behavior{};

private:
    /// Key of one value: the feature and, where it has several values, which.
    using Key = std::uint64_t;
    static Key key(const FeatureInfo& feature, std::uint32_t which) {
        return static_cast<Key>(feature.id) << 32 | which;
    }
    Result<std::uint32_t> which(const FeatureInfo& feature, std::uint32_t cdw11, std::uint32_t nsid,
                                bool set) const;
    Outcome check(const FeatureInfo& feature, std::uint32_t value) const;
    [[nodiscard]] Outcome check_thermal(std::uint32_t value) const;
    [[nodiscard]] std::uint32_t default_of(const FeatureInfo& feature, std::uint32_t which) const;
    [[nodiscard]] std::uint32_t current(spec::FeatureId id, std::uint32_t which = 0) const;
    [[nodiscard]] bool deallocated_error_of(std::uint32_t nsid) const;
    void store(const FeatureInfo& feature, std::uint32_t which, std::uint32_t value, bool save);

    const ControllerParams& params_;
    const std::size_t power_states_;                // how many there are
    std::map<Key, std::uint32_t> current_, saved_;  // only what differs from the default
    // Copies of what the hot path reads, refreshed at every change.
    std::uint32_t arbitration_ = 0, write_cache_ = 0, async_events_ = 0;
    std::uint32_t coalescing_ = 0;
    bool deallocated_errors_ = false;  // of any namespace
    void refresh();
};

}  // namespace nvme
