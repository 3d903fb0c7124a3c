// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "models/faults/rule.h"
#include "models/nvme/params/params.h"
#include "platform/config/namespace_spec.h"
#include "platform/config/param_list.h"
#include "platform/config/timeline_event.h"

namespace platform {

/// Controllers of one configuration, in all its subsystems.
inline constexpr std::size_t kMostControllers = 16;

/// What the parameters of a controller are where a configuration says nothing: the model's own, and
/// the identity of the program's first controller.
[[nodiscard]] nvme::ControllerParams default_controller();

/// One controller as a user describes it.
struct ControllerSpec {
    std::string socket;
    std::uint32_t guest = 0;
    nvme::ControllerParams params = default_controller();
    std::vector<faults::Rule> faults;
};

/// The keys of an entry of `controllers`, but `faults`.
[[nodiscard]] ParamList parameters_of(ControllerSpec& spec);

/// An NVM subsystem as a user describes it: controllers, and the namespaces that they share.
struct SubsystemSpec {
    std::vector<NamespaceSpec> namespaces;
    std::vector<TimelineEvent> events;  ///< in the order of time once checked
    std::vector<ControllerSpec> controllers = std::vector<ControllerSpec>(1);  ///< never empty
};

/// Never empty. One subsystem with one controller is what most users have; its keys may then stand
/// at the top of the configuration.
using SystemSpec = std::vector<SubsystemSpec>;

/// Keys at the top of a configuration that read_system() reads.
[[nodiscard]] const std::vector<std::string_view>& system_keys();
/// Controllers begin with the parameters of the preset, if there is one. What is not mentioned
/// stays as it is, but `subsystems` replaces everything. Its subsystems and controllers have
/// different serial_number, subsystem_nqn and controller_id where the user does not say what they
/// are.
void read_system(const nlohmann::json& root, const std::string& name, const std::string& preset,
                 SystemSpec& system, std::vector<std::string>& problems);
/// The keys at the top, in the short form where it suffices.
[[nodiscard]] nlohmann::ordered_json write_system(const SystemSpec& system);

/// Rules that involve several keys; also gives the namespaces their NSIDs.
void check_system(SystemSpec& system, std::vector<std::string>& problems);

[[nodiscard]] std::size_t count_controllers(const SystemSpec& system);
/// Calls visit(number, subsystem, spec) for each controller, counted through all subsystems.
template <typename Visitor>
void for_each_controller(const SystemSpec& system, Visitor&& visitor) {
    std::size_t number = 0;
    for (std::size_t i = 0; i < system.size(); ++i)
        for (const ControllerSpec& spec : system[i].controllers) visitor(number++, i, spec);
}
/// How many controllers each guest has, by its number, up to the last guest that is named.
[[nodiscard]] std::vector<unsigned> controllers_of_guests(const SystemSpec& system);
/// What `text` is for a guest: each %g in it is the guest's number.
[[nodiscard]] std::string for_guest(std::string text, std::size_t guest);
/// Where messages say that a problem is: "subsystems/1: ", or nothing if there is only one.
[[nodiscard]] std::string place_of(const SystemSpec& system, std::size_t subsystem);

}  // namespace platform
