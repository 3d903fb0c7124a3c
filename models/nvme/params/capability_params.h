// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/util/params.h"

namespace nvme {

/// The largest CNTLID. [NVMe-Base-2.0 5.17.2.1 Identify Controller data structure]
inline constexpr std::uint16_t kMaxControllerId = 0xffef;
/// controller_id: one that is made from the name of the module.
inline constexpr std::uint16_t kDerivedControllerId = 0xffff;

/// What a controller says of itself in CAP and Identify Controller.
struct CapabilityParams {
    std::uint16_t controller_id = kDerivedControllerId;
    std::string firmware_revision = "1.0";
    std::uint32_t max_queue_entries = 256;
    std::uint16_t max_io_queues = 64;
    std::uint16_t max_inflight_per_sq = 64;
    bool shadow_doorbells = true;
    std::uint8_t mps_max = 0;
    std::uint8_t mdts = 6;
    std::uint8_t abort_command_limit = 3;
    std::uint8_t async_event_request_limit = 3;
    std::uint8_t error_log_entries = 63;

    template <typename Self, typename Visitor>
    static void visit(Self& p, Visitor&& v) {
        using I = util::ParamInfo;
        v(I{"controller_id", "",
            "CNTLID, unique in the NVM subsystem, up to 65519; 65535: made from the name", 0,
            0xffff},
          p.controller_id);
        v(I{"firmware_revision", "", "FR, up to 8 ASCII characters"}, p.firmware_revision);
        v(I{"max_queue_entries", "entries", "CAP.MQES + 1", 2, 65536}, p.max_queue_entries);
        v(I{"max_io_queues", "queues", "I/O submission queues, and as many completion queues", 1,
            1023},
          p.max_io_queues);
        v(I{"max_inflight_per_sq", "commands",
            "commands of one submission queue executed at a time", 1, 1024},
          p.max_inflight_per_sq);
        v(I{"shadow_doorbells", "",
            "offer Doorbell Buffer Config, where all doorbells fit into 4 KiB (511 I/O queues)"},
          p.shadow_doorbells);
        v(I{"mps_max", "", "CAP.MPSMAX: largest memory page is 2^(12 + n) bytes", 0, 4}, p.mps_max);
        v(I{"mdts", "", "largest transfer is 2^n pages of 4 KiB", 1, 10}, p.mdts);
        v(I{"abort_command_limit", "", "ACL, zero-based", 0, 255}, p.abort_command_limit);
        v(I{"async_event_request_limit", "", "AERL, zero-based", 0, 255},
          p.async_event_request_limit);
        v(I{"error_log_entries", "", "ELPE, zero-based", 0, 255}, p.error_log_entries);
    }
};

/// What is wrong with them, one line each; empty when they can be used.
[[nodiscard]] std::vector<std::string> validate(const CapabilityParams& params);

}  // namespace nvme
