// SPDX-License-Identifier: Apache-2.0
// What the platform, the PCI Express function and a fault plan do to a controller while it runs.
#include "models/nvme/module/nvme_controller.h"

namespace nvme {
using util::TimePs;
using Kind = Process::Kind;

void NvmeController::on_function_level_reset() {
    msix_.reset();
    core_->reset(ResetKind::kFunction);
    update_intx();
}

// An NVM Subsystem Reset takes the link down, which resets configuration space as well.
// [NVMe-Base-2.0 3.7.1 NVM Subsystem Reset]
void NvmeController::on_conventional_reset() {
    config_space_.reset();
    msix_.reset();
    update_intx();
}

void NvmeController::on_config_changed() {
    coordinator_.wake.notify(sc_core::SC_ZERO_TIME);
    core_->dma_enable_changed();
    update_intx();
}

void NvmeController::conventional_reset() {
    config_space_.reset();
    msix_.reset();
    core_->reset(ResetKind::kConventional);
    update_intx();
}

void NvmeController::perst_changed() {
    const bool low = !perst_n->read();
    if (low && !in_reset_) conventional_reset();
    in_reset_ = low;
}

std::string NvmeController::add_namespace(const NamespaceConfig& ns,
                                          std::unique_ptr<media::BlockStore> store) {
    return subsystem_->add(ns, std::move(store));
}

bool NvmeController::remove_namespace(std::uint32_t nsid) {
    return subsystem_->remove(nsid);
}

std::string NvmeController::resize_namespace(std::uint32_t nsid, std::uint64_t bytes) {
    return subsystem_->resize(nsid, bytes);
}

std::string NvmeController::set_health(const HealthState& health) {
    return subsystem_->set_health(health);
}

// A plan's values are checked before it is accepted: no state is refused here.
void NvmeController::change_health(const HealthChange& change) {
    (void)set_health(changed(health(), change));
}

void NvmeController::report_error(spec::AsyncErrorInfo info) {
    core_->report_error(info, {spec::StatusCode::kInternalError, "reported by the platform"});
}

void NvmeController::power_cut() {
    subsystem_->set_power(false);
}

void NvmeController::power_on() {
    subsystem_->set_power(true);
}

std::vector<std::uint32_t> NvmeController::power_cycle() {
    std::vector<std::uint32_t> refused = subsystem_->complete_caches();
    if (!core_->powered()) return refused;
    power_cut();
    power_on();
    return refused;
}

void NvmeController::set_faults(FaultHooks* faults) {
    if (faults != nullptr) faults->attach(*this);
    core_->set_faults(faults);
    coordinator_.wake.notify(sc_core::SC_ZERO_TIME);
}

void NvmeController::wake_for_faults(TimePs at) {
    if (at <= now()) core_->wake_all();
    wake({Kind::kCoordinator, 0}, at);
}

void NvmeController::set_power(bool on) {
    if (on)
        power_on();
    else
        power_cut();
}

// Data Link Down resets the function as a hot reset does.
// [PCIe-Base-4.0 2.9.1 Transaction Layer Behavior in DL_Down Status]
void NvmeController::set_link(bool up) {
    if (link_up_ && !up) conventional_reset();
    link_up_ = up;
}

void NvmeController::record_fault(const observe::FaultInjected& event) {
    core_->state().record([&] { return event; });
}

}  // namespace nvme
