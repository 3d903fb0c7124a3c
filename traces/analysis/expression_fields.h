// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "traces/analysis/command.h"

namespace analysis {

/// Something of a command that an expression may compare.
struct ExpressionField {
    enum class Kind : std::uint8_t { kNumber, kTime, kOpcode, kFlag };
    std::string_view name;
    Kind kind;
    /// Times in nanoseconds; nothing: not known.
    std::optional<double> (*value)(const Command&);
    std::string_view doc;
};

/// Null: there is none of that name.
[[nodiscard]] const ExpressionField* find_field(std::string_view name);
/// Of all of them, for messages.
[[nodiscard]] std::string expression_names();

}  // namespace analysis
