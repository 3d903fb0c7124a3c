// SPDX-License-Identifier: Apache-2.0
#include "traces/driver/init_steps.h"

#include "models/nvme/spec/identify.h"
#include "traces/analysis/words.h"

namespace driver {

namespace {

using nvme::spec::Cap;
using nvme::spec::Cc;
using nvme::spec::Cns;

constexpr std::uint16_t kMemorySpace = 1u << 1, kBusMaster = 1u << 2;
constexpr const char* kNoReads = "the trace does not show what the driver reads: it has no details";

bool identified(const Life& life, Cns cns) {
    return life.identified[static_cast<std::size_t>(cns)];
}
std::string cc_text(const Life& life) {
    return "CC = " + analysis::hex(life.cc.raw);
}

Outcome function_is_enabled(const Life& life) {
    if (life.blocked_doorbell)
        return {Verdict::kWrong, "a doorbell was written while Bus Master Enable was 0"};
    if (!life.command) return {Verdict::kUnknown, "the trace has no write of the Command register"};
    constexpr std::uint16_t kBoth = kMemorySpace | kBusMaster;
    return {(*life.command & kBoth) == kBoth ? Verdict::kDone : Verdict::kNotDone,
            "Command = " + analysis::hex(*life.command)};
}

Outcome waits_for_reset(const Life& life) {
    if (life.ready_at_enable) return {Verdict::kWrong, "CC.EN was set while CSTS.RDY was 1"};
    if (life.saw_not_ready) return {Verdict::kDone, {}};
    if (!life.details) return {Verdict::kUnknown, kNoReads};
    return {Verdict::kNotDone, "RDY was 0, but the driver did not look"};
}

Outcome sets_admin_queue(const Life& life) {
    if (life.aqa && life.asq && life.acq) return {Verdict::kDone, {}};
    return {Verdict::kWrong, std::string("not written since they were reset:") +
                                 (life.aqa ? "" : " AQA") + (life.asq ? "" : " ASQ") +
                                 (life.acq ? "" : " ACQ")};
}

/// CC.CSS that the specification recommends for what CAP.CSS offers.
std::uint32_t recommended(std::uint32_t offered) {
    if ((offered & nvme::spec::kCapCssAdminOnly) != 0) return nvme::spec::kCssAdminOnly;
    if ((offered & nvme::spec::kCapCssIoCommandSets) != 0) return nvme::spec::kCssAllSupported;
    return nvme::spec::kCssNvm;
}

Outcome selects_command_sets(const Life& life) {
    const std::uint32_t selected = life.cc.get<Cc::Css>();
    const std::string css = "CC.CSS = " + std::to_string(selected);
    if (!life.cap) return {Verdict::kDone, css + "; CAP is not in the trace"};
    const std::uint32_t offered = life.cap->get<Cap::Css>();
    const bool reserved =
        selected != nvme::spec::kCssNvm && selected < nvme::spec::kCssAllSupported;
    if (reserved || (offered >> selected & 1) == 0)
        return {Verdict::kWrong,
                css + ", which CAP.CSS = " + analysis::hex(offered) + " does not offer"};
    const std::uint32_t better = recommended(offered);
    if (selected == better) return {Verdict::kDone, css};
    return {Verdict::kDone, css + ", where " + std::to_string(better) + " is recommended"};
}

Outcome selects_arbitration_and_page(const Life& life) {
    const std::uint32_t ams = life.cc.get<Cc::Ams>(), mps = life.cc.get<Cc::Mps>();
    if (!life.cap) return {Verdict::kDone, cc_text(life) + "; CAP is not in the trace"};
    const Cap cap = *life.cap;
    if (mps < cap.get<Cap::Mpsmin>() || mps > cap.get<Cap::Mpsmax>())
        return {Verdict::kWrong, "CC.MPS = " + std::to_string(mps) +
                                     " is not between CAP.MPSMIN and "
                                     "CAP.MPSMAX"};
    const bool offered = ams == nvme::spec::kAmsRoundRobin ||
                         (ams == nvme::spec::kAmsWeightedRoundRobin &&
                          (cap.get<Cap::Ams>() & nvme::spec::kCapAmsWeightedRoundRobin) != 0) ||
                         (ams == nvme::spec::kAmsVendorSpecific && cap.get<Cap::Ams>() >> 1 != 0);
    if (!offered) return {Verdict::kWrong, "CC.AMS = " + std::to_string(ams) + " is not offered"};
    return {Verdict::kDone, cc_text(life)};
}

Outcome enables(const Life& life) {
    return {Verdict::kDone, "at " + analysis::in_time(life.enabled)};
}

Outcome waits_for_ready(const Life& life) {
    if (life.early_doorbell)
        return {Verdict::kWrong, "a doorbell was written before CSTS.RDY became 1"};
    if (!life.was_ready()) return {Verdict::kNotDone, "the controller did not become ready"};
    if (life.saw_ready)
        return {Verdict::kDone, "RDY rose after " + analysis::in_time(life.ready - life.enabled)};
    if (!life.details) return {Verdict::kUnknown, kNoReads};
    return {Verdict::kNotDone, "the driver did not see RDY = 1"};
}

Outcome identifies_controller(const Life& life) {
    return {identified(life, Cns::kController) ? Verdict::kDone : Verdict::kNotDone, {}};
}

Outcome reads_command_sets(const Life& life) {
    if (life.cc.get<Cc::Css>() != nvme::spec::kCssAllSupported)
        return {Verdict::kNotNeeded, "CC.CSS selects the NVM Command Set"};
    return {identified(life, Cns::kIoCommandSets) ? Verdict::kDone : Verdict::kNotDone, {}};
}

Outcome identifies_namespaces(const Life& life) {
    const bool list = identified(life, Cns::kActiveNamespaceList) ||
                      identified(life, Cns::kCsActiveNamespaceList);
    const bool any = identified(life, Cns::kNamespace) || identified(life, Cns::kCsNamespace) ||
                     identified(life, Cns::kIndependentNamespace);
    if (list && any) return {Verdict::kDone, {}};
    if (any) return {Verdict::kDone, "one by one, without the list of active namespaces"};
    return {Verdict::kNotDone, list ? "only the list of active namespaces" : ""};
}

Outcome asks_for_queues(const Life& life) {
    if (life.asked_for_queues) return {Verdict::kDone, {}};
    if (life.completion_queues == 0) return {Verdict::kNotNeeded, "there are no I/O queues"};
    return {Verdict::kNotDone, "I/O queues were created without"};
}

Outcome sets_interrupts_up(const Life& life) {
    if (life.msix) return {Verdict::kDone, "MSI-X"};
    if (life.intx) return {Verdict::kDone, "the pin"};
    if (life.held)
        return {Verdict::kNotDone,
                "no interrupt could be sent: " + std::string(observe::word_of(*life.held))};
    return {Verdict::kNotDone, "no interrupt was sent"};
}

Outcome created(std::uint32_t queues, const Life& life) {
    if (life.other_entry_sizes && queues != 0)
        return {Verdict::kWrong, cc_text(life) + ": entries of other sizes than 64 and 16 bytes"};
    if (queues == 0 && life.refused_queues != 0)
        return {Verdict::kWrong, "the controller refused it"};
    return {queues != 0 ? Verdict::kDone : Verdict::kNotDone,
            queues != 0 ? std::to_string(queues) : ""};
}
Outcome creates_completion_queues(const Life& life) {
    return created(life.completion_queues, life);
}
Outcome creates_submission_queues(const Life& life) {
    return created(life.submission_queues, life);
}

Outcome asks_for_events(const Life& life) {
    if (!life.event_requests)
        return {Verdict::kNotDone,
                life.event_config ? "events are enabled, and not asked for" : ""};
    if (!life.event_config) return {Verdict::kDone, "of the events that are always enabled"};
    return {Verdict::kDone, "enabled: " + analysis::hex(*life.event_config)};
}

struct Step {
    std::string_view id, says, section;
    bool every_driver;
    Outcome (*check)(const Life&);
};
// clang-format off
constexpr Step kSteps[] = {
    {"init.function", "sets Memory Space Enable and Bus Master Enable before the first command", "PCIe-Base-4.0 7.5.1.1.3 Command Register", true, &function_is_enabled},
    {"init.reset-over", "waits until CSTS.RDY is 0", "3.5.1 step 1", true, &waits_for_reset},
    {"init.admin-queue", "writes AQA, ASQ and ACQ", "3.5.1 step 2", true, &sets_admin_queue},
    {"init.command-sets", "selects command sets (CC.CSS) that CAP.CSS offers", "3.5.1 step 3", true, &selects_command_sets},
    {"init.settings", "selects arbitration (CC.AMS) and page size (CC.MPS) that CAP offers", "3.5.1 step 4", true, &selects_arbitration_and_page},
    {"init.enable", "sets CC.EN", "3.5.1 step 5", true, &enables},
    {"init.ready", "waits until CSTS.RDY is 1, and rings no doorbell before", "3.5.1 step 6", true, &waits_for_ready},
    {"init.controller", "reads the Identify Controller data structure", "3.5.1 step 7", true, &identifies_controller},
    {"init.io-command-sets", "reads which I/O Command Sets there are (CNS 1Ch)", "3.5.1 step 8", false, &reads_command_sets},
    {"init.namespaces", "reads which namespaces are active, and identifies them", "3.5.1 step 8", true, &identifies_namespaces},
    {"init.number-of-queues", "asks for I/O queues (Set Features, Number of Queues)", "3.5.1 step 9", true, &asks_for_queues},
    {"init.interrupts", "sets interrupts up", "3.5.1 step 9", false, &sets_interrupts_up},
    {"init.completion-queues", "creates I/O Completion Queues", "3.5.1 step 10", true, &creates_completion_queues},
    {"init.submission-queues", "creates I/O Submission Queues", "3.5.1 step 11", true, &creates_submission_queues},
    {"init.events", "enables events and submits Asynchronous Event Requests", "3.5.1 step 12", false, &asks_for_events},
};
// clang-format on
static_assert(std::size(kSteps) == kInitSteps);

}  // namespace

void StepTally::add(const Life& life) {
    ++lives_;
    for (std::size_t i = 0; i < kInitSteps; ++i) {
        Outcome outcome = kSteps[i].check(life);
        OfVerdict& of = steps_[i][static_cast<std::size_t>(outcome.verdict)];
        if (of.lives++ == 0) of.how = std::move(outcome.how);
    }
}

std::vector<Item> StepTally::items() const {
    constexpr Verdict kFirstOf[] = {Verdict::kWrong, Verdict::kDone, Verdict::kNotDone,
                                    Verdict::kUnknown, Verdict::kNotNeeded};
    std::vector<Item> items;
    for (std::size_t i = 0; i < kInitSteps; ++i) {
        const Step& step = kSteps[i];
        Item item{step.id, step.says, step.section, step.every_driver};
        for (const Verdict verdict : kFirstOf) {
            const OfVerdict& of = steps_[i][static_cast<std::size_t>(verdict)];
            if (of.lives == 0) continue;
            item.outcome = {verdict, of.how};
            if (of.lives != lives_)
                item.outcome.how += (of.how.empty() ? "in " : "; in ") + std::to_string(of.lives) +
                                    " of " + std::to_string(lives_) + " lives";
            break;
        }
        items.push_back(std::move(item));
    }
    return items;
}

}  // namespace driver
