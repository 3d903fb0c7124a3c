// SPDX-License-Identifier: Apache-2.0
#include "sc_main/live_findings.h"

#include <nlohmann/json.hpp>

#include "models/observe/finding_text.h"
#include "models/util/time_text.h"
#include "sc_main/lint_report.h"

namespace nvme_vp {

namespace {

using observe::LintFinding;

bool worth_telling(std::uint64_t count) {
    if (count <= 3) return true;
    while (count % 10 == 0) count /= 10;
    return count == 1;
}

}  // namespace

void LiveFindings::record(const LintFinding& finding) {
    const std::uint64_t count = ++counts_[static_cast<std::size_t>(finding.rule)];
    if (!worth_telling(count)) return;
    const observe::LintRuleInfo& rule = observe::lint_rule(finding.rule);
    std::string text = label_.empty() ? "" : label_ + ": ";
    text += (rule.hint ? "hint " : "finding ") + std::string{rule.id};
    if (count > 1) text += " (" + std::to_string(count) + ")";
    text +=
        " at " + util::time_text(finding.ps) + ": " + rule_text(rule) + place_text(finding) + "\n";

    nlohmann::ordered_json json;
    if (!label_.empty()) json["controller"] = label_;
    json.update(finding_json(finding, count, "ps"));
    narrator_.say(text, "finding", json);
}

}  // namespace nvme_vp
