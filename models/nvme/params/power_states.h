// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/nvme/spec/identify_controller.h"

namespace nvme {

/// One power state of a controller. [NVMe-Base-2.0 5.17.2.1, Power State Descriptor]
struct PowerState {
    std::uint32_t max_power_mw = 0;     ///< MP
    bool non_operational = false;       ///< NOPS
    std::uint32_t entry_us = 0;         ///< ENLAT
    std::uint32_t exit_us = 0;          ///< EXLAT
    std::uint8_t read_throughput = 0;   ///< RRT
    std::uint8_t read_latency = 0;      ///< RRL
    std::uint8_t write_throughput = 0;  ///< RWT
    std::uint8_t write_latency = 0;     ///< RWL
    std::uint32_t idle_power_mw = 0;    ///< IDLP; 0: not reported
    std::uint32_t active_power_mw = 0;  ///< ACTP; 0: not reported
    std::uint8_t workload = 2;          ///< APW: what ACTP was measured with, 1 or 2
    // Not of the specification: its throughputs are only ranks.
    std::uint32_t most_read_mb_s = 0;   ///< 0: no limit
    std::uint32_t most_write_mb_s = 0;  ///< 0: no limit
};

struct PowerTable {
    std::vector<PowerState> states;  ///< 1 to 32; empty when there are problems
    std::vector<std::string> problems;
};

/// Reads the parameter power_states: states are separated by ";", and each is a list of mp=MW,
/// enlat=US, exlat=US, rrt=N, rrl=N, rwt=N, rwl=N, idlp=MW, actp=MW, apw=N, rmax=MB/s, wmax=MB/s
/// and nops, separated by ",".
PowerTable parse_power_states(std::string_view text);

/// As Identify Controller reports it.
spec::PowerStateDescriptor describe(const PowerState& state);

}  // namespace nvme
