// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "models/nvme/commands/nvm_handlers.h"
#include "models/nvme/spec/nvm_commands.h"

namespace nvme::nvm {
using util::TimePs;

namespace {

enum Step : std::uint8_t { kMap, kMedia, kSend, kPassed };

// Each run of host memory is filled by the store itself where it can be addressed. From the first
// that cannot, all the rest is read into the bounce buffer at once: while a blocking host memory
// takes its time other commands write, and a read shows all of a write or nothing (AWUN).
Result<Next> send(NvmContext& ctx, IoCommand& cmd) {
    if (const auto r = check_written(ctx, cmd); !r) return r.error();
    TimePs done = ctx.now();
    std::uint64_t at = 0;
    const std::byte* bounced = nullptr;  // what is left of the bounce buffer
    for (const Extent& e : cmd.extents) {
        if (e.discard) {
            at += e.len;
            if (bounced != nullptr) bounced += e.len;
            continue;
        }
        Dma::Direct host{};
        if (bounced == nullptr) host = ctx.dma.direct(ctx.now(), e.gpa, e.len, true);
        if (host.data != nullptr) {
            const auto r = read_media(ctx, cmd, cmd.offset + at, host.data, e.len);
            if (!r) return r.error();
            done = std::max(done, host.done);
            at += e.len;
            continue;
        }
        if (bounced == nullptr) {
            const auto rest = static_cast<std::size_t>(cmd.bytes - at);
            const auto r = read_media(ctx, cmd, cmd.offset + at, ctx.bounce.first(), rest);
            if (!r) return r.error();
            bounced = ctx.bounce.first();
        }
        const DmaResult moved = ctx.dma.write(ctx.now(), e.gpa, bounced, e.len);
        if (!moved) return unreachable(cmd.extents, e);
        done = std::max(done, moved.done);
        bounced += e.len;
    }
    ctx.state.health.count_read(cmd.bytes);
    return Next::sent(done);
}

}  // namespace

const NvmCommandInfo kRead{kReads,
                           false,
                           Access::kRead,
                           0,
                           {{{"read.map", map_step<kMap>},
                             {"read.media", media_step<kMedia>},
                             {"read.send", pass_step<&DataPath::read, kPassed, send>},
                             {"read.passed", send}}}};

}  // namespace nvme::nvm
