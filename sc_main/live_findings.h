// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <string>

#include "models/observe/trace.h"
#include "sc_main/narrator.h"

namespace nvme_vp {

/// Tells each finding of the driver lint when it is made. A driver that breaks a rule again and
/// again does not fill the terminal: of each rule the first three are told, and then the 10th, the
/// 100th, and so on.
class LiveFindings final : public observe::TraceSink {
public:
    /// `narrator` must outlive it. `label` is the controller's, where there are several.
    LiveFindings(const Narrator& narrator, std::string label)
        : narrator_(narrator), label_(std::move(label)) {}

    void record(const observe::LintFinding& finding) override;

private:
    const Narrator& narrator_;
    const std::string label_;
    std::array<std::uint64_t, observe::kLintRules> counts_{};
};

}  // namespace nvme_vp
