// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "models/observe/device_events.h"

namespace observe {

/// What a waveform may wait for: a finding of the driver lint, a fault of the plan, an error (a
/// command that completes with one, or CSTS.CFS); or one rule, of the lint or of the plan.
class VcdTrigger {
public:
    enum class Kind : std::uint8_t { kNone, kLint, kFault, kError, kRule };

    VcdTrigger() = default;
    /// "lint", "fault", "error", or the name of a rule; empty: none.
    explicit VcdTrigger(std::string_view text);

    [[nodiscard]] bool any() const { return kind_ != Kind::kNone; }
    [[nodiscard]] Kind kind() const { return kind_; }
    [[nodiscard]] const std::string& rule() const { return rule_; }

    [[nodiscard]] bool on_error() const { return kind_ == Kind::kError; }
    [[nodiscard]] bool on(const LintFinding& e) const;
    [[nodiscard]] bool on(const FaultInjected& e) const;

private:
    Kind kind_ = Kind::kNone;
    std::string rule_;
};

}  // namespace observe
