// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/server.h"

#include "models/pcie/msix.h"

namespace platform {

VfioUserParams bridge_params(const VfioUserServerOptions& options) {
    VfioUserParams params;
    params.socket_path = options.socket_path;
    params.doorbells = options.doorbells;
    params.dma_reply_ms = options.dma_reply_ms;
    params.take_ms = options.take_ms;
    params.bar4_size = pcie::Msix::bar_size(options.controller.msix_vectors);
    params.msix_vectors = options.controller.msix_vectors;
    params.intx = options.controller.intx;
    params.doorbell_registers = 2 * (options.controller.max_io_queues + 1u);
    return params;
}

namespace {

std::string name(const char* what, const VfioUserServerOptions& options) {
    return what + std::to_string(options.number);
}

std::shared_ptr<nvme::Subsystem> subsystem_of(const VfioUserServerOptions& options) {
    return options.subsystem ? options.subsystem
                             : nvme::NvmeController::make_subsystem(options.controller);
}

/// The client acts at times that the kernel does not know beforehand.
nvme::ControllerParams params_of(const VfioUserServerOptions& options) {
    nvme::ControllerParams params = options.controller;
    params.run_ahead = false;
    return params;
}

}  // namespace

VfioUserServer::VfioUserServer(const VfioUserServerOptions& options)
    : controller_(name("nvme", options).c_str(), params_of(options), subsystem_of(options)),
      bridge_(name("vfio_user", options).c_str(), bridge_params(options)),
      perst_n_(name("perst_n", options).c_str(), true),
      intx_(name("intx", options).c_str()),
      machines_(options.machines ? options.machines : std::make_shared<unsigned>(0)) {
    if (options.record != nullptr)
        bind_recorder(*options.record);
    else
        bind_directly();
    bridge_.perst_n.bind(perst_n_);
    controller_.perst_n.bind(perst_n_);
    controller_.intx.bind(intx_);
    bridge_.intx.bind(intx_);
    bridge_.on_arrival([this] { ++*machines_; });
    bridge_.on_leave([this] { client_left(); });
}

VfioUserServer::~VfioUserServer() = default;

void VfioUserServer::client_left() {
    shutdowns_.count(controller_);
    const bool last = --*machines_ == 0;
    if (last && recorder_) recorder_->power_cycle();
    const auto refused =
        last ? controller_.power_cycle() : controller_.subsystem().complete_caches();
    if (refused.empty()) return;
    std::string text = "not all of what volatile write caches held could be written, of namespace";
    for (const std::uint32_t nsid : refused) text += " " + std::to_string(nsid);
    bridge_.complaints().add(vfio_user::Complaints::Cause::kImage, text);
}

void VfioUserServer::bind_directly() {
    bridge_.config.bind(controller_.config);
    bridge_.bar0.bind(controller_.bar0);
    bridge_.bar4.bind(controller_.bar4);
    controller_.dma.bind(bridge_.dma);
}

void VfioUserServer::bind_recorder(SessionWriter& writer) {
    recorder_ = std::make_unique<SessionRecorder>("recorder", writer);
    bridge_.config.bind(recorder_->config);
    bridge_.bar0.bind(recorder_->bar0);
    bridge_.bar4.bind(recorder_->bar4);
    recorder_->device_config.bind(controller_.config);
    recorder_->device_bar0.bind(controller_.bar0);
    recorder_->device_bar4.bind(controller_.bar4);
    controller_.dma.bind(recorder_->device_dma);
    recorder_->dma.bind(bridge_.dma);
    recorder_->perst_n.bind(perst_n_);
}

}  // namespace platform
