// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/util/time.h"

namespace media {

enum class MediaOperation : std::uint8_t {
    kRead,
    kProgram,
    kCacheAccess,  ///< a write into the volatile write cache, or a read from it
    kFlush,        ///< after the last program
    kDeallocate,
};

struct MediaRequest {
    MediaOperation operation;
    std::uint32_t nsid;
    std::uint64_t offset;  ///< first byte in the namespace
    std::uint64_t bytes;
};

/// When is a media request done? Occupancy of resources is computed at submission, so no process
/// is needed per die or channel. One for all namespaces of an NVM subsystem.
class MediaTiming {
public:
    virtual ~MediaTiming() = default;

    struct Span {
        util::TimePs begin;  ///< what it needs is free, and its first operation starts
        util::TimePs end;
    };
    /// The request starts at `start` or later, when what it needs is free; its end is never before
    /// `start`. Requests are scheduled in the order of the calls.
    [[nodiscard]] virtual Span schedule(util::TimePs start, const MediaRequest& request) = 0;

    /// Power-on state: everything is idle.
    virtual void reset() = 0;
};

}  // namespace media
