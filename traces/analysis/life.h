// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string_view>

#include "models/util/time.h"
#include "traces/analysis/command.h"

namespace analysis {

/// A command between fetch and completion, as far as a trace with all details tells of it: each
/// moment of that time belongs to one stage, so that the stages add up to the latency.
class Life {
public:
    explicit Life(util::TimePs fetched) : fetched_(fetched), cursor_(fetched) {}

    /// The entry has arrived.
    void arrived(util::TimePs at) { arrived_ = at; }
    /// Data of it cross the link, up to `done`.
    void transfers(util::TimePs done);
    /// It waits, from `now` on, for the step `next`, which runs at `at`. `media_until`: what it has
    /// asked the media for is there then; 0: it has not asked.
    void waits(util::TimePs now, std::string_view next, util::TimePs at, util::TimePs media_until);
    /// Fills in the stages from fetch to completion, if there were any steps.
    void completed(util::TimePs at, Command& command);

private:
    void spend(Stage stage, util::TimePs until);

    util::TimePs fetched_, cursor_;
    util::TimePs arrived_ = 0, data_until_ = 0;
    bool decoded_ = false;
    std::array<util::TimePs, kStages> spent_{};
};

}  // namespace analysis
