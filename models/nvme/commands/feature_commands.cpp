// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/commands/extensions.h"
#include "models/nvme/commands/feature_actions.h"

// [NVMe-Base-2.0 5.15 Get Features command] and [NVMe-Base-2.0 5.27 Set Features command]
namespace nvme::admin {
using spec::FeatureId;
using spec::FeatureSelect;
using spec::StatusCode;

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

}  // namespace

Result<Next> store_feature(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f) {
    using C = spec::SetFeaturesCdw10;
    const FeatureActions& actions = feature_actions(f.id);
    if (actions.check != nullptr)
        if (const auto good = actions.check(ctx, cmd); !good) return good.error();
    const bool save = C::from(cmd.sqe.cdw10).get<C::Sv>();
    const std::uint32_t asked = cmd.sqe.cdw11;
    Outcome set = Done{};
    if (f.scope == FeatureInfo::Scope::kNamespace && cmd.sqe.nsid == spec::kNsidBroadcast)
        ctx.state.subsystem.for_each([&](const Namespace& ns) {
            const auto value = actions.value_for == nullptr ? asked : actions.value_for(ns, asked);
            set = ctx.state.features.set(f, value, ns.nsid(), save);
        });
    else
        set = ctx.state.features.set(f, asked, cmd.sqe.nsid, save);
    if (!set) return set.error();
    return actions.applied == nullptr ? complete_now(ctx) : actions.applied(ctx, cmd);
}

Result<Next> read_feature(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f,
                          FeatureSelect select) {
    const auto value = ctx.state.features.get(f, select, cmd.sqe.cdw11, cmd.sqe.nsid);
    if (!value) return value.error();
    cmd.dw0 = *value;
    return complete_now(ctx);
}

Result<Next> set_features(AdminContext& ctx, AdminCommand& cmd) {
    using C = spec::SetFeaturesCdw10;
    const auto cdw10 = C::from(cmd.sqe.cdw10);
    const auto fid = static_cast<std::uint8_t>(cdw10.get<C::Fid>());
    if (ctx.extensions.feature(fid) != nullptr) return set_vendor_feature(ctx, cmd, fid);
    const FeatureInfo* f = ctx.state.features.find(fid);
    if (f == nullptr) return unsupported(fid);
    if (cdw10.get<C::Sv>() && !f->saveable)
        return CommandError{StatusCode::kFeatureNotSaveable, "SV is set", fid, true,
                            C::at<C::Sv>()};
    if (!f->changeable)
        return CommandError{StatusCode::kFeatureNotChangeable, "the value is fixed", fid, true,
                            C::at<C::Fid>()};
    if (const auto good = check_nsid(ctx, *f, cmd.sqe.nsid, true); !good) return good.error();
    const auto set = feature_actions(f->id).set;
    return set == nullptr ? store_feature(ctx, cmd, *f) : set(ctx, cmd, *f);
}

Result<Next> get_features(AdminContext& ctx, AdminCommand& cmd) {
    using C = spec::GetFeaturesCdw10;
    const auto cdw10 = C::from(cmd.sqe.cdw10);
    const auto fid = static_cast<std::uint8_t>(cdw10.get<C::Fid>());
    if (ctx.extensions.feature(fid) != nullptr) return get_vendor_feature(ctx, cmd, fid);
    const FeatureInfo* f = ctx.state.features.find(fid);
    if (f == nullptr) return unsupported(fid);
    const auto select = static_cast<FeatureSelect>(cdw10.get<C::Sel>());
    // Capabilities are the same for every namespace, and no data goes with them.
    if (select != FeatureSelect::kSupportedCapabilities)
        if (const auto good = check_nsid(ctx, *f, cmd.sqe.nsid, false); !good) return good.error();
    const auto get = feature_actions(f->id).get;
    const bool ordinary = get == nullptr || select >= FeatureSelect::kSupportedCapabilities;
    return ordinary ? read_feature(ctx, cmd, *f, select) : get(ctx, cmd, *f, select);
}

}  // namespace nvme::admin
