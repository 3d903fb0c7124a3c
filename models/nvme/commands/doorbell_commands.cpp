// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <vector>

#include "models/nvme/commands/admin_handlers.h"

namespace nvme::admin {
using spec::StatusCode;

bool doorbell_buffer_offered(const ControllerParams& params) {
    return params.shadow_doorbells && ShadowDoorbells::fit(params.max_io_queues);
}

namespace {

/// Addresses that are no good are an invalid field, whatever is wrong with them.
/// [NVMe-Base-2.0 5.8 Doorbell Buffer Config command]
CommandError bad_address(const char* reason, std::uint64_t gpa, spec::Location where) {
    return {StatusCode::kInvalidField, reason, gpa, true, where};
}

}  // namespace

Result<Next> doorbell_buffer_config(AdminContext& ctx, AdminCommand& cmd) {
    const std::uint64_t shadow = cmd.sqe.prp1, event_idx = cmd.sqe.prp2;
    const std::uint64_t in_page = ctx.state.page_size - 1;
    if ((shadow & in_page) != 0)
        return bad_address("the Shadow Doorbell buffer is not page aligned", shadow,
                           spec::Prp1::at());
    if ((event_idx & in_page) != 0)
        return bad_address("the EventIdx buffer is not page aligned", event_idx, spec::Prp2::at());

    // The values that the doorbells have now: queues may have been in use for long.
    std::vector<std::uint32_t> values;
    const std::array<std::uint16_t, 2> own = ctx.completer.doorbells();
    values.assign(own.begin(), own.end());
    ctx.queues.append_doorbells(values);
    using Configured = ShadowDoorbells::Configured;
    const Configured configured = ctx.shadow.configure(shadow, event_idx, values);
    if (configured == Configured::kNoEventIdx)
        return bad_address("the EventIdx buffer is unreachable", event_idx, spec::Prp2::at());
    if (configured == Configured::kNoShadow)
        return bad_address("the Shadow Doorbell buffer is unreachable", shadow, spec::Prp1::at());

    // A doorbell that was rung while the buffers were written is not in them.
    for (std::size_t i = 0; i < values.size(); ++i) ctx.shadow.look_at(i, ctx.state.now());
    ctx.queues.wake_all();
    return complete_now(ctx);
}

}  // namespace nvme::admin
