// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <tuple>

#include "platform/vfio_user/shared_memory.h"

namespace platform::vfio_user {

/// The files of which a client has shared parts. Each is mapped once, however many parts of it
/// there are: behind a virtual IOMMU each page of a guest is a part, and the number of mappings of
/// a process is limited, for all clients of a server together.
class SharedFiles {
public:
    /// A part of a file; keeps the file mapped.
    class Part {
    public:
        /// Null: the part cannot be accessed directly.
        [[nodiscard]] std::byte* data() const { return data_; }

    private:
        friend SharedFiles;
        std::shared_ptr<const SharedMemory> file_;
        std::byte* data_ = nullptr;
    };

    /// Returns 0, or an errno: then `part` is as it was. A regular file that an access could wait
    /// for (on a network, in user space) is good, but gives no data.
    [[nodiscard]] int map(int fd, std::uint64_t offset, std::uint64_t bytes, bool writable,
                          Part& part);
    /// An access found that one of the files has become shorter.
    [[nodiscard]] bool torn() const;

private:
    using Key = std::tuple<dev_t, ino_t, bool>;  // and whether it is writable
    using Files = std::multimap<Key, std::weak_ptr<const SharedMemory>>;

    [[nodiscard]] std::shared_ptr<const SharedMemory> find(const Key& key,
                                                           std::uint64_t bytes) const;
    [[nodiscard]] std::uint64_t forget_unused();

    Files files_;  // a file that grew is there several times
};

}  // namespace platform::vfio_user
