// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/module/make_subsystem.h"

#include <string>

#include <systemc>

#include "models/nvme/controller/identity.h"
#include "models/nvme/controller/make_subsystem.h"

namespace nvme {

std::shared_ptr<Subsystem> make_subsystem(const ControllerParams& params) {
    std::string nqn = params.subsystem_nqn;
    if (nqn.empty()) {
        // A kernel object only for its name: hierarchical, and unique in the simulation.
        const sc_core::sc_event here(sc_core::sc_gen_unique_name("nvme_subsystem"));
        nqn = with_identity(params, here.name()).subsystem_nqn;
    }
    return make_subsystem(params, nqn);
}

}  // namespace nvme
