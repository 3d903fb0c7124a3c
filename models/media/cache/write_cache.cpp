// SPDX-License-Identifier: Apache-2.0
#include "models/media/cache/write_cache.h"

#include <algorithm>
#include <cstring>

#include "models/media/store/range.h"

namespace media {
namespace {

constexpr std::size_t kLine = CacheLines::kLineBytes;
constexpr std::size_t kSector = CacheLines::kSectorBytes;

unsigned count_bits(std::uint8_t mask) {
    return static_cast<unsigned>(__builtin_popcount(mask));
}

/// Sectors [first, end) of a line.
std::uint8_t sector_mask(std::size_t first, std::size_t end) {
    return static_cast<std::uint8_t>((1u << end) - (1u << first));
}

bool has(std::uint8_t mask, std::size_t sector) {
    return (mask >> sector & 1u) != 0;
}

/// How far the sectors of a line are all here, or all not, as the one of byte `at` is.
std::size_t end_of_run(std::uint8_t mask, std::size_t at) {
    std::size_t sector = at / kSector;
    const bool here = has(mask, sector);
    if (mask == 0xff) return kLine;
    while (++sector != CacheLines::kSectors && has(mask, sector) == here) {
    }
    return sector * kSector;
}

}  // namespace

struct WriteCache::Piece {
    std::uint64_t number;  // of the line
    std::size_t begin;     // bytes within the line
    std::size_t end;

