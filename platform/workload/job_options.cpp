// SPDX-License-Identifier: Apache-2.0
#include "platform/workload/job_options.h"

#include <algorithm>

namespace platform {

namespace {

using Use = JobOption::Use;

unsigned edit_distance(std::string_view a, std::string_view b) {
    std::vector<unsigned> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<unsigned>(j);
    for (std::size_t i = 1; i <= a.size(); ++i) {
        unsigned diagonal = row[0];
        row[0] = static_cast<unsigned>(i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const unsigned replace = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replace, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row[b.size()];
}

std::string names_of(const JobOption& option) {
    std::string names = "`" + std::string{option.name} + "`";
    if (!option.alias.empty()) names += ", `" + std::string{option.alias} + "`";
    return names;
}

/// Keys with the same reason stand in one row.
template <typename Rows, typename Names, typename Reason>
std::string by_reason(const Rows& rows, Names names, Reason reason) {
    std::string result;
    for (auto row = rows.begin(); row != rows.end();) {
        const std::string_view why = reason(*row);
        result += "| ";
        for (const char* separator = ""; row != rows.end() && reason(*row) == why; ++row) {
            result += separator + names(*row);
            separator = ", ";
        }
        result += " | " + std::string{why} + " |\n";
    }
    return result;
}

}  // namespace

const std::vector<JobOption>& job_options() {
    static const std::vector<JobOption> options = [] {
        std::vector<JobOption> all;
        for (const JobOptionRows& rows :
             {pattern_options(), pace_options(), result_options(), ignored_options()})
            all.insert(all.end(), rows.begin(), rows.end());
        return all;
    }();
    return options;
}

const JobOption* find_job_option(std::string_view key) {
    if (key.empty()) return nullptr;
    for (const JobOption& option : job_options())
        if (option.name == key || option.alias == key) return &option;
    return nullptr;
}

const RefusedKey* find_refused_key(std::string_view key) {
    for (const RefusedKey& refused : refused_keys()) {
        const bool prefix = refused.name.back() == '*';
        const std::string_view name =
            refused.name.substr(0, refused.name.size() - (prefix ? 1 : 0));
        if (prefix ? key.substr(0, name.size()) == name : key == name) return &refused;
    }
    return nullptr;
}

bool asks_for_nothing(const RefusedKey& key, std::string_view value) {
    return value == "0" || value == "none" || (!key.off.empty() && value == key.off);
}

std::string_view nearest_job_option(std::string_view key) {
    constexpr std::size_t longest = 32;  // no key is nearly as long, and the work stays bounded
    if (key.size() > longest) return {};
    std::string_view best;
    auto best_distance = static_cast<unsigned>(key.size() / 3 + 1);
    for (const JobOption& option : job_options()) {
        for (const std::string_view name : {option.name, option.alias}) {
            if (name.empty() || edit_distance(key, name) >= best_distance) continue;
            best = name;
            best_distance = edit_distance(key, name);
        }
    }
    return best;
}

std::string job_options_markdown() {
    std::string result = "| Key | Allowed | Default | Meaning |\n|---|---|---|---|\n";
    for (const JobOption& option : job_options()) {
        if (option.use == Use::kIgnored) continue;
        result += "| " + names_of(option) + " | " + std::string{option.allowed} +
                  (option.bare ? ", or no value" : "") + " | " + std::string{option.preset} +
                  " | " + std::string{option.meaning} + " |\n";
    }
    result += "\n### Keys of job files that make no difference\n\n| Keys | Why |\n|---|---|\n";
    result += by_reason(ignored_options(), names_of,
                        [](const JobOption& option) { return option.meaning; });
    result += "\n### Keys of job files that are refused\n\n| Keys | Why |\n|---|---|\n";
    return result + by_reason(
                        refused_keys(),
                        [](const RefusedKey& key) { return "`" + std::string{key.name} + "`"; },
                        [](const RefusedKey& key) { return key.why; });
}

}  // namespace platform
