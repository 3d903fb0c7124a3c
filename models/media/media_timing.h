// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/util/time.h"

namespace media {

enum class MediaOperation : std::uint8_t {
    kRead,
    kProgram,     ///< a write that must reach the media before it completes
    kCacheWrite,  ///< a write that completes in the volatile write cache
    kFlush,       ///< bytes = dirty bytes that have to be programmed
    kDeallocate,
};

struct MediaRequest {
    MediaOperation operation;
    std::uint32_t nsid;
    std::uint64_t offset;  ///< first byte in the namespace
    std::uint64_t bytes;
};

/// When is a media request done? Occupancy of resources is computed at submission, so no process
/// is needed per die or channel.
class MediaTiming {
public:
    virtual ~MediaTiming() = default;

    /// The request starts at `start` or later, when what it needs is free; returns its end, which
    /// is never before `start`. Requests are scheduled in the order of the calls.
    [[nodiscard]] virtual util::TimePs schedule(util::TimePs start,
                                                const MediaRequest& request) = 0;

    /// Power-on state: everything is idle.
    virtual void reset() = 0;
};

}  // namespace media
