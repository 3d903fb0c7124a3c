// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/nvme/commands/admin_command.h"

/// The admin commands; admin_commands.cpp's table lists them.
namespace nvme::admin {

Result<Next> create_io_cq(AdminContext& ctx, AdminCommand& cmd);
Result<Next> create_io_sq(AdminContext& ctx, AdminCommand& cmd);
Result<Next> delete_io_cq(AdminContext& ctx, AdminCommand& cmd);
Result<Next> delete_io_sq(AdminContext& ctx, AdminCommand& cmd);
Result<Next> identify(AdminContext& ctx, AdminCommand& cmd);
Result<Next> get_log_page(AdminContext& ctx, AdminCommand& cmd);
Result<Next> set_features(AdminContext& ctx, AdminCommand& cmd);
/// Of Set Features that has turned the volatile write cache off, when it has been programmed.
inline constexpr std::uint8_t kCacheFlushed = 1;
Result<Next> cache_flushed(AdminContext& ctx, AdminCommand& cmd);
Result<Next> get_features(AdminContext& ctx, AdminCommand& cmd);
Result<Next> abort(AdminContext& ctx, AdminCommand& cmd);
Result<Next> async_event_request(AdminContext& ctx, AdminCommand& cmd);
Result<Next> device_self_test(AdminContext& ctx, AdminCommand& cmd);
Result<Next> keep_alive(AdminContext& ctx, AdminCommand& cmd);
Result<Next> doorbell_buffer_config(AdminContext& ctx, AdminCommand& cmd);
bool doorbell_buffer_offered(const ControllerParams& params);

/// Completes when its data has arrived; the error otherwise.
inline Result<Next> complete_at(const Result<util::TimePs>& transfer) {
    if (!transfer) return transfer.error();
    return Next::done(*transfer);
}
inline Result<Next> complete_now(const AdminContext& ctx) {
    return Next::done(ctx.state.now());
}

}  // namespace nvme::admin
