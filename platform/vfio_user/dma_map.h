// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "platform/vfio_user/protocol.h"
#include "platform/vfio_user/shared_files.h"

namespace platform::vfio_user {

/// The memory of a client that the device may access: which addresses there are, and where they
/// can be reached directly. Errors are errno values, 0 is success.
class DmaMap {
public:
    struct Mapping {
        std::uint64_t first = 0, last = 0;  ///< inclusive
        bool readable = false, writable = false;
        SharedFiles::Part memory;  ///< without data: by messages only

        /// Null when there is no direct way to `address`, which must be inside.
        [[nodiscard]] std::byte* at(std::uint64_t address) const {
            return memory.data() == nullptr ? nullptr : memory.data() + (address - first);
        }
    };

    /// What map() would find wrong with the numbers, before a file is looked at.
    [[nodiscard]] int check(const DmaMapRequest& request) const;
    /// `fd` -1: no file, the memory is accessed by messages. The descriptor is not kept.
    [[nodiscard]] int map(const DmaMapRequest& request, int fd);

    /// Neighbours in the map, by address; valid until one of them is unmapped.
    using Iterator = std::map<std::uint64_t, Mapping>::const_iterator;
    struct Range {
        Iterator first, last;
        [[nodiscard]] Iterator begin() const { return first; }
        [[nodiscard]] Iterator end() const { return last; }
        [[nodiscard]] bool empty() const { return first == last; }
    };
    [[nodiscard]] Range all() const { return {maps_.begin(), maps_.end()}; }
    /// The mappings inside of a range of addresses: any number, also none. Nothing: these are no
    /// addresses of whole pages, or one mapping is inside only in part.
    [[nodiscard]] std::optional<Range> whole(std::uint64_t address, std::uint64_t size) const;
    void unmap(Range range) { maps_.erase(range.first, range.last); }

    [[nodiscard]] const Mapping* find(std::uint64_t address) const;
    /// The client took memory away that it had shared, and an access found out.
    [[nodiscard]] bool torn() const { return files_.torn(); }

private:
    SharedFiles files_;
    std::map<std::uint64_t, Mapping> maps_;  // by first address; no two overlap
};

}  // namespace platform::vfio_user
