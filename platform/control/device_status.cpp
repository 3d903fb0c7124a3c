// SPDX-License-Identifier: Apache-2.0
#include "platform/control/device_status.h"

#include <utility>

#include "models/pcie/config_registers.h"

namespace platform {

using nvme::FetchWait;

DeviceStatus device_status(std::string name, const nvme::NvmeController& controller,
                           const faults::Injector& plan) {
    DeviceStatus s;
    s.name = std::move(name);
    s.controller = controller.model().status();
    const pcie::ConfigSpace& config = controller.config_space();
    s.command = static_cast<std::uint16_t>(config.read(pcie::reg::kCommand, 2));
    s.memory_enabled = config.memory_enabled();
    s.bus_master = config.bus_master_enabled();
    s.d0 = config.power_state() == pcie::PowerState::kD0;
    s.msix_enabled = config.msix_enabled();
    s.function_masked = config.msix_function_masked();
    const pcie::Msix& msix = controller.msix();
    s.vectors = msix.vectors();
    for (unsigned vector = 0; vector < s.vectors; ++vector) {
        if (msix.masked(vector)) s.masked.push_back(vector);
        if (msix.pending(vector)) s.pending.push_back(vector);
    }
    s.faults = plan.results();
    return s;
}

std::string fetch_wait_text(FetchWait wait, const DeviceStatus& status) {
    switch (wait) {
        case FetchWait::kNothing:
            return "";
        case FetchWait::kDmaForbidden:
            if (!status.d0) return "the function is not in D0";
            return status.bus_master ? "the link is down or PERST# is active"
                                     : "Bus Master Enable is 0";
        case FetchWait::kGateClosed:
            return "a reset is on its way";
        case FetchWait::kFatal:
            return "CSTS.CFS is 1";
        case FetchWait::kNotReady:
            return "the controller is not ready, or has begun to shut down";
        case FetchWait::kQueueStopped:
            return "a doorbell value was wrong, or the queue's memory cannot be read";
        case FetchWait::kCompletionQueue:
            return "its completion queue got a wrong doorbell value, or cannot be written";
        case FetchWait::kNoRoom:
            return "its completion queue is full";
        case FetchWait::kPowerState:
            return "the controller leaves a non-operational power state";
        case FetchWait::kSlots:
            return "as many commands as it takes are in flight";
    }
    return "";
}

}  // namespace platform
