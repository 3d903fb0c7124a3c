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

/// Calls `check` with each range that overlaps [first, last] until it returns true. None is longer
/// than `longest`, so none that begins further below can reach.
template <typename Ranges, typename Check>
bool any_overlap(const Ranges& ranges, std::uint64_t longest, std::uint64_t first,
                 std::uint64_t last, Check check) {
    auto it = ranges.lower_bound(first > longest ? first - longest : 0);
    for (; it != ranges.end() && it->first <= last; ++it)
        if (it->second.last >= first && check(it->second)) return true;
    return false;
}

}  // namespace

bool MemoryLint::add_queue(std::uint32_t key, std::uint64_t base, std::uint64_t bytes) {
    if (bytes == 0) return true;
    const std::uint64_t last = last_of(base, bytes);
    const bool overlaps =
        any_overlap(queues_, longest_queue_, base, last, [](const Range&) { return true; });
    queues_.insert({base, {last, key, true}});
    longest_queue_ = std::max(longest_queue_, bytes);
    return !overlaps;
}

void MemoryLint::remove_queue(std::uint32_t key) {
    for (auto it = queues_.begin(); it != queues_.end();)
        it = it->second.owner == key ? queues_.erase(it) : std::next(it);
}

MemoryLint::Meets MemoryLint::add_buffer(std::uint32_t command, std::uint64_t gpa,
                                         std::uint32_t bytes, bool to_host) {
    if (bytes == 0) return Meets::kNothing;
    const std::uint64_t last = last_of(gpa, bytes);
    Meets meets = Meets::kNothing;
    if (any_overlap(queues_, longest_queue_, gpa, last, [](const Range&) { return true; }))
        meets = Meets::kQueue;
    else if (any_overlap(buffers_, longest_buffer_, gpa, last, [&](const Range& other) {
                 return other.owner != command && (to_host || other.to_host);
             }))
        meets = Meets::kBuffer;
    of_command_.insert({command, buffers_.insert({gpa, {last, command, to_host}})});
    longest_buffer_ = std::max<std::uint64_t>(longest_buffer_, bytes);
    return meets;
}

void MemoryLint::remove_buffers(std::uint32_t command) {
    const auto [begin, end] = of_command_.equal_range(command);
    for (auto it = begin; it != end; ++it) buffers_.erase(it->second);
    of_command_.erase(begin, end);
}

void MemoryLint::clear() {
    queues_.clear();
    buffers_.clear();
    of_command_.clear();
}

}  // namespace observe
