// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/wave_lane.h"

#include "models/observe/vcd/vcd_steps.h"

namespace analysis {

namespace {

using observe::VcdStep;
static_assert(static_cast<unsigned>(VcdStep::kDoorbell) == WaveLane::kDoorbell);
static_assert(static_cast<unsigned>(VcdStep::kFetch) == WaveLane::kFetch);
static_assert(static_cast<unsigned>(VcdStep::kInterrupt) == WaveLane::kTaken);

struct Row {
    VcdStep step;
    Stage stage;
};
constexpr Row kStagesOfSteps[] = {
    {VcdStep::kFetch, Stage::kFetch},           {VcdStep::kDecode, Stage::kDecode},
    {VcdStep::kMedia, Stage::kMedia},           {VcdStep::kData, Stage::kData},
    {VcdStep::kCompletion, Stage::kCompletion},
};

}  // namespace

bool WaveLane::leaves(const Moment& m) const {
    if (step_ == 0 || m.step == 0) return step_ != 0;
    if (step_ < kFetch) return false;  // it has shown no command yet
    return m.step < kFetch || (step_ == kTaken && m.step != kTaken) ||
           (command_ != kNoCommand && m.cid != cid_);
}

void WaveLane::pass(const Moment& m) {
    spent_[step_] += m.now - since_;
    if (m.step == kDoorbell && step_ != kDoorbell) knows_doorbell_ = m.rung;
    step_ = m.step;
    since_ = m.now;
}

void WaveLane::begin_with(const Moment& m) {
    *this = {};
    step_ = m.step;
    since_ = m.now;
    old_ = m.step >= kFetch;
}

void WaveLane::forget() {
    command_ = kNoCommand;
    spent_ = {};
    old_ = completed_ = false;
    if (step_ != kDoorbell) knows_doorbell_ = false;
}

void WaveLane::give_stages(Command& command) const {
    for (const Row& row : kStagesOfSteps)
        command.stage(row.stage) =
            static_cast<float>(to_ns(spent_[static_cast<std::size_t>(row.step)]));
}

}  // namespace analysis
