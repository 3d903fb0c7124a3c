// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/commands/feature_actions.h"

// Features whose value is a data structure in host memory. Their defaults are zeros.
namespace nvme::admin {
using spec::FeatureSelect;
using spec::StatusCode;

namespace {

bool current(FeatureSelect select) {
    return select == FeatureSelect::kCurrent;
}

}  // namespace

Result<Next> set_timestamp(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo&) {
    spec::TimestampData data{};
    const auto moved = ctx.receive(cmd, &data, sizeof data);
    if (moved) ctx.state.timestamp.set(data, ctx.state.now());
    return complete_at(moved);
}

Result<Next> get_timestamp(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo&,
                           FeatureSelect select) {
    const auto data =
        current(select) ? ctx.state.timestamp.get(ctx.state.now()) : spec::TimestampData{};
    return complete_at(ctx.send(cmd, &data, sizeof data));
}

Result<Next> set_transitions(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo&) {
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

Result<Next> get_transitions(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo&,
                             FeatureSelect select) {
    cmd.dw0 = current(select) && ctx.state.power.autonomous() ? 1 : 0;
    const auto table =
        current(select) ? ctx.state.power.transitions() : spec::AutonomousTransitions{};
    return complete_at(ctx.send(cmd, &table, sizeof table));
}

Result<Next> set_host_behavior(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo&) {
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

Result<Next> get_host_behavior(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo&,
                               FeatureSelect select) {
    const auto data =
        current(select) ? ctx.state.features.host_behavior : spec::HostBehaviorSupport{};
    return complete_at(ctx.send(cmd, &data, sizeof data));
}

}  // namespace nvme::admin