    /// The first piece of [offset, offset + length); length is not 0.
    static Piece at(std::uint64_t offset, std::uint64_t length) {
        const std::size_t begin = offset % kLine;
        return {offset / kLine, begin, begin + std::min<std::uint64_t>(length, kLine - begin)};
    }
    [[nodiscard]] std::size_t length() const { return end - begin; }
    [[nodiscard]] std::size_t first_sector() const { return begin / kSector; }
    [[nodiscard]] std::size_t end_sector() const { return (end + kSector - 1) / kSector; }
    [[nodiscard]] bool starts_inside_sector() const { return begin % kSector != 0; }
    [[nodiscard]] bool ends_inside_sector() const { return end % kSector != 0; }
    [[nodiscard]] std::uint8_t touched() const { return sector_mask(first_sector(), end_sector()); }
    /// The sectors that are covered from their first to their last byte.
    [[nodiscard]] std::uint8_t covered() const {
        const std::size_t first = (begin + kSector - 1) / kSector;
        return sector_mask(first, std::max(first, end / kSector));
    }
};

/// Once for all lines of a change.
struct WriteCache::FillNews {
    WriteCache& cache;
    ~FillNews() {
        if (cache.dirty_sectors_ == cache.told_sectors_) return;
        cache.told_sectors_ = cache.dirty_sectors_;
        if (cache.listener_ != nullptr) cache.listener_->on_fill(cache.dirty_bytes());
    }
};

WriteCache::WriteCache(BlockStore& durable, std::size_t capacity_bytes, DestageListener* listener)
    : durable_(durable), listener_(listener), lines_(capacity_bytes / kLine) {}

IoStatus WriteCache::check_change(std::uint64_t offset, std::uint64_t length) const {
    if (durable_.read_only()) return IoStatus::kReadOnly;
    return in_range(size(), offset, length) ? IoStatus::kOk : IoStatus::kOutOfRange;
}

bool WriteCache::holds(std::uint64_t offset, std::uint64_t length) const {
    const Piece piece = Piece::at(offset, length);
    const CacheLines::Id id = lines_.find(piece.number);
    return id != CacheLines::kNone && (piece.touched() & ~lines_.valid(id)) == 0;
}

IoStatus WriteCache::read(std::uint64_t offset, void* dst, std::size_t length) {
    if (lines_.used() == 0) return durable_.read(offset, dst, length);
    if (!in_range(size(), offset, length)) return IoStatus::kOutOfRange;
    auto* to = static_cast<std::byte*>(dst);
    std::size_t done = 0;     // everything before it is in `dst`, except ...
    std::size_t missing = 0;  // ... [missing, done), which the durable store has
    const auto read_missing = [&] {
        if (missing == done) return IoStatus::kOk;
        return durable_.read(offset + missing, to + missing, done - missing);
    };
    while (done != length) {
        const Piece piece = Piece::at(offset + done, length - done);
        const CacheLines::Id id = lines_.find(piece.number);
        if (id == CacheLines::kNone) {
            done += piece.length();
            continue;
        }
        for (std::size_t at = piece.begin; at != piece.end;) {
            const std::size_t end = std::min(end_of_run(lines_.valid(id), at), piece.end);
            if (!has(lines_.valid(id), at / kSector)) {
                done += end - at;
            } else {
                if (IoStatus status = read_missing(); status != IoStatus::kOk) return status;
                std::memcpy(to + done, lines_.data(id) + at, end - at);
                done += end - at;
                missing = done;
            }
            at = end;
        }
    }
    return read_missing();
}

IoStatus WriteCache::write(std::uint64_t offset, const void* src, std::size_t length) {
    if (lines_.capacity() == 0) return write_durable(offset, src, length);
    const FillNews news{*this};
    if (IoStatus status = check_change(offset, length); status != IoStatus::kOk) return status;
    const auto* from = static_cast<const std::byte*>(src);
    while (length != 0) {
        const Piece piece = Piece::at(offset, length);
        if (IoStatus status = write_piece(piece, from); status != IoStatus::kOk) return status;
        from += piece.length();
        offset += piece.length();
        length -= piece.length();
    }
    return IoStatus::kOk;
}

IoStatus WriteCache::write_piece(const Piece& piece, const std::byte* src) {
    CacheLines::Id id = lines_.find(piece.number);
    if (id == CacheLines::kNone) {
        if (lines_.full()) {
            const std::uint64_t oldest = lines_.number(lines_.oldest()) * kLine;
            const util::TimePs planned = lines_.note(lines_.oldest());
            if (IoStatus status = destage(lines_.oldest()); status != IoStatus::kOk) return status;
            if (listener_ != nullptr) listener_->on_destage(oldest, kLine, planned);
        }
        id = lines_.insert(piece.number);
    }
    IoStatus status = IoStatus::kOk;
    if (piece.starts_inside_sector()) {
        status = fill_sector(id, static_cast<unsigned>(piece.first_sector()));
    }
    if (status == IoStatus::kOk && piece.ends_inside_sector()) {
        status = fill_sector(id, static_cast<unsigned>(piece.end_sector() - 1));
    }
    if (status == IoStatus::kOk) {
        std::memcpy(lines_.data(id) + piece.begin, src, piece.length());
        set_valid(id, lines_.valid(id) | piece.touched());
        lines_.set_note(id, 0);
    } else {
        set_valid(id, lines_.valid(id));  // gives a line back that was taken in vain
    }
    return status;
}

IoStatus WriteCache::fill_sector(CacheLines::Id id, unsigned sector) {
    if (has(lines_.valid(id), sector)) return IoStatus::kOk;
    const std::uint64_t offset = lines_.number(id) * kLine + sector * kSector;
    std::byte* const to = lines_.data(id) + sector * kSector;
    // The store may end inside this sector. The zeros behind its end are what it grows by.
    const std::size_t there = std::min<std::uint64_t>(kSector, size() - offset);
    std::memset(to + there, 0, kSector - there);
    return durable_.read(offset, to, there);
}

IoStatus WriteCache::destage(CacheLines::Id id) {
    const std::uint8_t valid = lines_.valid(id);
    const std::uint64_t base = lines_.number(id) * kLine;
    for (std::size_t first = 0; first < CacheLines::kSectors;) {
        std::size_t end = first;
        while (end < CacheLines::kSectors && has(valid, end)) ++end;
        if (end == first) {
            ++first;
            continue;
        }
        const std::uint64_t offset = base + first * kSector;
        const std::size_t length =
            std::min<std::uint64_t>((end - first) * kSector, size() - offset);
        const IoStatus status = durable_.write(offset, lines_.data(id) + first * kSector, length);
        if (status != IoStatus::kOk) return status;
        first = end;
    }
    set_valid(id, 0);
    return IoStatus::kOk;
}

IoStatus WriteCache::flush_line(CacheLines::Id id) {
    const std::uint64_t offset = lines_.number(id) * kLine;
    const bool planned = lines_.note(id) != 0;
    const IoStatus status = destage(id);
    if (status == IoStatus::kOk && !planned && listener_ != nullptr)
        listener_->on_unplanned(offset, kLine);
    return status;
}

void WriteCache::sort_lines() {
    order_.clear();
    order_.reserve(lines_.used());
    for (CacheLines::Id id = lines_.oldest(); id != CacheLines::kNone; id = lines_.next_newer(id)) {
        order_.push_back(id);
    }
    std::sort(order_.begin(), order_.end(), [this](CacheLines::Id a, CacheLines::Id b) {
        return lines_.number(a) < lines_.number(b);
    });
}

void WriteCache::forget_order() {
    if (order_.capacity() > CacheLines::kKept) order_ = {};
}

IoStatus WriteCache::flush() {
    const FillNews news{*this};
    sort_lines();
    IoStatus first_error = IoStatus::kOk;
    for (const CacheLines::Id id : order_) {
        const IoStatus status = flush_line(id);
        if (first_error == IoStatus::kOk) first_error = status;
    }
    forget_order();
    const IoStatus status = durable_.flush();
    return first_error == IoStatus::kOk ? status : first_error;
}

IoStatus WriteCache::write_durable(std::uint64_t offset, const void* src, std::size_t length) {
    const IoStatus status = write_through(offset, src, length);
    return status == IoStatus::kOk ? flush_durable() : status;
}

IoStatus WriteCache::write_through(std::uint64_t offset, const void* src, std::size_t length) {
    const FillNews news{*this};
    if (IoStatus status = check_change(offset, length); status != IoStatus::kOk) return status;
    if (IoStatus status = durable_.write(offset, src, length); status != IoStatus::kOk) {
        return status;
    }
    const auto* from = static_cast<const std::byte*>(src);
    for_each_held(offset, length, [&](CacheLines::Id id, const Piece& piece) {
        // A sector that is covered in part keeps its other bytes, which are newer than the store's.
        const std::uint64_t at = piece.number * kLine + piece.begin - offset;
        std::memcpy(lines_.data(id) + piece.begin, from + at, piece.length());
        set_valid(id, static_cast<std::uint8_t>(lines_.valid(id) & ~piece.covered()));
    });
    return IoStatus::kOk;
}

IoStatus WriteCache::deallocate(std::uint64_t offset, std::uint64_t length) {
    const FillNews news{*this};
    if (IoStatus status = check_change(offset, length); status != IoStatus::kOk) return status;
    const IoStatus status = durable_.deallocate(offset, length);
    if (status == IoStatus::kOk) drop(offset, length);
    return status;
}

IoStatus WriteCache::write_zeroes(std::uint64_t offset, std::uint64_t length) {
    const FillNews news{*this};
    if (IoStatus status = check_change(offset, length); status != IoStatus::kOk) return status;
    const IoStatus status = durable_.write_zeroes(offset, length);
    if (status == IoStatus::kOk) drop(offset, length);
    return status;
}

/// The durable store has zeros in the range: so has what is left of it here.
void WriteCache::drop(std::uint64_t offset, std::uint64_t length) {
    for_each_held(offset, length, [&](CacheLines::Id id, const Piece& piece) {
        std::memset(lines_.data(id) + piece.begin, 0, piece.length());
        set_valid(id, static_cast<std::uint8_t>(lines_.valid(id) & ~piece.covered()));
    });
}

IoStatus WriteCache::flush_range(std::uint64_t offset, std::uint64_t length) {
    const FillNews news{*this};
    IoStatus first_error = IoStatus::kOk;
    for_each_held(offset, length, [&](CacheLines::Id id, const Piece&) {
        const IoStatus status = flush_line(id);
        if (first_error == IoStatus::kOk) first_error = status;
    });
    const IoStatus status = durable_.flush();
    return first_error == IoStatus::kOk ? status : first_error;
}

bool WriteCache::written(std::uint64_t offset, std::uint64_t length) const {
    if (lines_.used() == 0) return durable_.written(offset, length);
    while (length != 0) {
        const Piece piece = Piece::at(offset, length);
        const CacheLines::Id id = lines_.find(piece.number);
        if (id == CacheLines::kNone && !durable_.written(offset, piece.length())) return false;
        for (std::size_t s = piece.first_sector();
             id != CacheLines::kNone && s != piece.end_sector(); ++s) {
            if (has(lines_.valid(id), s)) continue;
            if (!durable_.written(piece.number * kLine + s * kSector, 1)) return false;
        }
        offset += piece.length();
        length -= piece.length();
    }
    return true;
}

IoStatus WriteCache::resize(std::uint64_t new_size) {
    const FillNews news{*this};
    const std::uint64_t old_size = size();
    if (IoStatus status = durable_.resize(new_size); status != IoStatus::kOk) return status;
    if (new_size >= old_size) return IoStatus::kOk;
    for_each_held(new_size, old_size - new_size, [&](CacheLines::Id id, const Piece& piece) {
        std::memset(lines_.data(id) + piece.begin, 0, kLine - piece.begin);
        const std::size_t kept = (piece.begin + kSector - 1) / kSector;
        set_valid(id, lines_.valid(id) & sector_mask(0, kept));
    });
    return IoStatus::kOk;
}

/// Calls `action(id, piece)` for the part of the range that lies in each line held. The effort is
/// bounded by the smaller of the range and the cache.
template <typename Action>
void WriteCache::for_each_held(std::uint64_t offset, std::uint64_t length, Action action) {
    if (length == 0 || lines_.used() == 0) return;
    const std::uint64_t end = offset + length;
    const auto visit = [&](CacheLines::Id id, std::uint64_t number) {
        const std::uint64_t base = number * kLine;
        const std::uint64_t from = std::max(offset, base);
        action(id, Piece::at(from, std::min<std::uint64_t>(end, base + kLine) - from));
    };
    const std::uint64_t first = offset / kLine;
    const std::uint64_t last = (end - 1) / kLine;
    if (last - first < lines_.used()) {
        for (std::uint64_t number = first; number <= last; ++number) {
            const CacheLines::Id id = lines_.find(number);
            if (id != CacheLines::kNone) visit(id, number);
        }
        return;
    }
    for (CacheLines::Id id = lines_.oldest(); id != CacheLines::kNone;) {
        const CacheLines::Id next = lines_.next_newer(id);  // the action may give `id` back
        const std::uint64_t number = lines_.number(id);
        if (first <= number && number <= last) visit(id, number);
        id = next;
    }
}

void WriteCache::power_cut() {
    const FillNews news{*this};
    lines_.clear();
    dirty_sectors_ = 0;
}

std::uint64_t WriteCache::dirty_bytes() const {
    return dirty_sectors_ * kSector;
}

void WriteCache::set_valid(CacheLines::Id id, std::uint8_t mask) {
    dirty_sectors_ += count_bits(mask);
    dirty_sectors_ -= count_bits(lines_.valid(id));
    if (mask == 0) {
        lines_.erase(id);
    } else {
        lines_.set_valid(id, mask);
    }
}

}  // namespace media
