// SPDX-License-Identifier: Apache-2.0
#include "platform/explore/perturbation.h"

#include <algorithm>
#include <iterator>

#include <nlohmann/json.hpp>

#include "platform/config/fault_plan.h"
#include "platform/workload/random.h"

namespace platform {

namespace {

using faults::Action;

constexpr struct {
    Action action;
    std::uint64_t most_ns;
} kKinds[] = {
    {Action::kDelayInterrupt, 1'000'000},   // messages are posted writes, and may be coalesced
    {Action::kDelayCompletion, 2'000'000},  // commands are completed in any order
    {Action::kDelay, 2'000'000},            // and executed in any order
    {Action::kDelayDoorbell, 50'000},       // they stay in their order
    {Action::kDelayReady, 100'000'000},     // less than CAP.TO
};
/// So many perturbations for one that meets the driver's time-out.
constexpr std::uint64_t kPerTimeout = 16;

/// Each order of magnitude is as likely as the others.
std::uint64_t draw_delay(RandomStream& random, std::uint64_t most) {
    unsigned bits = 0;
    while (bits < 63 && most >> (bits + 1) != 0) ++bits;
    const std::uint64_t least = std::uint64_t{1} << random.below(bits + 1);
    return std::min(most, least + random.below(least));
}

/// Linux looks for commands that take too long when a timer of its own expires, up to a second
/// after their time-out.
std::uint64_t draw_timeout(RandomStream& random, std::uint64_t timeout_ns) {
    constexpr std::uint64_t kBefore = 20'000'000, kAround = 1'200'000'000;
    return timeout_ns - std::min(timeout_ns - 1, kBefore) + random.below(kAround);
}

faults::Rule draw_rule(RandomStream& random, std::uint64_t commands, std::uint64_t timeout_ns) {
    faults::Rule rule;
    rule.count = 1;
    rule.nth = 1 + random.below(commands);
    if (timeout_ns != 0 && random.below(kPerTimeout) == 0) {
        rule.action = Action::kDelayCompletion;
        rule.queues = faults::Queues::kIo;
        rule.delay_ns = draw_timeout(random, timeout_ns);
        return rule;
    }
    const auto& kind = kKinds[random.below(std::size(kKinds))];
    rule.action = kind.action;
    rule.delay_ns = draw_delay(random, kind.most_ns);
    if (rule.action == Action::kDelayDoorbell) rule.doorbell = faults::DoorbellKind::kTail;
    if (rule.action == Action::kDelayReady) rule.nth = 1;
    return rule;
}

}  // namespace

Perturbations draw_perturbations(std::uint64_t seed, const PerturbedRun& run) {
    RandomStream random(mix64(seed));
    Perturbations all(1 + random.below(run.most));
    for (Perturbation& one : all) {
        one.controller = random.below(run.commands.size());
        const std::uint64_t commands = std::max<std::uint64_t>(1, run.commands[one.controller]);
        one.rule = draw_rule(random, commands, run.driver_timeout_ns);
    }
    return all;
}

void add_perturbations(const Perturbations& all, SystemSpec& system) {
    // The first rule that applies hides a command from the others of its kind: those that strike
    // later come first, and have counted it.
    Perturbations sorted = all;
    std::stable_sort(
        sorted.begin(), sorted.end(),
        [](const Perturbation& a, const Perturbation& b) { return a.rule.nth > b.rule.nth; });
    std::size_t number = 0;
    for (SubsystemSpec& subsystem : system)
        for (ControllerSpec& controller : subsystem.controllers) {
            for (const Perturbation& one : sorted)
                if (one.controller == number) controller.faults.push_back(one.rule);
            ++number;
        }
}

std::string text_of(const Perturbation& perturbation, std::size_t controllers) {
    const std::string where =
        controllers == 1 ? "" : "nvme" + std::to_string(perturbation.controller) + ": ";
    return where + write_fault_plan({perturbation.rule}).front().dump();
}

}  // namespace platform
