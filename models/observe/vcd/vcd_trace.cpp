// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_trace.h"

#include <algorithm>

#include "models/nvme/spec/registers.h"

namespace observe {

namespace {

constexpr std::size_t kMostSlots = 1024;

/// The scope, once the writer has taken it.
const std::string& taken(VcdWriter& writer, const std::string& scope) {
    writer.take_scope(scope);
    return scope;
}

/// Steps of a command, what transfers and media do, and the states of vectors are details of a run.
bool needs_details(std::string_view name) {
    const auto within = [name](std::string_view part) { return name.find(part) != name.npos; };
    return within(".slots.") || within(".link.") || within(".dma.") || within(".media.") ||
           within(".msix.masked.") || within(".msix.pending.");
}

}  // namespace

VcdTrace::Strobe::Strobe(const VcdScope& scope, const std::string& name)
    : strobe(scope.event(name + ".strobe")),
      sqid(scope.wire(name + ".sqid", 16)),
      cid(scope.wire(name + ".cid", 16)),
      opcode(scope.wire(name + ".opcode", 8)) {}

VcdTrace::VcdTrace(VcdWriter& writer, const VcdOptions& options)
    : VcdTrace(writer, options, VcdScope(writer, options.signals, taken(writer, options.scope))) {}

VcdTrace::VcdTrace(VcdWriter& writer, const VcdOptions& options, const VcdScope& scope)
    : writer_(writer),
      errors_trigger_(options.trigger.on_error()),
      device_(scope),
      fetched_(scope, "fetched"),
      completed_(scope, "completed"),
      status_(scope.wire("completed.status", 11)),
      queues_(scope, options.io_queues, std::min(std::size_t{options.slots}, kMostSlots)),
      transfers_(scope, options.link_tags),
      media_(scope),
      nand_(scope, options.channels, options.dies),
      news_(scope, std::size_t{options.io_queues} + 1, options.trigger) {
    const std::string mine = options.scope + ".";
    const auto& all = writer.declarations();
    details_ = std::any_of(all.begin(), all.end(), [&mine](const VcdDeclaration& signal) {
        return signal.name.compare(0, mine.size(), mine) == 0 && needs_details(signal.name);
    });
}

void VcdTrace::show(const Strobe& strobe, std::uint16_t sqid, std::uint16_t cid,
                    std::uint8_t opcode) {
    writer_.pulse(strobe.strobe);
    writer_.set(strobe.sqid, sqid);
    writer_.set(strobe.cid, cid);
    writer_.set(strobe.opcode, opcode);
}

void VcdTrace::record(const RegisterWrite& e) {
    writer_.advance(e.ps);
    queues_.record(e);
}

// A doorbell that a fault plan delays is told of before its time. So time does not pass here: the
// queue is told when it has come.
void VcdTrace::record(const Doorbell& e) {
    queues_.record(e);
}

void VcdTrace::record(const QueueChange& e) {
    writer_.advance(e.ps);
    queues_.record(e);
}

void VcdTrace::record(const CommandFetched& e) {
    writer_.advance(e.ps);
    show(fetched_, e.sqid, e.cid(), e.opcode());
    queues_.record(e);
    if (e.sqid != 0) writer_.mark();
}

void VcdTrace::record(const CommandStepped& e) {
    writer_.advance(e.ps);
    queues_.record(e);
}

void VcdTrace::record(const CommandCompleted& e) {
    writer_.advance(e.ps);
    show(completed_, e.sqid, e.cid, e.opcode);
    writer_.set(status_, static_cast<std::uint64_t>(e.status));
    queues_.record(e);
    if (e.sqid != 0) writer_.mark();
    if (errors_trigger_ && e.status != nvme::spec::StatusCode::kSuccess) writer_.trigger();
}

void VcdTrace::record(const QueueLevels& e) {
    writer_.advance(e.ps);
    queues_.record(e);
}

void VcdTrace::record(const Interrupt& e) {
    writer_.advance(e.ps);
    news_.record(e);
}

void VcdTrace::record(const VectorChange& e) {
    writer_.advance(e.ps);
    news_.record(e);
}

void VcdTrace::record(const IntxChange& e) {
    writer_.advance(e.ps);
    news_.record(e);
}

void VcdTrace::record(const StateChange& e) {
    writer_.advance(e.ps);
    device_.record(e);
    queues_.record(e);
    using nvme::spec::Csts;
    if (errors_trigger_ && Csts::from(e.csts).get<Csts::Cfs>()) writer_.trigger();
}

void VcdTrace::record(const Reset& e) {
    writer_.advance(e.ps);
    device_.record(e);
    if (e.kind == ResetKind::kPowerOff) nand_.stop();
}

void VcdTrace::record(const AsyncEvent& e) {
    writer_.advance(e.ps);
    news_.record(e);
}

void VcdTrace::record(const NamespaceChange& e) {
    writer_.advance(e.ps);
    media_.record(e);
}

// May lie ahead, as a doorbell that causes it; and so may what the lint says of such a doorbell.
void VcdTrace::record(const PowerTransition& e) {
    device_.record(e);
}

void VcdTrace::record(const HealthLevels& e) {
    writer_.advance(e.ps);
    device_.record(e);
}

void VcdTrace::record(const DmaAccess& e) {
    writer_.advance(e.ps);
    queues_.record(e);
    transfers_.record(e);
}

void VcdTrace::record(const LinkTransfer& e) {
    writer_.advance(e.ps);
    transfers_.record(e);
}

void VcdTrace::record(const MediaAccess& e) {
    writer_.advance(e.ps);
    media_.record(e);
}

void VcdTrace::record(const MediaBlock& e) {
    writer_.advance(e.ps);
    media_.record(e);
}

void VcdTrace::record(const NandWork& e) {
    writer_.advance(e.ps);
    nand_.record(e);
}

void VcdTrace::record(const FreeBlocks& e) {
    writer_.advance(e.ps);
    media_.record(e);
}

void VcdTrace::record(const CacheFill& e) {
    writer_.advance(e.ps);
    media_.record(e);
}

void VcdTrace::record(const LintFinding& e) {
    news_.record(e);
}

void VcdTrace::record(const FaultInjected& e) {
    writer_.advance(e.ps);
    news_.record(e);
}

}  // namespace observe
