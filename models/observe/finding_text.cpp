// SPDX-License-Identifier: Apache-2.0
#include "models/observe/finding_text.h"

#include <cstdio>

namespace observe {

std::string place_text(const LintFinding& finding) {
    std::string text;
    if (finding.qid != LintFinding::kNone) text += ", queue " + std::to_string(finding.qid);
    if (finding.cid != LintFinding::kNone) text += ", command " + std::to_string(finding.cid);
    char value[20];
    std::snprintf(value, sizeof value, "0x%llx", static_cast<unsigned long long>(finding.value));
    text.append(", ").append(lint_rule(finding.rule).value).append(" ").append(value);
    if (!finding.why.empty()) text.append(": ").append(finding.why);
    return text;
}

}  // namespace observe
