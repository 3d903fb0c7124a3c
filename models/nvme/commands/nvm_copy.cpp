// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>

#include "models/nvme/commands/nvm_handlers.h"
#include "models/nvme/spec/identify_controller.h"
#include "models/nvme/spec/nvm_commands.h"

// Range by range: the media reads it, then it is written behind the one before.
// [NVM-1.0 3.2.2 Copy command]
namespace nvme::nvm {
using media::IoStatus;
using spec::StatusCode;
using util::TimePs;

namespace {

enum Step : std::uint8_t { kMap, kFetch, kCheck, kRead, kWrite, kPassed };

using C = spec::CopyCdw12;

std::size_t range_count(const IoCommand& cmd) {
    return C::from(cmd.sqe.cdw12).get<C::Nr>() + 1;
}

CommandError too_much(const char* reason, std::uint64_t value, spec::Location where = {}) {
    return {StatusCode::kCommandSizeLimitExceeded, reason, value, true, where};
}

// Without protection information its fields have no effect, and a Directive Type is none of ours.
Result<Next> map(NvmContext& ctx, IoCommand& cmd) {
    const auto cdw12 = C::from(cmd.sqe.cdw12);
    if (cdw12.get<C::Df>() != 0)
        return CommandError{StatusCode::kInvalidField, "DF is not supported", cdw12.get<C::Df>(),
                            true, C::at<C::Df>()};
    if (range_count(cmd) > kCopyRanges)
        return too_much("NR exceeds MSRC", cdw12.get<C::Nr>(), C::at<C::Nr>());
    cmd.bytes = range_count(cmd) * sizeof(spec::CopyRange);
    return map_data(ctx, cmd, kFetch, C::at<C::Nr>());
}

spec::CopyRange range_of(const IoCommand& cmd, std::size_t number) {
    spec::CopyRange range;
    std::memcpy(&range, cmd.work.data() + number * sizeof range, sizeof range);
    return range;
}

/// The range that is next, into cmd.offset and cmd.bytes.
void take_range(IoCommand& cmd) {
    const spec::CopyRange range = range_of(cmd, cmd.part);
    cmd.offset = cmd.ns->format().to_bytes(range.slba);
    cmd.bytes = cmd.ns->format().to_bytes(std::uint64_t{range.nlb} + 1);
}

/// All ranges are checked before the first is copied.
Result<Next> check(NvmContext& ctx, IoCommand& cmd) {
    cmd.work.resize(range_count(cmd) * sizeof(spec::CopyRange));
    const auto taken = take_data(ctx, cmd, cmd.work.data());
    if (!taken) return taken.error();
    if (cmd.ns->read_only()) return media_error(ctx, IoStatus::kReadOnly);
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < range_count(cmd); ++i) {
        const spec::CopyRange range = range_of(cmd, i);
        const std::uint64_t blocks = std::uint64_t{range.nlb} + 1;
        if (blocks > kCopyRangeBlocks) return too_much("a range exceeds MSSRL", blocks);
        if (!cmd.ns->contains(range.slba, blocks))
            return CommandError{StatusCode::kLbaOutOfRange, "a range exceeds NSZE", range.slba};
        total += blocks;
    }
    if (total > kCopyBlocks) return too_much("the ranges exceed MCL", total);
    if (!cmd.ns->contains(cmd.slba(), total))
        return CommandError{StatusCode::kLbaOutOfRange, "SDLBA and the ranges exceed NSZE",
                            cmd.slba(), true, spec::Slba::at()};
    return Next::to(kRead, *taken);
}

Result<Next> read(NvmContext& ctx, IoCommand& cmd) {
    take_range(cmd);
    return begin_read(ctx, cmd, kWrite);
}

/// One range, as it is now. Where a destination overlaps a source, who reads what is not defined.
Result<TimePs> copy_range(NvmContext& ctx, IoCommand& cmd) {
    if (const auto r = check_written(ctx, cmd); !r) return r.error();
    if (cmd.ns->read_only()) return media_error(ctx, IoStatus::kReadOnly);
    const bool durable = must_be_durable(ctx, cmd);
    const std::uint64_t to = cmd.ns->format().to_bytes(cmd.slba()) + cmd.progress;
    TimePs done = ctx.now();
    for (std::uint64_t at = 0; at < cmd.bytes;) {
        const auto length = static_cast<std::size_t>(
            std::min<std::uint64_t>(ctx.state.max_transfer(), cmd.bytes - at));
        const IoStatus status =
            cmd.ns->media().read(cmd.offset + at, ctx.bounce.first(), length, false);
        if (status != IoStatus::kOk) return media_error(ctx, status);
        ctx.pieces.assign(1, {ctx.bounce.first(), length});
        const auto written = cmd.ns->media().write(done, to + at, ctx.pieces, durable);
        if (written.status != IoStatus::kOk) return media_error(ctx, written.status);
        done = written.done;
        at += length;
    }
    return done;
}

// Dword 0 of a command that fails is the first range that was not copied.
Result<Next> write(NvmContext& ctx, IoCommand& cmd) {
    const auto copied = copy_range(ctx, cmd);
    if (!copied) return copied.error();
    cmd.progress += cmd.bytes;
    cmd.dw0 = ++cmd.part;
    if (cmd.part != range_count(cmd)) return Next::to(kRead, *copied);
    cmd.dw0 = 0;
    return Next::done(*copied);
}

constexpr auto kOncs = spec::Oncs{}.with<spec::Oncs::Copy>(true);

}  // namespace

const NvmCommandInfo kCopy{kWrites,
                           false,
                           Access::kWrite,
                           kOncs.raw,
                           {{{"copy.map", map},
                             {"copy.fetch", fetch_step<kFetch>},
                             {"copy.check", check},
                             {"copy.read", read},
                             {"copy.write", pass_step<&DataPath::copy, kPassed, write>},
                             {"copy.passed", write}}}};

}  // namespace nvme::nvm
