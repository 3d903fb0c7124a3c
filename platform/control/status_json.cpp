// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "platform/control/device_status.h"
#include "platform/control/status_words.h"
#include "platform/runner/run_result.h"

namespace platform {

namespace {

using Json = nlohmann::ordered_json;

Json submission_queues(const DeviceStatus& status) {
    Json list = Json::array();
    for (const nvme::SubmissionQueueStatus& q : status.controller.submission_queues) {
        Json entry{{"id", q.id},
                   {"cqid", q.cqid},
                   {"size", q.size},
                   {"head", q.head},
                   {"tail", q.tail},
                   {"announced", q.announced},
                   {"in_flight", q.in_flight}};
        if (q.waits != nvme::FetchWait::kNothing) entry["waits"] = fetch_wait_text(q.waits, status);
        list.push_back(std::move(entry));
    }
    return list;
}

Json completion_queues(const nvme::ControllerStatus& s) {
    Json list = Json::array();
    for (const nvme::CompletionQueueStatus& q : s.completion_queues) {
        Json entry{{"id", q.id},     {"size", q.size}, {"head", q.head},
                   {"tail", q.tail}, {"used", q.used}, {"full", q.full}};
        if (q.interrupts) entry["vector"] = q.vector;
        if (q.stopped) entry["stopped"] = true;
        if (q.waiting != 0) entry["waiting"] = q.waiting;
        if (q.since_ps) entry["waiting_since_ps"] = *q.since_ps;
        list.push_back(std::move(entry));
    }
    return list;
}

Json namespaces(const nvme::ControllerStatus& s) {
    Json list = Json::array();
    for (const nvme::NamespaceStatus& ns : s.namespaces) {
        Json registrants = Json::array();
        for (const nvme::RegistrantStatus& each : ns.registrants)
            registrants.push_back(
                {{"host", host_words(each)}, {"key", each.key}, {"holder", each.holder}});
        list.push_back({{"nsid", ns.nsid},
                        {"blocks", ns.blocks},
                        {"block_bytes", ns.block_bytes},
                        {"read_only", ns.read_only},
                        {"reservation_type", static_cast<unsigned>(ns.reservation)},
                        {"registrants", std::move(registrants)}});
    }
    return list;
}

}  // namespace

nlohmann::ordered_json rules_json(const std::vector<faults::RuleResult>& rules) {
    Json list = faults_json(rules);
    for (std::size_t i = 0; i < rules.size(); ++i) list[i]["enabled"] = rules[i].enabled;
    return list;
}

nlohmann::ordered_json status_json(const DeviceStatus& status) {
    const nvme::ControllerStatus& s = status.controller;
    Json json{{"name", status.name},
              {"ps", s.now_ps},
              {"powered", s.powered},
              {"cap", s.cap.raw},
              {"cc", s.cc.raw},
              {"csts", s.csts.raw},
              {"aqa", s.aqa.raw},
              {"asq", s.asq},
              {"acq", s.acq},
              {"intms", s.interrupt_mask},
              {"state", state_words(s)},
              {"command", status.command},
              {"memory_space", status.memory_enabled},
              {"bus_master", status.bus_master},
              {"d0", status.d0},
              {"submission_queues", submission_queues(status)},
              {"completion_queues", completion_queues(s)},
              {"msix",
               {{"enabled", status.msix_enabled},
                {"function_masked", status.function_masked},
                {"vectors", status.vectors},
                {"masked", status.masked},
                {"pending", status.pending}}},
              {"event_requests", s.event_requests},
              {"events", s.events},
              {"power_state", s.power_state},
              {"non_operational", s.non_operational},
              {"health",
               {{"critical_warning", s.critical_warning},
                {"temperature", s.kelvin},
                {"available_spare", s.available_spare},
                {"percentage_used", s.percentage_used}}},
              {"namespaces", namespaces(s)},
              {"faults", rules_json(status.faults)}};
    json["keep_alive_expires_ps"] = s.keep_alive_ps ? Json(*s.keep_alive_ps) : Json();
    return json;
}

}  // namespace platform
