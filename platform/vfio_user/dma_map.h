// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "platform/vfio_user/protocol.h"
#include "platform/vfio_user/shared_memory.h"

namespace platform::vfio_user {

/// The memory of a client that the device may access: which addresses there are, and where they
/// can be reached directly. Errors are errno values, 0 is success.
class DmaMap {
public:
    struct Mapping {
        std::uint64_t first = 0, last = 0;  ///< inclusive
        bool readable = false, writable = false;
        SharedMemory memory;  ///< without data: by messages only

        /// Null when there is no direct way to `address`, which must be inside.
        [[nodiscard]] std::byte* at(std::uint64_t address) const {
            return memory.data() == nullptr ? nullptr : memory.data() + (address - first);
        }
    };

    /// What map() would find wrong with the numbers, before a file is looked at.
    [[nodiscard]] int check(const DmaMapRequest& request) const;
    /// `fd` -1: no file, the memory is accessed by messages. The descriptor is not kept.
    [[nodiscard]] int map(const DmaMapRequest& request, int fd);

    /// The range must be exactly one that was mapped.
    [[nodiscard]] int unmap(std::uint64_t address, std::uint64_t size);
    void clear() { maps_.clear(); }

    [[nodiscard]] const Mapping* find(std::uint64_t address) const;
    /// The mapping that unmap() would remove; null: there is none.
    [[nodiscard]] const Mapping* exactly(std::uint64_t address, std::uint64_t size) const;
    [[nodiscard]] const std::map<std::uint64_t, Mapping>& all() const { return maps_; }
    /// The client took memory away that it had shared, and an access found out.
    [[nodiscard]] bool torn() const;

private:
    std::map<std::uint64_t, Mapping> maps_;  // by first address; no two overlap
};

}  // namespace platform::vfio_user
