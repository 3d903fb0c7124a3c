// SPDX-License-Identifier: Apache-2.0
#include "platform/runner/run_result.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include <nlohmann/json.hpp>

namespace platform {

namespace {

using Json = nlohmann::ordered_json;

bool used(const IoStatistics& statistics) {
    return statistics.duration() != 0 || statistics.errors() != 0;
}

/// Streams of one name in the job file, added up, in the order of the first of each.
struct Group {
    std::string name;
    unsigned clones = 0;
    std::unique_ptr<IoStatistics> io = std::make_unique<IoStatistics>();
    std::unique_ptr<IoStatistics> read_back = std::make_unique<IoStatistics>();
};

std::vector<Group> groups_of(const RunResult& result) {
    std::vector<Group> groups;
    for (const auto& stream : result.streams) {
        // Streams of a group stand side by side.
        if (groups.empty() || groups.back().name != stream->group) {
            groups.emplace_back();
            groups.back().name = stream->group;
        }
        ++groups.back().clones;
        groups.back().io->merge(stream->io);
        groups.back().read_back->merge(stream->read_back);
    }
    return groups;
}

std::string bytes_text(std::uint64_t bytes) {
    static constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    unsigned unit = 0;
    while (unit < 4 && bytes != 0 && bytes % 1024 == 0) {
        bytes /= 1024;
        ++unit;
    }
    return std::to_string(bytes) + " " + kUnits[unit];
}

Json device_json(const DeviceListing& device) {
    Json json{{"model", device.model},
              {"serial", device.serial},
              {"firmware", device.firmware},
              {"nqn", device.nqn},
              {"version", device.version},
              {"controller_id", device.controller_id},
              {"max_transfer_bytes", device.max_transfer},
              {"max_queue_entries", device.max_queue_entries},
              {"msix_vectors", device.msix_vectors},
              {"volatile_write_cache", device.volatile_write_cache},
              {"namespaces", Json::array()}};
    for (const DeviceListing::Namespace& ns : device.namespaces)
        json["namespaces"].push_back({{"nsid", ns.nsid},
                                      {"blocks", ns.blocks},
                                      {"block_bytes", ns.block_bytes},
                                      {"read_only", ns.read_only},
                                      {"nguid", ns.nguid}});
    return json;
}

double per_cpu_second(const RunResult& result) {
    const auto commands = static_cast<double>(result.commands());
    return result.cpu_seconds > 0 ? commands / result.cpu_seconds : 0.0;
}

}  // namespace

void RunErrors::add(Kind kind, const std::string& message) {
    ++counts_[static_cast<std::size_t>(kind)];
    if (messages_.size() < kMaxMessages) messages_.push_back(message);
}

std::uint64_t RunErrors::total() const {
    return counts_[0] + counts_[1] + counts_[2];
}

bool all_met(const std::vector<faults::RuleResult>& results) {
    return std::all_of(results.begin(), results.end(), [](const auto& r) { return r.met(); });
}

std::string faults_text(const std::vector<faults::RuleResult>& results) {
    std::string text;
    for (const faults::RuleResult& result : results)
        text += "fault plan: " + faults::describe(result) + "\n";
    return text;
}

nlohmann::ordered_json faults_json(const std::vector<faults::RuleResult>& results) {
    Json list = Json::array();
    for (const faults::RuleResult& r : results) {
        Json entry{{"name", r.name},
                   {"action", std::string{faults::name_of(r.action)}},
                   {"matched", r.matched},
                   {"applied", r.applied}};
        if (r.action == faults::Action::kExpect) {
            entry["at_least"] = r.at_least;
            entry["at_most"] = r.at_most ? Json(*r.at_most) : Json();
            entry["met"] = r.met();
        }
        list.push_back(std::move(entry));
    }
    return list;
}

std::uint64_t RunResult::commands() const {
    std::uint64_t sum = 0;
    for (const auto& stream : streams) sum += stream->commands;
    return sum;
}

std::string listing_text(const DeviceListing& device) {
    std::string text = device.model + ", serial " + device.serial + ", firmware " +
                       device.firmware + ", NVMe " + device.version + "\n";
    text +=
        "  subsystem " + device.nqn + ", controller " + std::to_string(device.controller_id) + "\n";
    text += "  largest transfer " +
            (device.max_transfer == 0 ? "unlimited" : bytes_text(device.max_transfer)) +
            ", queues of up to " + std::to_string(device.max_queue_entries) + " entries, " +
            std::to_string(device.msix_vectors) + " MSI-X vectors, " +
            (device.volatile_write_cache ? "volatile write cache" : "no volatile write cache") +
            "\n";
    for (const DeviceListing::Namespace& ns : device.namespaces)
        text += "  namespace " + std::to_string(ns.nsid) + ": " +
                bytes_text(ns.blocks * ns.block_bytes) + ", " + std::to_string(ns.blocks) +
                " blocks of " + std::to_string(ns.block_bytes) + " bytes" +
                (ns.read_only ? ", read-only" : "") + ", NGUID " + ns.nguid + "\n";
    return text;
}

std::string summary_text(const RunResult& result) {
    const std::vector<Group> groups = groups_of(result);
    std::vector<StatisticsRow> rows;
    std::vector<std::string> names;
    for (const Group& group : groups) {
        const std::string clones =
            group.clones > 1 ? " x" + std::to_string(group.clones) : std::string{};
        if (used(*group.io)) rows.push_back({group.name + clones, group.io.get()});
        if (used(*group.read_back)) rows.push_back({group.name + " verify", group.read_back.get()});
    }
    if (result.recorded) rows.push_back({"recorded", result.recorded.get()});
    std::string text = format_statistics(rows);
    char line[200];
    const auto commands = static_cast<double>(result.commands());
    std::snprintf(line, sizeof(line),
                  "simulated %s, %.0f commands; host %.2f s, CPU %.2f s, %.0f commands per host "
                  "second of CPU\n",
                  format_time(result.simulated).c_str(), commands, result.host_seconds,
                  result.cpu_seconds, per_cpu_second(result));
    text += line;
    text += faults_text(result.faults);
    if (result.good()) return text + "no errors\n";
    const RunErrors& errors = result.errors;
    using Kind = RunErrors::Kind;
    text += "ERRORS: " + std::to_string(errors.of(Kind::kVerification)) + " verification, " +
            std::to_string(errors.of(Kind::kCommand)) + " commands, " +
            std::to_string(errors.of(Kind::kDriver)) + " driver, " +
            std::to_string(result.protocol_errors) + " protocol, " +
            std::to_string(result.missed_interrupts) + " missed interrupts\n";
    for (const std::string& message : errors.messages()) text += "  " + message + "\n";
    if (errors.total() > errors.messages().size()) text += "  and more\n";
    if (result.interrupted) text += "  interrupted before the end\n";
    return text;
}

nlohmann::ordered_json result_json(const RunResult& result) {
    using Kind = RunErrors::Kind;
    Json json;
    json["good"] = result.good();
    if (result.devices.size() < 2)
        json["device"] =
            device_json(result.devices.empty() ? DeviceListing{} : result.devices.front());
    else
        for (const DeviceListing& device : result.devices)
            json["devices"].push_back(device_json(device));
    json["simulated_ps"] = result.simulated;
    json["commands"] = result.commands();
    json["jobs"] = Json::array();
    for (const Group& group : groups_of(result)) {
        Json entry{{"name", group.name}, {"clones", group.clones}};
        entry["io"] = group.io->to_json();
        if (used(*group.read_back)) entry["verify"] = group.read_back->to_json();
        json["jobs"].push_back(std::move(entry));
    }
    json["streams"] = Json::array();
    for (const auto& stream : result.streams) {
        Json entry{
            {"name", stream->name},   {"wave", stream->wave},   {"controller", stream->controller},
            {"queue", stream->queue}, {"depth", stream->depth}, {"commands", stream->commands}};
        entry["io"] = stream->io.to_json();
        if (used(stream->read_back)) entry["verify"] = stream->read_back.to_json();
        json["streams"].push_back(std::move(entry));
    }
    json["faults"] = faults_json(result.faults);
    json["errors"] = {{"verification", result.errors.of(Kind::kVerification)},
                      {"commands", result.errors.of(Kind::kCommand)},
                      {"driver", result.errors.of(Kind::kDriver)},
                      {"protocol", result.protocol_errors},
                      {"missed_interrupts", result.missed_interrupts},
                      {"interrupted", result.interrupted},
                      {"messages", result.errors.messages()}};
    json["host"] = {{"seconds", result.host_seconds},
                    {"cpu_seconds", result.cpu_seconds},
                    {"commands_per_cpu_second", per_cpu_second(result)}};
    return json;
}

}  // namespace platform
