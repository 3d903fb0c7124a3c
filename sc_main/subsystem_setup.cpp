// SPDX-License-Identifier: Apache-2.0
#include "sc_main/subsystem_setup.h"

#include <memory>
#include <utility>

namespace nvme_vp {

void add_timeline(Timelines& timelines, nvme::NvmeController& any, PreparedSubsystem& prepared) {
    const std::string name = "timeline" + std::to_string(timelines.size());
    timelines.push_back(
        std::make_unique<platform::Timeline>(name.c_str(), any, std::move(prepared.timeline)));
}

void set_up(nvme::NvmeController& any, PreparedSubsystem& prepared, Timelines& timelines,
            std::vector<std::string>& problems) {
    for (platform::OpenNamespace& ns : prepared.namespaces)
        if (const std::string wrong = any.add_namespace(ns.config, std::move(ns.store));
            !wrong.empty())
            problems.push_back(wrong);
    add_timeline(timelines, any, prepared);
}

}  // namespace nvme_vp
