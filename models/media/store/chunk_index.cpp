// SPDX-License-Identifier: Apache-2.0
#include "models/media/store/chunk_index.h"

#include <new>

namespace media {
namespace {

constexpr std::size_t kSmallest = 16;  // entries

}  // namespace

void ChunkIndex::put(const Entry& entry) {
    std::size_t at = home(entry.chunk);
    while (table_[at].chunk != kNone) at = (at + 1) & mask_;
    table_[at] = entry;
}

void ChunkIndex::rebuild(std::size_t entries) {
    std::vector<Entry> old(entries);
    old.swap(table_);
    mask_ = table_.empty() ? 0 : table_.size() - 1;
    shift_ = 62;
    for (std::size_t n = kSmallest; n < table_.size(); n *= 2) --shift_;
    for (const Entry& entry : old)
        if (entry.chunk != kNone) put(entry);
}

void ChunkIndex::insert(std::uint64_t chunk, std::uint64_t slot) {
    // At most five eighths full, so that a search for what is not there ends soon.
    if (table_.empty() || (size_ + 1) * 8 > table_.size() * 5)
        rebuild(table_.empty() ? kSmallest : 2 * table_.size());
    put({chunk, slot});
    ++size_;
}

/// Entries behind the hole move up unless that would put them before their home: so there are no
/// tombstones, and a search never gets longer over time.
std::uint64_t ChunkIndex::take(std::uint64_t chunk) {
    std::size_t hole = home(chunk);
    while (table_[hole].chunk != chunk) {
        if (table_[hole].chunk == kNone) return kNone;
        hole = (hole + 1) & mask_;
    }
    const std::uint64_t slot = table_[hole].slot;
    for (std::size_t at = (hole + 1) & mask_; table_[at].chunk != kNone; at = (at + 1) & mask_) {
        if (((at - home(table_[at].chunk)) & mask_) < ((at - hole) & mask_)) continue;
        table_[hole] = table_[at];
        hole = at;
    }
    table_[hole] = Entry{};
    --size_;
    return slot;
}

void ChunkIndex::shrink() {
    if (size_ == 0) {
        table_ = {};
        mask_ = 0;
        return;
    }
    std::size_t wanted = table_.size();
    while (wanted > kSmallest && size_ * 8 < wanted) wanted /= 2;
    if (wanted == table_.size()) return;
    try {
        rebuild(wanted);
    } catch (const std::bad_alloc&) {
        // The large one will do.
    }
}

}  // namespace media
