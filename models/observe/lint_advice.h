// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

#include "models/observe/lint_rules.h"

namespace observe {

/// What a driver's author wants to know of a rule beyond its row. The snippets are C, with the
/// specification's names.
struct LintAdvice {
    LintRule rule;
    std::string_view matters;  ///< what comes of it on hardware
    std::string_view wrong, right;
};

[[nodiscard]] const LintAdvice& lint_advice(LintRule rule);

/// All that is known of a rule, as text for a terminal.
[[nodiscard]] std::string explain(LintRule rule);
/// The same of all rules, as a page of Markdown.
[[nodiscard]] std::string lint_handbook();

}  // namespace observe
