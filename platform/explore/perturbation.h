// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "models/faults/rule.h"
#include "platform/config/system_spec.h"

namespace platform {

/// Something that a device does a little otherwise, once, and may: the specification promises no
/// host anything of these times and orders.
struct Perturbation {
    std::size_t controller = 0;  ///< counted through all subsystems
    faults::Rule rule;           ///< strikes once: rule.count is 1
};
using Perturbations = std::vector<Perturbation>;

/// What perturbations are drawn for.
struct PerturbedRun {
    /// Commands that each controller gets when nothing is perturbed. Never empty.
    std::vector<std::uint64_t> commands;
    std::size_t most = 16;                ///< perturbations; at least 1
    std::uint64_t driver_timeout_ns = 0;  ///< 0: no command is held until the driver gives it up
};

/// Draws 1 to `most`. The same for the same arguments, on every machine.
[[nodiscard]] Perturbations draw_perturbations(std::uint64_t seed, const PerturbedRun& run);

/// Adds them behind the rules that the plans of the controllers have. A perturbation strikes where
/// it says, whichever others there are; of two of a kind at one place, the second at the next. Only
/// one that meets the driver's time-out counts other commands than the rest, those of I/O queues:
/// where there is one, it and the others of its kind may strike some commands later.
void add_perturbations(const Perturbations& all, SystemSpec& system);

/// The rule as a fault plan has it, in one line, with the controller where there are several.
[[nodiscard]] std::string text_of(const Perturbation& perturbation, std::size_t controllers);

}  // namespace platform
