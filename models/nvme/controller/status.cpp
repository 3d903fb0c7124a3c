// SPDX-License-Identifier: Apache-2.0
// How it stands with a controller: for people, and for who has to know whether it is at work.
#include "models/nvme/controller/status.h"

#include <algorithm>

#include "models/nvme/controller/controller.h"

namespace nvme {

namespace {

/// The queue's own part of why nothing is fetched.
FetchWait wait_of(const SubmissionQueue& sq, bool cq_stopped) {
    if (sq.stopped()) return FetchWait::kQueueStopped;
    return cq_stopped ? FetchWait::kCompletionQueue : FetchWait::kNothing;
}

SubmissionQueueStatus status_of(const SubmissionQueue& sq, std::size_t in_flight) {
    SubmissionQueueStatus s;
    s.id = sq.id();
    s.cqid = sq.config().cqid;
    s.size = sq.config().size;
    s.head = sq.head();
    s.tail = sq.newest_tail();
    s.announced = sq.announced();
    s.in_flight = in_flight;
    return s;
}

CompletionQueueStatus status_of(const CompletionQueue& cq, bool stopped) {
    CompletionQueueStatus s;
    s.id = cq.id();
    s.size = cq.config().size;
    s.head = cq.newest_head();
    s.tail = cq.tail();
    s.used = cq.used();
    s.full = cq.full();
    s.stopped = stopped;
    s.interrupts = cq.config().interrupts;
    s.vector = cq.config().vector;
    return s;
}

NamespaceStatus status_of(Namespace& ns) {
    NamespaceStatus s;
    s.nsid = ns.nsid();
    s.blocks = ns.blocks();
    s.block_bytes = ns.config().lba_size;
    s.read_only = ns.read_only();
    const Reservations& reservations = ns.reservations();
    s.reservation = reservations.type();
    for (const Reservations::Registrant& each : reservations.registrants()) {
        const bool holder =
            s.reservation != spec::ReservationType::kNone && reservations.holds(each.host);
        s.registrants.push_back({each.host.id, each.key, holder});
    }
    return s;
}

}  // namespace

bool Controller::working() const {
    return shared_.busy_steps != 0 || !lifecycle_.settled() ||
           (admin_.is_open() && admin_.executing() != 0) ||
           (!state_.health.idle_since() && !queues_.idle());
}

FetchWait Controller::fetch_wait() const {
    if (!state_.environment.dma_enabled()) return FetchWait::kDmaForbidden;
    if (registers_.csts().get<spec::Csts::Cfs>()) return FetchWait::kFatal;
    if (shared_.dma.closed()) return FetchWait::kGateClosed;
    return state_.fetching ? FetchWait::kNothing : FetchWait::kNotReady;
}

void Controller::add_admin_queues(ControllerStatus& s) const {
    if (!admin_.is_open()) return;
    SubmissionQueueStatus& sq =
        s.submission_queues.emplace_back(status_of(admin_.sq(), admin_.in_flight()));
    if (sq.announced != 0) {
        sq.waits = fetch_wait();
        if (sq.waits == FetchWait::kNothing) sq.waits = wait_of(admin_.sq(), admin_.stopped());
        if (sq.waits == FetchWait::kNothing && admin_.cq().full()) sq.waits = FetchWait::kNoRoom;
    }
    s.completion_queues.push_back(status_of(admin_.cq(), admin_.stopped()));
}

void Controller::add_io_queues(ControllerStatus& s) const {
    const bool power = state_.power.io_from() > shared_.now();
    queues_.for_each_cq([&](std::uint16_t, const IoWorker& worker) {
        CompletionQueueStatus& cq =
            s.completion_queues.emplace_back(status_of(worker.cq(), worker.stopped()));
        cq.waiting = worker.waiting_for_room();
        if (cq.waiting != 0) cq.since_ps = worker.waiting_since();
        worker.for_each_sq([&](const SubmissionState& each) {
            SubmissionQueueStatus& sq =
                s.submission_queues.emplace_back(status_of(each.queue, each.in_flight()));
            if (sq.announced == 0) return;
            sq.waits = fetch_wait();
            if (sq.waits == FetchWait::kNothing) sq.waits = wait_of(each.queue, worker.stopped());
            if (sq.waits == FetchWait::kNothing && power) sq.waits = FetchWait::kPowerState;
            if (sq.waits == FetchWait::kNothing && each.free.empty()) sq.waits = FetchWait::kSlots;
        });
    });
    std::sort(s.submission_queues.begin(), s.submission_queues.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
}

ControllerStatus Controller::status() const {
    ControllerStatus s;
    s.now_ps = shared_.now();
    s.powered = lifecycle_.powered();
    s.dma_allowed = state_.environment.dma_enabled();
    s.cap = registers_.cap();
    s.cc = registers_.cc();
    s.csts = registers_.csts();
    s.aqa = registers_.aqa();
    s.asq = registers_.asq();
    s.acq = registers_.acq();
    s.interrupt_mask = registers_.interrupt_mask();
    add_admin_queues(s);
    add_io_queues(s);
    s.event_requests = state_.events.requests();
    s.events = state_.events.events();
    if (keep_alive_deadline() != util::kNever) s.keep_alive_ps = keep_alive_deadline();
    s.power_state = state_.power.current();
    s.non_operational = state_.power.non_operational();
    s.critical_warning = state_.critical_warning().raw;
    s.kelvin = state_.subsystem.health().composite_kelvin;
    s.available_spare = state_.subsystem.health().available_spare;
    s.percentage_used = state_.percentage_used();
    state_.subsystem.for_each([&](Namespace& ns) { s.namespaces.push_back(status_of(ns)); });
    return s;
}

}  // namespace nvme
