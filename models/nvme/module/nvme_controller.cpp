// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/module/nvme_controller.h"

#include <utility>

#include "models/nvme/controller/identity.h"
#include "models/nvme/controller/make_subsystem.h"
#include "models/util/mix64.h"
#include "models/util/report.h"

namespace nvme {
using util::kNever;
using util::TimePs;
using Kind = Process::Kind;

namespace {

const ControllerParams& checked(const ControllerParams& params, const char* name) {
    const auto problems = validate(params);
    if (problems.empty()) return params;
    std::string text = std::string(name) + ":";
    for (const auto& p : problems) text += "\n  " + p;
    SC_REPORT_ERROR(util::report::kConfig, text.c_str());
    return params;
}

/// An EUI-64 that no other function has: the vendor's, the subsystem's, the controller's part.
std::uint64_t device_serial_number(const ControllerParams& p) {
    const std::uint64_t subsystem = util::mix64(p.subsystem_nqn) & 0xff'ffff;
    return std::uint64_t{p.ieee_oui} << 40 | subsystem << 16 | p.controller_id;
}

pcie::FunctionParams function_params(const ControllerParams& p) {
    pcie::FunctionParams f;
    f.vendor_id = p.vendor_id;
    f.device_id = p.device_id;
    f.subsystem_vendor_id = p.subsystem_vendor_id;
    f.subsystem_id = p.subsystem_id;
    f.revision_id = p.revision_id;
    f.class_code = 0x010802;  // mass storage, non-volatile memory, NVM Express I/O controller
    f.bar0_size = 64 * 1024;
    f.bar4_size = pcie::Msix::bar_size(p.msix_vectors);
    f.msix_vectors = p.msix_vectors;
    f.msix_pba_offset = static_cast<std::uint32_t>(pcie::Msix::pba_offset(p.msix_vectors));
    f.intx_pin = p.intx;
    f.link_gen = p.link_gen == 0 ? 5 : p.link_gen;  // an infinitely fast link must claim something
    f.link_lanes = p.link_lanes;
    f.max_payload_bytes = p.link_max_payload;
    f.device_serial_number = device_serial_number(p);
    return f;
}

}  // namespace

std::shared_ptr<Subsystem> NvmeController::make_subsystem(const ControllerParams& params) {
    std::string nqn = params.subsystem_nqn;
    if (nqn.empty()) {
        // A kernel object only for its name: hierarchical, and unique in the simulation.
        const sc_core::sc_event here(sc_core::sc_gen_unique_name("nvme_subsystem"));
        nqn = with_identity(params, here.name()).subsystem_nqn;
    }
    return nvme::make_subsystem(params, nqn);
}

NvmeController::NvmeController(const sc_core::sc_module_name& name, const ControllerParams& params)
    : NvmeController(name, params, nullptr) {}

NvmeController::NvmeController(const sc_core::sc_module_name& name, const ControllerParams& params,
                               std::shared_ptr<Subsystem> subsystem)
    : sc_module(name),
      params_(with_identity(checked(params, this->name()), this->name(), subsystem.get())),
      config_space_(function_params(params_), *this),
      msix_(params_.msix_vectors),
      memory_(dma, params_.dma_uses_dmi, [this] { return dma_enabled(); }),
      subsystem_(subsystem ? std::move(subsystem) : make_subsystem(params_)),
      core_(new Controller(params_, *subsystem_, *this, *this, *this)),
      coordinator_({Kind::kCoordinator, 0}, "coordinator_wake"),
      admin_({Kind::kAdmin, 0}, "admin_wake") {
    bar0.register_b_transport(this, &NvmeController::bar0_transport);
    bar4.register_b_transport(this, &NvmeController::bar4_transport);
    config.register_b_transport(this, &NvmeController::config_transport);
    bar0.register_transport_dbg(this, &NvmeController::bar0_debug);
    bar4.register_transport_dbg(this, &NvmeController::bar4_debug);
    config.register_transport_dbg(this, &NvmeController::config_debug);
    dma.register_invalidate_direct_mem_ptr(this, &NvmeController::invalidate_dmi);
    for (unsigned cqid = 1; cqid <= params_.max_io_queues; ++cqid)
        io_.push_back(std::make_unique<Thread>(Process{Kind::kIo, static_cast<std::uint16_t>(cqid)},
                                               "io_" + std::to_string(cqid) + "_wake"));
    memory_.set_requester_id(params_.requester_id);
    spawn(coordinator_, "coordinator");
    spawn(admin_, "admin");
}

NvmeController::~NvmeController() = default;

void NvmeController::end_of_elaboration() {
    warn_of_doubles();
    sc_core::sc_spawn_options method;
    method.spawn_method();
    method.dont_initialize();
    method.set_sensitivity(&intx_changed_);
    sc_core::sc_spawn([this] { drive_intx(); }, "drive_intx", &method);
    sc_core::sc_spawn_options io;
    io.spawn_method();
    io.dont_initialize();
    io.set_sensitivity(&spawn_wanted_);
    sc_core::sc_spawn([this] { spawn_io_threads(); }, "io", &io);
    sc_core::sc_spawn_options writes;
    writes.spawn_method();
    writes.dont_initialize();
    writes.set_sensitivity(&write_due_);
    sc_core::sc_spawn([this] { take_due(); }, "decoupled_writes", &writes);
    if (perst_n.size() == 0) return;
    sc_core::sc_spawn_options perst;
    perst.spawn_method();
    perst.set_sensitivity(&perst_n->value_changed_event());
    sc_core::sc_spawn([this] { perst_changed(); }, "perst_changed", &perst);
}

void NvmeController::spawn(Thread& thread, const std::string& name) {
    thread.spawned = true;
    sc_core::sc_spawn([this, &thread] { run(thread); }, name.c_str());
}

/// The body of every thread: a step, then sleep until the step's time or a wake-up. It is the
/// state that counts, not the event: each step looks at everything there is to do.
void NvmeController::run(Thread& thread) {
    for (;;) {
        ++activations_;
        if (thread.process.kind == Kind::kCoordinator) send_released_messages();
        const TimePs due = core_->step(thread.process);
        // The event keeps the earliest of its notifications, and every step computes anew when it
        // wants to run: one event serves for waking and for time.
        if (due != kNever) notify_at(thread.wake, due);
        sc_core::wait(thread.wake);
    }
}

/// A process is a child of the one that spawns it. Whoever uses a queue first may be any process of
/// the host: the threads are therefore spawned by one of our own.
void NvmeController::spawn_io_threads() {
    for (const auto& thread : io_)
        if (thread->wanted && !thread->spawned)
            spawn(*thread, "io_" + std::to_string(thread->process.cqid));
}

void NvmeController::wake(Process process, TimePs at) {
    Thread& thread = process.kind == Kind::kCoordinator ? coordinator_
                     : process.kind == Kind::kAdmin     ? admin_
                                                        : *io_[process.cqid - 1u];
    // A new process runs its first step at once; it finds what it is needed for.
    if (!thread.spawned) {
        thread.wanted = true;
        spawn_wanted_.notify(sc_core::SC_ZERO_TIME);
        return;
    }
    notify_at(thread.wake, at);
}

void NvmeController::notify_at(sc_core::sc_event& event, TimePs at) {
    const TimePs t = now();
    event.notify(at > t ? time_.to_sc(at - t) : sc_core::SC_ZERO_TIME);
}

DmaResult NvmeController::read(TimePs at, std::uint64_t gpa, void* dst, std::size_t len) {
    return memory_.read(at, gpa, dst, len);
}

DmaResult NvmeController::write(TimePs at, std::uint64_t gpa, const void* src, std::size_t len) {
    return memory_.write(at, gpa, src, len);
}

void NvmeController::invalidate_dmi(sc_dt::uint64 first, sc_dt::uint64 last) {
    memory_.invalidate_dmi(first, last);
}

bool NvmeController::dma_enabled() const {
    return !in_reset_ && link_up_ && config_space_.bus_master_enabled();
}

void NvmeController::raise_interrupt(std::uint16_t vector) {
    if (!config_space_.msix_enabled()) {
        update_intx();
        return;
    }
    FaultHooks* const faults = core_->faults();
    for (unsigned n = faults == nullptr ? 1 : faults->on_interrupt(vector); n != 0; --n)
        send_interrupt(vector);
}

void NvmeController::send_interrupt(std::uint16_t vector) {
    // While nothing may be sent the message waits as if it were masked.
    const bool held = config_space_.msix_function_masked() || !dma_enabled();
    if (const auto message = msix_.raise(vector, config_space_.msix_enabled(), held))
        send(*message);
}

void NvmeController::send(const pcie::Msix::Message& message) {
    core_->state().record([&] {
        return observe::Interrupt{now(), message.vector, message.address};
    });
    if (!memory_.send_message(message.address, message.data))
        NVME_INFO(util::report::kGuest, sc_core::SC_MEDIUM,
                  name() << ": MSI-X message of vector " << message.vector << " to 0x" << std::hex
                         << message.address << " was refused");
}

void NvmeController::withdraw_interrupts() {
    for (unsigned v = 0; v < msix_.vectors(); ++v) msix_.withdraw(v);
}

/// Messages that waited for a mask to go away. They leave from a thread, because the write that
/// removed the mask must not wait.
void NvmeController::send_released_messages() {
    while (dma_enabled()) {
        const auto message =
            msix_.take_released(config_space_.msix_enabled(), config_space_.msix_function_masked());
        if (!message) return;
        send(*message);
    }
}

void NvmeController::update_intx() {
    intx_changed_.notify(sc_core::SC_ZERO_TIME);
}

void NvmeController::drive_intx() {
    const bool level = params_.intx && !in_reset_ && core_->powered() && core_->intx_level();
    config_space_.set_interrupt_status(level);
    const bool wanted = level && !config_space_.msix_enabled() && !config_space_.intx_disabled();
    FaultHooks* const faults = core_->faults();
    if (wanted && !pin_wanted_) pin_from_ = faults == nullptr ? 0 : faults->on_pin(now());
    pin_wanted_ = wanted;
    const bool pin = wanted && pin_from_ <= now();
    if (wanted && !pin && pin_from_ != util::kNever) notify_at(intx_changed_, pin_from_);
    if (intx.size() != 0 && intx->read() != pin) intx->write(pin);
}

}  // namespace nvme
