// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/util/params.h"

namespace nvme {

/// How long the controller itself takes.
struct TimeParams {
    std::uint64_t doorbell_to_fetch_ns = 100;
    std::uint32_t firmware_cores = 1;
    std::uint64_t firmware_per_command_ns = 200;
    std::uint64_t firmware_completion_ns = 0;
    std::uint32_t dram_mb_s = 0;
    std::uint64_t admin_command_ns = 5'000;
    std::uint64_t enable_time_ns = 1'000'000;
    std::uint64_t disable_time_ns = 100'000;
    std::uint64_t shutdown_time_ns = 500'000;
    std::uint64_t self_test_segment_ns = 10'000'000;
    std::uint8_t ready_timeout = 20;

    template <typename Self, typename Visitor>
    static void visit(Self& p, Visitor&& v) {
        using I = util::ParamInfo;
        v(I{"doorbell_to_fetch_ns", "ns", "arrival of a doorbell to start of the entry fetch", 0,
            util::kMostNs},
          p.doorbell_to_fetch_ns);
        v(I{"firmware_cores", "cores", "processors that decode and complete I/O commands", 1, 64},
          p.firmware_cores);
        v(I{"firmware_per_command_ns", "ns", "decoding of an I/O command, one at a time on a core",
            0, util::kMostNs},
          p.firmware_per_command_ns);
        v(I{"firmware_completion_ns", "ns",
            "work on a core before a completion entry leaves, when the data have been moved", 0,
            util::kMostNs},
          p.firmware_completion_ns);
        v(I{"dram_mb_s", "MB/s",
            "bandwidth of the controller's memory, which data of I/O commands enter and leave; "
            "0: no limit",
            0, 10'000'000},
          p.dram_mb_s);
        v(I{"admin_command_ns", "ns", "execution of an admin command", 0, util::kMostNs},
          p.admin_command_ns);
        v(I{"enable_time_ns", "ns", "CC.EN = 1 to CSTS.RDY = 1", 0, 127 * util::kMostNs / 10},
          p.enable_time_ns);
        v(I{"disable_time_ns", "ns", "CC.EN = 0 to CSTS.RDY = 0", 0, 127 * util::kMostNs / 10},
          p.disable_time_ns);
        v(I{"shutdown_time_ns", "ns", "CC.SHN to CSTS.SHST = 10b, without the cache flush", 0,
            127 * util::kMostNs / 10},
          p.shutdown_time_ns);
        v(I{"self_test_segment_ns", "ns", "segment of a device self-test, without what it reads", 0,
            util::kMostNs},
          p.self_test_segment_ns);
        v(I{"ready_timeout", "500 ms", "CAP.TO and CRTO.CRWMT", 1, 255}, p.ready_timeout);
    }
};

/// What is wrong with them, one line each; empty when they can be used.
[[nodiscard]] std::vector<std::string> validate(const TimeParams& params);

}  // namespace nvme
