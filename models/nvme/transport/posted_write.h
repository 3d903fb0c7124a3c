// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <cstddef>
#include <cstring>

#include "models/nvme/spec/entries.h"

namespace nvme {

/// Writes to memory that may be shared with a processor which runs meanwhile. As with posted writes
/// on a link, that one sees what was written before first; and of an entry of a completion queue
/// the half with the phase tag last.
inline void write_as_posted(void* to, const void* from, std::size_t len) {
    constexpr std::size_t kEntry = sizeof(spec::CompletionEntry), kHalf = kEntry / 2;
    static_assert(offsetof(spec::CompletionEntry, status) >= kHalf);
    std::atomic_thread_fence(std::memory_order_release);
    if (len != kEntry) {
        std::memcpy(to, from, len);
        return;
    }
    std::memcpy(to, from, kHalf);
    std::atomic_thread_fence(std::memory_order_release);
    std::memcpy(static_cast<char*>(to) + kHalf, static_cast<const char*>(from) + kHalf, kHalf);
}

}  // namespace nvme
