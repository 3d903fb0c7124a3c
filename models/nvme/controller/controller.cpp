// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/controller/controller.h"

#include <algorithm>
#include <utility>

#include "models/nvme/engine/doorbells.h"

namespace nvme {
using util::kNever;
using util::TimePs;
using Kind = Process::Kind;

namespace {

spec::Cap capabilities(const ControllerParams& p) {
    using C = spec::Cap;
    return C{}
        .with<C::Mqes>(p.max_queue_entries - 1)
        .with<C::Cqr>(true)
        .with<C::Ams>(spec::kCapAmsWeightedRoundRobin)
        .with<C::To>(p.ready_timeout)
        .with<C::Nssrs>(true)
        .with<C::Css>(spec::kCapCssNvm | spec::kCapCssIoCommandSets)
        .with<C::Mpsmax>(p.mps_max)
        .with<C::Crwms>(true);
}

spec::Crto ready_timeouts(const ControllerParams& p) {
    return spec::Crto{}.with<spec::Crto::Crwmt>(p.ready_timeout);
}

}  // namespace

Controller::Controller(const ControllerParams& params, Subsystem& subsystem, HostMemory& memory,
                       const Clock& clock, Environment& environment)
    : state_(params, subsystem, clock, environment),
      shared_(state_, memory),
      queues_(shared_),
      admin_(shared_, queues_),
      registers_(capabilities(params), ready_timeouts(params), *this),
      lifecycle_(shared_, registers_, admin_, queues_) {
    shared_.fatal_listener = &lifecycle_;
    state_.events.set_config(state_.features.async_event_config());
    state_.temperature_changed(shared_.now(), true);
    subsystem.attach(*this);
}

Controller::~Controller() {
    state_.subsystem.detach(*this);
}

void Controller::wake(Kind kind, TimePs at, std::uint16_t cqid) {
    shared_.wake({kind, cqid}, at);
}

std::optional<std::uint64_t> Controller::read(std::uint64_t offset, unsigned size,
                                              const RegisterFile& shown) {
    if (offset < RegisterFile::kSize) return shown.read(static_cast<std::uint32_t>(offset), size);
    // Doorbells have no defined read value [NVMe-PCIe-1.0 Submission Queue y Tail Doorbell].
    if ((size == 4 || size == 8) && offset % size == 0) return 0;
    return std::nullopt;
}

std::optional<std::uint64_t> Controller::read_by_host(std::uint64_t offset, unsigned size,
                                                      const RegisterFile& shown) {
    auto value = read(offset, size, shown);
    if (value && shared_.faults != nullptr)
        value = shared_.faults->on_register_read(FaultHooks::Space::kBar0,
                                                 static_cast<std::uint32_t>(offset), size, *value);
    if (value)
        state_.record_detail([&] {
            return observe::RegisterRead{shared_.now(), static_cast<std::uint32_t>(offset),
                                         static_cast<std::uint8_t>(size), *value};
        });
    return value;
}

bool Controller::write_ok(std::uint64_t offset, unsigned size) {
    return RegisterFile::access_ok(offset, size) ||
           (offset >= RegisterFile::kSize && size == 4 && offset % 4 == 0);
}

bool Controller::write(std::uint64_t offset, unsigned size, std::uint64_t value, TimePs at) {
    if (offset >= RegisterFile::kSize) return write_doorbell(offset, size, value, at);
    state_.record([&] {
        return observe::RegisterWrite{at, static_cast<std::uint32_t>(offset),
                                      static_cast<std::uint8_t>(size), value};
    });
    return registers_.write(static_cast<std::uint32_t>(offset), size, value, at);
}

bool Controller::doorbell_exists(std::uint16_t qid, bool completion) const {
    if (qid == 0) return admin_.is_open();
    return completion ? queues_.cq_exists(qid) : queues_.sq_exists(qid);
}

// Doorbell y of queue q is at 1000h + (2q + y) * 4: CAP.DSTRD = 0.
bool Controller::write_doorbell(std::uint64_t offset, unsigned size, std::uint64_t value,
                                TimePs at) {
    if (!write_ok(offset, size)) return false;
    const std::uint64_t index = (offset - spec::offset::kDoorbells) / 4;
    const bool completion = index % 2 != 0;
    const auto qid = static_cast<std::uint16_t>(index / 2);  // 64 KiB of BAR0: below 7,680
    const auto entry = static_cast<std::uint16_t>(value);    // bits 31:16 are reserved
    if (shared_.faults != nullptr && !shared_.faults->on_doorbell(completion, qid, at)) return true;
    if (!lifecycle_.ready()) {
        state_.record([&] {
            return observe::Doorbell{at,  completion, false,
                                     qid, entry,      observe::DoorbellRefusal::kNotReady};
        });
        return true;
    }
    DoorbellFault fault = DoorbellFault::kNone;
    const bool exists = doorbell_exists(qid, completion);
    if (exists) fault = completion ? ring_cq(qid, entry, at) : ring_sq(qid, entry, at);
    report_doorbell(shared_, at, {completion, qid, entry}, exists, fault);
    return true;
}

/// When a posted write that the host makes at `at` has come over the link.
TimePs Controller::crossed(TimePs at) {
    return shared_.link.from_host(at);
}

DoorbellFault Controller::ring_sq(std::uint16_t qid, std::uint16_t tail, TimePs at) {
    const TimePs seen = util::later(crossed(at), util::from_ns(state_.params.doorbell_to_fetch_ns));
    SubmissionQueue* sq = qid == 0 ? &admin_.sq() : queues_.worker_of_sq(qid).find(qid);
    if (sq == nullptr) return DoorbellFault::kNone;  // being deleted: nothing is fetched any more
    if (qid == 0) shared_.arbiter.admin_rung(seen);
    const bool elsewhere = shared_.shadow.kick(ShadowDoorbells::tail_of(qid), seen);
    const bool ignored = elsewhere && tail < sq->config().size;
    const auto fault = ignored ? DoorbellFault::kNone : sq->ring(tail, seen);
    if (qid != 0) shared_.arbiter.rung(qid, seen);
    if (qid != 0 && fault == DoorbellFault::kNone) state_.power.io_arrived(at);
    wake(qid == 0 ? Kind::kAdmin : Kind::kIo, seen, sq->config().cqid);
    return fault;
}

DoorbellFault Controller::ring_cq(std::uint16_t qid, std::uint16_t head, TimePs at) {
    CompletionQueue& cq = qid == 0 ? admin_.cq() : queues_.worker(qid).cq();
    const bool elsewhere = shared_.shadow.kick(ShadowDoorbells::head_of(qid), at);
    const bool ignored = elsewhere && head < cq.config().size;
    // The pin follows the host at once, see release_pin().
    const TimePs seen = state_.params.intx ? at : crossed(at);
    const auto fault = ignored ? DoorbellFault::kNone : cq.ring(head, seen);
    if (qid == 0) {
        if (fault != DoorbellFault::kNone) admin_.stop();
        wake(Kind::kAdmin, seen);
        release_pin(admin_.cq(), at);
        return fault;
    }
    IoWorker& worker = queues_.worker(qid);
    const bool broken = fault != DoorbellFault::kNone;
    if (broken) worker.stop();
    // Room matters to the worker only when completions wait for it; the pin only when it is there.
    if (broken || worker.waits_for_room() || state_.params.intx || shared_.shadow.active())
        wake(Kind::kIo, seen, qid);
    release_pin(worker.cq(), at);
    return fault;
}

/// The pin follows a doorbell at once, also while the queue's worker waits for memory: the host
/// enables the interrupt again right after it has written the doorbell.
void Controller::release_pin(CompletionQueue& cq, TimePs at) {
    if (!state_.params.intx || at > shared_.now()) return;
    cq.update(shared_.now());
    state_.environment.update_intx();
}

TimePs Controller::step(Process process) {
    state_.subsystem.set_now(shared_.now());
    switch (process.kind) {
        case Kind::kCoordinator: {
            const bool was_ready = lifecycle_.ready();
            TimePs due = shared_.faults == nullptr ? kNever : shared_.faults->step(shared_.now());
            due = std::min({due, lifecycle_.step(), state_.subsystem.heat(shared_.now())});
            if (!was_ready && lifecycle_.ready()) wake(Kind::kAdmin, shared_.now());
            return due;
        }
        case Kind::kAdmin:
            return admin_.step();
        case Kind::kIo:
            return queues_.exists(process.cqid) ? queues_.worker(process.cqid).step() : kNever;
    }
    return kNever;
}

void Controller::reset(ResetKind kind) {
    lifecycle_.reset(kind, shared_.now());
}

void Controller::set_faults(FaultHooks* faults) {
    FaultHooks* const before = std::exchange(shared_.faults, faults);
    shared_.dma.set_faults(faults);
    state_.subsystem.replace_media_faults(before, faults);
}

void Controller::fail() {
    if (lifecycle_.ready())
        lifecycle_.fatal({spec::StatusCode::kInternalError, "the fault plan says so", 0, false});
}

void Controller::raise_event(spec::AsyncEventType type, std::uint8_t info, spec::LogId log) {
    if (!lifecycle_.ready()) return;
    state_.events.raise_any(type, info, log);
    wake(Kind::kAdmin, shared_.now());
}

void Controller::dma_enable_changed() {
    wake_all();
}

pcie::LinkSpeed Controller::retrain_link(pcie::LinkSpeed speed, TimePs duration) {
    shared_.link.retrain(shared_.now(), speed, duration);
    return shared_.link.speed();
}

void Controller::wake_all() {
    wake(Kind::kCoordinator, shared_.now());
    wake(Kind::kAdmin, shared_.now());
    queues_.for_each_cq(
        [this](std::uint16_t cqid, IoWorker&) { wake(Kind::kIo, shared_.now(), cqid); });
}

// Without MSI-X every queue signals through the one pin; INTMS bit n masks vector n.
// [NVMe-PCIe-1.0 Pin Based interrupts]
bool Controller::intx_level() const {
    if (!lifecycle_.ready()) return false;  // from the moment of a reset on, not when it is done
    const auto pending = [this](const CompletionQueue& cq, std::uint32_t held) {
        const unsigned vector = cq.config().vector;
        const bool masked = vector < 32 && (registers_.interrupt_mask() >> vector & 1) != 0;
        return cq.config().interrupts && cq.used() > held && !masked;
    };
    bool level = pending(admin_.cq(), 0);
    queues_.for_each_cq([&](std::uint16_t, IoWorker& worker) {
        level = level || pending(worker.cq(), worker.held());
    });
    return level;
}

void Controller::on_cc_written(spec::Cc before, spec::Cc after, TimePs at) {
    lifecycle_.on_cc_written(before, after, at);
}

void Controller::on_subsystem_reset_requested(TimePs) {
    state_.subsystem.reset();
}

void Controller::on_interrupt_mask_changed() {
    state_.environment.update_intx();
}

void Controller::report_error(spec::AsyncErrorInfo info, const CommandError& error) {
    if (!lifecycle_.ready()) return;
    state_.queue_error(ErrorLog::kNoCommand, info, error);
    if (info == spec::AsyncErrorInfo::kPersistentInternalError) lifecycle_.fail();
}

}  // namespace nvme
