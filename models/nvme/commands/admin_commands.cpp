// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <vector>

#include "models/nvme/commands/admin_command.h"
#include "models/nvme/commands/admin_handlers.h"
#include "models/nvme/commands/command_table.h"
#include "models/nvme/commands/extensions.h"
#include "models/nvme/spec/logs.h"
#include "models/nvme/transport/prp.h"

namespace nvme {
using spec::AdminOpcode;
using spec::StatusCode;
using util::TimePs;

namespace {

using E = spec::CommandEffects;
constexpr std::uint32_t kSupported =
    E{}.with<E::Csupp>(true).with<E::Csp>(spec::kScopeController).raw;

// clang-format off
constexpr AdminCommandInfo kAdmin[] = {
    // opcode, effects, steps, offered
    {AdminOpcode::kDeleteIoSq,           kSupported, {{{"delete_sq", admin::delete_io_sq}}}},
    {AdminOpcode::kCreateIoSq,           kSupported, {{{"create_sq", admin::create_io_sq}}}},
    {AdminOpcode::kGetLogPage,           kSupported, {{{"get_log_page", admin::get_log_page}}}},
    {AdminOpcode::kDeleteIoCq,           kSupported, {{{"delete_cq", admin::delete_io_cq}}}},
    {AdminOpcode::kCreateIoCq,           kSupported, {{{"create_cq", admin::create_io_cq}}}},
    {AdminOpcode::kIdentify,             kSupported, {{{"identify", admin::identify}}}},
    {AdminOpcode::kAbort,                kSupported, {{{"abort", admin::abort}}}},
    {AdminOpcode::kSetFeatures,          kSupported, {{{"set_features", admin::set_features}, {"set_features.flushed", admin::cache_flushed}}}},
    {AdminOpcode::kGetFeatures,          kSupported, {{{"get_features", admin::get_features}}}},
    {AdminOpcode::kAsyncEventRequest,    kSupported, {{{"event_request", admin::async_event_request}}}},
    {AdminOpcode::kDeviceSelfTest,       kSupported, {{{"device_self_test", admin::device_self_test}}}},
    {AdminOpcode::kKeepAlive,            kSupported, {{{"keep_alive", admin::keep_alive}}}, has_keep_alive},
    {AdminOpcode::kDoorbellBufferConfig, kSupported, {{{"doorbell_buffers", admin::doorbell_buffer_config}}}, admin::doorbell_buffer_offered},
};
// clang-format on
static_assert(opcodes_ascend(kAdmin));
constexpr auto kAdminIndex = index_by_opcode(kAdmin);

// By PCI Express, admin commands use PRPs, whatever Identify Controller says of SGLs, and none is
// fused. [NVMe-Base-2.0 4.1.2 Scatter Gather List]
Outcome check_cdw0(spec::Cdw0 cdw0) {
    using C = spec::Cdw0;
    if (cdw0.get<C::Fuse>() != spec::kFuseNormal)
        return CommandError{StatusCode::kInvalidField, "FUSE is not supported", cdw0.get<C::Fuse>(),
                            true, C::at<C::Fuse>()};
    if (cdw0.get<C::Psdt>() != spec::kPsdtPrp)
        return CommandError{StatusCode::kInvalidField, "PSDT selects SGLs", cdw0.get<C::Psdt>(),
                            true, C::at<C::Psdt>()};
    return Done{};
}

/// The command's PRPs, expanded. Admin commands move at most MDTS.
Result<TimePs> map(const AdminContext& ctx, const AdminCommand& cmd, std::size_t len, bool to_host,
                   ExtentList& extents) {
    if (len > ctx.state.max_transfer())
        return CommandError{StatusCode::kInvalidField, "transfer exceeds MDTS", len};
    extents.reserve(ExtentList::worst_case(len, ctx.state.page_size));
    const auto walked = walk_prps(ctx.dma, ctx.state.now(), {cmd.sqe.prp1, cmd.sqe.prp2}, len,
                                  ctx.state.page_size, extents);
    if (!walked || ctx.state.trace == nullptr) return walked;
    for (const Extent& e : extents)
        ctx.state.trace->record(
            observe::DataBuffer{ctx.state.now(), 0, cmd.cid(), e.gpa, e.len, to_host});
    return walked;
}

}  // namespace

const AdminCommandInfo* find_admin_command(std::uint8_t opcode) {
    const auto slot = kAdminIndex[opcode];
    return slot == 0 ? nullptr : &kAdmin[slot - 1];
}

const AdminCommandInfo* find_admin_command(std::uint8_t opcode, const ControllerParams& params) {
    const AdminCommandInfo* info = find_admin_command(opcode);
    const bool offered = info != nullptr && (info->offered == nullptr || info->offered(params));
    return offered ? info : nullptr;
}

namespace {

/// Before its first step.
Outcome start(const AdminContext& ctx, AdminCommand& cmd) {
    cmd.info = find_admin_command(cmd.opcode(), ctx.state.params);
    if (cmd.info == nullptr && ctx.extensions.admin(cmd.opcode()) == nullptr)
        return CommandError{StatusCode::kInvalidOpcode, "admin opcode is not supported",
                            cmd.opcode(), true, spec::Cdw0::at<spec::Cdw0::Opcode>()};
    return check_cdw0(cmd.cdw0());
}

}  // namespace

Result<Next> run_admin_step(AdminContext& ctx, AdminCommand& cmd) {
    if (cmd.stage == Command::Stage::kStart)
        if (const auto good = start(ctx, cmd); !good) return good.error();
    if (cmd.info == nullptr) return ctx.extensions.admin(cmd.opcode())->run(ctx, cmd, cmd.step);
    return cmd.info->steps[cmd.step % kMostSteps].run(ctx, cmd);
}

Result<TimePs> AdminContext::send(const AdminCommand& cmd, std::size_t total,
                                  const Source& source) const {
    ExtentList extents;
    const auto mapped = map(*this, cmd, total, true, extents);
    if (!mapped) return mapped.error();
    std::byte piece[4096];
    std::size_t at = 0;
    TimePs done = *mapped;
    for (const Extent& e : extents) {
        for (std::uint32_t in = 0; in < e.len;) {
            const std::size_t n = std::min<std::size_t>(e.len - in, sizeof piece);
            source(at, piece, n);
            const DmaResult r = dma.write(*mapped, e.gpa + in, piece, n);
            if (!r) return unreachable(extents, e, in);
            done = std::max(done, r.done);
            in += static_cast<std::uint32_t>(n);
            at += n;
        }
    }
    return done;
}

Result<TimePs> AdminContext::send(const AdminCommand& cmd, const void* data,
                                  std::size_t len) const {
    return send(cmd, len, [data](std::size_t at, std::byte* to, std::size_t n) {
        std::memcpy(to, static_cast<const std::byte*>(data) + at, n);
    });
}

Result<TimePs> AdminContext::receive(const AdminCommand& cmd, void* data, std::size_t len) const {
    ExtentList extents;
    const auto mapped = map(*this, cmd, len, false, extents);
    if (!mapped) return mapped.error();
    return read_extents(dma, *mapped, extents, static_cast<std::byte*>(data));
}

}  // namespace nvme
