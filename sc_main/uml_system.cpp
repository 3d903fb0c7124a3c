// SPDX-License-Identifier: Apache-2.0
#include "sc_main/uml_system.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "platform/control/device_status.h"
#include "platform/runner/run_result.h"
#include "sc_main/controller_report.h"
#include "sc_main/subsystem_setup.h"

namespace nvme_vp {

namespace {

std::string name(const char* what, unsigned number) {
    return what + std::to_string(number);
}

}  // namespace

UmlSystem::Attached::Attached(unsigned number, const platform::ControllerSpec& spec,
                              std::shared_ptr<nvme::Subsystem> subsystem)
    : controller(name("nvme", number).c_str(), spec.params, std::move(subsystem)),
      device(name("pci", number).c_str()),
      intx(name("intx", number).c_str()),
      plan(spec.faults),
      guest(spec.guest) {
    device.config.bind(controller.config);
    device.bar0.bind(controller.bar0);
    device.bar4.bind(controller.bar4);
    controller.dma.bind(device.dma);
    controller.intx.bind(intx);
    device.intx.bind(intx);
    if (!spec.faults.empty()) controller.set_faults(&plan);
}

UmlSystem::UmlSystem(const platform::ProgramConfig& config, PreparedRun& prepared,
                     std::vector<std::string>& problems) {
    for (std::size_t i = 0; i < config.system.size(); ++i)
        add(config.system[i], prepared.subsystems[i], problems);
}

UmlSystem::~UmlSystem() = default;

void UmlSystem::add(const platform::SubsystemSpec& spec, PreparedSubsystem& prepared,
                    std::vector<std::string>& problems) {
    const std::size_t first = all_.size();
    const auto subsystem = nvme::NvmeController::make_subsystem(spec.controllers.front().params);
    for (const platform::ControllerSpec& controller : spec.controllers)
        all_.push_back(
            std::make_unique<Attached>(static_cast<unsigned>(all_.size()), controller, subsystem));
    set_up(all_[first]->controller, prepared, timelines_, problems);
}

void UmlSystem::observe(Observers& observers) {
    for (std::size_t i = 0; i < all_.size(); ++i) all_[i]->controller.set_trace(observers.sink(i));
}

void UmlSystem::connect(platform::uml::Calendar& calendar, UmlGuests& guests,
                        std::chrono::milliseconds patience) {
    std::vector<unsigned> taken(guests.count());
    for (const auto& attached : all_) {
        const unsigned guest = attached->guest;
        attached->device.listen(guests.process(guest).take_device(taken[guest]++), patience);
        calendar.add(attached->device, guest);
    }
}

void UmlSystem::cut_power() {
    for (const auto& attached : all_) attached->shutdowns.count(attached->controller);
    for (const auto& attached : all_) attached->controller.power_cut();
}

std::string UmlSystem::status_text() const {
    std::string text;
    for (std::size_t i = 0; i < all_.size(); ++i)
        text += platform::status_text(platform::device_status(
            name("nvme", static_cast<unsigned>(i)), all_[i]->controller, all_[i]->plan));
    return text;
}

std::string UmlSystem::power_off() {
    std::string wrong;
    for (const auto& attached : all_) attached->shutdowns.count(attached->controller);
    for (const auto& attached : all_)
        for (const std::uint32_t nsid : attached->controller.power_cycle())
            wrong += " " + std::to_string(nsid);
    return wrong.empty() ? ""
                         : "not all of what volatile write caches held could be written, of "
                           "namespace" +
                               wrong;
}

bool UmlSystem::expectations_met() const {
    for (const auto& attached : all_)
        if (!platform::all_met(attached->plan.results())) return false;
    return true;
}

std::string UmlSystem::summary_text(const Observers& observers) const {
    std::string text;
    for (std::size_t i = 0; i < all_.size(); ++i)
        text +=
            controller_text(name("nvme", static_cast<unsigned>(i)), all_[i]->plan, observers, i);
    return text;
}

nlohmann::ordered_json UmlSystem::report(const Observers& observers) const {
    std::vector<nlohmann::ordered_json> list;
    for (std::size_t i = 0; i < all_.size(); ++i)
        list.push_back(
            controller_json(all_[i]->controller, all_[i]->shutdowns, all_[i]->plan, observers, i));
    return of_all(list);
}

}  // namespace nvme_vp
