// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "models/util/params.h"

namespace nvme {

/// Power states, temperatures and the Keep Alive Timer.
struct PowerParams {
    std::string power_states = "mp=25000";
    bool autonomous_power_transitions = false;
    std::uint16_t keep_alive_granularity = 0;
    std::uint8_t temperature_sensors = 1;
    std::uint16_t warning_temperature = 343;
    std::uint16_t critical_temperature = 353;
    std::uint16_t hctm_min_temperature = 0;
    std::uint16_t hctm_max_temperature = 0;
    std::uint16_t hctm_light_temperature = 0;
    std::uint16_t hctm_heavy_temperature = 0;
    std::uint8_t hctm_light_state = 0;
    std::uint8_t hctm_heavy_state = 0;
    std::uint16_t hctm_hysteresis = 3;

    template <typename Self, typename Visitor>
    static void visit(Self& p, Visitor&& v) {
        using I = util::ParamInfo;
        v(I{"power_states", "",
            "states separated by ;, each of mp=mW, idlp=mW, actp=mW, apw=, enlat=us, exlat=us, "
            "rrt=, rrl=, rwt=, rwl=, rmax=MB/s, wmax=MB/s and nops, separated by commas"},
          p.power_states);
        v(I{"autonomous_power_transitions", "", "APSTA: the host may set up idle transitions"},
          p.autonomous_power_transitions);
        v(I{"keep_alive_granularity", "100 ms", "KAS; 0: no Keep Alive Timer", 0, 0xffff},
          p.keep_alive_granularity);
        v(I{"temperature_sensors", "sensors", "beside the composite temperature", 0, 8},
          p.temperature_sensors);
        v(I{"warning_temperature", "K", "WCTEMP", 1, 0xffff}, p.warning_temperature);
        v(I{"critical_temperature", "K", "CCTEMP", 1, 0xffff}, p.critical_temperature);
        v(I{"hctm_min_temperature", "K", "MNTMT; 0: no Host Controlled Thermal Management", 0,
            0xffff},
          p.hctm_min_temperature);
        v(I{"hctm_max_temperature", "K", "MXTMT", 0, 0xffff}, p.hctm_max_temperature);
        v(I{"hctm_light_temperature", "K",
            "Thermal Management Temperature 1 until the host sets another; 0: none", 0, 0xffff},
          p.hctm_light_temperature);
        v(I{"hctm_heavy_temperature", "K",
            "Thermal Management Temperature 2 until the host sets another; 0: none", 0, 0xffff},
          p.hctm_heavy_temperature);
        v(I{"hctm_light_state", "", "power state from Thermal Management Temperature 1 on", 0, 31},
          p.hctm_light_state);
        v(I{"hctm_heavy_state", "", "power state from Thermal Management Temperature 2 on", 0, 31},
          p.hctm_heavy_state);
        v(I{"hctm_hysteresis", "K", "such a state is left when it is colder by more than that", 0,
            0xffff},
          p.hctm_hysteresis);
    }
};

inline bool has_thermal_management(const PowerParams& p) {
    return p.hctm_min_temperature != 0;
}

/// What is wrong with them, one line each; empty when they can be used.
[[nodiscard]] std::vector<std::string> validate(const PowerParams& params);

}  // namespace nvme
