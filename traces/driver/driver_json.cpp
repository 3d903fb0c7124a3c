// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "traces/driver/report_forms.h"

namespace driver {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const std::vector<Item>& items) {
    Json list = Json::array();
    for (const Item& item : items) {
        Json entry{{"id", item.id},
                   {"says", item.says},
                   {"section", item.section},
                   {"every_driver", item.every_driver},
                   {"verdict", word_of(item.outcome.verdict)},
                   {"how", item.outcome.how}};
        if (!item.fault.empty()) entry["fault"] = item.fault;
        list.push_back(std::move(entry));
    }
    return list;
}

Json json_of(const std::vector<LintItem>& rules) {
    Json list = Json::array();
    for (const LintItem& rule : rules)
        if (rule.count != 0)
            list.push_back({{"rule", rule.rule},
                            {"says", rule.says},
                            {"section", rule.section},
                            {"hint", rule.hint},
                            {"count", rule.count},
                            {"first", rule.first}});
    return list;
}

Json json_of(const std::vector<UsageRow>& rows) {
    Json groups = Json::object();
    for (const UsageRow& row : rows)
        groups[std::string(row.group)].push_back(
            {{"name", row.name}, {"count", row.use.count}, {"errors", row.use.errors}});
    return groups;
}

Json json_of(const std::vector<ErrorPath>& paths) {
    Json list = Json::array();
    for (const ErrorPath& path : paths)
        list.push_back({{"queues", path.io ? "io" : "admin"},
                        {"ended_as", path.what},
                        {"met", path.met},
                        {"aborted", path.aborted},
                        {"reset", path.reset},
                        {"sent_again", path.sent_again},
                        {"good_again", path.good_again},
                        {"left", path.left()}});
    return list;
}

/// null: it is not in the trace.
Json json_of(const std::vector<Figure>& figures) {
    Json object = Json::object();
    for (const Figure& figure : figures)
        object[std::string(figure.id)] = figure.known ? Json(figure.value) : Json();
    return object;
}

Json json_of(const std::map<std::uint16_t, QueueFigures>& queues) {
    Json list = Json::array();
    for (const auto& [qid, queue] : queues)
        list.push_back({{"qid", qid},
                        {"submission_entries", queue.submission_entries},
                        {"completion_entries", queue.completion_entries},
                        {"commands", queue.commands},
                        {"completions", queue.completions},
                        {"most_in_flight", queue.most_in_flight},
                        {"tail_doorbells", queue.tails},
                        {"head_doorbells", queue.heads},
                        {"completion_wraps", queue.wraps},
                        {"submission_full", queue.full},
                        {"polled", queue.polled}});
    return list;
}

Json json_of(const std::vector<Life>& lives) {
    const auto time = [](util::TimePs ps) { return ps == util::kNever ? Json() : Json(ps); };
    Json list = Json::array();
    for (const Life& life : lives)
        list.push_back({{"begin_ps", life.begin},
                        {"enabled_ps", time(life.enabled)},
                        {"ready_ps", time(life.ready)},
                        {"first_io_ps", time(life.first_io)},
                        {"end_ps", time(life.end)},
                        {"cc", life.cc.raw},
                        {"end", end_of(life)},
                        {"completion_queues", life.completion_queues},
                        {"submission_queues", life.submission_queues}});
    return list;
}

}  // namespace

std::string driver_json(const DriverReport& report) {
    Json root;
    root["format"] = 1;
    root["meta"] = {{"file", report.file},
                    {"note", report.note},
                    {"events", report.events},
                    {"details", report.details},
                    {"lives", report.life_count}};
    root["wrong"] = report.wrong();
    root["initialization"] = json_of(report.initialization);
    root["behaviours"] = json_of(report.behaviours);
    root["lint"] = json_of(report.lint);
    root["errors"] = json_of(report.errors);
    root["figures"] = json_of(report.figures);
    root["queues"] = json_of(report.queues);
    root["lives"] = json_of(report.lives);
    root["usage"] = json_of(report.usage);
    // A trace may hold a vendor's reasons, and a damaged one anything.
    return root.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace driver
