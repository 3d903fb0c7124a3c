// SPDX-License-Identifier: Apache-2.0
#include "models/media/volume.h"

#include <algorithm>

namespace media {
using util::TimePs;

namespace {

constexpr std::uint64_t kLine = CacheLines::kLineBytes;

}  // namespace

Volume::Volume(BlockStore& durable, std::size_t cache_bytes, MediaTiming& timing,
               std::uint32_t nsid)
    : timing_(timing),
      nsid_(nsid),
      room_(cache_bytes / kLine),
      cache_(durable, cache_bytes, this) {}

MediaTiming::Span Volume::schedule(TimePs start, MediaOperation operation, std::uint64_t offset,
                                   std::uint64_t length) {
    return timing_.schedule(start, {operation, nsid_, offset, length});
}

TimePs Volume::begin_read(TimePs start, std::uint64_t offset, std::uint64_t length) {
    cache_.expect(offset);
    if (cache_.dirty_bytes() == 0)
        return schedule(start, MediaOperation::kRead, offset, length).end;
    TimePs done = start;
    std::uint64_t hits = 0, missed = offset;  // [missed, offset) is to come from the media
    const auto read_missed = [&] {
        if (missed == offset) return;
        done = std::max(done, schedule(start, MediaOperation::kRead, missed, offset - missed).end);
    };
    while (length != 0) {
        const std::uint64_t piece = std::min(length, kLine - offset % kLine);
        if (cache_.holds(offset, piece)) {
            read_missed();
            missed = offset + piece;
            hits += piece;
        }
        offset += piece;
        length -= piece;
    }
    read_missed();
    if (hits != 0)
        done = std::max(done, schedule(start, MediaOperation::kCacheAccess, 0, hits).end);
    return done;
}

IoStatus Volume::read(std::uint64_t offset, std::byte* to, std::size_t length, bool durable) {
    if (uncorrectable_.overlaps(offset, length)) return IoStatus::kUncorrectable;
    const IoStatus status = cache_.read(offset, to, length);
    if (status != IoStatus::kOk || !durable || cache_.dirty_bytes() == 0) return status;
    return cache_.flush_range(offset, length);
}

IoStatus Volume::put(std::uint64_t offset, const std::vector<Piece>& pieces, bool durable) {
    for (const Piece& piece : pieces) {
        const IoStatus status = durable ? cache_.write_through(offset, piece.data, piece.length)
                                        : cache_.write(offset, piece.data, piece.length);
        if (status != IoStatus::kOk) return status;
        forget_marks(offset, piece.length);
        offset += piece.length;
    }
    return durable ? cache_.flush_durable() : IoStatus::kOk;
}

Volume::Access Volume::write(TimePs start, std::uint64_t offset, const std::vector<Piece>& pieces,
                             bool durable) {
    durable = durable || cache_.capacity() == 0;
    std::uint64_t length = 0;
    for (const Piece& piece : pieces) length += piece.length;
    write_start_ = start;
    const IoStatus status = put(offset, pieces, durable);
    if (status != IoStatus::kOk) return {status, start};
    if (durable) return {status, schedule(start, MediaOperation::kProgram, offset, length).end};
    return {status, schedule(write_start_, MediaOperation::kCacheAccess, offset, length).end};
}

/// A line leaves the full cache for a write, which goes on when there is a free one.
void Volume::on_destage(std::uint64_t offset, std::size_t length, TimePs planned) {
    const TimePs taken = planned != 0 ? planned : destage(write_start_, offset, length);
    write_start_ = std::max(write_start_, room_.leave(taken));
}

void Volume::on_unplanned(std::uint64_t offset, std::size_t length) {
    (void)destage(timing_.now(), offset, length);
}

/// Returns when the media begins with it.
TimePs Volume::destage(TimePs start, std::uint64_t offset, std::uint64_t length) {
    const auto span = schedule(start, MediaOperation::kDestage, offset, length);
    last_taken_ = std::max(last_taken_, span.end);
    return span.begin;
}

Volume::Access Volume::write_zeroes(TimePs start, std::uint64_t offset, std::uint64_t length) {
    const IoStatus status = cache_.write_zeroes(offset, length);
    if (status == IoStatus::kOk) forget_marks(offset, length);
    return {status, schedule(start, MediaOperation::kDeallocate, offset, length).end};
}

Volume::Access Volume::deallocate(TimePs start, std::uint64_t offset, std::uint64_t length) {
    const IoStatus status = cache_.deallocate(offset, length);
    if (status == IoStatus::kOk) forget_marks(offset, length);
    return {status, schedule(start, MediaOperation::kDeallocate, offset, length).end};
}

TimePs Volume::mark_uncorrectable(TimePs start, std::uint64_t offset, std::uint64_t length) {
    uncorrectable_.insert(offset, length);
    return schedule(start, MediaOperation::kDeallocate, offset, length).end;
}

void Volume::forget_marks(std::uint64_t offset, std::uint64_t length) {
    if (!uncorrectable_.empty()) uncorrectable_.erase(offset, length);
}

bool Volume::written(std::uint64_t offset, std::uint64_t length) const {
    return uncorrectable_.overlaps(offset, length) || cache_.written(offset, length);
}

TimePs Volume::begin_flush(TimePs start) {
    cache_.plan_flush(
        [&](std::uint64_t offset, std::uint64_t length) { return destage(start, offset, length); });
    return schedule(std::max(start, last_taken_), MediaOperation::kFlush, 0, 0).end;
}

void Volume::power_cut() {
    cache_.power_cut();
    room_.clear();
    last_taken_ = 0;
}

}  // namespace media
