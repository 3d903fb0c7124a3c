// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/transport/sgl.h"

#include <algorithm>
#include <array>

#include "models/nvme/spec/entries.h"

namespace nvme {
using spec::SglDescriptor;
using spec::SglType;
using spec::StatusCode;
using util::TimePs;

namespace {

/// Where the command has the list, wherever in it the mistake is.
CommandError bad(StatusCode code, const char* reason, std::uint64_t value) {
    return {code, reason, value, true, spec::Prp1::at()};
}

bool leads_on(const SglDescriptor& descriptor) {
    return descriptor.type() == SglType::kSegment || descriptor.type() == SglType::kLastSegment;
}

class Walk {
public:
    Walk(const CommandDma& dma, TimePs start, std::size_t len, bool to_host, ExtentList& out)
        : dma_(dma),
          time_(start),
          left_(len),
          most_(most_sgl_descriptors(len)),
          to_host_(to_host),
          out_(out) {}

    Result<TimePs> run(SglDescriptor next) {
        if (!leads_on(next)) {
            if (const auto taken = take(next); !taken) return taken.error();
            next = {};
        }
        while (left_ != 0 && leads_on(next)) {
            const auto segment = read_segment(next);
            if (!segment) return segment.error();
            next = *segment;
        }
        if (left_ != 0)
            return bad(StatusCode::kDataSglLengthInvalid, "the SGL describes too little", left_);
        return time_;
    }

private:
    /// Returns the descriptor that leads on; one that does not when the list ends here.
    Result<SglDescriptor> read_segment(const SglDescriptor& segment) {
        const bool last = segment.type() == SglType::kLastSegment;
        if (segment.subtype() != 0)
            return bad(StatusCode::kSglDescriptorTypeInvalid, "a segment is no address",
                       segment.identifier);
        if (segment.length == 0 || segment.length % sizeof(SglDescriptor) != 0)
            return bad(StatusCode::kInvalidSglSegmentDescriptor,
                       "the length of a segment is no number of descriptors", segment.length);
        if (segment.address % 8 != 0)
            return bad(StatusCode::kInvalidSglSegmentDescriptor, "a segment is not qword aligned",
                       segment.address);
        const std::uint64_t count = segment.length / sizeof(SglDescriptor);
        for (std::uint64_t i = 0; i < count && left_ != 0; ++i) {
            const auto descriptor = read(segment.address, i, count);
            if (!descriptor) return descriptor.error();
            if (!leads_on(*descriptor)) {
                if (const auto taken = take(*descriptor); !taken) return taken.error();
                continue;
            }
            if (last)
                return bad(StatusCode::kInvalidSglSegmentDescriptor,
                           "the last segment leads to another one", (*descriptor).identifier);
            if (i + 1 != count)
                return bad(StatusCode::kInvalidNumberOfSglDescriptors,
                           "a segment descriptor is not the last of its segment", i);
            return *descriptor;
        }
        if (left_ != 0 && !last)
            return bad(StatusCode::kInvalidSglSegmentDescriptor,
                       "a segment that is not the last leads nowhere", segment.address);
        return SglDescriptor{};
    }

    /// Descriptor `i` of the segment; a block of them is fetched at a time.
    Result<SglDescriptor> read(std::uint64_t segment, std::uint64_t i, std::uint64_t count) {
        if (++seen_ > most_)
            return bad(StatusCode::kInvalidNumberOfSglDescriptors, "the SGL has no end", seen_);
        const std::size_t slot = i % block_.size();
        if (slot == 0) {
            const std::uint64_t gpa = segment + i * sizeof(SglDescriptor);
            const std::size_t n = std::min<std::uint64_t>(block_.size(), count - i);
            const auto r = dma_.read(time_, gpa, block_.data(), n * sizeof(SglDescriptor),
                                     DmaUse::Kind::kPrpList);
            if (!r)
                return CommandError{StatusCode::kDataTransferError, "SGL segment is unreachable",
                                    gpa, false, spec::Prp1::at()};
            time_ = r.done;
        }
        return block_[slot];
    }

    Outcome take(const SglDescriptor& descriptor) {
        const bool bucket = descriptor.type() == SglType::kBitBucket;
        if (descriptor.subtype() != 0 || (!bucket && descriptor.type() != SglType::kDataBlock))
            return bad(StatusCode::kSglDescriptorTypeInvalid,
                       "neither data block nor bit bucket nor segment", descriptor.identifier);
        if (bucket && !to_host_) return Done{};
        const auto n = static_cast<std::uint32_t>(std::min<std::size_t>(descriptor.length, left_));
        if (n == 0) return Done{};
        if (!bucket && descriptor.address + (n - 1) < descriptor.address)
            return CommandError{StatusCode::kDataTransferError, "a data block wraps around",
                                descriptor.address, false, spec::Prp1::at()};
        left_ -= n;
        if (!out_.push_growing({descriptor.address, n, bucket}, most_))
            return CommandError{StatusCode::kInternalError, "more extents than descriptors"};
        return Done{};
    }

    const CommandDma& dma_;
    TimePs time_;
    std::size_t left_;
    const std::size_t most_;
    const bool to_host_;
    ExtentList& out_;
    std::size_t seen_ = 0;
    std::array<SglDescriptor, 32> block_;
};

}  // namespace

Result<TimePs> walk_sgl(const CommandDma& dma, TimePs start, const SglDescriptor& first,
                        std::size_t len, bool to_host, ExtentList& out) {
    out.clear();
    if (len == 0) return start;
    return Walk(dma, start, len, to_host, out).run(first);
}

}  // namespace nvme
