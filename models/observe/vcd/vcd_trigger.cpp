// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_trigger.h"

namespace observe {

VcdTrigger::VcdTrigger(std::string_view text) {
    if (text.empty()) return;
    kind_ = text == "lint"    ? Kind::kLint
            : text == "fault" ? Kind::kFault
            : text == "error" ? Kind::kError
                              : Kind::kRule;
    if (kind_ == Kind::kRule) rule_ = text;
}

bool VcdTrigger::on(const LintFinding& e) const {
    if (kind_ == Kind::kRule) return word_of(e.rule) == rule_;
    return kind_ == Kind::kLint && !lint_rule(e.rule).hint;
}

bool VcdTrigger::on(const FaultInjected& e) const {
    return kind_ == Kind::kFault || (kind_ == Kind::kRule && e.rule == rule_);
}

}  // namespace observe
