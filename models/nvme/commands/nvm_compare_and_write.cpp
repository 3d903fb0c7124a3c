// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstring>

#include "models/nvme/commands/nvm_handlers.h"
#include "models/nvme/spec/nvm_commands.h"

// The fused operation: nothing else happens to the blocks between the comparison and the write.
// The Write's own mistakes do not change what becomes of the Compare.
// [NVM-1.0 2.1.3.1 Compare and Write]
namespace nvme::nvm {
using spec::StatusCode;
using util::TimePs;

namespace {

enum Step : std::uint8_t { kMap, kMedia, kFetch, kApply, kPassed };

using C = spec::ReadWriteCdw12;

bool same_blocks(const IoCommand& a, const IoCommand& b) {
    return a.sqe.nsid == b.sqe.nsid && a.slba() == b.slba() &&
           C::from(a.sqe.cdw12).get<C::Nlb>() == C::from(b.sqe.cdw12).get<C::Nlb>();
}

Result<Next> map(NvmContext& ctx, IoCommand& cmd) {
    IoCommand& write = *ctx.second;
    if (!same_blocks(cmd, write)) {
        const CommandError other{StatusCode::kInvalidField, "Compare and Write name other blocks",
                                 write.slba(), true, spec::Slba::at()};
        write.refusal = other;
        return other;
    }
    if (const auto r = decode_range(cmd, C::from(cmd.sqe.cdw12).get<C::Nlb>()); !r)
        return r.error();
    write.ns = cmd.ns;
    write.offset = cmd.offset;
    write.bytes = cmd.bytes;
    const auto compare_mapped = map_data(ctx, cmd, kMedia, C::at<C::Nlb>());
    if (!compare_mapped) return compare_mapped.error();
    const auto write_mapped = map_data(ctx, write, kMedia, C::at<C::Nlb>());
    if (!write_mapped) {
        write.refusal = write_mapped.error();
        return compare_mapped;
    }
    return Next::to(kMedia, std::max((*compare_mapped).at, (*write_mapped).at));
}

Result<Next> fetch(NvmContext& ctx, IoCommand& cmd) {
    const TimePs compared = fetch_data(ctx, cmd, kApply).at;
    if (ctx.second->refusal) return Next::to(kApply, compared);
    return Next::to(kApply, std::max(compared, fetch_data(ctx, *ctx.second, kApply).at));
}

/// Whether the media holds what is at `host`. A piece at a time, as all buffers are taken.
Outcome compare(NvmContext& ctx, IoCommand& cmd, const std::byte* host) {
    std::array<std::byte, 4096> piece;
    for (std::uint64_t at = 0; at < cmd.bytes; at += piece.size()) {
        const auto n =
            static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), cmd.bytes - at));
        if (const auto r = read_media(ctx, cmd, cmd.offset + at, piece.data(), n); !r)
            return r.error();
        if (std::memcmp(piece.data(), host + at, n) != 0)
            return CommandError{StatusCode::kCompareFailure, "host data differs from the media",
                                cmd.slba()};
    }
    return Done{};
}

// Host memory may make both transfers wait; after them nothing does.
Result<Next> apply(NvmContext& ctx, IoCommand& cmd) {
    IoCommand& write = *ctx.second;
    std::byte* const expected = ctx.bounce.second();
    const auto taken = take_data(ctx, cmd, expected);
    if (!taken) return taken.error();
    TimePs there = *taken;
    if (!write.refusal) {
        const auto data = take_data(ctx, write, ctx.bounce.first());
        if (!data)
            write.refusal = data.error();
        else
            there = std::max(there, *data);
    }
    if (const auto r = check_written(ctx, cmd); !r) return r.error();
    ctx.state.health.count_read(cmd.bytes);
    if (const auto r = compare(ctx, cmd, expected); !r) return r.error();
    if (write.refusal) return Next::done(there);
    ctx.pieces.assign(1, {ctx.bounce.first(), static_cast<std::size_t>(write.bytes)});
    const auto written = place_data(ctx, write, there);
    if (!written)
        write.refusal = written.error();
    else
        write.busy_until = *written;
    return Next::done(there);
}

}  // namespace

const NvmCommandInfo kCompareAndWrite{kWrites,
                                      false,
                                      Access::kWrite,
                                      0,
                                      {{{"fused.map", map},
                                        {"fused.media", media_step<kMedia>},
                                        {"fused.fetch", fetch},
                                        {"fused.apply", pass_step<&DataPath::both, kPassed, apply>},
                                        {"fused.passed", apply}}}};

}  // namespace nvme::nvm
