// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_news.h"

#include <string>

namespace observe {

VcdNews::VcdNews(const VcdScope& scope, std::size_t vectors, const VcdTrigger& trigger)
    : VcdAlarm(scope.writer().agenda()),
      writer_(scope.writer()),
      trigger_(trigger),
      sent_(scope.event("msix.sent")),
      vector_(scope.wire("msix.vector", 16)),
      intx_(scope.wire("intx.asserted", 1)),
      async_(scope.event("async_event.strobe")),
      async_dw0_(scope.wire("async_event.dw0", 32)),
      async_type_(scope.wire("async_event.type", 3)),
      found_(scope.event("lint.finding")),
      rule_(scope.wire("lint.rule", 8)),
      lint_qid_(scope.wire("lint.qid", 16)),
      lint_cid_(scope.wire("lint.cid", 16)),
      findings_(scope.wire("lint.findings", 32)),
      acted_(scope.event("fault.acted")),
      fault_sqid_(scope.wire("fault.sqid", 16)),
      fault_cid_(scope.wire("fault.cid", 16)),
      faults_(scope.wire("fault.count", 32)) {
    for (std::size_t v = 0; v < vectors; ++v) {
        const std::string name = "v" + std::to_string(v);
        vectors_.push_back(scope.event("msix." + name));
        masked_.push_back(scope.wire("msix.masked." + name, 1));
        pending_.push_back(scope.wire("msix.pending." + name, 1));
        writer_.set(masked_.back(), 1);
    }
    for (const VcdSignal none :
         {vector_, async_dw0_, async_type_, rule_, lint_qid_, lint_cid_, fault_sqid_, fault_cid_})
        writer_.clear(none);
}

void VcdNews::record(const Interrupt& e) {
    writer_.pulse(sent_);
    writer_.set(vector_, e.vector);
    if (e.vector < vectors_.size()) writer_.pulse(vectors_[e.vector]);
}

void VcdNews::record(const VectorChange& e) {
    if (e.vector >= masked_.size()) return;
    writer_.set(masked_[e.vector], e.masked);
    writer_.set(pending_[e.vector], e.pending);
}

void VcdNews::record(const IntxChange& e) {
    writer_.set(intx_, e.asserted);
}

void VcdNews::record(const AsyncEvent& e) {
    writer_.pulse(async_);
    writer_.set(async_dw0_, e.dw0);
    writer_.set(async_type_, e.dw0 & 7);
}

namespace {

// In the payload of an alarm: the rule, and two identifiers of 17 bits, of which one too many means
// that there is none.
constexpr std::uint64_t kNoId17 = 0x1'0000;
constexpr std::uint64_t packed_id(std::uint32_t id) {
    return id == kNoId ? kNoId17 : id & 0xffff;
}

}  // namespace

void VcdNews::show_id(VcdSignal signal, std::uint64_t packed) {
    if (packed == kNoId17)
        writer_.clear(signal);
    else
        writer_.set(signal, packed);
}

// What it is about may lie ahead, as a doorbell that a fault plan delays.
void VcdNews::record(const LintFinding& e) {
    const bool triggers = trigger_.on(e);
    writer_.call_at(e.ps, *this,
                    static_cast<std::uint64_t>(e.rule) | packed_id(e.qid) << 8 |
                        packed_id(e.cid) << 25 | std::uint64_t{triggers} << 42);
}

void VcdNews::due(std::uint64_t payload) {
    writer_.pulse(found_);
    writer_.set(rule_, payload & 0xff);
    show_id(lint_qid_, payload >> 8 & 0x1'ffff);
    show_id(lint_cid_, payload >> 25 & 0x1'ffff);
    writer_.add(findings_, 1);
    if ((payload >> 42 & 1) != 0) writer_.trigger();
}

void VcdNews::record(const FaultInjected& e) {
    writer_.pulse(acted_);
    show_id(fault_sqid_, packed_id(e.sqid));
    show_id(fault_cid_, packed_id(e.cid));
    writer_.add(faults_, 1);
    if (trigger_.on(e)) writer_.trigger();
}

}  // namespace observe
