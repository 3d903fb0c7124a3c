// SPDX-License-Identifier: Apache-2.0
#include "models/pcie/endpoint.h"

#include <algorithm>

namespace pcie {
using util::TimePs;

Endpoint::Endpoint(const FunctionParams& params, Device& device, EndpointWorld& world)
    : params_(params),
      device_(device),
      world_(world),
      config_space_(params, *this),
      msix_(params.msix_vectors) {}

void Endpoint::raise_interrupt(std::uint16_t vector) {
    if (!config_space_.msix_enabled()) {
        if (!params_.intx_pin || config_space_.intx_disabled()) device_.on_interrupt_held(vector);
        return level_changed();
    }
    for (unsigned n = faults_ == nullptr ? 1 : faults_->on_interrupt(vector); n != 0; --n)
        send_interrupt(vector);
}

void Endpoint::send_interrupt(std::uint16_t vector) {
    // While nothing may be sent the message waits as if it were masked.
    const bool held = config_space_.msix_function_masked() || !requests_allowed();
    if (const auto message = msix_.raise(vector, config_space_.msix_enabled(), held))
        return world_.send(*message);
    device_.on_vectors_changed(vector, vector + 1u);
    if (msix_.pending(vector)) device_.on_interrupt_held(vector);
}

void Endpoint::withdraw_interrupts() {
    for (unsigned v = 0; v < msix_.vectors(); ++v) msix_.withdraw(v);
    all_vectors_changed();
}

void Endpoint::send_released() {
    while (requests_allowed()) {
        const auto message =
            msix_.take_released(config_space_.msix_enabled(), config_space_.msix_function_masked());
        if (!message) return;
        device_.on_vectors_changed(message->vector, message->vector + 1u);
        world_.send(*message);
    }
}

bool Endpoint::update_pin() {
    const bool level =
        params_.intx_pin && !held_in_reset_ && device_.powered() && device_.interrupt_level();
    config_space_.set_interrupt_status(level);
    const bool wanted = level && !config_space_.msix_enabled() && !config_space_.intx_disabled();
    const InterruptPin::Level pin = pin_.drive(wanted, world_.now(), faults_);
    if (pin.next != util::kNever) world_.wake_pin(pin.next);
    return pin.high;
}

void Endpoint::on_function_level_reset() {
    msix_.reset();
    all_vectors_changed();
    device_.on_reset(ResetKind::kFunctionLevel);
    config_settled();
    level_changed();
}

void Endpoint::on_config_changed() {
    all_vectors_changed();  // by the mask of the function
    world_.wake_messages();
    device_.on_config_changed();
    config_settled();
    level_changed();
}

void Endpoint::reset_registers() {
    config_space_.reset();
    msix_.reset();
    all_vectors_changed();
    config_settled();
    level_changed();
}

void Endpoint::conventional_reset() {
    reset_registers();
    device_.on_reset(ResetKind::kConventional);
}

void Endpoint::hold_in_reset(bool held) {
    if (held && !held_in_reset_) conventional_reset();
    held_in_reset_ = held;
}

// Data Link Down resets the function as a hot reset does.
// [PCIe-Base-4.0 2.9.1 Transaction Layer Behavior in DL_Down Status]
void Endpoint::set_link(bool up) {
    if (link_up_ && !up) conventional_reset();
    link_up_ = up;
}

/// A reset clears Bus Master Enable and ASPM Control: whatever forbids requests, or wakes the link
/// up, comes by here.
void Endpoint::config_settled() {
    const bool before = requests_allowed_;
    requests_allowed_ = requests_allowed();
    if (before && !requests_allowed_) world_.on_requests_forbidden();
    if (aspm_control_ == config_space_.aspm_control()) return;
    aspm_control_ = config_space_.aspm_control();
    device_.on_aspm_control(aspm_control_);
}

}  // namespace pcie
