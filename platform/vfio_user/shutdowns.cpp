// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/shutdowns.h"

namespace platform {

void Shutdowns::count(nvme::NvmeController& controller) {
    using namespace nvme::spec;
    const Cc cc = controller.model().registers().cc();
    const Csts csts = controller.model().registers().csts();
    if (!cc.get<Cc::En>()) return;
    const bool complete = csts.get<Csts::Shst>() == Shst::kComplete;
    ++(!complete ? none : cc.get<Cc::Shn>() == Shn::kNormal ? normal : abrupt);
}

}  // namespace platform
