// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "models/nvme/commands/command.h"
#include "models/nvme/ports/result.h"
#include "models/util/time.h"

namespace nvme {

struct AdminCommand;
struct AdminContext;
struct IoCommand;
struct NvmContext;

/// How a command goes on after one of its steps. Plain data: a command in flight is its entry, what
/// its steps have noted in it, the number of its next step and a time.
struct Next {
    enum class Kind : std::uint8_t {
        kStep,  ///< step `step` runs at `at`; kNever: when what it waits for has ended
        kDone,  ///< the device has nothing left to do from `at` on: the completion leaves then
        kSent,  ///< the same, and the completion is right behind data that arrives at `at`
    };
    Kind kind;
    std::uint8_t step;
    util::TimePs at;

    static Next to(std::uint8_t step, util::TimePs at) { return {Kind::kStep, step, at}; }
    /// Until something has ended: whoever knows of it ends the command.
    static Next waits() { return {Kind::kStep, 0, util::kNever}; }
    static Next done(util::TimePs at) { return {Kind::kDone, 0, at}; }
    static Next sent(util::TimePs at) { return {Kind::kSent, 0, at}; }
};

/// One step. It runs in no time, unless host memory makes it wait; what it needs it takes now. Its
/// name stands in traces.
template <typename Context, typename AnyCommand>
struct StepOf {
    std::string_view name;
    Result<Next> (*run)(Context&, AnyCommand&);
};

/// The steps of one command, the first at 0.
inline constexpr std::size_t kMostSteps = 6;
using AdminSteps = std::array<StepOf<AdminContext, AdminCommand>, kMostSteps>;
using CommandSteps = std::array<StepOf<NvmContext, IoCommand>, kMostSteps>;

/// For traces: what a command waits to do. Without steps it is a vendor's.
template <typename Steps>
[[nodiscard]] std::string_view step_name(const Command& cmd, const Steps* steps) {
    if (cmd.stage == Command::Stage::kStart) return "start";
    if (cmd.stage == Command::Stage::kEnding) return "end";
    if (cmd.stage != Command::Stage::kSteps) return "post";
    return steps != nullptr ? (*steps)[cmd.step % kMostSteps].name : "vendor";
}

}  // namespace nvme
