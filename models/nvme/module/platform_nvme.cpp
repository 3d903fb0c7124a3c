// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/module/platform_nvme.h"

#include <string>

#include "models/util/report.h"
#include "models/util/sc_spawn.h"

namespace nvme {

namespace {

constexpr unsigned kMaskableVectors = 32;  // INTMS has a bit each

ControllerParams with_level(ControllerParams params, const PlatformInterrupts& interrupts) {
    params.intx = interrupts.level;
    return params;
}

const PlatformInterrupts& checked(const PlatformInterrupts& interrupts, const char* name) {
    if (interrupts.message_address % 4 != 0)
        SC_REPORT_ERROR(util::report::kConfig,
                        (std::string(name) + ": message_address: must be a multiple of 4").c_str());
    return interrupts;
}

}  // namespace

PlatformNvme::PlatformNvme(const sc_core::sc_module_name& name, const ControllerParams& params,
                           const PlatformInterrupts& interrupts)
    : PlatformNvme(name, params, interrupts, nullptr) {}

PlatformNvme::PlatformNvme(const sc_core::sc_module_name& name, const ControllerParams& params,
                           const PlatformInterrupts& interrupts,
                           std::shared_ptr<Subsystem> subsystem)
    : sc_module(name),
      ControllerRuntime(controller_),
      interrupts_(checked(interrupts, this->name())),
      controller_(
          "controller",
          ControllerModule::complete(with_level(params, interrupts), this->name(), subsystem.get()),
          subsystem, *this) {
    regs.bind(controller_.regs);
    controller_.dma.bind(dma);
}

void PlatformNvme::end_of_elaboration() {
    util::spawn_method("drive_irq", irq_due_, [this] { drive_irq(); });
    if (sends_messages()) sc_core::sc_spawn([this] { send_held_messages(); }, "messages");
    if (rst_n.size() == 0) return;
    util::spawn_method(
        "reset_changed", rst_n->value_changed_event(), [this] { reset_changed(); },
        util::FirstRun::kAtStart);
}

void PlatformNvme::raise_interrupt(std::uint16_t vector) {
    level_changed();
    if (!sends_messages()) return;
    for (unsigned n = faults_ == nullptr ? 1 : faults_->on_interrupt(vector); n != 0; --n)
        send_interrupt(vector);
}

void PlatformNvme::send_interrupt(std::uint16_t vector) {
    if (!sends_messages() || !requests_allowed()) return;
    const std::uint32_t bit = vector < kMaskableVectors ? 1u << vector : 0;
    if ((controller_.core().registers().interrupt_mask() & bit) != 0) {
        held_ |= bit;
        return;
    }
    const ControllerState& state = controller_.core().state();
    state.record([&] {
        return observe::Interrupt{state.now(), vector, interrupts_.message_address};
    });
    if (!controller_.memory().send_message(interrupts_.message_address,
                                           interrupts_.message_data + vector))
        NVME_INFO(util::report::kGuest, sc_core::SC_MEDIUM,
                  name() << ": message of vector " << vector << " to 0x" << std::hex
                         << interrupts_.message_address << " was refused");
}

void PlatformNvme::level_changed() {
    irq_due_.notify(sc_core::SC_ZERO_TIME);
    if (held_ != 0) unmasked_.notify(sc_core::SC_ZERO_TIME);
}

/// Messages that INTMS held back. They leave from a thread, because the write that removed the mask
/// must not wait.
void PlatformNvme::send_held_messages() {
    for (;;) {
        sc_core::wait(unmasked_);
        for (std::uint16_t vector = 0; vector < kMaskableVectors; ++vector) {
            const std::uint32_t bit = 1u << vector;
            if ((held_ & ~controller_.core().registers().interrupt_mask() & bit) == 0) continue;
            held_ &= ~bit;
            send_interrupt(vector);
        }
    }
}

void PlatformNvme::drive_irq() {
    const Controller& core = controller_.core();
    const bool wanted =
        interrupts_.level && requests_allowed() && core.powered() && core.intx_level();
    const pcie::InterruptPin::Level pin = pin_.drive(wanted, time_.now(), faults_);
    if (pin.next != util::kNever) time_.notify_at(irq_due_, pin.next);
    if (irq.size() != 0 && irq->read() != pin.high) irq->write(pin.high);
}

void PlatformNvme::reset_changed() {
    const bool low = !rst_n->read();
    if (low && !in_reset_) controller_.core().reset(ResetKind::kConventional);
    in_reset_ = low;
    controller_.set_reachable(requests_allowed());
    level_changed();
}

void PlatformNvme::set_link(bool up) {
    if (plugged_ && !up) controller_.core().reset(ResetKind::kConventional);
    plugged_ = up;
    controller_.set_reachable(requests_allowed());
    level_changed();
}

}  // namespace nvme
