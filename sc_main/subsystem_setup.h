// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "models/nvme/module/nvme_controller.h"
#include "sc_main/prepared_run.h"
#include "sc_main/report.h"

namespace nvme_vp {

/// The timeline of a subsystem, through any of its controllers.
void add_timeline(Timelines& timelines, nvme::NvmeController& any, PreparedSubsystem& prepared);

/// The same, and the namespaces; what cannot be is added to `problems`.
void set_up(nvme::NvmeController& any, PreparedSubsystem& prepared, Timelines& timelines,
            std::vector<std::string>& problems);

}  // namespace nvme_vp
