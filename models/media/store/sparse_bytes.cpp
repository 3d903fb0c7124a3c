// SPDX-License-Identifier: Apache-2.0
#include "models/media/store/sparse_bytes.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <new>

namespace media {
namespace {

/// Small areas are many, perhaps; behind this a huge page takes at most a quarter more.
constexpr std::uint64_t kHugeFrom = std::uint64_t{8} << 20;

}  // namespace

/// kNone: there is no memory.
std::uint64_t SparseBytes::take(std::uint64_t chunk) {
    try {
        // A slot that is given back needs its place in the list, and must find it.
        if (free_.empty() && free_.capacity() <= next_) free_.reserve(2 * next_ + 8);
        const std::uint64_t slot = free_.empty() ? next_ : free_.back();
        index_.insert(chunk, slot);
        if (free_.empty())
            ++next_;
        else
            free_.pop_back();
        if (!huge_ && next_ * chunk_ > kHugeFrom) area_.use_huge_pages(huge_ = true);
        return slot;
    } catch (const std::bad_alloc&) {
        return ChunkIndex::kNone;
    }
}

void SparseBytes::remove(std::uint64_t first, std::uint64_t end) {
    const std::size_t had = free_.size();
    index_.remove(first, end, [this](std::uint64_t slot) { free_.push_back(slot); });
    if (index_.size() == 0)
        forget_slots();
    else
        give_back_free(had);
}

/// Memory of what is free since the list had `from` entries: of neighbours together.
void SparseBytes::give_back_free(std::size_t from) {
    const auto begin = free_.begin() + static_cast<std::ptrdiff_t>(from);
    std::sort(begin, free_.end(), std::greater<>());  // the lowest is used first
    for (auto it = begin; it != free_.end();) {
        const std::uint64_t end = *it + 1;
        std::uint64_t first = *it;
        while (++it != free_.end() && *it + 1 == first) first = *it;
        const std::size_t bytes = (end - first) * chunk_;
        if (chunk_ % LazyBytes::page_bytes() == 0)
            area_.give_back(first * chunk_, bytes);
        else
            std::memset(of(first), 0, bytes);
    }
}

void SparseBytes::forget_slots() {
    if (next_ == 0) return;
    area_.give_back(0, area_.size());
    area_.use_huge_pages(huge_ = false);
    next_ = 0;
    free_ = {};
}

/// Of one chunk.
void SparseBytes::clear_part(std::uint64_t offset, std::uint64_t length) {
    if (length == 0) return;
    if (std::byte* const bytes = find(offset)) std::memset(bytes, 0, length);
}

void SparseBytes::clear(std::uint64_t offset, std::uint64_t length) {
    if (length == 0) return;
    const std::uint64_t end = offset + length;
    // What lies beyond the end in the last chunk is zero already.
    const std::uint64_t first = (offset + chunk_ - 1) / chunk_;
    const std::uint64_t last = end == size_ ? (end + chunk_ - 1) / chunk_ : end / chunk_;
    if (offset / chunk_ == (end - 1) / chunk_ && first >= last) return clear_part(offset, length);
    if (offset % chunk_ != 0) clear_part(offset, chunk_ - offset % chunk_);
    remove(first, last);
    if (last * chunk_ < end) clear_part(last * chunk_, end - last * chunk_);
}

bool SparseBytes::resize(std::uint64_t new_size) {
    const std::uint64_t chunks = new_size / chunk_ + (new_size % chunk_ != 0 ? 1 : 0);
    if (chunks > ~std::uint64_t{0} / chunk_) return false;
    if (chunks != 0 && !area_.resize(chunks * chunk_)) return false;
    // A later growth must find zeros where the dropped tail was.
    if (new_size < size_) clear(new_size, size_ - new_size);
    size_ = new_size;
    if (chunks == 0) (void)area_.resize(0);
    return true;
}

}  // namespace media
