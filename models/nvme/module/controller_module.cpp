// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/module/controller_module.h"

#include <utility>

#include "models/nvme/controller/identity.h"
#include "models/nvme/module/make_subsystem.h"
#include "models/util/report.h"
#include "models/util/sc_spawn.h"

namespace nvme {
using util::kNever;
using util::TimePs;
using Kind = Process::Kind;

ControllerParams ControllerModule::complete(const ControllerParams& params, const char* name,
                                            const Subsystem* subsystem) {
    const auto problems = validate(params);
    if (!problems.empty()) {
        std::string text = std::string(name) + ":";
        for (const auto& p : problems) text += "\n  " + p;
        SC_REPORT_ERROR(util::report::kConfig, text.c_str());
    }
    return with_identity(params, name, subsystem);
}

ControllerModule::ControllerModule(const sc_core::sc_module_name& name,
                                   const ControllerParams& params,
                                   std::shared_ptr<Subsystem> subsystem, Attachment& attachment)
    : sc_module(name),
      params_(params),
      time_(params_.run_ahead),
      attachment_(attachment),
      memory_(dma, params_.dma_uses_dmi, time_, [this] { return attachment_.requests_allowed(); }),
      subsystem_(subsystem ? std::move(subsystem) : make_subsystem(params_)),
      core_(params_, *subsystem_, memory_, *this, *this),
      coordinator_({Kind::kCoordinator, 0}, "coordinator_wake"),
      admin_({Kind::kAdmin, 0}, "admin_wake") {
    regs.register_b_transport(this, &ControllerModule::regs_transport);
    regs.register_transport_dbg(this, &ControllerModule::regs_debug);
    dma.register_invalidate_direct_mem_ptr(this, &ControllerModule::invalidate_dmi);
    for (unsigned cqid = 1; cqid <= params_.max_io_queues; ++cqid)
        io_.push_back(std::make_unique<Thread>(Process{Kind::kIo, static_cast<std::uint16_t>(cqid)},
                                               "io_" + std::to_string(cqid) + "_wake"));
    memory_.set_requester_id(params_.requester_id);
    spawn(coordinator_, "coordinator");
    spawn(admin_, "admin");
}

void ControllerModule::end_of_elaboration() {
    warn_of_doubles();
    util::spawn_method("io", spawn_wanted_, [this] { spawn_io_threads(); });
    util::spawn_method("decoupled_writes", write_due_, [this] { take_due(); });
}

void ControllerModule::spawn(Thread& thread, const std::string& name) {
    thread.spawned = true;
    sc_core::sc_spawn([this, &thread] { run(thread); }, name.c_str());
}

/// The body of every thread: a step, then sleep until the step's time or a wake-up. It is the
/// state that counts, not the event: each step looks at everything there is to do.
void ControllerModule::run(Thread& thread) {
    for (;;) {
        const TimePs due = core_.step(thread.process);
        time_.end_step();
        // The event keeps the earliest of its notifications, and every step computes anew when it
        // wants to run: one event serves for waking and for time.
        if (due != kNever) time_.notify_at(thread.wake, due);
        sc_core::wait(thread.wake);
        ++activations_;
    }
}

/// A process is a child of the one that spawns it. Whoever uses a queue first may be any process of
/// the host: the threads are therefore spawned by one of our own.
void ControllerModule::spawn_io_threads() {
    for (const auto& thread : io_)
        if (thread->wanted && !thread->spawned)
            spawn(*thread, "io_" + std::to_string(thread->process.cqid));
}

void ControllerModule::wake(Process process, TimePs at) {
    Thread& thread = process.kind == Kind::kCoordinator ? coordinator_
                     : process.kind == Kind::kAdmin     ? admin_
                                                        : *io_[process.cqid - 1u];
    // A new process runs its first step at once; it finds what it is needed for.
    if (!thread.spawned) {
        thread.wanted = true;
        spawn_wanted_.notify(sc_core::SC_ZERO_TIME);
        return;
    }
    time_.notify_at(thread.wake, at);
}

/// What other controllers of the subsystem hear of a step has their time, which is the kernel's.
bool ControllerModule::go_ahead(TimePs at) {
    return subsystem_->controllers() == 1 && time_.go_ahead(at);
}

void ControllerModule::invalidate_dmi(sc_dt::uint64 first, sc_dt::uint64 last) {
    memory_.invalidate_dmi(first, last);
}

// A plan's values are checked before it is accepted: no state is refused here.
void ControllerModule::change_health(const HealthChange& change) {
    (void)subsystem_->set_health(changed(subsystem_->stated_health(), change));
}

void ControllerModule::retrain_link(pcie::LinkSpeed speed, TimePs duration) {
    attachment_.on_link_trained(core_.retrain_link(speed, duration));
}

void ControllerModule::set_faults(FaultHooks* faults) {
    if (faults != nullptr) faults->attach(*this);
    core_.set_faults(faults);
    attachment_.set_interrupt_faults(faults);
    coordinator_.wake.notify(sc_core::SC_ZERO_TIME);
}

void ControllerModule::set_trace(observe::TraceSink* sink) {
    core_.set_trace(sink);
    attachment_.on_trace_changed();
}

void ControllerModule::wake_for_faults(TimePs at) {
    if (at <= now()) core_.wake_all();
    wake({Kind::kCoordinator, 0}, at);
}

void ControllerModule::record_fault(const observe::FaultInjected& event) {
    core_.state().record([&] { return event; });
}

}  // namespace nvme
