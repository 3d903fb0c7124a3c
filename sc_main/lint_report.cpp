// SPDX-License-Identifier: Apache-2.0
#include "sc_main/lint_report.h"

#include <nlohmann/json.hpp>

#include "models/observe/finding_text.h"

namespace nvme_vp {

namespace {

using observe::LintFinding;
using observe::LintRule;

/// Calls `visit` for each rule that was broken.
template <typename Visit>
void for_each_broken(const observe::DriverLint& lint, Visit visit) {
    for (std::size_t i = 0; i < observe::kLintRules; ++i) {
        const auto rule = static_cast<LintRule>(i);
        if (lint.of(rule).count != 0) visit(observe::lint_rule(rule), lint.of(rule));
    }
}

nlohmann::ordered_json place_json(const LintFinding& finding, const char* time) {
    nlohmann::ordered_json place{{time, finding.ps}};
    if (finding.qid != LintFinding::kNone) place["queue"] = finding.qid;
    if (finding.cid != LintFinding::kNone) place["command"] = finding.cid;
    place["value"] = finding.value;
    if (!finding.why.empty()) place["why"] = finding.why;
    return place;
}

}  // namespace

std::string rule_text(const observe::LintRuleInfo& rule) {
    return std::string{rule.says} + " [" + std::string{rule.document} + " " +
           std::string{rule.section} + "]";
}

nlohmann::ordered_json finding_json(const LintFinding& finding, std::uint64_t count,
                                    const char* time) {
    const observe::LintRuleInfo& rule = observe::lint_rule(finding.rule);
    nlohmann::ordered_json entry{{"rule", rule.id},
                                 {"count", count},
                                 {"says", rule.says},
                                 {"document", rule.document},
                                 {"section", rule.section}};
    entry.update(place_json(finding, time));
    if (rule.hint) entry["hint"] = true;
    return entry;
}

std::string lint_text(const observe::DriverLint* lint) {
    std::string text;
    if (lint == nullptr || lint->findings() + lint->hints() == 0) return text;
    text = "driver lint: " + std::to_string(lint->findings()) + " findings";
    if (lint->hints() != 0) text += ", " + std::to_string(lint->hints()) + " hints";
    text += "\n";
    for_each_broken(*lint, [&](const observe::LintRuleInfo& rule, const auto& count) {
        text += rule.hint ? "  hint " : "  ";
        text += std::string{rule.id} + " (" + std::to_string(count.count) +
                "): " + rule_text(rule) + "; first at " + std::to_string(count.first.ps) + " ps" +
                place_text(count.first) + "\n";
        for (const LintFinding& next : count.next)
            text += "    " + std::to_string(next.ps) + " ps" + place_text(next) + "\n";
    });
    return text;
}

nlohmann::ordered_json lint_json(const observe::DriverLint* lint) {
    if (lint == nullptr) return nullptr;
    nlohmann::ordered_json rules = nlohmann::ordered_json::array();
    for_each_broken(*lint, [&](const observe::LintRuleInfo&, const auto& count) {
        nlohmann::ordered_json entry = finding_json(count.first, count.count, "first_ps");
        for (const LintFinding& next : count.next) entry["next"].push_back(place_json(next, "ps"));
        rules.push_back(std::move(entry));
    });
    return {{"findings", lint->findings()}, {"hints", lint->hints()}, {"rules", rules}};
}

std::string lint_text(const Observers& observers) {
    std::string text;
    for (std::size_t i = 0; i < observers.controllers(); ++i) {
        const std::string mine = lint_text(observers.lint(i));
        if (observers.controllers() > 1 && !mine.empty()) text += "nvme" + std::to_string(i) + ", ";
        text += mine;
    }
    return text;
}

nlohmann::ordered_json lint_json(const Observers& observers) {
    return of_each_controller(observers,
                              [&](std::size_t i) { return lint_json(observers.lint(i)); });
}

bool lint_failed(const Observers& observers, const platform::ProgramConfig& config) {
    return config.run.strict && observers.lint_findings() != 0;
}

}  // namespace nvme_vp
