// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd_trace.h"

#include "models/nvme/spec/registers.h"

namespace observe {

namespace {

using nvme::spec::Cc;
using nvme::spec::Csts;
using sc_core::sc_trace;

std::string pair_name(std::size_t qid) {
    return qid == 0 ? std::string("admin") : "io" + std::to_string(qid);
}

/// Nobody waits for these events, so an immediate notification depends on no order. Outside the
/// simulation (a power cut before it starts) there is no time at which to show it.
void pulse(sc_core::sc_event& event) {
    if (sc_core::sc_is_running()) event.notify();
}

}  // namespace

VcdTrace::QueuePair::QueuePair(const std::string& name)
    : sq_doorbell((name + "_sq_doorbell").c_str()), cq_doorbell((name + "_cq_doorbell").c_str()) {}

VcdTrace::VcdTrace(const sc_core::sc_module_name& name, VcdFile& file, const VcdOptions& options)
    : sc_module(name), file_(file) {
    file.take_scope(options.scope);
    for (std::size_t i = 0; i <= options.io_queues; ++i) {
        queues_.push_back(std::make_unique<QueuePair>(pair_name(i)));
        const std::string vector = "msix_v" + std::to_string(i);
        vectors_.push_back(std::make_unique<sc_core::sc_event>(vector.c_str()));
    }
    const std::string scope = options.scope + ".";
    trace_state(file.file(), scope);
    trace_condition(file.file(), scope);
    trace_commands(file.file(), scope);
    trace_queues(file.file(), scope);
    trace_interrupts(file.file(), scope);
}

VcdTrace::~VcdTrace() {
    file_.close();
}

void VcdTrace::trace_state(sc_core::sc_trace_file* file, const std::string& scope) {
    sc_trace(file, en_, scope + "cc.en");
    sc_trace(file, shn_, scope + "cc.shn", 2);
    sc_trace(file, rdy_, scope + "csts.rdy");
    sc_trace(file, cfs_, scope + "csts.cfs");
    sc_trace(file, shst_, scope + "csts.shst", 2);
    sc_trace(file, nssro_, scope + "csts.nssro");
}

void VcdTrace::trace_condition(sc_core::sc_trace_file* file, const std::string& scope) {
    sc_trace(file, power_state_, scope + "power.state", 5);
    sc_trace(file, critical_warning_, scope + "health.critical_warning", 8);
    sc_trace(file, kelvin_, scope + "health.temperature", 16);
    sc_trace(file, available_spare_, scope + "health.available_spare", 8);
}

void VcdTrace::trace_commands(sc_core::sc_trace_file* file, const std::string& scope) {
    const auto trace = [&](const Command& command, const std::string& name) {
        sc_trace(file, command.strobe, name + "strobe");
        sc_trace(file, command.sqid, name + "sqid", 16);
        sc_trace(file, command.cid, name + "cid", 16);
        sc_trace(file, command.opcode, name + "opcode", 8);
    };
    trace(fetched_, scope + "fetched.");
    trace(completed_, scope + "completed.");
    sc_trace(file, completed_.status, scope + "completed.status", 11);
}

void VcdTrace::trace_queues(sc_core::sc_trace_file* file, const std::string& scope) {
    for (std::size_t i = 0; i < queues_.size(); ++i) {
        const QueuePair& q = *queues_[i];
        const std::string name = scope + pair_name(i) + ".";
        sc_trace(file, q.sq_doorbell, name + "sq.doorbell");
        sc_trace(file, q.sq_tail, name + "sq.tail", 16);
        sc_trace(file, q.sq_head, name + "sq.head", 16);
        sc_trace(file, q.cq_doorbell, name + "cq.doorbell");
        sc_trace(file, q.cq_tail, name + "cq.tail", 16);
        sc_trace(file, q.cq_head, name + "cq.head", 16);
        sc_trace(file, q.in_flight, name + "in_flight", 16);
    }
    sc_trace(file, rejected_, scope + "doorbell_rejected");
}

void VcdTrace::trace_interrupts(sc_core::sc_trace_file* file, const std::string& scope) {
    sc_trace(file, sent_, scope + "msix.sent");
    sc_trace(file, vector_, scope + "msix.vector", 16);
    for (std::size_t i = 0; i < vectors_.size(); ++i)
        sc_trace(file, *vectors_[i], scope + "msix.v" + std::to_string(i));
    sc_trace(file, async_, scope + "async_event.strobe");
    sc_trace(file, async_dw0_, scope + "async_event.dw0", 32);
}

VcdTrace::QueuePair* VcdTrace::find(std::uint16_t qid) const {
    return qid < queues_.size() ? queues_[qid].get() : nullptr;
}

void VcdTrace::record(const Doorbell& e) {
    if (!e.accepted) pulse(rejected_);
    QueuePair* q = find(e.qid);
    if (q == nullptr) return;
    pulse(e.completion ? q->cq_doorbell : q->sq_doorbell);
    if (e.accepted) (e.completion ? q->cq_head : q->sq_tail) = e.value;
}

void VcdTrace::record(const QueueChange& e) {
    QueuePair* q = find(e.qid);
    if (q == nullptr) return;
    if (e.completion)
        q->cq_head = q->cq_tail = 0;
    else
        q->sq_head = q->sq_tail = q->in_flight = 0;
}

void VcdTrace::record(const CommandFetched& e) {
    fetched_.sqid = e.sqid;
    fetched_.cid = e.cid();
    fetched_.opcode = e.opcode();
    pulse(fetched_.strobe);
}

void VcdTrace::record(const CommandCompleted& e) {
    completed_.sqid = e.sqid;
    completed_.cid = e.cid;
    completed_.opcode = e.opcode;
    completed_.status = static_cast<std::uint16_t>(e.status);
    pulse(completed_.strobe);
}

void VcdTrace::record(const Interrupt& e) {
    vector_ = e.vector;
    pulse(sent_);
    if (e.vector < vectors_.size()) pulse(*vectors_[e.vector]);
}

void VcdTrace::record(const StateChange& e) {
    const Cc cc = Cc::from(e.cc);
    const Csts csts = Csts::from(e.csts);
    en_ = cc.get<Cc::En>();
    shn_ = static_cast<std::uint8_t>(cc.get<Cc::Shn>());
    rdy_ = csts.get<Csts::Rdy>();
    cfs_ = csts.get<Csts::Cfs>();
    shst_ = static_cast<std::uint8_t>(csts.get<Csts::Shst>());
    nssro_ = csts.get<Csts::Nssro>();
    if (rdy_) return;
    for (const auto& q : queues_)  // a controller that is not ready has no queues
        q->sq_head = q->sq_tail = q->cq_head = q->cq_tail = q->in_flight = 0;
}

void VcdTrace::record(const AsyncEvent& e) {
    async_dw0_ = e.dw0;
    pulse(async_);
}

// Tail of the submission and head of the completion queue follow the doorbells, which come before
// the queue's process sees them.
void VcdTrace::record(const QueueLevels& e) {
    if (QueuePair* sq = find(e.sqid)) {
        sq->sq_head = e.sq_head;
        sq->in_flight = e.in_flight;
    }
    if (QueuePair* cq = find(e.cqid)) cq->cq_tail = e.cq_tail;
}

void VcdTrace::record(const PowerTransition& e) {
    power_state_ = e.to;
}

void VcdTrace::record(const HealthLevels& e) {
    critical_warning_ = e.critical_warning;
    kelvin_ = e.kelvin;
    available_spare_ = e.available_spare;
}

}  // namespace observe
