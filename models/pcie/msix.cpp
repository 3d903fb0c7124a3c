// SPDX-License-Identifier: Apache-2.0
#include "models/pcie/msix.h"

#include <algorithm>

namespace pcie {
namespace {

constexpr std::uint64_t kPage = 4096;
constexpr unsigned kVectorsPerWord = 64;
constexpr std::uint32_t kMaskBit = 1;
constexpr std::uint64_t kAllOnes = ~0ull;

unsigned words(unsigned vectors) {
    return (vectors + kVectorsPerWord - 1) / kVectorsPerWord;
}

std::uint64_t bit(unsigned vector) {
    return 1ull << vector % kVectorsPerWord;
}

}  // namespace

Msix::Msix(unsigned vectors)
    : entries_(std::min(vectors, kMaxVectors)),
      pending_(words(this->vectors())),
      pba_offset_(pba_offset(this->vectors())),
      bar_size_(bar_size(this->vectors())) {
    reset();
}

std::uint64_t Msix::pba_offset(unsigned vectors) {
    const std::uint64_t table = std::min(vectors, kMaxVectors) * kEntryBytes;
    return std::max((table + kPage - 1) / kPage, std::uint64_t{1}) * kPage;
}

std::uint64_t Msix::bar_size(unsigned vectors) {
    const std::uint64_t end =
        pba_offset(vectors) + words(std::min(vectors, kMaxVectors)) * std::uint64_t{8};
    std::uint64_t size = 2 * kPage;
    while (size < end) size *= 2;
    return size;
}

bool Msix::access_ok(std::uint64_t offset, unsigned size) const {
    return (size == 4 || size == 8) && offset % size == 0 && offset < bar_size_;
}

std::uint64_t Msix::read(std::uint64_t offset, unsigned size) const {
    if (!access_ok(offset, size)) return kAllOnes;
    std::uint64_t value = read_dword(offset);
    if (size == 8) value |= static_cast<std::uint64_t>(read_dword(offset + 4)) << 32;
    return value;
}

void Msix::write(std::uint64_t offset, unsigned size, std::uint64_t value) {
    if (!access_ok(offset, size)) return;
    write_dword(offset, static_cast<std::uint32_t>(value));
    if (size == 8) write_dword(offset + 4, static_cast<std::uint32_t>(value >> 32));
}

std::uint32_t Msix::read_dword(std::uint64_t offset) const {
    if (const std::uint64_t index = offset / kEntryBytes; index < entries_.size()) {
        const Entry& entry = entries_[index];
        switch (offset % kEntryBytes / 4) {
            case 0:
                return entry.address_low;
            case 1:
                return entry.address_high;
            case 2:
                return entry.data;
            default:
                return entry.control;
        }
    }
    if (offset < pba_offset_) return 0;
    const std::uint64_t in_pba = offset - pba_offset_;
    if (in_pba / 8 >= pending_.size()) return 0;
    return static_cast<std::uint32_t>(pending_[in_pba / 8] >> (in_pba % 8 == 4 ? 32 : 0));
}

void Msix::write_dword(std::uint64_t offset, std::uint32_t value) {
    const std::uint64_t index = offset / kEntryBytes;
    if (index >= entries_.size()) return;
    Entry& entry = entries_[index];
    switch (offset % kEntryBytes / 4) {
        // Messages are dwords: the two low bits do not exist.
        case 0:
            entry.address_low = value & ~3u;
            break;
        case 1:
            entry.address_high = value;
            break;
        case 2:
            entry.data = value;
            break;
        default:
            entry.control = value & kMaskBit;
            break;
    }
}

std::optional<Msix::Message> Msix::raise(unsigned vector, bool enabled, bool function_masked) {
    if (!enabled || vector >= entries_.size()) return std::nullopt;
    if (function_masked || masked(vector)) {
        set_pending(vector, true);
        return std::nullopt;
    }
    const Entry& entry = entries_[vector];
    return Message{static_cast<std::uint64_t>(entry.address_high) << 32 | entry.address_low,
                   entry.data, static_cast<std::uint16_t>(vector)};
}

std::optional<Msix::Message> Msix::take_released(bool enabled, bool function_masked) {
    if (pending_count_ == 0 || !enabled || function_masked) return std::nullopt;
    for (unsigned vector = 0; vector < vectors(); ++vector) {
        if (!pending(vector) || masked(vector)) continue;
        set_pending(vector, false);
        return raise(vector, enabled, function_masked);
    }
    return std::nullopt;
}

void Msix::withdraw(unsigned vector) {
    if (vector < entries_.size()) set_pending(vector, false);
}

bool Msix::pending(unsigned vector) const {
    return vector < entries_.size() && (pending_[vector / kVectorsPerWord] & bit(vector)) != 0;
}

bool Msix::masked(unsigned vector) const {
    return vector >= entries_.size() || (entries_[vector].control & kMaskBit) != 0;
}

void Msix::set_pending(unsigned vector, bool pending_now) {
    if (pending(vector) == pending_now) return;
    pending_[vector / kVectorsPerWord] ^= bit(vector);
    pending_now ? ++pending_count_ : --pending_count_;
}

void Msix::reset() {
    std::fill(entries_.begin(), entries_.end(), Entry{0, 0, 0, kMaskBit});
    std::fill(pending_.begin(), pending_.end(), 0);
    pending_count_ = 0;
}

}  // namespace pcie
