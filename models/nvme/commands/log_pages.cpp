// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <iterator>
#include <string>
#include <utility>

#include "models/nvme/background/background.h"
#include "models/nvme/commands/extensions.h"
#include "models/nvme/commands/log_page.h"
#include "models/nvme/commands/media_logs.h"

namespace nvme::admin {
using spec::LogId;

namespace {

// --- What is in them ---

spec::SmartLog smart(const AdminContext& ctx) {
    return ctx.state.smart_log();
}

spec::FirmwareSlotLog firmware(const AdminContext& ctx) {
    spec::FirmwareSlotLog log{};
    log.afi = spec::Afi{}.with<spec::Afi::ActiveSlot>(1).raw;
    std::fill_n(log.frs[0], 8, ' ');
    const std::string& fr = ctx.state.params.firmware_revision;
    std::copy_n(fr.begin(), std::min<std::size_t>(8, fr.size()), log.frs[0]);
    return log;
}

auto self_test(const AdminContext& ctx) {
    return ctx.background.self_test.log();
}

auto changed_namespaces(const AdminContext& ctx) {
    return ctx.state.events.changed_namespaces();
}

spec::CommandEffectsLog effects(const AdminContext& ctx) {
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
    return log;
}

spec::FeatureEffectsLog features(const AdminContext& ctx) {
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
    return log;
}

// No NVMe-MI command is supported; LPA bit 5 asks for the page nevertheless.
spec::MiCommandEffectsLog mi_effects(const AdminContext&) {
    return {};
}

auto reservation_notice(const AdminContext& ctx) {
    return ctx.state.reservation_log.oldest();
}

/// The host has read one page; of those behind it it hears again.
void next_notice(AdminContext& ctx, bool retained) {
    ctx.state.reservation_log.drop_oldest();
    if (!retained && !ctx.state.reservation_log.empty())
        ctx.state.events.raise_reservation_notice();
}

bool counts_blocks(const AdminContext& ctx) {
    return has_endurance_group(ctx.state);
}
spec::EnduranceGroupLog endurance(const AdminContext& ctx) {
    return endurance_group_log(ctx.state);
}
spec::OcpSmartLog ocp_smart(const AdminContext& ctx) {
    return ocp_smart_log(ctx.state);
}

spec::SupportedLogPages supported(const AdminContext& ctx);

// --- How they are read ---

/// A page that is one structure, which Make returns.
template <auto Make>
std::uint64_t size_of(const AdminContext&) {
    return sizeof(decltype(Make(std::declval<const AdminContext&>())));
}
template <auto Make>
void read_of(const AdminContext& ctx, std::uint64_t offset, std::byte* to, std::size_t length) {
    const auto page = Make(ctx);
    std::memcpy(to, reinterpret_cast<const std::byte*>(&page) + offset, length);
}

constexpr std::size_t kErrorBytes = sizeof(decltype(std::declval<ErrorLog>().entry(0)));

std::uint64_t errors_size(const AdminContext& ctx) {
    return ctx.state.errors.capacity() * kErrorBytes;
}
void read_errors(const AdminContext& ctx, std::uint64_t offset, std::byte* to, std::size_t length) {
    while (length != 0) {
        const auto entry = ctx.state.errors.entry(static_cast<std::size_t>(offset / kErrorBytes));
        const std::size_t in = offset % kErrorBytes, n = std::min(length, kErrorBytes - in);
        std::memcpy(to, reinterpret_cast<const std::byte*>(&entry) + in, n);
        offset += n;
        to += n;
        length -= n;
    }
}

// clang-format off
constexpr LogPage kPages[] = {
    // lid                            name                                       csi    offered        LSI  size, read                                                on_read
    {LogId::kSupportedLogPages,       "Supported Log Pages",                     true,  nullptr,       0, size_of<supported>,          read_of<supported>},
    {LogId::kErrorInformation,        "Error Information",                       false, nullptr,       0, errors_size,                 read_errors},
    {LogId::kSmartHealth,             "SMART / Health Information",              false, nullptr,       0, size_of<smart>,              read_of<smart>},
    {LogId::kFirmwareSlot,            "Firmware Slot Information",               false, nullptr,       0, size_of<firmware>,           read_of<firmware>},
    {LogId::kChangedNamespaceList,    "Changed Namespace List",                  false, nullptr,       0, size_of<changed_namespaces>, read_of<changed_namespaces>},
    {LogId::kCommandEffects,          "Commands Supported and Effects",          true,  nullptr,       0, size_of<effects>,            read_of<effects>},
    {LogId::kDeviceSelfTest,          "Device Self-test",                        false, nullptr,       0, size_of<self_test>,          read_of<self_test>},
    {LogId::kEnduranceGroup,          "Endurance Group Information",             false, counts_blocks, kEnduranceGroup, size_of<endurance>, read_of<endurance>},
    {LogId::kFeatureEffects,          "Feature Identifiers Supported and Effects", true, nullptr,      0, size_of<features>,           read_of<features>},
    {LogId::kNvmeMiEffects,           "NVMe-MI Commands Supported and Effects",  false, nullptr,       0, size_of<mi_effects>,         read_of<mi_effects>},
    {LogId::kReservationNotification, "Reservation Notification",                false, nullptr,       0, size_of<reservation_notice>, read_of<reservation_notice>, next_notice},
    {LogId::kOcpSmart,                "SMART / Health Information Extended",     false, counts_blocks, 0, size_of<ocp_smart>,          read_of<ocp_smart>},
};
// clang-format on

spec::SupportedLogPages supported(const AdminContext& ctx) {
    constexpr auto kSupported = spec::LogSupport{}.with<spec::LogSupport::Lsupp>(true);
    spec::SupportedLogPages log{};
    for (const LogPage& page : kPages)
        if (page.offered == nullptr || page.offered(ctx))
            log.lids[static_cast<std::uint8_t>(page.lid)] = kSupported.raw;
    for (unsigned lid = 0; lid < 256; ++lid)
        if (ctx.extensions.log_page(static_cast<std::uint8_t>(lid)) != nullptr)
            log.lids[lid] = kSupported.raw;
    return log;
}

}  // namespace

const LogPage* find_log_page(const AdminContext& ctx, LogId lid) {
    const auto is_it = [&](const LogPage& page) {
        return page.lid == lid && (page.offered == nullptr || page.offered(ctx));
    };
    const auto* page = std::find_if(std::begin(kPages), std::end(kPages), is_it);
    return page == std::end(kPages) ? nullptr : page;
}

}  // namespace nvme::admin
