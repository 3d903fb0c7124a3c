// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/util/params.h"

namespace nvme {

/// Which media timing model a controller uses.
enum class MediaModel : std::uint8_t { kNone, kFixed };

/// The largest CNTLID. [NVMe-Base-2.0 5.17.2.1 Identify Controller data structure]
inline constexpr std::uint16_t kMaxControllerId = 0xffef;
/// controller_id: one that is made from the name of the module.
inline constexpr std::uint16_t kDerivedControllerId = 0xffff;

/// Everything a user may set for one controller. Plain data; `visit` is the one list of the names,
/// shared by the JSON reader, `--help` and the documentation.
struct ControllerParams {
    // Identity; what tells controllers apart is made from the name of the module unless it is set
    // (identity.h)
    std::uint16_t vendor_id = 0x1414;
    std::uint16_t device_id = 0xb111;
    std::uint16_t subsystem_vendor_id = 0x1414;
    std::uint16_t subsystem_id = 0;
    std::uint8_t revision_id = 0;
    std::uint32_t ieee_oui = 0x74e28c;
    std::string serial_number;
    std::string model_number = "nvme-tlm";
    std::string firmware_revision = "1.0";
    std::string subsystem_nqn;
    std::uint16_t controller_id = kDerivedControllerId;

    // Capabilities
    std::uint32_t max_queue_entries = 256;
    std::uint16_t max_io_queues = 64;
    std::uint16_t msix_vectors = 65;
    bool intx = false;
    bool shadow_doorbells = true;
    std::uint8_t mps_max = 0;
    std::uint8_t mdts = 6;
    std::uint32_t max_namespaces = 1024;
    std::uint16_t max_inflight_per_sq = 64;
    std::uint8_t abort_command_limit = 3;
    std::uint8_t async_event_request_limit = 3;
    std::uint8_t error_log_entries = 63;
    std::uint64_t write_cache_bytes = 64ull << 20;
    std::uint8_t ready_timeout = 20;
    bool dma_uses_dmi = true;
    std::uint16_t requester_id = 0;

    // Health, at the start
    std::uint16_t temperature = 310;
    std::uint8_t temperature_sensors = 1;
    std::uint16_t warning_temperature = 343;
    std::uint16_t critical_temperature = 353;
    std::uint8_t available_spare = 100;
    std::uint8_t spare_threshold = 10;
    std::uint8_t percentage_used = 0;
    bool reliability_degraded = false;
    bool media_read_only = false;
    bool volatile_backup_failed = false;

    // Power and Keep Alive
    std::string power_states = "mp=25000";
    bool autonomous_power_transitions = false;
    std::uint16_t keep_alive_granularity = 0;

    // Time
    std::uint64_t doorbell_to_fetch_ns = 100;
    std::uint64_t firmware_per_command_ns = 200;
    std::uint64_t admin_command_ns = 5'000;
    std::uint64_t enable_time_ns = 1'000'000;
    std::uint64_t disable_time_ns = 100'000;
    std::uint64_t shutdown_time_ns = 500'000;

    // PCI Express link
    std::uint8_t link_gen = 4;
    std::uint8_t link_lanes = 4;
    std::uint32_t link_max_payload = 256;
    std::uint64_t link_latency_ns = 150;

