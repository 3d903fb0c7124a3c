// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <vector>

#include "models/observe/trace.h"

namespace observe {

/// Passes each event on to several sinks, in the order in which they were added; details to those
/// that want them.
class TraceFanout final : public EveryEvent<TraceFanout> {
public:
    /// `sink` must live as long as the fanout records. Before the fanout is attached.
    void add(TraceSink& sink) {
        sinks_.push_back(&sink);
        if (sink.wants_details()) of_details_.push_back(&sink);
    }

    [[nodiscard]] bool wants_details() const override { return !of_details_.empty(); }

    template <typename E>
    void every(const E& event) {
        for (TraceSink* sink : kIsDetail<E> ? of_details_ : sinks_) sink->record(event);
    }

private:
    std::vector<TraceSink*> sinks_, of_details_;
};

}  // namespace observe
