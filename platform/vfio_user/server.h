// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "models/nvme/module/nvme_controller.h"
#include "platform/session/session_recorder.h"
#include "platform/vfio_user/bridge.h"
#include "platform/vfio_user/shutdowns.h"

namespace platform {

struct VfioUserServerOptions {
    unsigned number = 0;  ///< in the names of the modules: no two may have the same
    nvme::ControllerParams controller;
    std::shared_ptr<nvme::Subsystem> subsystem;  ///< null: one of its own
    /// How many clients the controllers of this subsystem have now. Null: it has no other one.
    std::shared_ptr<unsigned> machines;
    std::string socket_path;
    Doorbells doorbells = Doorbells::kTrapped;
    std::uint32_t dma_reply_ms = VfioUserParams{}.dma_reply_ms;
    std::uint32_t take_ms = VfioUserParams{}.take_ms;
    /// Writes down what client and controller exchange; must outlive the server. Null: nobody.
    SessionWriter* record = nullptr;
};

/// A controller behind a bridge: what `nvme-vp serve` serves. A client is a machine, and one that
/// leaves is switched off. The power of a subsystem is interrupted when none of its controllers has
/// a machine any more; as long as another one has, the subsystem keeps it, like a disk with two
/// ports.
class VfioUserServer {
public:
    /// SC_ERROR when the controller's parameters are bad.
    explicit VfioUserServer(const VfioUserServerOptions& options);
    ~VfioUserServer();

    [[nodiscard]] nvme::NvmeController& controller() { return controller_; }
    [[nodiscard]] VfioUserBridge& bridge() { return bridge_; }
    [[nodiscard]] const Shutdowns& shutdowns() const { return shutdowns_; }

private:
    void client_left();
    void bind_directly();
    void bind_recorder(SessionWriter& writer);

    nvme::NvmeController controller_;
    VfioUserBridge bridge_;
    sc_core::sc_signal<bool> perst_n_;
    sc_core::sc_signal<bool> intx_;
    std::unique_ptr<SessionRecorder> recorder_;
    Shutdowns shutdowns_;
    const std::shared_ptr<unsigned> machines_;
};

/// What the bridge has to know of a controller with these parameters.
[[nodiscard]] VfioUserParams bridge_params(const VfioUserServerOptions& options);

}  // namespace platform
