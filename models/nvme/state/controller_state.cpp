// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/state/controller_state.h"

#include <utility>

namespace nvme {
namespace {

// Parameters that could not be understood have been complained of; a controller has a state.
std::vector<PowerState> make_power_states(const ControllerParams& p) {
    PowerTable table = parse_power_states(p.power_states);
    if (table.states.empty()) table.states.emplace_back();
    return std::move(table.states);
}

}  // namespace

ControllerState::ControllerState(const ControllerParams& p, Subsystem& s, const Clock& c,
                                 Environment& e)
    : params(p),
      subsystem(s),
      clock(c),
      environment(e),
      features(p),
      errors(p.error_log_entries + 1u),
      events(p.async_event_request_limit + 1u),
      anonymous_host(s.new_anonymous_host()),
      host(anonymous_host),
      temperature_times(p.warning_temperature, p.critical_temperature),
      keep_alive(p.keep_alive_granularity),
      power(make_power_states(p)),
      data_path(p.dram_mb_s),
      energy(power.states()),
      thermal_management(p.hctm_hysteresis) {
    power.on_change = [this](const observe::PowerTransition& transition) {
        power_changed(transition);
    };
    limit_data();
}

void ControllerState::power_changed(const observe::PowerTransition& transition) {
    if (subsystem.sleeps()) power_changes();
    energy.change(transition.to, now(), transition.settled_ps, busy_time());
    if (energy.settles_at() != util::kNever)  // the coordinator takes note of it
        environment.wake({Process::Kind::kCoordinator}, energy.settles_at());
    limit_data();
    record([&] { return transition; });
}

void ControllerState::power_changes() {
    subsystem.heat(now());
    subsystem.wake_up();
    environment.wake({Process::Kind::kCoordinator}, now());
}

/// As the power state says, from the beginning of a transition on.
void ControllerState::limit_data() {
    const PowerState& state = power.states()[power.current()];
    data_path.set_limits(state.most_read_mb_s, state.most_write_mb_s);
}

Energy ControllerState::consumed() const {
    if (!energy.known() && subsystem.media_nanojoules() == 0) return {};
    return {energy.states(now(), busy_time()), subsystem.media_nanojoules(),
            subsystem.health().composite_kelvin};
}

void ControllerState::reset_host() {
    const HostIdentity before = anonymous_host;
    anonymous_host = host = subsystem.new_anonymous_host();
    reservation_log.reset();
    subsystem.forget_host(before);
}

void ControllerState::queue_error(std::uint16_t sqid, spec::AsyncErrorInfo info,
                                  const CommandError& error) {
    ErrorLog::Context context;
    context.sqid = sqid;
    errors.add(context, error);
    events.raise_error(info);
    environment.wake({Process::Kind::kAdmin}, now());
}

void ControllerState::queue_stopped(std::uint16_t sqid, const CommandError& error,
                                    std::uint32_t cqid) {
    record([&] {
        const std::uint32_t id = cqid == observe::kNoId ? sqid : observe::kNoId;
        return observe::ControllerError{now(),      id,           cqid,        false,
                                        error.code, error.reason, error.detail};
    });
    queue_error(sqid, spec::AsyncErrorInfo::kTransientInternalError, error);
}

}  // namespace nvme
