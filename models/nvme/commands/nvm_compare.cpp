// SPDX-License-Identifier: Apache-2.0
#include <cstring>

#include "models/nvme/commands/nvm_handlers.h"
#include "models/nvme/spec/identify_controller.h"
#include "models/nvme/spec/nvm_commands.h"

namespace nvme::nvm {
namespace {

enum Step : std::uint8_t { kMap, kMedia, kFetch, kCompareData, kPassed };

Result<Next> compare(NvmContext& ctx, IoCommand& cmd) {
    if (const auto r = check_written(ctx, cmd); !r) return r.error();
    const auto length = static_cast<std::size_t>(cmd.bytes);
    if (const auto r = read_media(ctx, cmd, cmd.offset, ctx.bounce.first(), length); !r)
        return r.error();
    std::byte* const host = ctx.bounce.second();
    const auto taken = take_data(ctx, cmd, host);
    if (!taken) return taken.error();
    ctx.state.health.count_read(cmd.bytes);
    // The media may have been overwritten while a blocking host memory was read: the comparison is
    // with what the media held when it was read, as it would be in a drive.
    if (std::memcmp(ctx.bounce.first(), host, length) != 0)
        return CommandError{spec::StatusCode::kCompareFailure, "host data differs from the media",
                            cmd.slba()};
    return Next::done(*taken);
}

}  // namespace

const NvmCommandInfo kCompare{kReads,
                              false,
                              Access::kRead,
                              spec::Oncs{}.with<spec::Oncs::Compare>(true).raw,
                              {{{"compare.map", map_step<kMap>},
                                {"compare.media", media_step<kMedia>},
                                {"compare.fetch", fetch_step<kFetch>},
                                {"compare.data", pass_step<&DataPath::read, kPassed, compare>},
                                {"compare.passed", compare}}}};

}  // namespace nvme::nvm
