// SPDX-License-Identifier: Apache-2.0
#include "sc_main/served_report.h"

#include <nlohmann/json.hpp>

#include "models/nvme/spec/command_formats.h"
#include "platform/workload/statistics.h"

namespace nvme_vp {

nlohmann::ordered_json served_json(const observe::CommandStatistics* statistics) {
    if (statistics == nullptr) return nullptr;
    nlohmann::ordered_json opcodes = nlohmann::ordered_json::array();
    statistics->for_each([&](bool admin, std::uint8_t opcode, const auto& of) {
        opcodes.push_back({{"queue", admin ? "admin" : "io"},
                           {"opcode", opcode},
                           {"name", nvme::spec::command_name(admin ? 0 : 1, opcode)},
                           {"count", of.latency.count()},
                           {"errors", of.errors},
                           {"latency_ps", platform::latency_json(of.latency)}});
    });
    return {
        {"data",
         {{"to_host", statistics->bytes_to_host()}, {"from_host", statistics->bytes_from_host()}}},
        {"opcodes", opcodes}};
}

nlohmann::ordered_json served_json(const Observers& observers) {
    return of_each_controller(observers,
                              [&](std::size_t i) { return served_json(observers.statistics(i)); });
}

}  // namespace nvme_vp
