// SPDX-License-Identifier: Apache-2.0
#include "models/observe/memory_lint.h"

#include <algorithm>
#include <limits>

namespace observe {

namespace {

std::uint64_t last_of(std::uint64_t first, std::uint64_t bytes) {
    const std::uint64_t room = std::numeric_limits<std::uint64_t>::max() - first;
    return first + std::min(bytes - 1, room);
}

/// None that begins further below than `longest` can reach `first`.
std::uint64_t lowest(std::uint64_t longest, std::uint64_t first) {
    return first > longest ? first - longest : 0;
}

}  // namespace

// Queues.

bool MemoryLint::meets_queue(std::uint64_t first, std::uint64_t last) const {
    auto it = std::lower_bound(
        queues_.begin(), queues_.end(), lowest(longest_queue_, first),
        [](const QueueRange& queue, std::uint64_t address) { return queue.first < address; });
    for (; it != queues_.end() && it->first <= last; ++it)
        if (it->last >= first) return true;
    return false;
}

bool MemoryLint::add_queue(std::uint32_t key, std::uint64_t base, std::uint64_t bytes) {
    if (bytes == 0) return true;
    const QueueRange added{base, last_of(base, bytes), key};
    const bool overlaps = meets_queue(added.first, added.last);
    const auto behind = std::upper_bound(
        queues_.begin(), queues_.end(), added,
        [](const QueueRange& a, const QueueRange& b) { return a.first < b.first; });
    queues_.insert(behind, added);
    longest_queue_ = std::max(longest_queue_, bytes);
    return !overlaps;
}

void MemoryLint::remove_queue(std::uint32_t key) {
    const auto is_it = [key](const QueueRange& queue) { return queue.key == key; };
    queues_.erase(std::remove_if(queues_.begin(), queues_.end(), is_it), queues_.end());
}

// Buffers.

MemoryLint::Meets MemoryLint::add_buffer(Chain& chain, std::uint32_t command, std::uint64_t gpa,
                                         std::uint32_t bytes, bool to_host) {
    constexpr std::uint64_t kMask = (std::uint64_t{1} << kGranuleBits) - 1;
    if (bytes == 0) return Meets::kNothing;
    const std::uint64_t last = last_of(gpa, bytes);
    const std::uint64_t from = gpa >> kGranuleBits, to = last >> kGranuleBits;
    bool meets = !long_.empty() && meets_long(command, gpa, last, to_host);
    Piece piece{};
    piece.command = command;
    piece.to_host = to_host;
    if (to - from >= kMostGranules) {
        meets = meets || meets_any_short(command, gpa, last, to_host);
        piece.kind = Kind::kLong;
        piece.place = gpa;
        keep_long(chain, piece, last);
    } else {
        piece.kind = Kind::kShort;
        for (piece.place = from; piece.place <= to; ++piece.place) {
            piece.first = static_cast<std::uint16_t>(piece.place == from ? gpa & kMask : 0);
            piece.last = static_cast<std::uint16_t>(piece.place == to ? last & kMask : kMask);
            meets = meets || meets_short(piece);
            keep(chain, piece);
        }
    }
    if (meets_queue(gpa, last)) return Meets::kQueue;
    return meets ? Meets::kBuffer : Meets::kNothing;
}

bool MemoryLint::meets_long(std::uint32_t command, std::uint64_t first, std::uint64_t last,
                            bool to_host) const {
    auto it = long_.lower_bound(lowest(longest_long_, first));
    for (; it != long_.end() && it->first <= last; ++it) {
        const LongRange& other = it->second;
        if (other.last >= first && other.command != command && (to_host || other.to_host))
            return true;
    }
    return false;
}

bool MemoryLint::meets_short(const Piece& piece) const {
    if (buckets_.empty()) return false;
    for (std::uint32_t id = buckets_[bucket_of(piece.place)]; id != kNone; id = pieces_[id].next) {
        const Piece& other = pieces_[id];
        if (other.place == piece.place && other.first <= piece.last && piece.first <= other.last &&
            other.command != piece.command && (piece.to_host || other.to_host))
            return true;
    }
    return false;
}

bool MemoryLint::meets_any_short(std::uint32_t command, std::uint64_t first, std::uint64_t last,
                                 bool to_host) const {
    if (short_ == 0) return false;
    return std::any_of(pieces_.begin(), pieces_.end(), [&](const Piece& other) {
        const std::uint64_t base = other.place << kGranuleBits;
        return other.kind == Kind::kShort && base + other.first <= last &&
               base + other.last >= first && other.command != command && (to_host || other.to_host);
    });
}

void MemoryLint::keep_long(Chain& chain, const Piece& piece, std::uint64_t last) {
    long_.insert({piece.place, {last, piece.command, piece.to_host}});
    longest_long_ = std::max(longest_long_, last - piece.place + 1);
    keep(chain, piece);
}

void MemoryLint::keep(Chain& chain, const Piece& piece) {
    const std::uint32_t id = free_ == kNone ? static_cast<std::uint32_t>(pieces_.size()) : free_;
    if (id == pieces_.size()) {
        pieces_.push_back(piece);
    } else {
        free_ = pieces_[id].next;
        pieces_[id] = piece;
    }
    pieces_[id].next_of_command = chain;
    chain = id;
    if (piece.kind == Kind::kShort) ++short_;
    if (pieces_.size() <= buckets_.size()) return link(id);
    buckets_.assign(std::max<std::size_t>(64, 2 * buckets_.size()), kNone);
    for (std::uint32_t each = 0; each != pieces_.size(); ++each) link(each);
}

std::size_t MemoryLint::bucket_of(std::uint64_t granule) const {
    const std::uint64_t spread = granule * 0x9e37'79b9'7f4a'7c15u;
    return static_cast<std::size_t>(spread >> 32) & (buckets_.size() - 1);
}

void MemoryLint::link(std::uint32_t id) {
    Piece& piece = pieces_[id];
    if (piece.kind != Kind::kShort) return;
    std::uint32_t& head = buckets_[bucket_of(piece.place)];
    piece.previous = kNone;
    piece.next = head;
    if (head != kNone) pieces_[head].previous = id;
    head = id;
}

void MemoryLint::unlink(std::uint32_t id) {
    const Piece& piece = pieces_[id];
    if (piece.next != kNone) pieces_[piece.next].previous = piece.previous;
    if (piece.previous != kNone)
        pieces_[piece.previous].next = piece.next;
    else
        buckets_[bucket_of(piece.place)] = piece.next;
}

void MemoryLint::drop(std::uint32_t id) {
    Piece& piece = pieces_[id];
    if (piece.kind == Kind::kShort) {
        unlink(id);
        --short_;
    } else {
        auto [it, end] = long_.equal_range(piece.place);
        while (it != end && it->second.command != piece.command) ++it;
        if (it != end) long_.erase(it);
    }
    piece.kind = Kind::kFree;
    piece.next = free_;
    free_ = id;
}

void MemoryLint::remove_buffers(Chain& chain) {
    while (chain != kNoBuffers) {
        const std::uint32_t id = chain;
        chain = pieces_[id].next_of_command;
        drop(id);
    }
}

void MemoryLint::clear() {
    queues_.clear();
    longest_queue_ = longest_long_ = 0;
    pieces_.clear();
    buckets_.clear();
    long_.clear();
    free_ = kNone;
    short_ = 0;
}

}  // namespace observe
