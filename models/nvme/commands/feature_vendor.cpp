// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/commands/extensions.h"
#include "models/nvme/commands/feature_actions.h"

// Features that a platform has added: one value each, with controller scope, not saveable.
namespace nvme::admin {
using spec::FeatureSelect;
using spec::StatusCode;

Result<Next> set_vendor_feature(AdminContext& ctx, const AdminCommand& cmd, std::uint8_t fid) {
    using C = spec::SetFeaturesCdw10;
    if (C::from(cmd.sqe.cdw10).get<C::Sv>())
        return CommandError{StatusCode::kFeatureNotSaveable, "SV is set", fid, true,
                            C::at<C::Sv>()};
    if (const auto set = ctx.extensions.feature(fid)->set(cmd.sqe.cdw11); !set) return set.error();
    return complete_now(ctx);
}

Result<Next> get_vendor_feature(AdminContext& ctx, AdminCommand& cmd, std::uint8_t fid) {
    using C = spec::GetFeaturesCdw10;
    using Capabilities = spec::FeatureCapabilities;
    const VendorFeature& feature = *ctx.extensions.feature(fid);
    switch (static_cast<FeatureSelect>(C::from(cmd.sqe.cdw10).get<C::Sel>())) {
        case FeatureSelect::kCurrent:
            cmd.dw0 = feature.get();
            break;
        case FeatureSelect::kSupportedCapabilities:
            cmd.dw0 = Capabilities{}.with<Capabilities::Changeable>(true).raw;
            break;
        default:
            cmd.dw0 = feature.default_value;
    }
    return complete_now(ctx);
}

}  // namespace nvme::admin
