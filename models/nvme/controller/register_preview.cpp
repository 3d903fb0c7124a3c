// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/controller/register_preview.h"

#include "models/nvme/controller/lifecycle.h"

namespace nvme {
using spec::Cc;
using spec::Csts;
using spec::Shn;
using spec::Shst;
using util::TimePs;

void RegisterPreview::write(std::uint32_t offset, unsigned size, std::uint64_t value) {
    if (offset < RegisterFile::kSize) (void)registers_.write(offset, size, value, 0);
}

void RegisterPreview::on_cc_written(Cc before, Cc after, TimePs) {
    const Csts csts = registers_.csts();
    if (before.get<Cc::En>() && !after.get<Cc::En>()) {
        registers_.controller_reset();
        registers_.set_csts(csts_after(ResetKind::kController, csts));
        return;
    }
    const Shn shn = after.get<Cc::Shn>();
    if (before.get<Cc::Shn>() != shn && (shn == Shn::kNormal || shn == Shn::kAbrupt) &&
        csts.get<Csts::Shst>() == Shst::kNormalOperation)
        registers_.set_csts(csts.with<Csts::Shst>(Shst::kOccurring));
}

void RegisterPreview::on_subsystem_reset_requested(TimePs) {
    registers_.full_reset();
    registers_.set_csts(csts_after(ResetKind::kSubsystem, registers_.csts()));
}

}  // namespace nvme
