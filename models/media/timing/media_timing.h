// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>

#include "models/media/timing/media_news.h"
#include "models/media/timing/statistics.h"
#include "models/util/time.h"

namespace media {

enum class MediaOperation : std::uint8_t {
    kRead,
    kProgram,      ///< ends when it is durable
    kDestage,      ///< a program of what leaves the write cache; ends when the media has taken it
    kCacheAccess,  ///< a write into the volatile write cache, or a read from it
    kFlush,        ///< ends when all is durable that was taken before
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

    /// The time is `now`: what is asked for from here on does not begin before. It may begin much
    /// later, for what waits for room.
    void set_now(util::TimePs now) { now_ = now; }
    [[nodiscard]] util::TimePs now() const { return now_; }

    struct Span {
        util::TimePs begin;  ///< what it needs is free, and its first operation starts
        util::TimePs end;
    };
    /// The request starts at `start` or later, when what it needs is free; its end is never before
    /// `start`. Requests are scheduled in the order of the calls.
    [[nodiscard]] virtual Span schedule(util::TimePs start, const MediaRequest& request) = 0;

    /// A namespace has `bytes` now; 0: it is gone, with its data. Returns an empty string, or why
    /// the media cannot hold that; then nothing has changed.
    [[nodiscard]] virtual std::string set_size(std::uint32_t, std::uint64_t) { return {}; }

    /// Power was lost: everything is idle.
    virtual void reset() = 0;

    [[nodiscard]] virtual MediaStatistics statistics() const { return {}; }

    /// Who hears of blocks from now on, of a model that has some; null: nobody.
    virtual void set_block_listener(BlockListener*) {}
    /// The same of dies and free blocks; it is told at once how many of these there are.
    virtual void set_nand_listener(NandListener*) {}
    /// So much of the namespace is in its write cache and not on the media: for whoever listens.
    virtual void on_cache_fill(std::uint32_t, std::uint64_t) {}

private:
    util::TimePs now_ = 0;
};

}  // namespace media
