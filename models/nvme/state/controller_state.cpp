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
      power(make_power_states(p)) {
    power.on_change = [this](const observe::PowerTransition& transition) {
        record([&] { return transition; });
    };
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

}  // namespace nvme
