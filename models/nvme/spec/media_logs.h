// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "models/nvme/spec/uint128.h"

// Log pages about what lies behind the namespaces.
namespace nvme::spec {

/// Log page 09h, of the Endurance Group that the Log Specific Identifier names.
/// [NVMe-Base-2.0 5.16.1.10 Endurance Group Information]
struct EnduranceGroupLog {
    std::uint8_t critical_warning;  ///< As CriticalWarning: spare, reliability, read-only media.
    std::uint8_t rsvd1[2];
    std::uint8_t available_spare;            ///< Percent.
    std::uint8_t available_spare_threshold;  ///< Percent.
    std::uint8_t percentage_used;            ///< Percent, 255 stands for more than 254.
    std::uint8_t rsvd6[26];
    Uint128Le endurance_estimate;   ///< 10^9 bytes that can be written; 0: not reported.
    Uint128Le data_units_read;      ///< 10^9 bytes, rounded up.
    Uint128Le data_units_written;   ///< 10^9 bytes, rounded up.
    Uint128Le media_units_written;  ///< 10^9 bytes, those of the controller's own writes too.
    Uint128Le host_read_commands;
    Uint128Le host_write_commands;
    Uint128Le media_errors;
    Uint128Le error_log_entries;
    std::uint8_t rsvd160[352];
};
static_assert(sizeof(EnduranceGroupLog) == 512);
static_assert(offsetof(EnduranceGroupLog, available_spare) == 3);
static_assert(offsetof(EnduranceGroupLog, percentage_used) == 5);
static_assert(offsetof(EnduranceGroupLog, endurance_estimate) == 32);
static_assert(offsetof(EnduranceGroupLog, media_units_written) == 80);
static_assert(offsetof(EnduranceGroupLog, rsvd160) == 160);
static_assert(std::is_trivially_copyable_v<EnduranceGroupLog>);

/// CNS 19h: Endurance Group Identifiers from the one asked for on, ascending.
/// [NVMe-Base-2.0 Identify command, Endurance Group List]
struct EnduranceGroupList {
    std::uint16_t num;
    std::uint16_t endgid[2047];
};
static_assert(sizeof(EnduranceGroupList) == 4096);

/// Log page C0h, a vendor's, in the form that data centers agree on. What a model has nothing to
/// say of is 0. [OCP Datacenter NVMe SSD Specification 2.0, SMART / Health Information Extended]
struct OcpSmartLog {
    Uint128Le media_units_written;               ///< Bytes.
    Uint128Le media_units_read;                  ///< Bytes.
    std::uint8_t bad_user_blocks[6];             ///< Little-endian.
    std::uint8_t bad_user_blocks_normalized[2];  ///< Little-endian, percent that are left.
    std::uint8_t bad_system_blocks[6];
    std::uint8_t bad_system_blocks_normalized[2];
    std::uint64_t xor_recoveries;
    std::uint64_t uncorrectable_reads;
    std::uint64_t soft_ecc_errors;
    std::uint32_t end_to_end_detected;
    std::uint32_t end_to_end_corrected;
    std::uint8_t system_data_used;  ///< Percent.
    std::uint8_t refreshes[7];      ///< Little-endian.
    std::uint32_t most_erases;      ///< Of a block with user data.
    std::uint32_t least_erases;
    std::uint8_t throttling_events;
    std::uint8_t throttling_status;
    std::uint8_t version_errata;
    std::uint8_t version_point[2];
    std::uint8_t version_minor[2];
    std::uint8_t version_major;
    std::uint64_t pcie_correctable_errors;
    std::uint32_t incomplete_shutdowns;
    std::uint8_t rsvd116[4];
    std::uint8_t free_blocks;  ///< Percent.
    std::uint8_t rsvd121[7];
    std::uint16_t capacitor_health;  ///< Percent; FFFFh: there is none.
    std::uint8_t nvme_errata[2];
    std::uint8_t rsvd132[4];
    std::uint64_t unaligned_io;  ///< Writes of a part of a unit of the mapping.
    std::uint64_t security_version;
    std::uint64_t namespace_utilization;
    Uint128Le plp_starts;
    Uint128Le endurance_estimate;  ///< Bytes.
    std::uint64_t link_retrainings;
    std::uint64_t power_state_changes;
    std::uint64_t lowest_firmware;
    std::uint8_t rsvd216[278];
    std::uint16_t log_page_version;
    std::uint8_t guid[16];
};
static_assert(sizeof(OcpSmartLog) == 512);
static_assert(offsetof(OcpSmartLog, bad_user_blocks) == 32);
static_assert(offsetof(OcpSmartLog, soft_ecc_errors) == 64);
static_assert(offsetof(OcpSmartLog, refreshes) == 81);
static_assert(offsetof(OcpSmartLog, most_erases) == 88);
static_assert(offsetof(OcpSmartLog, throttling_events) == 96);
static_assert(offsetof(OcpSmartLog, version_major) == 103);
static_assert(offsetof(OcpSmartLog, incomplete_shutdowns) == 112);
static_assert(offsetof(OcpSmartLog, free_blocks) == 120);
static_assert(offsetof(OcpSmartLog, capacitor_health) == 128);
static_assert(offsetof(OcpSmartLog, unaligned_io) == 136);
static_assert(offsetof(OcpSmartLog, plp_starts) == 160);
static_assert(offsetof(OcpSmartLog, endurance_estimate) == 176);
static_assert(offsetof(OcpSmartLog, link_retrainings) == 192);
static_assert(offsetof(OcpSmartLog, log_page_version) == 494);
static_assert(offsetof(OcpSmartLog, guid) == 496);
static_assert(std::is_trivially_copyable_v<OcpSmartLog>);

/// What tells this page from any other C0h.
inline constexpr std::uint8_t kOcpSmartGuid[16]{0xc5, 0xaf, 0x10, 0x28, 0xea, 0xbf, 0xf2, 0xa4,
                                                0x9c, 0x4f, 0x6f, 0x7c, 0xc9, 0x14, 0xd5, 0xaf};

}  // namespace nvme::spec