    // Media
    MediaModel media = MediaModel::kFixed;
    std::uint64_t media_read_ns = 50'000;
    std::uint64_t media_program_ns = 200'000;
    std::uint64_t media_cache_write_ns = 2'000;
    std::uint64_t media_flush_ns = 100'000;
    std::uint64_t media_deallocate_ns = 20'000;
    std::uint32_t media_units = 32;
};

inline bool has_write_cache(const ControllerParams& p) {
    return p.write_cache_bytes != 0;
}
/// A fused operation is two commands of one queue that are executed together.
inline bool fused_offered(const ControllerParams& p) {
    return p.max_inflight_per_sq >= 2;
}
inline bool has_keep_alive(const ControllerParams& p) {
    return p.keep_alive_granularity != 0;
}

/// Calls v(ParamInfo, field) for each parameter, in the order of the documentation.
template <typename Params, typename Visitor>
void visit(Params& p, Visitor&& v) {
    using I = util::ParamInfo;
    v(I{"vendor_id", "", "PCI vendor id, Identify Controller VID", 0, 0xffff}, p.vendor_id);
    v(I{"device_id", "", "PCI device id", 0, 0xffff}, p.device_id);
    v(I{"subsystem_vendor_id", "", "PCI subsystem vendor id, SSVID", 0, 0xffff},
      p.subsystem_vendor_id);
    v(I{"subsystem_id", "", "PCI subsystem id", 0, 0xffff}, p.subsystem_id);
    v(I{"revision_id", "", "PCI revision id", 0, 0xff}, p.revision_id);
    v(I{"ieee_oui", "", "IEEE OUI of Identify Controller and of derived NGUIDs", 0, 0xffffff},
      p.ieee_oui);
    v(I{"serial_number", "", "SN, up to 20 ASCII characters; empty: made from the name"},
      p.serial_number);
    v(I{"model_number", "", "MN, up to 40 ASCII characters"}, p.model_number);
    v(I{"firmware_revision", "", "FR, up to 8 ASCII characters"}, p.firmware_revision);
    v(I{"subsystem_nqn", "",
        "SUBNQN, up to 223 characters, starts with nqn.; empty: made from the name"},
      p.subsystem_nqn);
    v(I{"controller_id", "",
        "CNTLID, unique in the NVM subsystem, up to 65519; 65535: made from the name", 0, 0xffff},
      p.controller_id);

    v(I{"max_queue_entries", "entries", "CAP.MQES + 1", 2, 65536}, p.max_queue_entries);
    v(I{"max_io_queues", "queues", "I/O submission queues, and as many completion queues", 1, 1023},
      p.max_io_queues);
    v(I{"msix_vectors", "vectors", "size of the MSI-X table", 1, 2048}, p.msix_vectors);
    v(I{"intx", "", "offer a pin-based interrupt, used while MSI-X is disabled"}, p.intx);
    v(I{"shadow_doorbells", "",
        "offer Doorbell Buffer Config, where all doorbells fit into 4 KiB (511 I/O queues)"},
      p.shadow_doorbells);
    v(I{"mps_max", "", "CAP.MPSMAX: largest memory page is 2^(12 + n) bytes", 0, 4}, p.mps_max);
    v(I{"mdts", "", "largest transfer is 2^n pages of 4 KiB", 1, 10}, p.mdts);
    v(I{"max_namespaces", "namespaces", "NN: valid NSIDs are 1 to NN", 1, 65536}, p.max_namespaces);
    v(I{"max_inflight_per_sq", "commands", "commands of one submission queue executed at a time", 1,
        1024},
      p.max_inflight_per_sq);
    v(I{"abort_command_limit", "", "ACL, zero-based", 0, 255}, p.abort_command_limit);
    v(I{"async_event_request_limit", "", "AERL, zero-based", 0, 255}, p.async_event_request_limit);
    v(I{"error_log_entries", "", "ELPE, zero-based", 0, 255}, p.error_log_entries);
    v(I{"write_cache_bytes", "bytes", "volatile write cache of a namespace; 0: none", 0,
        1ull << 32},
      p.write_cache_bytes);
    v(I{"ready_timeout", "500 ms", "CAP.TO and CRTO.CRWMT", 1, 255}, p.ready_timeout);
    v(I{"dma_uses_dmi", "", "use direct memory pointers on dma where the target grants them"},
      p.dma_uses_dmi);
    v(I{"requester_id", "", "bus << 8 | device << 3 | function, carried by every DMA", 0, 0xffff},
      p.requester_id);

    v(I{"temperature", "K", "composite temperature and that of every sensor, at the start", 1,
        0xffff},
      p.temperature);
    v(I{"temperature_sensors", "sensors", "beside the composite temperature", 0, 8},
      p.temperature_sensors);
    v(I{"warning_temperature", "K", "WCTEMP", 1, 0xffff}, p.warning_temperature);
    v(I{"critical_temperature", "K", "CCTEMP", 1, 0xffff}, p.critical_temperature);
    v(I{"available_spare", "%", "SMART log, at the start", 0, 100}, p.available_spare);
    v(I{"spare_threshold", "%", "a lower available spare is a critical warning", 0, 100},
      p.spare_threshold);
    v(I{"percentage_used", "%", "SMART log, at the start; 255: more than 254", 0, 255},
      p.percentage_used);
    v(I{"reliability_degraded", "", "critical warning bit 2, at the start"},
      p.reliability_degraded);
    v(I{"media_read_only", "", "critical warning bit 3, at the start: no namespace can be written"},
      p.media_read_only);
    v(I{"volatile_backup_failed", "", "critical warning bit 4, at the start"},
      p.volatile_backup_failed);
    v(I{"power_states", "",
        "states separated by ;, each of mp=mW, enlat=us, exlat=us, rrt=, rrl=, rwt=, rwl=, idlp=mW "
        "and nops, separated by commas"},
      p.power_states);
    v(I{"autonomous_power_transitions", "", "APSTA: the host may set up idle transitions"},
      p.autonomous_power_transitions);
    v(I{"keep_alive_granularity", "100 ms", "KAS; 0: no Keep Alive Timer", 0, 0xffff},
      p.keep_alive_granularity);

    constexpr std::uint64_t kTenSeconds = 10'000'000'000;
    v(I{"doorbell_to_fetch_ns", "ns", "arrival of a doorbell to start of the entry fetch", 0,
        kTenSeconds},
      p.doorbell_to_fetch_ns);
    v(I{"firmware_per_command_ns", "ns", "decoding of an I/O command, one at a time", 0,
        kTenSeconds},
      p.firmware_per_command_ns);
    v(I{"admin_command_ns", "ns", "execution of an admin command", 0, kTenSeconds},
      p.admin_command_ns);
    v(I{"enable_time_ns", "ns", "CC.EN = 1 to CSTS.RDY = 1", 0, 127 * kTenSeconds / 10},
      p.enable_time_ns);
    v(I{"disable_time_ns", "ns", "CC.EN = 0 to CSTS.RDY = 0", 0, 127 * kTenSeconds / 10},
      p.disable_time_ns);
    v(I{"shutdown_time_ns", "ns", "CC.SHN to CSTS.SHST = 10b, without the cache flush", 0,
        127 * kTenSeconds / 10},
      p.shutdown_time_ns);

    v(I{"link_gen", "", "PCI Express generation; 0: an infinitely fast link", 0, 5}, p.link_gen);
    v(I{"link_lanes", "lanes", "1, 2, 4, 8 or 16", 1, 16}, p.link_lanes);
    v(I{"link_max_payload", "bytes", "Max_Payload_Size: 128, 256 or 512", 128, 512},
      p.link_max_payload);
    v(I{"link_latency_ns", "ns", "one way", 0, kTenSeconds}, p.link_latency_ns);

    v(I{"media", "", "timing model of the media"}, p.media);
    v(I{"media_read_ns", "ns", "fixed: read of 4 KiB from the media", 0, kTenSeconds},
      p.media_read_ns);
    v(I{"media_program_ns", "ns", "fixed: program of 4 KiB, by a durable write or from the cache",
        0, kTenSeconds},
      p.media_program_ns);
    v(I{"media_cache_write_ns", "ns", "fixed: 4 KiB into the write cache, or from it", 0,
        kTenSeconds},
      p.media_cache_write_ns);
    v(I{"media_flush_ns", "ns", "fixed: flush, on top of programming what is dirty", 0,
        kTenSeconds},
      p.media_flush_ns);
    v(I{"media_deallocate_ns", "ns", "fixed: deallocation of a range, of any length", 0,
        kTenSeconds},
      p.media_deallocate_ns);
    v(I{"media_units", "units", "fixed: media operations of 4 KiB at a time", 1, 4096},
      p.media_units);
}

/// Names of the parameters that describe the NVM subsystem: all its controllers have the same
/// values. Serial and model number are the subsystem's. [NVMe-Base-2.0 5.17.2.1 Identify Controller
/// data structure]
const std::vector<std::string_view>& subsystem_parameters();

/// Every problem of `params`, one message each; empty when they are good.
std::vector<std::string> validate(const ControllerParams& params);

}  // namespace nvme

template <>
struct util::EnumNames<nvme::MediaModel> {
    static constexpr std::array<std::string_view, 2> names{"none", "fixed"};
};
