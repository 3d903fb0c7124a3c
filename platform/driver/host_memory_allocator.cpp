// SPDX-License-Identifier: Apache-2.0
#include "platform/driver/host_memory_allocator.h"

#include <algorithm>
#include <iterator>

namespace platform {

namespace {

constexpr std::uint64_t align_up(std::uint64_t value, std::uint64_t alignment) {
    return (value + alignment - 1) & ~(alignment - 1);
}

}  // namespace

HostMemoryAllocator::HostMemoryAllocator(Memory& memory, std::uint64_t first, std::uint64_t size)
    : memory_(memory) {
    const std::uint64_t limit = memory.size();
    const std::uint64_t begin = align_up(std::min(first, limit), kPageBytes);
    const std::uint64_t end =
        std::min(first, limit) + std::min(size, limit - std::min(first, limit));
    if (end > begin && end - begin >= kPageBytes)
        add_free(begin, (end - begin) & ~(kPageBytes - 1));
}

DmaBuffer HostMemoryAllocator::allocate(std::uint64_t bytes, std::uint64_t alignment) {
    if (bytes == 0 || bytes > memory_.size()) return {};
    const std::uint64_t size = align_up(bytes, kPageBytes);
    for (const auto& [start, room] : free_) {
        const std::uint64_t gpa = align_up(start, std::max(alignment, kPageBytes));
        const std::uint64_t skipped = gpa - start;
        if (skipped >= room || room - skipped < size) continue;
        const std::uint64_t first = start;
        const std::uint64_t rest = room - skipped - size;
        free_.erase(first);  // invalidates start and room
        if (skipped != 0) free_.emplace(first, skipped);
        if (rest != 0) free_.emplace(gpa + size, rest);
        used_.emplace(gpa, size);
        return {gpa, size, memory_.data(gpa, size)};
    }
    return {};
}

bool HostMemoryAllocator::release(const DmaBuffer& buffer) {
    const auto out = used_.find(buffer.gpa);
    if (out == used_.end() || out->second != buffer.size) return false;
    used_.erase(out);
    add_free(buffer.gpa, buffer.size);
    return true;
}

void HostMemoryAllocator::add_free(std::uint64_t gpa, std::uint64_t size) {
    auto next = free_.lower_bound(gpa);
    if (next != free_.end() && next->first == gpa + size) {
        size += next->second;
        next = free_.erase(next);
    }
    if (next != free_.begin()) {
        const auto previous = std::prev(next);
        if (previous->first + previous->second == gpa) {
            previous->second += size;
            return;
        }
    }
    free_.emplace(gpa, size);
}

std::uint64_t HostMemoryAllocator::bytes_free() const {
    std::uint64_t total = 0;
    for (const auto& [gpa, size] : free_) total += size;
    return total;
}

}  // namespace platform
