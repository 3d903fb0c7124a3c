// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "models/observe/trace.h"

namespace observe {

/// Passes each event on to several sinks, in the order in which they were added.
class TraceFanout final : public TraceSink {
public:
    /// `sink` must live as long as the fanout records.
    void add(TraceSink& sink) { sinks_.push_back(&sink); }

    void record(const RegisterWrite& e) override { pass(e); }
    void record(const AccessRefused& e) override { pass(e); }
    void record(const Doorbell& e) override { pass(e); }
    void record(const QueueChange& e) override { pass(e); }
    void record(const CommandFetched& e) override { pass(e); }
    void record(const CommandRefused& e) override { pass(e); }
    void record(const DataBuffer& e) override { pass(e); }
    void record(const CommandCompleted& e) override { pass(e); }
    void record(const Interrupt& e) override { pass(e); }
    void record(const StateChange& e) override { pass(e); }
    void record(const AsyncEvent& e) override { pass(e); }
    void record(const NamespaceChange& e) override { pass(e); }
    void record(const QueueLevels& e) override { pass(e); }
    void record(const PowerTransition& e) override { pass(e); }
    void record(const HealthLevels& e) override { pass(e); }
    void record(const LintFinding& e) override { pass(e); }
    void record(const FaultInjected& e) override { pass(e); }

private:
    template <typename Event>
    void pass(const Event& event) {
        for (TraceSink* sink : sinks_) sink->record(event);
    }

    std::vector<TraceSink*> sinks_;
};

}  // namespace observe
