// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <vector>

#include "models/observe/trace.h"

namespace observe {

/// Passes each event on to several sinks, in the order in which they were added.
class TraceFanout final : public EveryEvent<TraceFanout> {
public:
    /// `sink` must live as long as the fanout records. Before the fanout is attached.
    void add(TraceSink& sink) { sinks_.push_back(&sink); }

    [[nodiscard]] bool wants_details() const override {
        return std::any_of(sinks_.begin(), sinks_.end(),
                           [](const TraceSink* sink) { return sink->wants_details(); });
    }

    template <typename E>
    void every(const E& event) {
        for (TraceSink* sink : sinks_) sink->record(event);
    }

private:
    std::vector<TraceSink*> sinks_;
};

}  // namespace observe
