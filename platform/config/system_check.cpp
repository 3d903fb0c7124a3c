// SPDX-License-Identifier: Apache-2.0
// What the keys of subsystems and controllers say about each other.
#include <map>

#include <nlohmann/json.hpp>

#include "platform/config/param_list.h"
#include "platform/config/system_spec.h"

namespace platform {

namespace {

using nlohmann::json;
using Problems = std::vector<std::string>;

/// Calls check(value, where) for each controller's value of a parameter.
template <typename Check>
void for_each_value(const SubsystemSpec& subsystem, std::string_view parameter, Check check) {
    for (std::size_t i = 0; i < subsystem.controllers.size(); ++i) {
        nvme::ControllerParams params = subsystem.controllers[i].params;
        const json value = find(parameters_of(params), parameter)->value();
        check(value, "controllers/" + std::to_string(i) + ": " + std::string{parameter} + " = " +
                         shown(value));
    }
}

/// What belongs to the subsystem is the same for all its controllers; what tells them apart is not.
void check_controllers(const SubsystemSpec& subsystem, const std::string& place,
                       Problems& problems) {
    for (const std::string_view parameter : nvme::subsystem_parameters()) {
        nlohmann::json first;
        for_each_value(subsystem, parameter, [&](const json& value, const std::string& where) {
            if (first.is_null()) first = value;
            if (value != first)
                problems.push_back(place + where + ": must be the same for all controllers of a " +
                                   "subsystem (" + shown(first) + ")");
        });
    }
    std::map<json, std::string> ids;
    for_each_value(subsystem, "controller_id", [&](const json& value, const std::string& where) {
        if (value != nvme::kDerivedControllerId && !ids.emplace(value, where).second)
            problems.push_back(place + where + ": another controller of the subsystem has it");
    });
}

void check_subsystem(SubsystemSpec& subsystem, const std::string& place, Problems& problems) {
    Problems found;
    assign_nsids(subsystem.namespaces, found);
    const std::uint32_t most = subsystem.controllers.front().params.max_namespaces;
    for (const NamespaceSpec& spec : subsystem.namespaces)
        if (spec.nsid > most)
            found.push_back("nsid = " + std::to_string(spec.nsid) +
                            ": must be at most max_namespaces (" + std::to_string(most) + ")");
    for (std::size_t i = 0; i < subsystem.controllers.size(); ++i) {
        const std::string which =
            place.empty() ? "controller: " : "controllers/" + std::to_string(i) + ": ";
        for (const std::string& problem : nvme::validate(subsystem.controllers[i].params))
            found.push_back(which + problem);
    }
    for (const std::string& problem : found) problems.push_back(place + problem);
    check_controllers(subsystem, place, problems);
}

/// Names that must be different in all of the configuration.
void check_distinct(const SystemSpec& system, Problems& problems) {
    std::map<std::string, std::string> nqns, sockets;
    for (std::size_t i = 0; i < system.size(); ++i) {
        const std::string place = place_of(system, i);
        const std::string& nqn = system[i].controllers.front().params.subsystem_nqn;
        if (!nqn.empty() && !nqns.emplace(nqn, place).second)
            problems.push_back(place + "subsystem_nqn = \"" + nqn +
                               "\": another subsystem has this name");
        for (const ControllerSpec& spec : system[i].controllers)
            if (!spec.socket.empty() && !sockets.emplace(spec.socket, place).second)
                problems.push_back(place + "socket = \"" + spec.socket +
                                   "\": another controller has this socket");
    }
}

}  // namespace

void check_system(SystemSpec& system, Problems& problems) {
    for (std::size_t i = 0; i < system.size(); ++i)
        check_subsystem(system[i], place_of(system, i), problems);
    check_distinct(system, problems);
    if (const std::size_t count = count_controllers(system); count > kMostControllers)
        problems.push_back("subsystems: " + std::to_string(count) +
                           " controllers, must be at most " + std::to_string(kMostControllers));
}

}  // namespace platform
