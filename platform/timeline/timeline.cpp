// SPDX-License-Identifier: Apache-2.0
#include "platform/timeline/timeline.h"

#include <utility>

#include "models/util/sc_time_ps.h"

namespace platform {

std::vector<TimelineStep> open_timeline(const std::vector<TimelineEvent>& events,
                                        std::vector<std::string>& problems) {
    std::vector<TimelineStep> steps;
    for (const TimelineEvent& event : events) {
        TimelineStep& step = steps.emplace_back();
        step.event = event;
        if (event.action != TimelineAction::kAdd) continue;
        std::vector<OpenNamespace> opened = open_namespaces({event.ns}, problems);
        if (!opened.empty()) step.opened = std::move(opened.front());
    }
    return steps;
}

std::string perform(nvme::ControllerRuntime& controller, TimelineStep& step) {
    switch (step.event.action) {
        case TimelineAction::kAdd:
            return controller.add_namespace(step.opened.config, std::move(step.opened.store));
        case TimelineAction::kRemove:
            return controller.remove_namespace(step.event.nsid) ? "" : "there is no such namespace";
        case TimelineAction::kResize:
            return controller.resize_namespace(step.event.nsid, step.event.size);
    }
    return {};
}

Timeline::Timeline(const sc_core::sc_module_name& name, nvme::NvmeController& controller,
                   std::vector<TimelineStep> steps)
    : sc_module(name), controller_(controller), steps_(std::move(steps)) {
    SC_THREAD(run);
}

Timeline::~Timeline() = default;

void Timeline::run() {
    const util::ScTimePs time;
    for (TimelineStep& step : steps_) {
        const util::TimePs at = util::from_ns(step.event.at_ns);
        if (at > time.now()) wait(time.to_sc(at - time.now()));
        const std::string wrong = perform(controller_, step);
        if (!wrong.empty())
            problems_.push_back("at " + std::to_string(step.event.at_ns) + " ns: " + wrong);
    }
}

}  // namespace platform
