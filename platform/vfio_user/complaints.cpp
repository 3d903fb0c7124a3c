// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/complaints.h"

#include <algorithm>

namespace platform::vfio_user {

namespace {

constexpr unsigned bit(Complaints::Cause cause) {
    return 1u << static_cast<unsigned>(cause);
}

}  // namespace

bool Complaints::wanted(Cause cause) const {
    return say_ && (said_ & bit(cause)) == 0;
}

void Complaints::add(Cause cause, const std::string& text, Clock::time_point now) {
    if (!wanted(cause)) return;
    said_ |= bit(cause);
    if (left_ == kMost) refilled_ = now;
    const auto pauses = static_cast<std::uint64_t>((now - refilled_) / kPause);
    left_ = static_cast<unsigned>(std::min<std::uint64_t>(kMost, left_ + pauses));
    refilled_ += pauses * kPause;
    if (left_ == 0) {
        ++unsaid_;
        return;
    }
    --left_;
    say_(unsaid_ == 0 ? text : text + " (and " + std::to_string(unsaid_) + " that were not said)");
    unsaid_ = 0;
}

}  // namespace platform::vfio_user
