// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/commands/media_logs.h"

#include <algorithm>
#include <iterator>

#include "models/util/divide.h"

namespace nvme {

namespace {

constexpr std::uint64_t kBillion = 1'000'000'000;

/// Of all erases that the blocks are made for, if nothing were written but what the host writes.
std::uint64_t endurance_bytes(const ControllerState& state, const media::MediaStatistics& media) {
    const media::NandParams& nand = state.subsystem.params().media.nand;
    const std::uint64_t block = std::uint64_t{nand.pages} * nand.page_bytes * nand.planes;
    return util::times(media.blocks, util::times(block, nand.wear.endurance));
}

template <std::size_t N>
void put(std::uint8_t (&field)[N], std::uint64_t value) {
    for (std::uint8_t& byte : field) {
        byte = static_cast<std::uint8_t>(value);
        value >>= 8;
    }
}

std::uint64_t percent(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? 100 : 100 * part / whole;
}

}  // namespace

spec::EnduranceGroupLog endurance_group_log(const ControllerState& state) {
    using W = spec::CriticalWarning;
    const spec::SmartLog smart = state.smart_log();
    const media::MediaStatistics media = state.subsystem.media_statistics();
    spec::EnduranceGroupLog log{};
    log.critical_warning = static_cast<std::uint8_t>(
        smart.critical_warning &
        util::kMaskOf<W::SpareBelowThreshold, W::ReliabilityDegraded, W::MediaReadOnly>);
    log.available_spare = smart.available_spare;
    log.available_spare_threshold = smart.available_spare_threshold;
    log.percentage_used = smart.percentage_used;
    log.endurance_estimate.low = endurance_bytes(state, media) / kBillion;
    log.data_units_read.low = util::divide_up(state.health.read_bytes(), kBillion);
    log.data_units_written.low = util::divide_up(state.health.written_bytes(), kBillion);
    log.media_units_written.low =
        util::divide_up(media.pages_programmed * media.page_bytes, kBillion);
    log.host_read_commands = smart.host_read_commands;
    log.host_write_commands = smart.host_write_commands;
    log.media_errors = smart.media_errors;
    log.error_log_entries = smart.error_log_entries;
    return log;
}

spec::OcpSmartLog ocp_smart_log(const ControllerState& state) {
    const spec::SmartLog smart = state.smart_log();
    const media::MediaStatistics media = state.subsystem.media_statistics();
    spec::OcpSmartLog log{};
    log.media_units_written.low = media.pages_programmed * media.page_bytes;
    log.media_units_read.low = media.bytes_read;
    put(log.bad_user_blocks, media.blocks_failed);
    put(log.bad_user_blocks_normalized, percent(media.spares_left, media.spare_blocks));
    put(log.bad_system_blocks_normalized, 100);
    log.soft_ecc_errors = media.retries;
    put(log.refreshes, media.blocks_refreshed);
    log.most_erases = static_cast<std::uint32_t>(media.most_erases);
    log.least_erases = static_cast<std::uint32_t>(media.least_erases);
    log.throttling_events = static_cast<std::uint8_t>(std::min<std::uint64_t>(
        0xff, std::uint64_t{smart.tmt1_transitions} + smart.tmt2_transitions));
    log.version_major = 2;
    log.incomplete_shutdowns = static_cast<std::uint32_t>(smart.unsafe_shutdowns.low);
    log.free_blocks = static_cast<std::uint8_t>(percent(media.blocks_free, media.blocks));
    const bool protects = state.subsystem.params().media.ftl.power_loss_protection;
    log.capacitor_health = protects ? 100 : 0xffff;
    log.unaligned_io = media.partial_writes;
    log.endurance_estimate.low = endurance_bytes(state, media);
    log.log_page_version = 3;
    std::copy(std::begin(spec::kOcpSmartGuid), std::end(spec::kOcpSmartGuid), log.guid);
    return log;
}

}  // namespace nvme
