// SPDX-License-Identifier: Apache-2.0
#include "platform/config/timeline_event.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

#include "platform/config/param_list.h"

namespace platform {

namespace {

using nlohmann::json;
using Problems = std::vector<std::string>;

/// The keys that belong together.
void check_keys(const TimelineEvent& e, const json& entry, const std::string& where,
                Problems& problems) {
    const bool add = e.action == TimelineAction::kAdd;
    const auto want = [&](const char* key, bool wanted) {
        if (entry.contains(key) == wanted) return;
        problems.push_back(
            where + "/" + key + (wanted ? ": must be given with" : ": is not for") +
            " action = \"" +
            std::string{
                util::EnumNames<TimelineAction>::names[static_cast<std::size_t>(e.action)]} +
            "\"");
    };
    want("namespace", add);
    want("nsid", !add);
    want("size", e.action == TimelineAction::kResize);
}

}  // namespace

ParamList parameters_of(TimelineEvent& e) {
    return {
        {{"at_ns", "ns", "simulated time", 0, 1'000'000'000'000'000}, e.at_ns},
        {{"action", "", "what happens to the namespace"}, e.action},
        {{"nsid", "", "of remove and resize: the namespace", 0, 65536}, e.nsid},
        {{"size", "bytes", "of resize: the new size"}, e.size},
    };
}

std::vector<TimelineEvent> read_timeline(const json& list, const std::string& path,
                                         Problems& problems) {
    std::vector<TimelineEvent> events;
    if (!is_list(list, 0, kMostEvents, path, problems)) return events;
    std::size_t at = 0;
    for (const json& entry : list) {
        const std::string where = path + "/" + std::to_string(at++);
        TimelineEvent e;
        const std::size_t before = problems.size();
        read_object(parameters_of(e), entry, where, {"namespace"}, problems);
        if (problems.size() != before) continue;  // it has been complained of once
        check_keys(e, entry, where, problems);
        if (const auto ns = entry.find("namespace"); ns != entry.end())
            e.ns = read_namespace(*ns, where + "/namespace", problems);
        if (e.action == TimelineAction::kAdd) e.nsid = e.ns.nsid;
        events.push_back(std::move(e));
    }
    return events;
}

nlohmann::ordered_json write_timeline(const std::vector<TimelineEvent>& events) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const TimelineEvent& e : events) {
        nlohmann::ordered_json entry = write_object(e);
        if (e.action != TimelineAction::kResize) entry.erase("size");
        if (e.action == TimelineAction::kAdd) {
            entry.erase("nsid");
            entry["namespace"] = write_object(e.ns);
        }
        list.push_back(std::move(entry));
    }
    return list;
}

void check_timeline(std::vector<TimelineEvent>& events, const std::vector<std::uint32_t>& nsids,
                    std::uint32_t max_namespaces, const std::string& place, Problems& problems) {
    std::stable_sort(
        events.begin(), events.end(),
        [](const TimelineEvent& a, const TimelineEvent& b) { return a.at_ns < b.at_ns; });
    std::set<std::uint32_t> there(nsids.begin(), nsids.end());
    for (const TimelineEvent& e : events) {
        const std::string who = place + "the event at " + std::to_string(e.at_ns) +
                                " ns: nsid = " + std::to_string(e.nsid);
        if (e.nsid == 0 || e.nsid > max_namespaces)
            problems.push_back(who + ": must be 1 to max_namespaces (" +
                               std::to_string(max_namespaces) + ")");
        else if (e.action == TimelineAction::kAdd && !there.insert(e.nsid).second)
            problems.push_back(who + ": there is such a namespace then");
        else if (e.action != TimelineAction::kAdd && there.count(e.nsid) == 0)
            problems.push_back(who + ": there is no such namespace then");
        if (e.action == TimelineAction::kRemove) there.erase(e.nsid);
    }
}

}  // namespace platform
