// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "models/nvme/commands/nvm_handlers.h"
#include "models/nvme/spec/identify_controller.h"
#include "models/nvme/spec/nvm_commands.h"

namespace nvme::nvm {
using media::IoStatus;
using spec::StatusCode;
using util::TimePs;

namespace {

enum Step : std::uint8_t { kMap, kFetch, kApply };

std::size_t range_count(const IoCommand& cmd) {
    using C = spec::DsmCdw10;
    return C::from(cmd.sqe.cdw10).get<C::Nr>() + 1;
}

Result<Next> map(NvmContext& ctx, IoCommand& cmd) {
    cmd.bytes = range_count(cmd) * sizeof(spec::DsmRange);
    return map_data(ctx, cmd, kFetch, spec::DsmCdw10::at<spec::DsmCdw10::Nr>());
}

// [NVM-1.0 3.2.3 Dataset Management command]. Only deallocation acts; the other attributes are
// hints. All ranges are checked before the first is deallocated.
Result<Next> apply(NvmContext& ctx, IoCommand& cmd) {
    std::array<spec::DsmRange, 256> ranges;
    const auto taken = take_data(ctx, cmd, reinterpret_cast<std::byte*>(ranges.data()));
    if (!taken) return taken.error();
    if (!spec::DsmCdw11::from(cmd.sqe.cdw11).get<spec::DsmCdw11::Ad>()) return Next::done(*taken);
    if (cmd.ns->read_only()) return media_error(ctx, IoStatus::kReadOnly);

    const std::size_t count = range_count(cmd);
    for (std::size_t i = 0; i < count; ++i)
        if (!cmd.ns->contains(ranges[i].slba, ranges[i].nlb))
            return CommandError{StatusCode::kLbaOutOfRange, "a range exceeds NSZE", ranges[i].slba};
    const BlockFormat& format = cmd.ns->format();
    TimePs done = *taken;
    for (std::size_t i = 0; i < count; ++i) {
        const auto gone = cmd.ns->media().deallocate(*taken, format.to_bytes(ranges[i].slba),
                                                     format.to_bytes(ranges[i].nlb));
        if (gone.status != IoStatus::kOk) return media_error(ctx, gone.status);
        done = std::max(done, gone.done);
    }
    return Next::done(done);
}

}  // namespace

const NvmCommandInfo kDatasetManagement{
    kWrites,
    false,
    Access::kWrite,
    spec::Oncs{}.with<spec::Oncs::DatasetManagement>(true).raw,
    {{{"dsm.map", map}, {"dsm.fetch", fetch_step<kFetch>}, {"dsm.apply", apply}}}};

}  // namespace nvme::nvm
