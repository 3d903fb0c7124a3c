// SPDX-License-Identifier: Apache-2.0
#include "sc_main/served_system.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "platform/control/device_status.h"
#include "platform/runner/run_result.h"
#include "sc_main/controller_report.h"
#include "sc_main/subsystem_setup.h"

namespace nvme_vp {

ServedSystem::ServedSystem(const platform::ProgramConfig& config, PreparedRun& prepared,
                           platform::SessionWriter* record, std::vector<std::string>& problems) {
    platform::VfioUserServerOptions options;
    options.doorbells = config.run.doorbells;
    options.record = record;
    for (std::size_t i = 0; i < config.system.size(); ++i)
        add(config.system[i], prepared.subsystems[i], options, problems);
}

ServedSystem::~ServedSystem() = default;

void ServedSystem::add(const platform::SubsystemSpec& spec, PreparedSubsystem& prepared,
                       platform::VfioUserServerOptions options,
                       std::vector<std::string>& problems) {
    const std::size_t first = all_.size();
    options.subsystem = nvme::NvmeController::make_subsystem(spec.controllers.front().params);
    options.machines = std::make_shared<unsigned>(0);
    for (const platform::ControllerSpec& controller : spec.controllers) {
        options.number = static_cast<unsigned>(all_.size());
        options.controller = controller.params;
        options.socket_path = controller.socket;
        Served& served = *all_.emplace_back(std::make_unique<Served>(options, controller.faults));
        if (!controller.faults.empty()) served.server.controller().set_faults(&served.plan);
    }
    set_up(all_[first]->server.controller(), prepared, timelines_, problems);
}

void ServedSystem::listen(platform::ServeLoop& loop, const Narrator& narrator,
                          std::vector<std::string>& problems) {
    for (const auto& served : all_) {
        loop.add(served->server);
        served->server.bridge().complaints().on(
            [&narrator, socket = served->socket](const auto& text) {
                narrator.say(socket + ": " + text + "\n", "refused",
                             {{"controller", socket}, {"says", text}});
            });
        if (const std::string wrong = served->server.bridge().listen(); !wrong.empty())
            problems.push_back(wrong);
    }
}

void ServedSystem::observe(Observers& observers, const Narrator& narrator) {
    for (std::size_t i = 0; i < all_.size(); ++i) {
        all_[i]->findings = std::make_unique<LiveFindings>(
            narrator, all_.size() == 1 ? std::string{} : all_[i]->socket);
        observers.tell_findings(i, *all_[i]->findings);
        all_[i]->server.controller().set_trace(observers.sink(i));
    }
}

void ServedSystem::tell_status(const Narrator& narrator) const {
    for (const auto& served : all_) {
        const platform::DeviceStatus status =
            platform::device_status(served->socket, served->server.controller(), served->plan);
        narrator.answer(platform::status_text(status), "status",
                        {{"status", platform::status_json(status)}});
    }
}

std::vector<platform::Controlled> ServedSystem::controlled() const {
    std::vector<platform::Controlled> list;
    for (const auto& served : all_)
        list.push_back({served->socket, served->server.controller(), served->plan});
    return list;
}

bool ServedSystem::expectations_met() const {
    for (const auto& served : all_)
        if (!platform::all_met(served->plan.results())) return false;
    return true;
}

std::string ServedSystem::summary_text(const Observers& observers) const {
    std::string text;
    for (std::size_t i = 0; i < all_.size(); ++i)
        text += controller_text(all_[i]->socket, all_[i]->plan, observers, i);
    return text;
}

nlohmann::ordered_json ServedSystem::report(const Observers& observers) const {
    std::vector<nlohmann::ordered_json> list;
    for (std::size_t i = 0; i < all_.size(); ++i) {
        platform::VfioUserServer& server = all_[i]->server;
        nlohmann::ordered_json mine;
        if (all_.size() > 1) mine["socket"] = all_[i]->socket;
        mine["clients"] = server.bridge().clients_served();
        mine.update(
            controller_json(server.controller(), server.shutdowns(), all_[i]->plan, observers, i));
        list.push_back(std::move(mine));
    }
    return of_all(list);
}

}  // namespace nvme_vp
