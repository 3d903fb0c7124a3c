// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/nvme/commands/admin_handlers.h"

namespace nvme::admin {

/// What Set Features and Get Features do for one feature beyond its value (Features). A row names
/// what it has; null is the ordinary way.
struct FeatureActions {
    spec::FeatureId id;
    /// Instead of storing CDW11.
    Result<Next> (*set)(AdminContext&, AdminCommand&, const FeatureInfo&) = nullptr;
    /// Instead of reading the value.
    Result<Next> (*get)(AdminContext&, AdminCommand&, const FeatureInfo&,
                        spec::FeatureSelect) = nullptr;
    /// Before CDW11 is stored.
    Outcome (*check)(AdminContext&, const AdminCommand&) = nullptr;
    /// What is stored for one namespace, where the value is for all.
    std::uint32_t (*value_for)(const Namespace&, std::uint32_t cdw11) = nullptr;
    /// After it was stored; the command completes at the returned time.
    Result<Next> (*applied)(AdminContext&, AdminCommand&) = nullptr;
};

/// A row without actions for a feature that has none.
const FeatureActions& feature_actions(spec::FeatureId id);

/// Set Features and Get Features as for a feature without actions.
Result<Next> store_feature(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f);
Result<Next> read_feature(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f,
                          spec::FeatureSelect select);

/// Power state transitions and Keep Alive have a next time of their own now.
void wake_timers(const AdminContext& ctx);

// Features whose value is a data structure (feature_data.cpp).
Result<Next> set_timestamp(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f);
Result<Next> get_timestamp(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f,
                           spec::FeatureSelect select);
Result<Next> set_transitions(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f);
Result<Next> get_transitions(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f,
                             spec::FeatureSelect select);
Result<Next> set_host_behavior(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f);
Result<Next> get_host_behavior(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f,
                               spec::FeatureSelect select);

// Features that reservations bring (reservation_features.cpp).
Result<Next> set_host_identifier(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f);
Result<Next> get_host_identifier(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f,
                                 spec::FeatureSelect select);
Result<Next> set_reservation_persistence(AdminContext& ctx, AdminCommand& cmd,
                                         const FeatureInfo& f);
Result<Next> get_reservation_persistence(AdminContext& ctx, AdminCommand& cmd, const FeatureInfo& f,
                                         spec::FeatureSelect select);

// Features of a vendor (feature_vendor.cpp).
Result<Next> set_vendor_feature(AdminContext& ctx, const AdminCommand& cmd, std::uint8_t fid);
Result<Next> get_vendor_feature(AdminContext& ctx, AdminCommand& cmd, std::uint8_t fid);

}  // namespace nvme::admin
