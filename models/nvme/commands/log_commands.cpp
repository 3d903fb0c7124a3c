// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <vector>

#include "models/nvme/commands/admin_handlers.h"
#include "models/nvme/commands/command_set.h"
#include "models/nvme/commands/extensions.h"
#include "models/nvme/commands/log_page.h"
#include "models/nvme/spec/commands.h"
#include "models/nvme/spec/registers.h"

// [NVMe-Base-2.0 5.16 Get Log Page command]
namespace nvme::admin {
using spec::LogId;
using spec::StatusCode;

Result<Next> get_log_page(AdminContext& ctx, AdminCommand& cmd) {
    using C10 = spec::GetLogPageCdw10;
    using C11 = spec::GetLogPageCdw11;
    using C14 = spec::GetLogPageCdw14;
    const auto cdw10 = C10::from(cmd.sqe.cdw10);
    const auto cdw14 = C14::from(cmd.sqe.cdw14);
    const auto lid = static_cast<LogId>(cdw10.get<C10::Lid>());
    // A platform's own page takes the place of ours.
    const auto* vendor = ctx.extensions.log_page(static_cast<std::uint8_t>(lid));
    const LogPage* page = vendor == nullptr ? find_log_page(ctx, lid) : nullptr;
    if (page == nullptr && vendor == nullptr)
        return CommandError{StatusCode::kInvalidLogPage, "LID is not supported",
                            cdw10.get<C10::Lid>(), true, C10::at<C10::Lid>()};
    // No log here is kept per namespace (LPA bit 0 = 0).
    if (cmd.sqe.nsid != 0 && cmd.sqe.nsid != spec::kNsidBroadcast)
        return CommandError{StatusCode::kInvalidField, "the log page has controller scope",
                            cmd.sqe.nsid, true, spec::Nsid::at()};
    // Unless the host has chosen all command sets, CSI is ignored.
    if (page != nullptr && page->csi && ctx.state.css == spec::kCssAllSupported &&
        find_command_set(cdw14.get<C14::Csi>()) == nullptr)
        return CommandError{StatusCode::kIoCommandSetNotSupported, "CSI is not supported",
                            cdw14.get<C14::Csi>(), true, C14::at<C14::Csi>()};
    const auto lsi = C11::from(cmd.sqe.cdw11).get<C11::Lsi>();
    if (page != nullptr && page->most_lsi != 0 && (lsi == 0 || lsi > page->most_lsi))
        return CommandError{StatusCode::kInvalidField, "LSI names no Endurance Group", lsi, true,
                            C11::at<C11::Lsi>()};
    if (cdw14.get<C14::Ot>())
        return CommandError{StatusCode::kInvalidField, "OT: index offsets are not supported", 1,
                            true, C14::at<C14::Ot>()};
    const std::uint64_t numd_z =
        cdw10.get<C10::Numdl>() | std::uint64_t{C11::from(cmd.sqe.cdw11).get<C11::Numdu>()} << 16;
    const std::uint64_t length = (numd_z + 1) * 4;
    if (length > ctx.state.max_transfer())
        return CommandError{StatusCode::kInvalidField, "NUMD exceeds MDTS", length, true,
                            C10::at<C10::Numdl>()};
    const std::uint64_t offset = cmd.sqe.cdw12 | std::uint64_t{cmd.sqe.cdw13} << 32;
    if (offset % 4 != 0)
        return CommandError{StatusCode::kInvalidField, "LPO is not dword aligned", offset, true,
                            spec::Lpo::at()};

    std::vector<std::byte> of_vendor;
    if (page == nullptr) of_vendor = vendor->read();
    const std::uint64_t size = page == nullptr ? of_vendor.size() : page->size(ctx);
    if (offset > size)
        return CommandError{StatusCode::kInvalidField, "LPO is beyond the log page", offset, true,
                            spec::Lpo::at()};
    const auto read = [&](std::uint64_t from, std::byte* to, std::size_t n) {
        if (page == nullptr)
            std::memcpy(to, of_vendor.data() + from, n);
        else
            page->read(ctx, from, to, n);
    };
    // Past its end a log page reads as zero.
    const auto there = static_cast<std::size_t>(std::min(size - offset, length));
    const auto sent = ctx.send(
        cmd, static_cast<std::size_t>(length), [&](std::size_t at, std::byte* to, std::size_t n) {
            const std::size_t good = at < there ? std::min(n, there - at) : 0;
            if (good != 0) read(offset + at, to, good);
            std::fill(to + good, to + n, std::byte{0});
        });
    if (!sent) return sent.error();
    const bool retained = cdw10.get<C10::Rae>();
    if (!retained) ctx.state.events.log_read(lid);
    if (page != nullptr && page->on_read != nullptr) page->on_read(ctx, retained);
    return Next::done(*sent);
}

}  // namespace nvme::admin
