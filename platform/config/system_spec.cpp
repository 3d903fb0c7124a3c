// SPDX-License-Identifier: Apache-2.0
#include "platform/config/system_spec.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "platform/config/fault_plan.h"
#include "platform/config/param_list.h"
#include "platform/config/preset.h"

namespace platform {

namespace {

using nlohmann::json;
using Problems = std::vector<std::string>;

/// Null: the object has no such member.
const json* member(const json& object, const char* key) {
    const auto found = object.find(key);
    return found == object.end() ? nullptr : &*found;
}

/// Parameters that several controllers share: their problems are told here, once.
void check_shared(const json* parameters, const std::string& path, Problems& problems) {
    nvme::ControllerParams of_nobody;
    if (parameters != nullptr)
        read_object(parameters_of(of_nobody), *parameters, path, {}, problems);
}

std::vector<NamespaceSpec> read_namespace_list(const json& list, const std::string& path,
                                               Problems& problems) {
    std::vector<NamespaceSpec> specs;
    if (!is_list(list, 0, kMostNamespaces, path, problems)) return specs;
    std::size_t at = 0;
    for (const json& entry : list) {
        const std::size_t before = problems.size();
        NamespaceSpec spec = read_namespace(entry, path + "/" + std::to_string(at++), problems);
        // One that is wrong has been complained of once.
        if (problems.size() == before) specs.push_back(std::move(spec));
    }
    return specs;
}

/// Of the root or of an entry of `subsystems`.
void read_namespaces(const json& object, const std::string& path, SubsystemSpec& subsystem,
                     Problems& problems) {
    if (const json* list = member(object, "namespaces"); list != nullptr)
        subsystem.namespaces = read_namespace_list(*list, path + "/namespaces", problems);
    if (const json* list = member(object, "events"); list != nullptr)
        subsystem.events = read_timeline(*list, path + "/events", problems);
}

/// Number `n` of texts that are all made from one, which ends in 1.
std::string numbered(std::string text, std::size_t n) {
    const std::string digits = std::to_string(n + 1);
    return text.replace(text.size() - digits.size(), digits.size(), digits);
}

/// What one entry of `subsystems` gives to its controllers: parameters that are given further
/// outside, whose problems have been told.
struct Common {
    const std::string& preset;  ///< empty: none
    std::size_t subsystem;
    const json* outer;  ///< `controller` of the root, or null
    const json* inner;  ///< `controller` of the entry, or null

    [[nodiscard]] ControllerSpec controller(std::size_t number) const {
        ControllerSpec spec;
        spec.params.controller_id = static_cast<std::uint16_t>(number);
        spec.params.serial_number = numbered(spec.params.serial_number, subsystem);
        spec.params.subsystem_nqn = numbered(spec.params.subsystem_nqn, subsystem);
        Problems told;
        if (!preset.empty()) apply_preset(preset, spec.params, told);
        for (const json* parameters : {outer, inner})
            if (parameters != nullptr)
                read_object(parameters_of(spec.params), *parameters, "", {}, told);
        return spec;
    }
};

void read_controllers(const json& list, const std::string& path, const Common& common,
                      SubsystemSpec& subsystem, Problems& problems) {
    if (!is_list(list, 1, kMostControllers, path, problems)) return;
    subsystem.controllers.clear();
    for (const json& entry : list) {
        const std::string where = path + "/" + std::to_string(subsystem.controllers.size());
        ControllerSpec spec = common.controller(subsystem.controllers.size());
        read_object(parameters_of(spec), entry, where, {"faults"}, problems);
        if (entry.is_object())
            if (const json* plan = member(entry, "faults"); plan != nullptr)
                spec.faults = read_fault_plan(*plan, where + "/faults", problems);
        subsystem.controllers.push_back(std::move(spec));
    }
}

SubsystemSpec read_subsystem(const json& entry, const std::string& path, Common common,
                             Problems& problems) {
    SubsystemSpec subsystem;
    read_object({}, entry, path, {"namespaces", "events", "controller", "controllers"}, problems);
    if (!entry.is_object()) return subsystem;
    common.inner = member(entry, "controller");
    check_shared(common.inner, path + "/controller", problems);
    subsystem.controllers = {common.controller(0)};
    if (const json* list = member(entry, "controllers"); list != nullptr)
        read_controllers(*list, path + "/controllers", common, subsystem, problems);
    read_namespaces(entry, path, subsystem, problems);
    return subsystem;
}

void read_subsystems(const json& list, const json& root, const std::string& name,
                     const std::string& preset, SystemSpec& system, Problems& problems) {
    const std::string path = name + "/subsystems";
    for (const char* key : {"namespaces", "events", "faults"})
        if (root.contains(key))
            problems.push_back(name + "/" + key +
                               ": must not stand beside subsystems, but in one of them");
    if (!is_list(list, 1, kMostControllers, path, problems)) return;
    system.clear();
    for (const json& entry : list)
        system.push_back(
            read_subsystem(entry, path + "/" + std::to_string(system.size()),
                           {preset, system.size(), member(root, "controller"), nullptr}, problems));
}

nlohmann::ordered_json write_namespaces(const SubsystemSpec& subsystem) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const NamespaceSpec& spec : subsystem.namespaces) list.push_back(write_object(spec));
    return list;
}

