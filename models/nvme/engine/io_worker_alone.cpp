// SPDX-License-Identifier: Apache-2.0
// Steps that are run without asking the kernel whether it is their time: a turn of the kernel costs
// as much as the step.
#include <algorithm>

#include "models/nvme/engine/io_worker.h"
#include "models/nvme/spec/opcodes.h"

namespace nvme {
using util::TimePs;
using Stage = IoCommand::Stage;

namespace {

bool is_read_or_write(std::uint8_t opcode) {
    return opcode == static_cast<std::uint8_t>(spec::NvmOpcode::kRead) ||
           opcode == static_cast<std::uint8_t>(spec::NvmOpcode::kWrite);
}

}  // namespace

TimePs IoWorker::advance_alone() {
    TimePs due = next_due();
    while (is_private(due) && state_.environment.go_ahead(due)) {
        state_.subsystem.set_now(shared_.now());
        see_doorbells();
        advance_next();
        // A doorbell of this time, or another step: the process takes it up as it always does.
        if (more_to_do()) return shared_.now();
        record_levels();
        due = next_due();
    }
    return due;
}

/// What is to be done first is the next step of a command, nobody outside sees it, and it does not
/// wait for host memory (but for the second page of a PRP list, where that has no direct pointer):
/// others of this queue want the process at their time.
bool IoWorker::is_private(TimePs due) const {
    if (due == util::kNever || due_.empty() || due_.next().at != due) return false;
    if (!parked_.empty()) return false;
    const IoCommand& cmd = pool_[due_.next().id];
    if (cmd.stage > Stage::kSteps || cmd.second != kNoCommand) return false;
    if (shared_.faults != nullptr || state_.params.intx || shared_.stalled()) return false;
    return cmd.stage == Stage::kStart ? pointer_at_hand(cmd) : data_at_hand(cmd);
}

/// A Read or Write whose data pointer can be followed without a transaction.
bool IoWorker::pointer_at_hand(const IoCommand& cmd) const {
    const auto cdw0 = spec::Cdw0::from(cmd.sqe.cdw0);
    if (!is_read_or_write(cmd.opcode())) return false;
    if (cdw0.get<spec::Cdw0::Psdt>() != spec::kPsdtPrp) return false;
    const std::uint64_t rest = state_.page_size - cmd.sqe.prp2 % state_.page_size;
    return cmd.sqe.prp2 == 0 || shared_.dma.reaches(cmd.sqe.prp2, rest, false);
}

/// Few enough runs of memory to look at each, and all can be addressed.
bool IoWorker::data_at_hand(const IoCommand& cmd) const {
    constexpr std::size_t kFew = 8;
    if (!is_read_or_write(cmd.opcode())) return false;
    const bool to_host = spec::data_transfer(cmd.opcode()) == spec::DataTransfer::kControllerToHost;
    return cmd.extents.size() <= kFew &&
           std::all_of(cmd.extents.begin(), cmd.extents.end(), [&](const Extent& e) {
               return e.discard || shared_.dma.reaches(e.gpa, e.len, to_host);
           });
}

}  // namespace nvme
