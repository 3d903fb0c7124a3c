// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/media/media_params.h"
#include "models/util/params.h"

namespace nvme {

/// What all controllers of an NVM subsystem share. Its serial and model number are theirs, too.
/// [NVMe-Base-2.0 5.17.2.1 Identify Controller data structure]
struct SubsystemParams {
    std::string subsystem_nqn;
    std::string serial_number;
    std::string model_number = "nvme-tlm";
    std::uint32_t ieee_oui = 0x74e28c;
    std::uint32_t max_namespaces = 1024;
    std::uint64_t write_cache_bytes = 64ull << 20;
    std::uint16_t temperature = 310;
    std::uint32_t thermal_resistance = 0;
    std::uint32_t thermal_time_constant_ms = 30'000;
    std::uint16_t ambient_temperature = 298;
    std::uint32_t nand_read_nj = 0;
    std::uint32_t nand_program_nj = 0;
    std::uint32_t nand_erase_nj = 0;
    std::uint8_t available_spare = 100;
    std::uint8_t spare_threshold = 10;
    std::uint8_t percentage_used = 0;
    bool reliability_degraded = false;
    bool media_read_only = false;
    bool volatile_backup_failed = false;
    media::MediaParams media;

    template <typename Self, typename Visitor>
    static void visit(Self& p, Visitor&& v) {
        using I = util::ParamInfo;
        v(I{"subsystem_nqn", "",
            "SUBNQN, up to 223 characters, starts with nqn.; empty: made from the name"},
          p.subsystem_nqn);
        v(I{"serial_number", "", "SN, up to 20 ASCII characters; empty: made from the name"},
          p.serial_number);
        v(I{"model_number", "", "MN, up to 40 ASCII characters"}, p.model_number);
        v(I{"ieee_oui", "", "IEEE OUI of Identify Controller and of derived NGUIDs", 0, 0xffffff},
          p.ieee_oui);
        v(I{"max_namespaces", "namespaces", "NN: valid NSIDs are 1 to NN", 1, 65536},
          p.max_namespaces);
        v(I{"write_cache_bytes", "bytes", "volatile write cache of a namespace; 0: none", 0,
            1ull << 32},
          p.write_cache_bytes);
        v(I{"temperature", "K", "composite temperature and that of every sensor, at the start", 1,
            0xffff},
          p.temperature);
        v(I{"thermal_resistance", "mK/W",
            "from the drive to its surroundings; 0: its power does not heat it", 0, 100'000},
          p.thermal_resistance);
        v(I{"thermal_time_constant_ms", "ms",
            "in which 63 % of the way to a new temperature is made", 1, 1'000'000},
          p.thermal_time_constant_ms);
        v(I{"ambient_temperature", "K", "of the drive's surroundings", 1, 1'000},
          p.ambient_temperature);
        v(I{"nand_read_nj", "nJ", "nand: energy of a page that is read", 0, 1'000'000'000},
          p.nand_read_nj);
        v(I{"nand_program_nj", "nJ", "nand: energy of a page that is programmed", 0, 1'000'000'000},
          p.nand_program_nj);
        v(I{"nand_erase_nj", "nJ", "nand: energy of a block of a die that is erased", 0,
            1'000'000'000},
          p.nand_erase_nj);
        v(I{"available_spare", "%", "SMART log, at the start", 0, 100}, p.available_spare);
        v(I{"spare_threshold", "%", "a lower available spare is a critical warning", 0, 100},
          p.spare_threshold);
        v(I{"percentage_used", "%", "SMART log, at the start; 255: more than 254", 0, 255},
          p.percentage_used);
        v(I{"reliability_degraded", "", "critical warning bit 2, at the start"},
          p.reliability_degraded);
        v(I{"media_read_only", "",
            "critical warning bit 3, at the start: no namespace can be written"},
          p.media_read_only);
        v(I{"volatile_backup_failed", "", "critical warning bit 4, at the start"},
          p.volatile_backup_failed);
        media::MediaParams::visit(p.media, v);
    }
};

/// What is wrong with them, one line each; empty when they can be used.
[[nodiscard]] std::vector<std::string> validate(const SubsystemParams& params);

}  // namespace nvme
