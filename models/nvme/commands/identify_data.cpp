// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/commands/identify_data.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "models/media/estimates.h"
#include "models/nvme/background/background.h"
#include "models/nvme/commands/admin_handlers.h"
#include "models/nvme/commands/media_logs.h"
#include "models/nvme/commands/nvm_handlers.h"
#include "models/nvme/spec/registers.h"
#include "models/nvme/spec/reservations.h"

namespace nvme {
using namespace spec;  // NOLINT: every second word below is a structure of the specification

namespace {

/// ASCII fields are padded with spaces. [NVMe-Base-2.0 Identify Controller data structure, ASCII
/// strings]
template <std::size_t N>
void pad(char (&field)[N], const std::string& text) {
    std::fill(std::begin(field), std::end(field), ' ');
    std::copy_n(text.begin(), std::min(N, text.size()), field);
}

std::uint32_t microseconds(std::uint64_t ns) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>((ns + 999) / 1000, 0xffff'ffff));
}

void fill_capabilities(IdentifyController& id, const ControllerState& state) {
    const ControllerParams& p = state.params;
    id.ctratt = Ctratt{}.with<Ctratt::Hids>(true).with<Ctratt::Egs>(has_endurance_group(state)).raw;
    id.endgidmax = endurance_group_of(state);
    id.oaes = Oaes{}.with<Oaes::NamespaceAttribute>(true).raw;
    id.cntrltype = static_cast<std::uint8_t>(ControllerType::kIo);
    id.oacs = Oacs{}
                  .with<Oacs::DeviceSelfTest>(true)
                  .with<Oacs::DoorbellBufferConfig>(admin::doorbell_buffer_offered(p))
                  .raw;
    id.acl = p.abort_command_limit;
    id.aerl = p.async_event_request_limit;
    id.frmw = Frmw{}.with<Frmw::FirstSlotReadOnly>(true).with<Frmw::Slots>(1).raw;
    id.lpa = Lpa{}
                 .with<Lpa::CommandEffects>(true)
                 .with<Lpa::ExtendedData>(true)
                 .with<Lpa::EffectsAndSupportedLogs>(true)
                 .raw;
    id.elpe = p.error_log_entries;
    id.wctemp = p.warning_temperature;
    id.cctemp = p.critical_temperature;
    id.kas = p.keep_alive_granularity;
    if (has_thermal_management(p)) {
        id.hctma = 1;
        id.mntmt = p.hctm_min_temperature;
        id.mxtmt = p.hctm_max_temperature;
    }
    // A write is executed in one piece, up to the largest; in blocks of the largest format. Over a
    // power cut one block is: lines of the write cache become durable one by one.
    id.awun = static_cast<std::uint16_t>((1u << p.mdts) - 1);
    id.awupf = 0;
    // A fused operation is executed in one piece, too; its two commands are in flight together.
    id.acwu = id.awun;
    id.fuses = Fuses{}.with<Fuses::CompareAndWrite>(fused_offered(p)).raw;
    id.oncs = optional_nvm_commands() |
              Oncs{}.with<Oncs::SaveAndSelect>(true).with<Oncs::Timestamp>(true).raw;
    id.ocfs = 1;  // Copy Descriptor Format 0h
    // Whatever their alignment and length; more than the data needs is no mistake.
    id.sgls =
        Sgls{}.with<Sgls::Supported>(1).with<Sgls::BitBucket>(true).with<Sgls::Oversized>(true).raw;
    id.vwc = Vwc{}.with<Vwc::Present>(has_write_cache(p)).with<Vwc::FlushBroadcast>(3).raw;
}

/// Every controller of the subsystem has a link, and so a port, of its own.
bool several_controllers(const ControllerState& state) {
    return state.subsystem.controllers() > 1;
}

std::uint8_t nmic(const ControllerState& state) {
    return Nmic{}.with<Nmic::Shared>(several_controllers(state)).raw;
}

/// All six types, and persistence.
constexpr std::uint8_t kRescap = Rescap{}
                                     .with<Rescap::Ptpl>(true)
                                     .with<Rescap::WriteExclusive>(true)
                                     .with<Rescap::ExclusiveAccess>(true)
                                     .with<Rescap::WriteExclusiveRegistrantsOnly>(true)
                                     .with<Rescap::ExclusiveAccessRegistrantsOnly>(true)
                                     .with<Rescap::WriteExclusiveAllRegistrants>(true)
                                     .with<Rescap::ExclusiveAccessAllRegistrants>(true)
                                     .with<Rescap::Iekey13>(true)
                                     .raw;

}  // namespace

IdentifyController identify_controller(const ControllerState& state, const Background& background) {
    const ControllerParams& p = state.params;
    IdentifyController id{};
    id.vid = p.vendor_id;
    id.ssvid = p.subsystem_vendor_id;
    pad(id.sn, p.serial_number);
    pad(id.mn, p.model_number);
    pad(id.fr, p.firmware_revision);
    for (unsigned i = 0; i < 3; ++i) id.ieee[i] = static_cast<std::uint8_t>(p.ieee_oui >> 8 * i);
    id.cmic = Cmic{}
                  .with<Cmic::SeveralPorts>(several_controllers(state))
                  .with<Cmic::SeveralControllers>(several_controllers(state))
                  .raw;
    id.mdts = p.mdts;
    id.cntlid = p.controller_id;
    id.ver = Vs{}.with<Vs::Mjr>(2).raw;
    // Resume: the same as from reset. Entry: a shutdown may have the whole cache to write.
    id.rtd3r = std::max<std::uint32_t>(1, microseconds(p.enable_time_ns));
    id.rtd3e = std::max<std::uint32_t>(
        1, microseconds(p.shutdown_time_ns +
                        media::flush_time(p.media, p.write_cache_bytes) / util::kPsPerNs));
    fill_capabilities(id, state);
    id.edstt = background.self_test.extended_minutes();
    const auto& states = state.power.states();
    id.npss = static_cast<std::uint8_t>(states.size() - 1);
    id.apsta = p.autonomous_power_transitions ? 1 : 0;
    std::transform(states.begin(), states.end(), id.psd, describe);
    id.sqes = QueueEntrySizes{}.with<QueueEntrySizes::Min>(6).with<QueueEntrySizes::Max>(6).raw;
    id.cqes = QueueEntrySizes{}.with<QueueEntrySizes::Min>(4).with<QueueEntrySizes::Max>(4).raw;
    id.nn = state.subsystem.params().max_namespaces;
    const std::string& nqn = state.subsystem.params().subsystem_nqn;
    std::copy_n(nqn.begin(), std::min(nqn.size(), sizeof id.subnqn - 1), id.subnqn);
    return id;
}

IdentifyNamespace identify_namespace(const ControllerState& state, const Namespace& ns) {
    IdentifyNamespace id{};
    id.nsze = id.ncap = id.nuse = ns.blocks();
    id.nmic = nmic(state);
    id.rescap = kRescap;
    id.nsfeat = Nsfeat{}.with<Nsfeat::Dae>(ns.knows_written()).raw;
    id.dlfeat =
        Dlfeat{}.with<Dlfeat::ReadBehavior>(1).with<Dlfeat::WriteZeroesDeallocates>(true).raw;
    id.msrc = nvm::kCopyRanges - 1;
    id.mssrl = nvm::kCopyRangeBlocks;
    id.mcl = nvm::kCopyBlocks;
    id.nvmcap.low = ns.format().to_bytes(ns.blocks());
    id.nsattr = ns.read_only() ? 1 : 0;
    id.endgid = endurance_group_of(state);
    std::copy(ns.nguid().begin(), ns.nguid().end(), id.nguid);
    if (const auto& eui64 = ns.config().eui64) std::copy(eui64->begin(), eui64->end(), id.eui64);
    id.lbaf[0] = LbaFormat{}.with<LbaFormat::Lbads>(ns.format().lbads);
    return id;
}

IdentifyNamespaceIndependent identify_independent(const ControllerState& state,
                                                  const Namespace& ns) {
    IdentifyNamespaceIndependent id{};
    id.nmic = nmic(state);
    id.rescap = kRescap;
    id.nsattr = ns.read_only() ? 1 : 0;
    id.endgid = endurance_group_of(state);
    id.nstat = Nstat{}.with<Nstat::Nrdy>(true).raw;
    return id;
}

void identify_descriptors(const Namespace& ns, std::byte* out) {
    const auto add = [&out](NamespaceIdType type, const void* value, std::uint8_t bytes) {
        const NamespaceIdDescriptor header{static_cast<std::uint8_t>(type), bytes, 0};
        std::memcpy(out, &header, sizeof header);
        std::memcpy(out + sizeof header, value, bytes);
        out += sizeof header + bytes;
    };
    if (const auto& eui64 = ns.config().eui64)
        add(NamespaceIdType::kEui64, eui64->data(), kEui64Bytes);
    add(NamespaceIdType::kNguid, ns.nguid().data(), kNguidBytes);
    if (const auto& uuid = ns.config().uuid) add(NamespaceIdType::kUuid, uuid->data(), kUuidBytes);
    const auto csi = ns.csi();
    add(NamespaceIdType::kCsi, &csi, kCsiBytes);
}

}  // namespace nvme
