// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/module/make_subsystem.h"

#include <systemc>

#include "models/nvme/controller/identity.h"

namespace nvme {

std::shared_ptr<Subsystem> make_subsystem(const ControllerParams& params) {
    SubsystemParams own = params;
    if (own.subsystem_nqn.empty()) {
        // A kernel object only for its name: hierarchical, and unique in the simulation.
        const sc_core::sc_event here(sc_core::sc_gen_unique_name("nvme_subsystem"));
        own.subsystem_nqn = with_identity(params, here.name()).subsystem_nqn;
    }
    return std::make_shared<Subsystem>(own);
}

}  // namespace nvme
