// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>

#include "models/nvme/spec/entries.h"
#include "models/observe/lint_rules.h"

namespace observe {

/// What is wrong with a submission queue entry whatever the controller's state is.
struct EntryProblem {
    LintRule rule;
    std::uint64_t value;
};

/// Reserved fields that are not 0, NSID where it is not used. The first that is found; nothing for
/// opcodes that the rules do not know.
[[nodiscard]] std::optional<EntryProblem> check_entry(bool admin,
                                                      const nvme::spec::SubmissionEntry& sqe);

}  // namespace observe
