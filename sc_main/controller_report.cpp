// SPDX-License-Identifier: Apache-2.0
#include "sc_main/controller_report.h"

#include <nlohmann/json.hpp>

#include "platform/runner/run_result.h"
#include "sc_main/energy_report.h"
#include "sc_main/lint_report.h"
#include "sc_main/media_report.h"
#include "sc_main/served_report.h"

namespace nvme_vp {

namespace {

nlohmann::ordered_json counters_json(nvme::NvmeController& controller) {
    const nvme::spec::SmartLog smart = controller.model().smart();
    const auto low = [](const nvme::spec::Uint128Le& counter) { return counter.low; };
    return {{"host_read_commands", low(smart.host_read_commands)},
            {"host_write_commands", low(smart.host_write_commands)},
            {"data_units_read", low(smart.data_units_read)},
            {"data_units_written", low(smart.data_units_written)},
            {"error_log_entries", low(smart.error_log_entries)}};
}

}  // namespace

nlohmann::ordered_json controller_json(nvme::NvmeController& controller,
                                       const platform::Shutdowns& shutdowns,
                                       const faults::Injector& plan, const Observers& observers,
                                       std::size_t number) {
    return {
        {"shutdowns",
         {{"normal", shutdowns.normal}, {"abrupt", shutdowns.abrupt}, {"none", shutdowns.none}}},
        {"controller", counters_json(controller)},
        {"served", served_json(observers.statistics(number))},
        {"media", media_json(controller.media_statistics())},
        {"energy", energy_json(controller.energy())},
        {"lint", lint_json(observers.lint(number))},
        {"faults", platform::faults_json(plan.results())}};
}

std::string controller_text(const std::string& label, const faults::Injector& plan,
                            const Observers& observers, std::size_t number) {
    const std::string text =
        platform::faults_text(plan.results()) + lint_text(observers.lint(number));
    return observers.controllers() == 1 || text.empty() ? text : label + ":\n" + text;
}

nlohmann::ordered_json of_all(const std::vector<nlohmann::ordered_json>& controllers) {
    if (controllers.size() == 1) return controllers.front();
    return {{"controllers", controllers}};
}

}  // namespace nvme_vp
