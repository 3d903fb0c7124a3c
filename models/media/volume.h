// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/media/cache/cache_room.h"
#include "models/media/cache/write_cache.h"
#include "models/media/range_set.h"
#include "models/media/timing/media_timing.h"

namespace media {

/// A run of bytes in memory.
struct Piece {
    const std::byte* data;
    std::size_t length;
};

/// The media of one namespace: its bytes behind the volatile write cache, and the time that each
/// access takes. Who calls it knows of no cache and of no timing model.
///
/// `start` is the time at which the access can begin, now or a little later. Data of a read are
/// moved at its end, so that they are moved once: begin_read() says when, read() does it. The same
/// with a flush, which a power cut may come before.
class Volume final : private DestageListener {
public:
    struct Access {
        IoStatus status;
        util::TimePs done;  ///< of a success
    };

    /// `durable` and `timing` must outlive the volume.
    Volume(BlockStore& durable, std::size_t cache_bytes, MediaTiming& timing, std::uint32_t nsid);

    [[nodiscard]] WriteCache& data() { return cache_; }
    [[nodiscard]] const WriteCache& data() const { return cache_; }

    /// What the cache holds comes from there, the rest from the media.
    [[nodiscard]] util::TimePs begin_read(util::TimePs start, std::uint64_t offset,
                                          std::uint64_t length);
    /// `durable`: what is read is on the media first.
    [[nodiscard]] IoStatus read(std::uint64_t offset, std::byte* to, std::size_t length,
                                bool durable);

    /// Into the cache if it has one and the data may be volatile. A full cache moves its oldest
    /// lines to the media, and the write waits until one of them is taken there.
    [[nodiscard]] Access write(util::TimePs start, std::uint64_t offset,
                               const std::vector<Piece>& pieces, bool durable);
    [[nodiscard]] Access write_zeroes(util::TimePs start, std::uint64_t offset,
                                      std::uint64_t length);
    /// The range cannot be read any more until it is written again, whatever happens meanwhile but
    /// for a deallocation.
    [[nodiscard]] util::TimePs mark_uncorrectable(util::TimePs start, std::uint64_t offset,
                                                  std::uint64_t length);
    /// False: some sector of the range holds no data.
    [[nodiscard]] bool written(std::uint64_t offset, std::uint64_t length) const;
    [[nodiscard]] Access deallocate(util::TimePs start, std::uint64_t offset, std::uint64_t length);

    /// When all that is dirty now would be on the media; data().flush() moves it.
    [[nodiscard]] util::TimePs begin_flush(util::TimePs start);

    /// Power is lost, and what is not durable with it.
    void power_cut();

private:
    void on_destage(std::uint64_t offset, std::size_t length, util::TimePs planned) override;
    void on_unplanned(std::uint64_t offset, std::size_t length) override;
    void on_fill(std::uint64_t dirty_bytes) override { timing_.on_cache_fill(nsid_, dirty_bytes); }
    [[nodiscard]] util::TimePs destage(util::TimePs start, std::uint64_t offset,
                                       std::uint64_t length);
    void forget_marks(std::uint64_t offset, std::uint64_t length);
    [[nodiscard]] IoStatus put(std::uint64_t offset, const std::vector<Piece>& pieces,
                               bool durable);
    [[nodiscard]] MediaTiming::Span schedule(util::TimePs start, MediaOperation operation,
                                             std::uint64_t offset, std::uint64_t length);

    MediaTiming& timing_;
    const std::uint32_t nsid_;
    RangeSet uncorrectable_;
    CacheRoom room_;
    WriteCache cache_;
    util::TimePs write_start_ = 0;  // of the write that is going on, as far as it has got
    util::TimePs last_taken_ = 0;   // end of what has left the cache, or is planned to
};

}  // namespace media
