// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/life.h"

#include <algorithm>

namespace analysis {

void Life::transfers(util::TimePs done) {
    data_until_ = std::max(data_until_, done);
}

/// What lies between the cursor and `until` is of this stage.
void Life::spend(Stage stage, util::TimePs until) {
    if (until <= cursor_) return;
    spent_[static_cast<std::size_t>(stage)] += until - cursor_;
    cursor_ = until;
}

void Life::waits(util::TimePs now, std::string_view next, util::TimePs at,
                 util::TimePs media_until) {
    if (at == util::kNever) at = now;  // for the end of something: until its next step
    if (next == "start" && !decoded_) {
        decoded_ = true;
        spend(Stage::kFetch, std::clamp(arrived_, now, std::max(now, at)));
        spend(Stage::kDecode, at);
        return;
    }
    spend(Stage::kData, now);
    spend(Stage::kMedia, std::min(at, media_until));
    const bool ends = next == "post" || next == "end";
    if (!ends) return spend(Stage::kData, at);
    spend(Stage::kData, std::min(at, data_until_));
    spend(Stage::kCompletion, at);
}

void Life::completed(util::TimePs at, Command& command) {
    if (!decoded_) return;
    spend(Stage::kCompletion, at);
    // It was ended before its time, by an abort: later stages did not take what they would have.
    util::TimePs too_much = cursor_ - std::max(at, fetched_);
    for (std::size_t i = kStages; i-- > 0 && too_much != 0;) {
        const util::TimePs less = std::min(too_much, spent_[i]);
        spent_[i] -= less;
        too_much -= less;
    }
    for (const Stage stage :
         {Stage::kFetch, Stage::kDecode, Stage::kMedia, Stage::kData, Stage::kCompletion})
        command.stage(stage) = static_cast<float>(to_ns(spent_[static_cast<std::size_t>(stage)]));
}

}  // namespace analysis
