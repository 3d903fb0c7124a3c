// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "models/nvme/commands/nvm_handlers.h"
#include "models/nvme/spec/identify_controller.h"
#include "models/nvme/spec/nvm_commands.h"

namespace nvme::nvm {
namespace {

enum Step : std::uint8_t { kMedia, kCheck, kPassed };

// No data buffer, so MDTS does not apply; VSL = 0 announces no limit either.
Result<Next> media(NvmContext& ctx, IoCommand& cmd) {
    using C = spec::VerifyCdw12;
    const auto cdw12 = C::from(cmd.sqe.cdw12);
    // Of PRINFO, only the action bit means anything without protection information: it must be 0.
    if (cdw12.get<C::Pract>())
        return CommandError{spec::StatusCode::kInvalidField, "PRACT is set", cdw12.raw, true,
                            C::at<C::Pract>()};
    if (const auto r = decode_range(cmd, cdw12.get<C::Nlb>()); !r) return r.error();
    return begin_read(ctx, cmd, kCheck);
}

Result<Next> check(NvmContext& ctx, IoCommand& cmd) {
    if (const auto r = check_written(ctx, cmd); !r) return r.error();
    const std::uint64_t piece = ctx.state.max_transfer();
    for (std::uint64_t at = 0; at < cmd.bytes; at += piece) {
        const auto length = static_cast<std::size_t>(std::min(piece, cmd.bytes - at));
        if (const auto r = read_media(ctx, cmd, cmd.offset + at, ctx.bounce.first(), length); !r)
            return r.error();
    }
    // Verified data counts as read, though the command is none that reads for the host.
    // [NVM-1.0 3.2.5 Verify command]
    ctx.state.health.count_verified(cmd.bytes);
    return Next::done(ctx.now());
}

}  // namespace

const NvmCommandInfo kVerify{kReads,
                             false,
                             Access::kRead,
                             spec::Oncs{}.with<spec::Oncs::Verify>(true).raw,
                             {{{"verify.media", media},
                               {"verify.check", pass_step<&DataPath::read, kPassed, check>},
                               {"verify.passed", check}}}};

}  // namespace nvme::nvm
