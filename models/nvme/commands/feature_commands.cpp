// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include "models/nvme/commands/admin_handlers.h"
#include "models/nvme/commands/nvm_handlers.h"
#include "models/nvme/spec/commands.h"
#include "models/nvme/spec/registers.h"
#include "models/nvme/spec/reservations.h"

// [NVMe-Base-2.0 5.15 Get Features command] and [NVMe-Base-2.0 5.27 Set Features command]
namespace nvme::admin {
using spec::FeatureId;
using spec::FeatureSelect;
using spec::StatusCode;
using util::TimePs;

namespace {

/// FID is the same field of Get Features and of Set Features.
CommandError unsupported(std::uint32_t fid) {
    using C = spec::GetFeaturesCdw10;
    return {StatusCode::kInvalidField, "FID is not supported", fid, true, C::at<C::Fid>()};
}

/// Features with namespace scope want an active namespace (or all, when setting); the others have
/// no use for one, and take any valid NSID when they are read. [NVMe-Base-2.0 4.4 Feature Values]
Outcome check_nsid(const AdminContext& ctx, const FeatureInfo& f, std::uint32_t nsid, bool set) {
    const bool all = nsid == spec::kNsidBroadcast;
    if (f.scope == FeatureInfo::Scope::kNamespace) {
        if (all && set) return Done{};
        const auto ns = ctx.state.subsystem.active(nsid);
        if (ns) return Done{};
        // The features of reservations name another status than the general one: the mask for every
        // NSID, the persistence for the broadcast one.
        const bool field = f.id == FeatureId::kReservationNotificationMask ||
                           (all && f.id == FeatureId::kReservationPersistence);
        CommandError error = ns.error();
        if (field) error.code = StatusCode::kInvalidField;
        return error;
    }
    if (nsid == 0 || all) return Done{};
    if (const auto good = ctx.state.subsystem.check_valid(nsid); !good || !set) return good;
    return CommandError{StatusCode::kFeatureNotNamespaceSpecific,
                        "the feature has controller scope", nsid, true, spec::Nsid::at()};
}

/// [NVMe-Base-2.0 5.27.1.5 Number of Queues]
Outcome set_number_of_queues(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f) {
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
    return ctx.state.features.set(f, cmd.dw0, 0, false);
}

/// A vector is configured by the I/O completion queue that uses it, which has to be there first.
/// [NVMe-Base-2.0 5.27.1.7 Interrupt Vector Configuration]
Outcome check_vector(AdminContext& ctx, std::uint32_t cdw11) {
    using V = spec::InterruptVectorConfigCdw11;
    const std::uint32_t iv = V::from(cdw11).get<V::Iv>();
    if (ctx.queues.vector_used(iv)) return Done{};
    return CommandError{StatusCode::kInvalidField, "no I/O completion queue uses IV", iv, true,
                        V::at<V::Iv>()};
}

void wake_timers(const AdminContext& ctx) {
    ctx.state.environment.wake({Process::Kind::kCoordinator}, ctx.state.now());
}

/// The command completes when the controller is in the state that it asked for.
/// [NVMe-Base-2.0 5.27.1.2 Power Management]
TimePs enter_power_state(AdminContext& ctx, std::uint32_t cdw11) {
    using P = spec::PowerManagementCdw11;
    const TimePs now = ctx.state.now();
    const TimePs done = ctx.state.power.enter(P::from(cdw11).get<P::Ps>(), now);
    // The host should not have left I/O commands outstanding: they bring the controller back.
    if (!ctx.state.health.idle_since()) ctx.state.power.io_arrived(now);
    wake_timers(ctx);
    return done;
}

/// What a change of value does outside the table of values.
Outcome act(AdminContext& ctx, const FeatureInfo& f) {
    switch (f.id) {
        case FeatureId::kVolatileWriteCache: {
            // Writes of this controller are durable from now on; what is volatile yet must not
            // stay so. The caches go on serving other controllers, whose feature is their own.
            if (ctx.state.features.write_cache_enabled()) return Done{};
            auto status = media::IoStatus::kOk;
            ctx.state.subsystem.for_each([&](Namespace& ns) {
                const auto s = ns.data().flush();
                if (status == media::IoStatus::kOk) status = s;
            });
            if (status != media::IoStatus::kOk) return nvm::write_error(status);
            return Done{};
        }
        case FeatureId::kAsyncEventConfig:
            ctx.state.events.set_config(ctx.state.features.async_event_config());
            return Done{};
        // Interrupts that were held back may be due now.
        case FeatureId::kInterruptCoalescing:
        case FeatureId::kInterruptVectorConfig:
            ctx.queues.wake_all();
            return Done{};
        case FeatureId::kTemperatureThreshold:
            ctx.state.update_critical_warning();
            return Done{};
        case FeatureId::kKeepAliveTimer:
            if (!ctx.state.fetching) return Done{};  // shutdown has begun: the timer is not active
            ctx.state.keep_alive.set_timeout(ctx.state.features.keep_alive_timeout(),
                                             ctx.state.now());
            wake_timers(ctx);
            return Done{};
        default:
            return Done{};
    }
}

// DULBE needs a namespace that can tell which of its blocks hold data (NSFEAT bit 2). It is refused
// for one that cannot, and left out there when the value is for all.
// [NVM-1.0 4.1.3.2 Error Recovery]
using Recovery = spec::ErrorRecoveryCdw11;

Outcome check_error_recovery(const AdminContext& ctx, const AdminCommand& cmd) {
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

Result<AdminStep> set_data_feature(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f) {
    if (f.id == FeatureId::kHostIdentifier) return set_host_identifier(ctx, cmd);
    if (f.id == FeatureId::kTimestamp) {
        spec::TimestampData data{};
        const auto moved = ctx.receive(cmd, &data, sizeof data);
        if (moved) ctx.state.timestamp.set(data, ctx.state.now());
        return complete_at(moved);
    }
    if (f.id == FeatureId::kAutonomousPowerStateTransition) {
        using A = spec::AutonomousTransitionCdw11;
        spec::AutonomousTransitions table{};
        const auto moved = ctx.receive(cmd, &table, sizeof table);
        if (!moved) return moved.error();
        const bool enabled = A::from(cmd.sqe.cdw11).get<A::Apste>();
        if (const auto set = ctx.state.power.set_transitions(table, enabled, ctx.state.now()); !set)
            return set.error();
        wake_timers(ctx);
        return complete_at(moved);
    }
    spec::HostBehaviorSupport data{};
    const auto moved = ctx.receive(cmd, &data, sizeof data);
    if (!moved) return moved.error();
    if (data.acre > 1 || data.etdas > 1 || data.lbafee > 1)
        return CommandError{StatusCode::kInvalidField, "Host Behavior Support: a value above 1"};
    spec::HostBehaviorSupport kept{};  // without what is reserved
    kept.acre = data.acre;
    kept.etdas = data.etdas;
    kept.lbafee = data.lbafee;
    ctx.state.features.host_behavior = kept;
    return complete_at(moved);
}

Result<AdminStep> get_data_feature(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f,
                                   FeatureSelect select) {
    const bool current = select == FeatureSelect::kCurrent;
    if (f.id == FeatureId::kHostIdentifier) return get_host_identifier(ctx, cmd, current);
    if (f.id == FeatureId::kTimestamp) {
        const auto data =
            current ? ctx.state.timestamp.get(ctx.state.now()) : spec::TimestampData{};
        return complete_at(ctx.send(cmd, &data, sizeof data));
    }
    if (f.id == FeatureId::kAutonomousPowerStateTransition) {
        cmd.dw0 = current && ctx.state.power.autonomous() ? 1 : 0;
        const auto table = current ? ctx.state.power.transitions() : spec::AutonomousTransitions{};
        return complete_at(ctx.send(cmd, &table, sizeof table));
    }
    const auto data = current ? ctx.state.features.host_behavior : spec::HostBehaviorSupport{};
    return complete_at(ctx.send(cmd, &data, sizeof data));
}

}  // namespace

Result<AdminStep> set_features(AdminContext& ctx, AdminCommand& cmd) {
    using C = spec::SetFeaturesCdw10;
    const auto cdw10 = C::from(cmd.sqe.cdw10);
    const FeatureInfo* f = ctx.state.features.find(static_cast<std::uint8_t>(cdw10.get<C::Fid>()));
    if (f == nullptr) return unsupported(cdw10.get<C::Fid>());
    if (cdw10.get<C::Sv>() && !f->saveable)
        return CommandError{StatusCode::kFeatureNotSaveable, "SV is set", cdw10.get<C::Fid>(), true,
                            C::at<C::Sv>()};
    if (!f->changeable)
        return CommandError{StatusCode::kFeatureNotChangeable, "the value is fixed",
                            cdw10.get<C::Fid>(), true, C::at<C::Fid>()};
    if (const auto good = check_nsid(ctx, *f, cmd.sqe.nsid, true); !good) return good.error();
    if (f->data_bytes != 0) return set_data_feature(ctx, cmd, *f);
    if (f->id == FeatureId::kNumberOfQueues) {
        if (const auto set = set_number_of_queues(ctx, cmd, *f); !set) return set.error();
        return complete_now(ctx);
    }

    // Without CC.CSS = 110b the profile has no effect, whatever its value.
    // [NVMe-Base-2.0 5.27.1.21 I/O Command Set Profile]
    if (f->id == FeatureId::kIoCommandSetProfile && ctx.state.css != spec::kCssAllSupported)
        return complete_now(ctx);

    if (f->id == FeatureId::kReservationPersistence) {
        set_reservation_persistence(ctx, cmd);
        return complete_now(ctx);
    }
    if (f->id == FeatureId::kErrorRecovery) {
        if (const auto good = check_error_recovery(ctx, cmd); !good) return good.error();
    }
    if (f->id == FeatureId::kInterruptVectorConfig) {
        if (const auto good = check_vector(ctx, cmd.sqe.cdw11); !good) return good.error();
    }

    const std::uint32_t asked = cmd.sqe.cdw11;
    const auto set_for = [&](std::uint32_t nsid, std::uint32_t value) {
        return ctx.state.features.set(*f, value, nsid, cdw10.get<C::Sv>());
    };
    Outcome set = Done{};
    if (f->scope == FeatureInfo::Scope::kNamespace && cmd.sqe.nsid == spec::kNsidBroadcast)
        ctx.state.subsystem.for_each([&](const Namespace& ns) {
            const bool recovery = f->id == FeatureId::kErrorRecovery;
            set = set_for(ns.nsid(), recovery ? error_recovery_of(ns, asked) : asked);
        });
    else
        set = set_for(cmd.sqe.nsid, asked);
    if (!set) return set.error();
    if (f->id == FeatureId::kPowerManagement)
        return AdminStep::complete(enter_power_state(ctx, cmd.sqe.cdw11));
    if (const auto done = act(ctx, *f); !done) return done.error();
    return complete_now(ctx);
}

Result<AdminStep> get_features(AdminContext& ctx, AdminCommand& cmd) {
    using C = spec::GetFeaturesCdw10;
    const auto cdw10 = C::from(cmd.sqe.cdw10);
    const FeatureInfo* f = ctx.state.features.find(static_cast<std::uint8_t>(cdw10.get<C::Fid>()));
    if (f == nullptr) return unsupported(cdw10.get<C::Fid>());
    const auto select = static_cast<FeatureSelect>(cdw10.get<C::Sel>());
    // Capabilities are the same for every namespace, and no data goes with them.
    if (select != FeatureSelect::kSupportedCapabilities) {
        if (const auto good = check_nsid(ctx, *f, cmd.sqe.nsid, false); !good) return good.error();
        if (f->data_bytes != 0 && select < FeatureSelect::kSupportedCapabilities)
            return get_data_feature(ctx, cmd, *f, select);
    }
    if (f->id == FeatureId::kReservationPersistence && select == FeatureSelect::kCurrent) {
        cmd.dw0 = ctx.state.subsystem.find(cmd.sqe.nsid)->reservations().persistent() ? 1 : 0;
        return complete_now(ctx);
    }
    const auto value = ctx.state.features.get(*f, select, cmd.sqe.cdw11, cmd.sqe.nsid);
    if (!value) return value.error();
    cmd.dw0 = *value;
    if (f->id == FeatureId::kPowerManagement && select == FeatureSelect::kCurrent) {
        using P = spec::PowerManagementCdw11;
        cmd.dw0 = P::from(*value).with<P::Ps>(ctx.state.power.current()).raw;
    }
    return complete_now(ctx);
}

}  // namespace nvme::admin
