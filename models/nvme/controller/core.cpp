// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/controller/core.h"

#include "models/media/fixed_timing.h"
#include "models/media/no_timing.h"

namespace nvme {
namespace {

pcie::LinkParams link_params(const ControllerParams& p) {
    pcie::LinkParams link;
    link.gen = p.link_gen;
    link.lanes = p.link_lanes;
    link.max_payload = p.link_max_payload;
    link.latency_ns = p.link_latency_ns;
    return link;
}

std::unique_ptr<media::MediaTiming> make_timing(const ControllerParams& p) {
    if (p.media == MediaModel::kNone) return std::make_unique<media::NoTiming>();
    media::FixedTimingParams fixed;
    fixed.read_ns = p.media_read_ns;
    fixed.program_ns = p.media_program_ns;
    fixed.cache_write_ns = p.media_cache_write_ns;
    fixed.flush_ns = p.media_flush_ns;
    fixed.deallocate_ns = p.media_deallocate_ns;
    fixed.units = p.media_units;
    return std::make_unique<media::FixedTiming>(fixed);
}

// Parameters that could not be understood have been complained of; a controller has a state.
std::vector<PowerState> make_power_states(const ControllerParams& p) {
    PowerTable table = parse_power_states(p.power_states);
    if (table.states.empty()) table.states.emplace_back();
    return std::move(table.states);
}

}  // namespace

Core::Core(const ControllerParams& p, Subsystem& s, HostMemory& memory, const Clock& c,
           Surroundings& w)
    : params(p),
      subsystem(s),
      clock(c),
      surroundings(w),
      link(link_params(p)),
      dma(memory, link, c),
      shadow(dma, p.max_io_queues),
      arbiter(p.max_io_queues),
      timing(make_timing(p)),
      features(p),
      coalescer(features, p.msix_vectors),
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

void Core::reset_host() {
    const HostIdentity before = anonymous_host;
    anonymous_host = host = subsystem.new_anonymous_host();
    reservation_log.reset();
    subsystem.forget_host(before);
}

void Core::queue_error(std::uint16_t sqid, spec::AsyncErrorInfo info, const CommandError& error) {
    ErrorLog::Context context;
    context.sqid = sqid;
    errors.add(context, error);
    events.raise_error(info);
    surroundings.wake({Process::Kind::kAdmin}, now());
}

}  // namespace nvme
