// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "models/faults/injector.h"
#include "models/nvme/module/nvme_controller.h"

namespace platform {

/// How it stands with a controller and its PCI Express function, collected from outside without
/// changing anything. Texts and JSON are two forms of this.
struct DeviceStatus {
    std::string name;
    nvme::ControllerStatus controller;
    // The function
    std::uint16_t command = 0;  ///< Command register
    bool memory_enabled = false, bus_master = false, d0 = true;
    bool msix_enabled = false, function_masked = false;
    unsigned vectors = 0;
    std::vector<unsigned> masked, pending;  ///< vectors
    std::vector<faults::RuleResult> faults;
};

[[nodiscard]] DeviceStatus device_status(std::string name, const nvme::NvmeController& controller,
                                         const faults::Injector& plan);

/// Lines for people.
[[nodiscard]] std::string status_text(const DeviceStatus& status);
[[nodiscard]] nlohmann::ordered_json status_json(const DeviceStatus& status);

/// The rules of a plan with what became of them, and whether they are switched on.
[[nodiscard]] nlohmann::ordered_json rules_json(const std::vector<faults::RuleResult>& rules);

/// Why entries of a submission queue are not fetched, as a clause; empty: they are.
[[nodiscard]] std::string fetch_wait_text(nvme::FetchWait wait, const DeviceStatus& status);

}  // namespace platform
