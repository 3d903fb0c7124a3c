// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/dma_map.h"

#include <cerrno>
#include <utility>

namespace platform::vfio_user {

namespace {

/// Whether these are addresses of whole pages, one or more. The last page of all is one of them.
bool is_range(std::uint64_t address, std::uint64_t size) {
    if (address % kPageBytes != 0 || size % kPageBytes != 0 || size == 0) return false;
    return address + (size - 1) >= address;
}

}  // namespace

int DmaMap::check(const DmaMapRequest& request) const {
    if ((request.flags & ~(kDmaReadable | kDmaWritable)) != 0 || request.flags == 0) return EINVAL;
    if (!is_range(request.address, request.size)) return EINVAL;
    if (request.offset % kPageBytes != 0) return EINVAL;
    const std::uint64_t last = request.address + (request.size - 1);
    if (maps_.size() >= kMaxDmaMaps) return ENOSPC;
    // The last mapping that begins at or before our end is the only one that can overlap.
    auto next = maps_.upper_bound(last);
    if (next != maps_.begin() && std::prev(next)->second.last >= request.address) return EEXIST;
    return 0;
}

int DmaMap::map(const DmaMapRequest& request, int fd) {
    if (const int wrong = check(request); wrong != 0) return wrong;
    Mapping mapping;
    mapping.first = request.address;
    mapping.last = request.address + (request.size - 1);
    mapping.readable = (request.flags & kDmaReadable) != 0;
    mapping.writable = (request.flags & kDmaWritable) != 0;
    if (fd >= 0) {
        const int wrong =
            files_.map(fd, request.offset, request.size, mapping.writable, mapping.memory);
        if (wrong != 0) return wrong;
    }
    maps_.emplace(mapping.first, std::move(mapping));
    return 0;
}

std::optional<DmaMap::Range> DmaMap::whole(std::uint64_t address, std::uint64_t size) const {
    if (!is_range(address, size)) return std::nullopt;
    const std::uint64_t last = address + (size - 1);
    const Range range{maps_.lower_bound(address), maps_.upper_bound(last)};
    // Only the mapping before the range can reach into it, and only its own last one out of it.
    if (range.first != maps_.begin() && std::prev(range.first)->second.last >= address)
        return std::nullopt;
    if (!range.empty() && std::prev(range.last)->second.last > last) return std::nullopt;
    return range;
}

const DmaMap::Mapping* DmaMap::find(std::uint64_t address) const {
    const auto next = maps_.upper_bound(address);
    if (next == maps_.begin()) return nullptr;
    const Mapping& mapping = std::prev(next)->second;
    return address <= mapping.last ? &mapping : nullptr;
}

}  // namespace platform::vfio_user
