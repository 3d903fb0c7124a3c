// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "traces/analysis/command.h"

namespace analysis {

/// A condition on commands, in the language of `nvme-trace grep`:
///
///     opcode == Read && latency > 1ms && (queue == 3 || error)
///
/// Comparisons of a field with a value, joined by && (binds tighter) and ||, with ! and
/// parentheses. Times have a unit, opcodes may be names. What is not known of a command compares
/// as false, whatever the operator.
class Expression {
public:
    /// What a syntax tree is made of.
    struct Node;

    /// Reads `text`. Otherwise null, and `problem` says what is wrong at which column, from 1.
    [[nodiscard]] static std::shared_ptr<const Expression> parse(std::string_view text,
                                                                 std::string& problem);
    explicit Expression(std::shared_ptr<const Node> root) : root_(std::move(root)) {}

    [[nodiscard]] bool holds(const Command& command) const;

private:
    std::shared_ptr<const Node> root_;
};

/// The fields that an expression may name, with what they are: lines for --help.
[[nodiscard]] std::string expression_fields();

}  // namespace analysis
