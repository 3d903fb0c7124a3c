// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/transport/submission_queue.h"

#include <algorithm>

namespace nvme {

DoorbellFault SubmissionQueue::ring(std::uint16_t tail, util::TimePs at) {
    if (tail >= config_.size) {
        stopped_ = true;
        return DoorbellFault::kOutOfRange;
    }
    const std::uint32_t waiting = announced();
    const std::uint32_t added = distance(tail_.newest(), tail);
    if (waiting + added > config_.size - 1) {
        stopped_ = true;
        return DoorbellFault::kOverrun;
    }
    // A value written again announces nothing. The specification lists it among the causes of an
    // error event, but drivers do it (after a resume, for instance) and no entry is in doubt.
    if (added != 0) tail_.write(tail, at);
    return DoorbellFault::kNone;
}

DmaResult SubmissionQueue::read_ahead(Dma& dma, util::TimePs start, std::uint32_t ahead,
                                      spec::SubmissionEntry* out, std::uint32_t max,
                                      std::uint32_t& count) const {
    const std::uint32_t from = (head_ + ahead) % config_.size;
    count = std::min({max, available() - ahead, config_.size - from});
    constexpr std::size_t entry = sizeof(spec::SubmissionEntry);
    return dma.read(start, config_.base + from * entry, out, count * entry,
                    {DmaUse::Kind::kSubmissionEntry, config_.id});
}

}  // namespace nvme
