// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>

#include "traces/analysis/analysis.h"

namespace analysis {

/// What is shown of a run while it goes on, part by part.
class LiveScreen {
public:
    explicit LiveScreen(std::string file) : file_(std::move(file)) {}

    /// Of the part since the one before: load, latencies, depth of each queue, what limits; and
    /// what was counted so far.
    [[nodiscard]] std::string show(const Analysis& part);

private:
    void count(const Analysis& part);

    const std::string file_;
    std::uint64_t commands_ = 0, errors_ = 0, findings_ = 0;  // of I/O, so far
    std::string last_finding_;
};

}  // namespace analysis
