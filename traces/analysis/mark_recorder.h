// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/observe/trace.h"
#include "traces/analysis/analysis.h"

namespace analysis {

/// What stands out in a trace, in words: resets, changes of state, faults, refusals, what the lint
/// has found. A bounded number of each kind; the rest is counted.
class MarkRecorder {
public:
    static constexpr std::size_t kMostOfAKind = 1000;

    explicit MarkRecorder(Analysis& to) : to_(to) {}

    void record(const observe::StateChange& e);
    /// So it was before; nothing has changed.
    void begin_with(const observe::StateChange& state) { state_ = state; }
    void record(const observe::Reset& e);
    void record(const observe::AsyncEvent& e);
    void record(const observe::NamespaceChange& e);
    void record(const observe::PowerTransition& e);
    void record(const observe::HealthLevels& e);
    void record(const observe::MediaBlock& e);
    void record(const observe::FaultInjected& e);
    void record(const observe::LintFinding& e);
    void record(const observe::CommandRefused& e);
    void record(const observe::AccessRefused& e);
    void record(const observe::Doorbell& e);
    /// A Flush has been completed.
    void flushed(util::TimePs ps, util::TimePs latency);
    /// From here on there are as many marks of each kind again.
    void forget_counts() { of_kind_.clear(); }
    /// Anything else of one of the kinds.
    void mark(util::TimePs ps, const char* kind, std::string text);

private:
    Analysis& to_;
    std::map<std::string, std::size_t> of_kind_;
    std::optional<observe::StateChange> state_;
};

}  // namespace analysis
