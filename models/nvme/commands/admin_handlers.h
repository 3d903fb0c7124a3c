// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/nvme/commands/admin_command.h"

/// The admin commands; admin_commands.cpp's table lists them.
namespace nvme::admin {

Result<AdminStep> create_io_cq(AdminContext& ctx, AdminCommand& cmd);
Result<AdminStep> create_io_sq(AdminContext& ctx, AdminCommand& cmd);
Result<AdminStep> delete_io_cq(AdminContext& ctx, AdminCommand& cmd);
Result<AdminStep> delete_io_sq(AdminContext& ctx, AdminCommand& cmd);
Result<AdminStep> identify(AdminContext& ctx, AdminCommand& cmd);
Result<AdminStep> get_log_page(AdminContext& ctx, AdminCommand& cmd);
Result<AdminStep> set_features(AdminContext& ctx, AdminCommand& cmd);
Result<AdminStep> get_features(AdminContext& ctx, AdminCommand& cmd);
Result<AdminStep> abort(AdminContext& ctx, AdminCommand& cmd);
Result<AdminStep> async_event_request(AdminContext& ctx, AdminCommand& cmd);
Result<AdminStep> keep_alive(AdminContext& ctx, AdminCommand& cmd);
Result<AdminStep> doorbell_buffer_config(AdminContext& ctx, AdminCommand& cmd);
bool doorbell_buffer_offered(const ControllerParams& params);

/// Completes when its data has arrived; the error otherwise.
inline Result<AdminStep> complete_at(const Result<util::TimePs>& transfer) {
    if (!transfer) return transfer.error();
    return AdminStep::complete(*transfer);
}
inline Result<AdminStep> complete_now(const AdminContext& ctx) {
    return AdminStep::complete(ctx.state.now());
}

}  // namespace nvme::admin
