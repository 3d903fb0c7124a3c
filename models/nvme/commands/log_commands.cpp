// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <iterator>
#include <vector>

#include "models/nvme/commands/admin_handlers.h"
#include "models/nvme/commands/extensions.h"
#include "models/nvme/spec/commands.h"
#include "models/nvme/spec/identify.h"
#include "models/nvme/spec/logs.h"
#include "models/nvme/spec/registers.h"

// [NVMe-Base-2.0 5.16 Get Log Page command]
namespace nvme::admin {
using spec::LogId;
using spec::StatusCode;

namespace {

using Bytes = std::vector<std::byte>;
constexpr auto kNvmCsi = static_cast<std::uint8_t>(spec::Csi::kNvm);

template <typename T>
void append(Bytes& out, const T& data) {
    const auto* from = reinterpret_cast<const std::byte*>(&data);
    out.insert(out.end(), from, from + sizeof data);
}

void fill_supported(const AdminContext& ctx, Bytes& out);

void fill_errors(const AdminContext& ctx, Bytes& out) {
    for (std::size_t age = 0; age < ctx.state.errors.capacity(); ++age)
        append(out, ctx.state.errors.entry(age));
}

void fill_smart(const AdminContext& ctx, Bytes& out) {
    append(out, ctx.state.smart_log());
}

void fill_firmware(const AdminContext& ctx, Bytes& out) {
    spec::FirmwareSlotLog log{};
    log.afi = spec::Afi{}.with<spec::Afi::ActiveSlot>(1).raw;
    std::fill_n(log.frs[0], 8, ' ');
    const std::string& fr = ctx.state.params.firmware_revision;
    std::copy_n(fr.begin(), std::min<std::size_t>(8, fr.size()), log.frs[0]);
    append(out, log);
}

void fill_changed(const AdminContext& ctx, Bytes& out) {
    append(out, ctx.state.events.changed_namespaces());
}

void fill_effects(const AdminContext& ctx, Bytes& out) {
    spec::CommandEffectsLog log{};
    for (unsigned opcode = 0; opcode < 256; ++opcode) {
        if (const auto* admin =
                find_admin_command(static_cast<std::uint8_t>(opcode), ctx.state.params))
            log.acs[opcode] = admin->effects;
        if (const auto* nvm = find_nvm_command(static_cast<std::uint8_t>(opcode)))
            log.iocs[opcode] = nvm->effects;
        if (const auto* admin = ctx.extensions.admin(static_cast<std::uint8_t>(opcode)))
            log.acs[opcode] = admin->effects;
        if (const auto* io = ctx.extensions.io(static_cast<std::uint8_t>(opcode)))
            log.iocs[opcode] = io->effects;
    }
    append(out, log);
}

void fill_features(const AdminContext& ctx, Bytes& out) {
    using F = spec::FeatureEffects;
    spec::FeatureEffectsLog log{};
    for (const FeatureInfo& f : feature_table()) {
        if (!ctx.state.features.has(f)) continue;
        const bool ns = f.scope == FeatureInfo::Scope::kNamespace;
        log.fids[static_cast<std::uint8_t>(f.id)] =
            F{}.with<F::Fsupp>(true)
                .with<F::Fsp>(ns ? spec::kScopeNamespace : spec::kScopeController)
                .raw;
    }
    for (unsigned fid = 0; fid < 256; ++fid)
        if (ctx.extensions.feature(static_cast<std::uint8_t>(fid)) != nullptr)
            log.fids[fid] = F{}.with<F::Fsupp>(true).with<F::Fsp>(spec::kScopeController).raw;
    append(out, log);
}

// No NVMe-MI command is supported; LPA bit 5 asks for the page nevertheless.
void fill_mi(const AdminContext&, Bytes& out) {
    append(out, spec::MiCommandEffectsLog{});
}

void fill_reservations(const AdminContext& ctx, Bytes& out) {
    append(out, ctx.state.reservation_log.oldest());
}

/// `csi`: what the page tells depends on the I/O command set.
/// [NVMe-Base-2.0 5.16 Get Log Page command, Log Page Identifiers]
// clang-format off
constexpr struct { LogId lid; const char* name; bool csi; void (*fill)(const AdminContext&, Bytes&); } kLogs[] = {
    {LogId::kSupportedLogPages,    "Supported Log Pages",                    true,  fill_supported},
    {LogId::kErrorInformation,     "Error Information",                      false, fill_errors},
    {LogId::kSmartHealth,          "SMART / Health Information",             false, fill_smart},
    {LogId::kFirmwareSlot,         "Firmware Slot Information",              false, fill_firmware},
    {LogId::kChangedNamespaceList, "Changed Namespace List",                 false, fill_changed},
    {LogId::kCommandEffects,       "Commands Supported and Effects",         true,  fill_effects},
    {LogId::kFeatureEffects,       "Feature Identifiers Supported and Effects", true, fill_features},
    {LogId::kNvmeMiEffects,        "NVMe-MI Commands Supported and Effects", false, fill_mi},
    {LogId::kReservationNotification, "Reservation Notification",            false, fill_reservations},
};
// clang-format on

void fill_supported(const AdminContext& ctx, Bytes& out) {
    constexpr auto kSupported = spec::LogSupport{}.with<spec::LogSupport::Lsupp>(true);
    spec::SupportedLogPages log{};
    for (const auto& row : kLogs) log.lids[static_cast<std::uint8_t>(row.lid)] = kSupported.raw;
    for (unsigned lid = 0; lid < 256; ++lid)
        if (ctx.extensions.log_page(static_cast<std::uint8_t>(lid)) != nullptr)
            log.lids[lid] = kSupported.raw;
    append(out, log);
}

}  // namespace

Result<AdminStep> get_log_page(AdminContext& ctx, AdminCommand& cmd) {
    using C10 = spec::GetLogPageCdw10;
    using C11 = spec::GetLogPageCdw11;
    using C14 = spec::GetLogPageCdw14;
    const auto cdw10 = C10::from(cmd.sqe.cdw10);
    const auto cdw14 = C14::from(cmd.sqe.cdw14);
    const auto lid = static_cast<LogId>(cdw10.get<C10::Lid>());
    const auto* row = std::find_if(std::begin(kLogs), std::end(kLogs),
                                   [lid](const auto& r) { return r.lid == lid; });
    const auto* vendor = ctx.extensions.log_page(static_cast<std::uint8_t>(lid));
    if (row == std::end(kLogs) && vendor == nullptr)
        return CommandError{StatusCode::kInvalidLogPage, "LID is not supported",
                            cdw10.get<C10::Lid>(), true, C10::at<C10::Lid>()};
    // No log here is kept per namespace (LPA bit 0 = 0).
    if (cmd.sqe.nsid != 0 && cmd.sqe.nsid != spec::kNsidBroadcast)
        return CommandError{StatusCode::kInvalidField, "the log page has controller scope",
                            cmd.sqe.nsid, true, spec::Nsid::at()};
    // The host has chosen among command sets, and there is one. Otherwise CSI is ignored.
    if (vendor == nullptr && row->csi && ctx.state.css == spec::kCssAllSupported &&
        cdw14.get<C14::Csi>() != kNvmCsi)
        return CommandError{StatusCode::kIoCommandSetNotSupported, "CSI is not supported",
                            cdw14.get<C14::Csi>(), true, C14::at<C14::Csi>()};
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

    Bytes log;
    if (vendor != nullptr)
        log = vendor->read();
    else
        row->fill(ctx, log);
    if (offset > log.size())
        return CommandError{StatusCode::kInvalidField, "LPO is beyond the log page", offset, true,
                            spec::Lpo::at()};
    // Past its end a log page reads as zero.
    const std::size_t available = std::min<std::size_t>(log.size() - offset, length);
    const auto sent = ctx.send(cmd, log.data() + offset, available, length);
    if (sent && lid == LogId::kReservationNotification) ctx.state.reservation_log.drop_oldest();
    if (sent && !cdw10.get<C10::Rae>()) {
        ctx.state.events.log_read(lid);
        // The host has read one page; of those behind it it hears again.
        if (lid == LogId::kReservationNotification && !ctx.state.reservation_log.empty())
            ctx.state.events.raise_reservation_notice();
    }
    return complete_at(sent);
}

}  // namespace nvme::admin
