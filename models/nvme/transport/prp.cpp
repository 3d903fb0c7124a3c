// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/transport/prp.h"

#include <algorithm>
#include <array>

#include "models/nvme/spec/entries.h"

namespace nvme {
using spec::StatusCode;
using util::TimePs;

namespace {

/// `pointer` is where the command has the entry, or has the list that the entry is in.
CommandError offset_invalid(const char* reason, std::uint64_t value, spec::Location pointer) {
    return CommandError{StatusCode::kPrpOffsetInvalid, reason, value, true, pointer};
}

/// Reads a chain of PRP lists entry by entry, a small block of each list page at a time.
class ListReader {
public:
    ListReader(const CommandDma& dma, TimePs start, std::uint64_t list, std::size_t page_size)
        : dma_(dma), page_size_(page_size), next_(list), time_(start) {}

    /// The next data entry; `left` data entries are still needed, this one included. The last slot
    /// of a list page points to the next list only when one more than it is needed.
    Result<std::uint64_t> next(std::size_t left) {
        const bool last_slot = slots_to_page_end() == 1;
        if (last_slot && left > 1) {
            const auto link = take(1);
            if (!link) return link.error();
            if ((*link & (page_size_ - 1)) != 0)
                return offset_invalid("chained PRP list is not page aligned", *link,
                                      spec::Prp2::at());
            next_ = *link;
            have_ = used_ = 0;
        }
        return take(left);
    }
    [[nodiscard]] TimePs time() const { return time_; }

private:
    [[nodiscard]] std::size_t slots_to_page_end() const {
        return (page_size_ - (next_ & (page_size_ - 1))) / 8;
    }
    /// One slot, fetching as many as are known to be wanted.
    Result<std::uint64_t> take(std::size_t wanted) {
        if (used_ == have_) {
            // A page boundary is never crossed, and the link slot comes along with the block.
            have_ = std::min({wanted, slots_to_page_end(), block_.size()});
            used_ = 0;
            const auto r =
                dma_.read(time_, next_, block_.data(), have_ * 8, DmaUse::Kind::kPrpList);
            if (!r)
                return CommandError{StatusCode::kDataTransferError, "PRP list is unreachable",
                                    next_, false, spec::Prp2::at()};
            time_ = r.done;
        }
        next_ += 8;
        return block_[used_++];
    }

    const CommandDma& dma_;
    const std::size_t page_size_;
    std::uint64_t next_;  // address of the slot that take() returns next
    TimePs time_;
    std::array<std::uint64_t, 64> block_;
    std::size_t have_ = 0, used_ = 0;
};

}  // namespace

Result<TimePs> walk_prps(const CommandDma& dma, TimePs start, PrpPointers prps, std::size_t len,
                         std::size_t page_size, ExtentList& out) {
    out.clear();
    if (len == 0) return start;
    const std::uint64_t page_mask = page_size - 1;
    const auto push = [&](std::uint64_t gpa, std::size_t room) {
        const auto n = static_cast<std::uint32_t>(std::min(len, room));
        len -= n;
        return out.push({gpa, n});
    };
    const CommandError too_long{StatusCode::kInternalError, "more PRP entries than reserved for"};

    if (prps.prp1 % 4 != 0)
        return offset_invalid("PRP1 is not dword aligned", prps.prp1, spec::Prp1::at());
    if (!push(prps.prp1, page_size - (prps.prp1 & page_mask))) return too_long;
    if (len == 0) return start;

    if (len <= page_size) {  // PRP2 is the second page, not a list
        if ((prps.prp2 & page_mask) != 0)
            return offset_invalid("PRP2 is not page aligned", prps.prp2, spec::Prp2::at());
        if (!push(prps.prp2, page_size)) return too_long;
        return start;
    }

    if (prps.prp2 % 8 != 0)
        return offset_invalid("PRP list is not qword aligned", prps.prp2, spec::Prp2::at());
    ListReader list(dma, start, prps.prp2, page_size);
    while (len != 0) {
        const auto entry = list.next((len + page_size - 1) / page_size);
        if (!entry) return entry.error();
        if ((*entry & page_mask) != 0)
            return offset_invalid("PRP list entry is not page aligned", *entry, spec::Prp2::at());
        if (!push(*entry, page_size)) return too_long;
    }
    return list.time();
}

}  // namespace nvme
