// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "models/faults/injector.h"
#include "models/nvme/module/nvme_controller.h"

namespace platform {

/// A controller that people can do something to. What it refers to must outlive it.
struct Controlled {
    std::string name;
    nvme::NvmeController& controller;
    faults::Injector& plan;  ///< is given to the controller when it is first needed
};

/// Executes a request for one of `controllers`: {"arguments": ["namespace", "remove", "2"],
/// "controller": 0}, and what it asks for is an event, as a configuration has them at their times.
/// Returns {"ok": true, "text": for people, "result": for programs}, or {"ok": false, "problems":
/// [...]}; then nothing has happened. To be called in a process of the simulation. `line` may hold
/// anything.
[[nodiscard]] nlohmann::ordered_json execute(const std::vector<Controlled>& controllers,
                                             const std::string& line);

/// What can be asked for, a line each.
[[nodiscard]] std::string commands_text();

}  // namespace platform
