// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/mark_recorder.h"

#include "models/nvme/spec/command_formats.h"
#include "models/nvme/spec/status.h"
#include "traces/analysis/words.h"

namespace analysis {
using observe::word_of;

namespace {

std::string queue_of(std::uint16_t sqid, std::uint16_t cid) {
    return "command " + std::to_string(cid) + " of queue " + std::to_string(sqid);
}

}  // namespace

void MarkRecorder::mark(util::TimePs ps, const char* kind, std::string text) {
    if (++of_kind_[kind] > kMostOfAKind)
        ++to_.marks_left_out;
    else
        to_.marks.push_back({ps, kind, std::move(text)});
}

void MarkRecorder::record(const observe::StateChange& e) {
    using nvme::spec::Cc;
    using nvme::spec::Csts;
    const auto cc = Cc::from(e.cc);
    const auto csts = Csts::from(e.csts);
    const auto cc_before = Cc::from(state_ ? state_->cc : 0);
    const auto csts_before = Csts::from(state_ ? state_->csts : 0);
    state_ = e;
    if (cc.get<Cc::En>() != cc_before.get<Cc::En>())
        mark(e.ps, "state",
             cc.get<Cc::En>() ? "the host enables the controller" : "the controller is disabled");
    if (csts.get<Csts::Rdy>() != csts_before.get<Csts::Rdy>())
        mark(e.ps, "state", csts.get<Csts::Rdy>() ? "CSTS.RDY = 1" : "CSTS.RDY = 0");
    if (csts.get<Csts::Cfs>() && !csts_before.get<Csts::Cfs>())
        mark(e.ps, "state", "CSTS.CFS = 1: the controller cannot continue");
    if (cc.get<Cc::Shn>() != cc_before.get<Cc::Shn>() && static_cast<int>(cc.get<Cc::Shn>()) != 0)
        mark(e.ps, "state", "the host asks for a shutdown");
    if (csts.get<Csts::Shst>() != csts_before.get<Csts::Shst>() &&
        static_cast<int>(csts.get<Csts::Shst>()) == 2)
        mark(e.ps, "state", "shutdown complete");
}

void MarkRecorder::record(const observe::Reset& e) {
    mark(e.ps, "reset", std::string(word_of(e.kind)));
}

void MarkRecorder::record(const observe::AsyncEvent& e) {
    using D = nvme::spec::AsyncEventDw0;
    const D dw0 = D::from(e.dw0);
    mark(e.ps, "aer",
         "asynchronous event of type " +
             std::to_string(static_cast<unsigned>(dw0.get<D::EventType>())) + ", information " +
             hex(dw0.get<D::EventInfo>()) + ", log page " + hex(dw0.get<D::LogPageId>()));
}

void MarkRecorder::record(const observe::NamespaceChange& e) {
    mark(e.ps, "state",
         "namespace " + std::to_string(e.nsid) +
             (e.blocks == 0 ? std::string(" is gone")
                            : " has " + std::to_string(e.blocks) + " blocks"));
}

void MarkRecorder::record(const observe::PowerTransition& e) {
    mark(e.ps, "power",
         "power state " + std::to_string(e.from) + " -> " + std::to_string(e.to) + " (" +
             std::string(word_of(e.cause)) + "), there after " + in_time(e.settled_ps - e.ps));
}

void MarkRecorder::record(const observe::HealthLevels& e) {
    mark(e.ps, "health",
         std::to_string(e.kelvin) + " K, spare " + std::to_string(e.available_spare) + " %, used " +
             std::to_string(e.percentage_used) + " %, critical warning " + hex(e.critical_warning));
}

void MarkRecorder::record(const observe::MediaBlock& e) {
    mark(e.ps, "gc",
         "block " + std::to_string(e.block) + " of die " + std::to_string(e.die) + " " +
             std::string(word_of(e.cause)) + ", " + std::to_string(e.units) +
             " units moved, over after " + in_time(e.done - e.ps));
}

void MarkRecorder::record(const observe::FaultInjected& e) {
    std::string text = std::string(e.rule) + ": " + std::string(e.action);
    if (e.cid != observe::kNoId && e.sqid != observe::kNoId)
        text += ", command " + std::to_string(e.cid) + " of queue " + std::to_string(e.sqid);
    mark(e.ps, "fault", std::move(text));
}

void MarkRecorder::record(const observe::LintFinding& e) {
    const std::string says(observe::lint_rule(e.rule).says);
    mark(e.ps, "lint", std::string(word_of(e.rule)) + ": " + says);
    if (to_.findings.size() >= kMostOfAKind) return;
    const bool of_queue = e.qid != observe::LintFinding::kNone;
    to_.findings.push_back({e.ps, std::string(word_of(e.rule)),
                            of_queue ? static_cast<std::int64_t>(e.qid) : -1, says});
}

void MarkRecorder::record(const observe::CommandRefused& e) {
    mark(e.ps, "refusal",
         std::string(nvme::spec::command_name(e.sqid, e.opcode)) + ", " + queue_of(e.sqid, e.cid) +
             ": " + nvme::spec::status_name(e.status) + ": " + std::string(e.reason) + " (" +
             hex(e.value) + ")");
}

void MarkRecorder::record(const observe::AccessRefused& e) {
    mark(e.ps, "refusal",
         std::string(e.write ? "write" : "read") + " of BAR0 at " + hex(e.offset) + ": " +
             std::string(word_of(e.why)));
}

void MarkRecorder::record(const observe::Doorbell& e) {
    if (e.accepted) return;
    mark(e.ps, "refusal",
         std::string("doorbell of ") + (e.completion ? "completion" : "submission") + " queue " +
             std::to_string(e.qid) + " = " + std::to_string(e.value) + ": " +
             std::string(word_of(e.why)));
}

void MarkRecorder::flushed(util::TimePs ps, util::TimePs latency) {
    mark(ps, "flush", "Flush completed, it took " + in_time(latency));
}

}  // namespace analysis
