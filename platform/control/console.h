// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <deque>
#include <string>
#include <vector>

#include "models/util/sc_time_ps.h"
#include "models/util/sysc_compat.h"
#include "platform/control/commands.h"
#include "platform/control/control_socket.h"
#include "platform/vfio_user/serve_visitor.h"
#include "platform/vfio_user/wall_clock.h"

namespace platform {

/// What people ask for at a ControlSocket happens here, in a process of the simulation.
class Console : public sc_core::sc_module, public ServeVisitor {
public:
    Console(const sc_core::sc_module_name& name, std::vector<Controlled> controllers);

    /// Begins to listen. Empty, or why that is not possible.
    [[nodiscard]] std::string open(const std::string& path) { return socket_.open(path); }
    /// What people do happens at its time of the clock on the wall, while that runs.
    void follow(const WallClock& wall) { wall_ = &wall; }

    // ServeVisitor
    void add_sources(std::vector<pollfd>& sources) const override { socket_.add_sources(sources); }
    [[nodiscard]] bool look() override;

private:
    NVME_HAS_PROCESS(Console);
    void run();

    const std::vector<Controlled> controllers_;
    ControlSocket socket_;
    std::deque<ControlSocket::Request> requests_;
    sc_core::sc_event asked_{"asked"};
    const util::ScTimePs time_;
    const WallClock* wall_ = nullptr;
};

}  // namespace platform
