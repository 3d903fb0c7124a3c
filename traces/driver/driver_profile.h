// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/observe/driver_lint.h"
#include "models/observe/trace.h"
#include "traces/driver/error_paths.h"
#include "traces/driver/flight.h"
#include "traces/driver/life_watch.h"
#include "traces/driver/queue_use.h"
#include "traces/driver/reactions.h"
#include "traces/driver/usage.h"

namespace driver {

/// What can be said of a driver by the events of one controller, live or from a file. Takes memory
/// for what is in flight, not for what has been.
class DriverProfile final : public observe::EveryEvent<DriverProfile> {
public:
    [[nodiscard]] bool wants_details() const override { return true; }
    template <typename E>
    void every(const E& e) {
        ++events_;
        if (e.ps > end_) end_ = e.ps;
        before(e);
        lives_.take(e);
        usage_.take(e);
        errors_.take(e);
        queues_.take(e);
        reactions_.take(e);
        static_cast<observe::TraceSink&>(lint_).record(e);
        after(e);
    }
    /// No more will come.
    void finish();

    [[nodiscard]] const LifeWatch& lives() const { return lives_; }
    [[nodiscard]] const Usage& usage() const { return usage_; }
    [[nodiscard]] const ErrorPaths& errors() const { return errors_; }
    [[nodiscard]] const QueueUse& queues() const { return queues_; }
    [[nodiscard]] const Reactions& reactions() const { return reactions_; }
    [[nodiscard]] const observe::DriverLint& lint() const { return lint_; }
    [[nodiscard]] std::uint64_t events() const { return events_; }
    /// Of the last event.
    [[nodiscard]] util::TimePs end() const { return end_; }

private:
    template <typename E>
    void before(const E&) {}
    void before(const observe::CommandCompleted& e);
    template <typename E>
    void after(const E&) {}
    void after(const observe::CommandFetched& e);
    void after(const observe::QueueChange& e);
    void after(const observe::Reset& e);

    Flights flights_;
    LifeWatch lives_;
    Usage usage_;
    ErrorPaths errors_{flights_};
    QueueUse queues_;
    Reactions reactions_;
    observe::DriverLint lint_;
    std::uint64_t events_ = 0;
    util::TimePs end_ = 0;
};

}  // namespace driver
