// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "models/observe/device_events.h"
#include "models/observe/vcd/vcd_scope.h"

namespace observe {

/// What a controller is up to.
enum class VcdState : std::uint8_t {
    kDisabled,   ///< CC.EN 0, CSTS.RDY 0
    kEnabling,   ///< CC.EN 1, CSTS.RDY 0
    kReady,      ///< CC.EN 1, CSTS.RDY 1
    kDisabling,  ///< CC.EN 0, CSTS.RDY 1
    kShuttingDown,
    kShutDown,
    kFailed,  ///< CSTS.CFS 1
};
template <>
struct Words<VcdState> {
    static constexpr std::array<std::string_view, 7> names{
        "disabled", "enabling", "ready", "disabling", "shutting_down", "shut_down", "failed"};
};

/// The controller as a whole: state, resets, power, health.
class VcdDevice final : public VcdAlarm {
public:
    explicit VcdDevice(const VcdScope& scope);

    void record(const StateChange& e);
    void record(const Reset& e);
    void record(const PowerTransition& e);
    void record(const HealthLevels& e);

    /// A transition that lay ahead begins, or one has settled.
    void due(std::uint64_t payload) override;

private:
    VcdWriter& writer_;
    VcdSignal state_, cc_, en_, shn_, csts_, rdy_, cfs_, shst_, nssro_;
    std::array<VcdSignal, Words<ResetKind>::names.size()> resets_;
    VcdSignal power_, settling_;
    VcdSignal warning_, kelvin_, spare_, used_;
    std::uint32_t transitions_ = 0;
};

}  // namespace observe
