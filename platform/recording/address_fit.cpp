// SPDX-License-Identifier: Apache-2.0
#include "platform/recording/address_fit.h"

#include <algorithm>

#include "models/util/wide.h"

namespace platform {

AddressFit::AddressFit(std::uint64_t bytes, std::uint32_t block_bytes, std::uint64_t end,
                       const ReplayOptions& options)
    : bytes_(bytes),
      block_bytes_(block_bytes),
      end_(end),
      unit_(std::max<std::uint64_t>(options.align, block_bytes)),
      usable_(bytes - bytes % unit_),
      beyond_(options.beyond) {}

bool AddressFit::is_needed(std::uint64_t bits) const {
    return bits % block_bytes_ != 0 || end_ > bytes_;
}

AddressFit::Result AddressFit::fit(ReplayRequest& request) const {
    if (request.op == Op::kFlush) return Result::kFits;
    if (request.offset % block_bytes_ != 0 || request.length % block_bytes_ != 0)
        return Result::kUnaligned;
    const bool fits = request.length <= bytes_ && request.offset <= bytes_ - request.length;
    if (beyond_ == Beyond::kRefuse) return fits ? Result::kFits : Result::kBeyond;
    if (usable_ == 0 || request.length > usable_) return fits ? Result::kFits : Result::kTooLong;
    std::uint64_t offset = request.offset;
    if (beyond_ == Beyond::kScale && end_ > bytes_)
        offset = static_cast<std::uint64_t>(util::UInt128{offset} * usable_ / end_);
    else if (!fits)
        offset %= usable_;
    offset = std::min(offset, usable_ - request.length);
    if (offset != request.offset) offset -= offset % unit_;
    const Result result = offset == request.offset ? Result::kFits : Result::kMoved;
    request.offset = offset;
    return result;
}

}  // namespace platform
