// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>

#include "platform/driver/driver_types.h"
#include "platform/modules/memory.h"

namespace platform {

/// Hands out pages of a range of host RAM, lowest address first. What it hands out is not cleared.
class HostMemoryAllocator {
public:
    static constexpr std::uint64_t kPageBytes = 4096;

    /// Manages [first, first + size), shrunk to whole pages inside of the memory.
    HostMemoryAllocator(Memory& memory, std::uint64_t first, std::uint64_t size);

    /// At least `bytes`, rounded up to whole pages. `alignment` is a power of two of at least a
    /// page. A buffer of size 0 when there is no such room (or `bytes` is 0).
    [[nodiscard]] DmaBuffer allocate(std::uint64_t bytes, std::uint64_t alignment = kPageBytes);

    /// Takes back a whole buffer. False, and nothing happens, when it is not one that is out.
    bool release(const DmaBuffer& buffer);

    [[nodiscard]] std::uint64_t bytes_free() const;

private:
    void add_free(std::uint64_t gpa, std::uint64_t size);

    Memory& memory_;
    std::map<std::uint64_t, std::uint64_t> free_;  // address -> size; coalesced
    std::map<std::uint64_t, std::uint64_t> used_;
};

}  // namespace platform