nlohmann::ordered_json write_subsystem(const SubsystemSpec& subsystem) {
    nlohmann::ordered_json object{{"namespaces", write_namespaces(subsystem)},
                                  {"controllers", nlohmann::ordered_json::array()},
                                  {"events", write_timeline(subsystem.events)}};
    for (const ControllerSpec& spec : subsystem.controllers) {
        object["controllers"].push_back(write_object(spec));
        object["controllers"].back()["faults"] = write_fault_plan(spec.faults);
    }
    return object;
}

}  // namespace

nvme::ControllerParams default_controller() {
    nvme::ControllerParams params;
    params.serial_number = "000001";
    params.subsystem_nqn = "nqn.2014-08.org.nvmexpress:uuid:00000000-0000-4000-8000-000000000001";
    params.controller_id = 0;
    return params;
}

ParamList parameters_of(ControllerSpec& spec) {
    ParamList list{
        {{"socket", "", "serve: the UNIX socket to create for this controller"}, spec.socket},
        {{"guest", "", "uml: the guest that has this controller, counted from 0", 0,
          kMostControllers - 1},
         spec.guest}};
    const ParamList own = parameters_of(spec.params);
    list.insert(list.end(), own.begin(), own.end());
    return list;
}

const std::vector<std::string_view>& system_keys() {
    static const std::vector<std::string_view> keys{"controller", "namespaces", "faults", "events",
                                                    "subsystems"};
    return keys;
}

void read_system(const json& root, const std::string& name, const std::string& preset,
                 SystemSpec& system, Problems& problems) {
    if (!preset.empty()) apply_preset(preset, system.front().controllers.front().params, problems);
    const json* parameters = member(root, "controller");
    if (const json* list = member(root, "subsystems"); list != nullptr) {
        check_shared(parameters, name + "/controller", problems);
        return read_subsystems(*list, root, name, preset, system, problems);
    }
    SubsystemSpec& subsystem = system.front();
    ControllerSpec& controller = subsystem.controllers.front();
    if (parameters != nullptr)
        read_object(parameters_of(controller.params), *parameters, name + "/controller", {},
                    problems);
    read_namespaces(root, name, subsystem, problems);
    if (const json* plan = member(root, "faults"); plan != nullptr)
        controller.faults = read_fault_plan(*plan, name + "/faults", problems);
}

nlohmann::ordered_json write_system(const SystemSpec& system) {
    nlohmann::ordered_json root = nlohmann::ordered_json::object();
    if (count_controllers(system) > 1) {
        for (const SubsystemSpec& subsystem : system)
            root["subsystems"].push_back(write_subsystem(subsystem));
        return root;
    }
    const SubsystemSpec& subsystem = system.front();
    root["namespaces"] = write_namespaces(subsystem);
    root["faults"] = write_fault_plan(subsystem.controllers.front().faults);
    root["controller"] = write_object(subsystem.controllers.front().params);
    root["events"] = write_timeline(subsystem.events);
    return root;
}

std::size_t count_controllers(const SystemSpec& system) {
    std::size_t count = 0;
    for (const SubsystemSpec& subsystem : system) count += subsystem.controllers.size();
    return count;
}

std::vector<unsigned> controllers_of_guests(const SystemSpec& system) {
    std::vector<unsigned> counts;
    for_each_controller(system, [&](std::size_t, std::size_t, const ControllerSpec& spec) {
        if (spec.guest >= counts.size()) counts.resize(spec.guest + 1);
        ++counts[spec.guest];
    });
    return counts;
}

std::string for_guest(std::string text, std::size_t guest) {
    constexpr std::string_view kNumber = "%g";
    const std::string digits = std::to_string(guest);
    for (std::size_t at = 0; (at = text.find(kNumber, at)) != std::string::npos;
         at += digits.size())
        text.replace(at, kNumber.size(), digits);
    return text;
}

std::string place_of(const SystemSpec& system, std::size_t subsystem) {
    return count_controllers(system) == 1 ? "" : "subsystems/" + std::to_string(subsystem) + ": ";
}

}  // namespace platform
