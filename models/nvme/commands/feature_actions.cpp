// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/commands/feature_actions.h"

#include <algorithm>
#include <iterator>

#include "models/nvme/commands/nvm_handlers.h"
#include "models/nvme/spec/commands.h"
#include "models/nvme/spec/registers.h"

namespace nvme::admin {
using spec::FeatureId;
using spec::FeatureSelect;
using spec::StatusCode;

void wake_timers(const AdminContext& ctx) {
    ctx.state.environment.wake({Process::Kind::kCoordinator}, ctx.state.now());
}

namespace {

/// [NVMe-Base-2.0 5.27.1.5 Number of Queues]
Result<Next> set_number_of_queues(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f) {
    using N = spec::NumberOfQueuesCdw11;
    const auto asked = N::from(cmd.sqe.cdw11);
    if (asked.get<N::Nsqr>() == 0xffff)
        return CommandError{StatusCode::kInvalidField, "NSQR is FFFFh", asked.raw, true,
                            N::at<N::Nsqr>()};
    if (asked.get<N::Ncqr>() == 0xffff)
        return CommandError{StatusCode::kInvalidField, "NCQR is FFFFh", asked.raw, true,
                            N::at<N::Ncqr>()};
    if (ctx.queues.any())
        return CommandError{StatusCode::kCommandSequenceError, "I/O queues exist already", 0};
    // Both kinds share one limit here: a host that asks for different numbers gets the larger one.
    ctx.queues.grant(std::max(asked.get<N::Nsqr>(), asked.get<N::Ncqr>()) + 1);
    const std::uint32_t granted_z = ctx.queues.granted() - 1;
    cmd.dw0 = granted_z << 16 | granted_z;
    if (const auto set = ctx.state.features.set(f, cmd.dw0, 0, false); !set) return set.error();
    return complete_now(ctx);
}

/// A vector is configured by the I/O completion queue that uses it, which has to be there first.
/// [NVMe-Base-2.0 5.27.1.7 Interrupt Vector Configuration]
Outcome check_vector(AdminContext& ctx, const AdminCommand& cmd) {
    using V = spec::InterruptVectorConfigCdw11;
    const std::uint32_t iv = V::from(cmd.sqe.cdw11).get<V::Iv>();
    if (ctx.queues.vector_used(iv)) return Done{};
    return CommandError{StatusCode::kInvalidField, "no I/O completion queue uses IV", iv, true,
                        V::at<V::Iv>()};
}

/// Interrupts that were held back may be due now.
Result<Next> coalescing_applied(AdminContext& ctx, AdminCommand&) {
    ctx.queues.wake_all();
    return complete_now(ctx);
}

/// The command completes when the controller is in the state that it asked for.
/// [NVMe-Base-2.0 5.27.1.2 Power Management]
Result<Next> power_applied(AdminContext& ctx, AdminCommand& cmd) {
    using P = spec::PowerManagementCdw11;
    const util::TimePs now = ctx.state.now();
    const util::TimePs done = ctx.state.power.enter(P::from(cmd.sqe.cdw11).get<P::Ps>(), now);
    // The host should not have left I/O commands outstanding: they bring the controller back.
    if (!ctx.state.health.idle_since()) ctx.state.power.io_arrived(now);
    wake_timers(ctx);
    return Next::done(done);
}

Result<Next> get_power(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f,
                       FeatureSelect select) {
    using P = spec::PowerManagementCdw11;
    const auto read = read_feature(ctx, cmd, f, select);
    if (read && select == FeatureSelect::kCurrent)
        cmd.dw0 = P::from(cmd.dw0).with<P::Ps>(ctx.state.power.current()).raw;
    return read;
}

// Writes of this controller are durable from now on; what is volatile yet must not stay so, and the
// command ends when it is not. The caches go on serving other controllers, whose feature is their
// own.
Result<Next> cache_applied(AdminContext& ctx, AdminCommand&) {
    if (ctx.state.features.write_cache_enabled()) return complete_now(ctx);
    return Next::to(kCacheFlushed, ctx.state.subsystem.begin_flush(ctx.state.now()));
}

Result<Next> events_applied(AdminContext& ctx, AdminCommand&) {
    ctx.state.events.set_config(ctx.state.features.async_event_config());
    return complete_now(ctx);
}

Result<Next> threshold_applied(AdminContext& ctx, AdminCommand&) {
    ctx.state.update_critical_warning();
    return complete_now(ctx);
}

Result<Next> thermal_applied(AdminContext& ctx, AdminCommand&) {
    ctx.state.temperature_changed(ctx.state.now(), true);
    return complete_now(ctx);
}

Result<Next> keep_alive_applied(AdminContext& ctx, AdminCommand&) {
    if (!ctx.state.fetching) return complete_now(ctx);  // a shutdown has begun: it is not active
    ctx.state.keep_alive.set_timeout(ctx.state.features.keep_alive_timeout(), ctx.state.now());
    wake_timers(ctx);
    return complete_now(ctx);
}

// DULBE needs a namespace that can tell which of its blocks hold data (NSFEAT bit 2). It is refused
// for one that cannot, and left out there when the value is for all.
// [NVM-1.0 4.1.3.2 Error Recovery]
using Recovery = spec::ErrorRecoveryCdw11;

Outcome check_error_recovery(AdminContext& ctx, const AdminCommand& cmd) {
    const auto& ns = ctx.state.subsystem.find(cmd.sqe.nsid);
    const auto value = Recovery::from(cmd.sqe.cdw11);
    if (!ns || ns->knows_written() || !value.get<Recovery::Dulbe>()) return Done{};
    return CommandError{StatusCode::kInvalidField, "DULBE is not supported by the namespace",
                        value.raw, true, Recovery::at<Recovery::Dulbe>()};
}

std::uint32_t error_recovery_of(const Namespace& ns, std::uint32_t cdw11) {
    const auto value = Recovery::from(cdw11);
    return value.with<Recovery::Dulbe>(value.get<Recovery::Dulbe>() && ns.knows_written()).raw;
}

// Without CC.CSS = 110b the profile has no effect, whatever its value.
// [NVMe-Base-2.0 5.27.1.21 I/O Command Set Profile]
Result<Next> set_profile(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f) {
    if (ctx.state.css != spec::kCssAllSupported) return complete_now(ctx);
    return store_feature(ctx, cmd, f);
}

// clang-format off
constexpr FeatureActions kActions[] = {
    // id                                         set                          get                          check                 value_for          applied
    {FeatureId::kPowerManagement,                 nullptr,                     get_power,                   nullptr,              nullptr,           power_applied},
    {FeatureId::kTemperatureThreshold,            nullptr,                     nullptr,                     nullptr,              nullptr,           threshold_applied},
    {FeatureId::kErrorRecovery,                   nullptr,                     nullptr,                     check_error_recovery, error_recovery_of, nullptr},
    {FeatureId::kVolatileWriteCache,              nullptr,                     nullptr,                     nullptr,              nullptr,           cache_applied},
    {FeatureId::kNumberOfQueues,                  set_number_of_queues},
    {FeatureId::kInterruptCoalescing,             nullptr,                     nullptr,                     nullptr,              nullptr,           coalescing_applied},
    {FeatureId::kInterruptVectorConfig,           nullptr,                     nullptr,                     check_vector,         nullptr,           coalescing_applied},
    {FeatureId::kAsyncEventConfig,                nullptr,                     nullptr,                     nullptr,              nullptr,           events_applied},
    {FeatureId::kAutonomousPowerStateTransition,  set_transitions,             get_transitions},
    {FeatureId::kTimestamp,                       set_timestamp,               get_timestamp},
    {FeatureId::kKeepAliveTimer,                  nullptr,                     nullptr,                     nullptr,              nullptr,           keep_alive_applied},
    {FeatureId::kHostControlledThermalManagement, nullptr,                     nullptr,                     nullptr,              nullptr,           thermal_applied},
    {FeatureId::kHostBehaviorSupport,             set_host_behavior,           get_host_behavior},
    {FeatureId::kIoCommandSetProfile,             set_profile},
    {FeatureId::kHostIdentifier,                  set_host_identifier,         get_host_identifier},
    {FeatureId::kReservationPersistence,          set_reservation_persistence, get_reservation_persistence},
};
// clang-format on

}  // namespace

Result<Next> cache_flushed(AdminContext& ctx, AdminCommand&) {
    const auto status = ctx.state.subsystem.flush();
    if (status != media::IoStatus::kOk) return nvm::write_error(status);
    return complete_now(ctx);
}

const FeatureActions& feature_actions(FeatureId id) {
    static constexpr FeatureActions kNone{};
    const auto* row = std::find_if(std::begin(kActions), std::end(kActions),
                                   [id](const FeatureActions& a) { return a.id == id; });
    return row == std::end(kActions) ? kNone : *row;
}

}  // namespace nvme::admin
