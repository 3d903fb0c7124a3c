// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "models/nvme/module/nvme_controller.h"
#include "models/util/sysc_compat.h"
#include "platform/config/timeline_event.h"

namespace platform {

/// An event with what it needs.
struct TimelineStep {
    TimelineEvent event;
    OpenNamespace opened;  ///< of an event that adds a namespace
};

/// Opens the stores of namespaces that will be added.
[[nodiscard]] std::vector<TimelineStep> open_timeline(const std::vector<TimelineEvent>& events,
                                                      std::vector<std::string>& problems);

/// Does it now. Empty, or why it could not be done.
[[nodiscard]] std::string perform(nvme::ControllerRuntime& controller, TimelineStep& step);

/// Does to a controller what a configuration says of its namespaces, at the times it says.
class Timeline : public sc_core::sc_module {
public:
    /// `steps` in the order of time. The controller must outlive the simulation.
    Timeline(const sc_core::sc_module_name& name, nvme::NvmeController& controller,
             std::vector<TimelineStep> steps);
    ~Timeline() override;

    /// What could not be done, a line each.
    [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }

private:
    NVME_HAS_PROCESS(Timeline);
    void run();

    nvme::NvmeController& controller_;
    std::vector<TimelineStep> steps_;
    std::vector<std::string> problems_;
};

}  // namespace platform
