// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

#include "platform/vfio_user/bus_error_guard.h"

namespace platform::vfio_user {

/// The first bytes of a file, mapped and shared with whoever else maps it. Safe against a file that
/// becomes shorter later (bus_error_guard.h).
class SharedMemory {
public:
    SharedMemory() = default;
    SharedMemory(const SharedMemory&) = delete;
    SharedMemory& operator=(const SharedMemory&) = delete;
    ~SharedMemory();

    /// Once. `bytes` are in whole pages of the file (page_bytes()). Returns 0, or an errno: then
    /// nothing is mapped.
    [[nodiscard]] int map(int fd, std::uint64_t bytes, bool writable);

    /// The file has become shorter, and an access found out.
    [[nodiscard]] bool torn() const { return guard_ != nullptr && bus_error_guard::torn(guard_); }

    [[nodiscard]] std::byte* data() const { return data_; }
    [[nodiscard]] std::uint64_t size() const { return size_; }

    /// A file of huge pages can be mapped in whole huge pages only.
    [[nodiscard]] static std::uint64_t page_bytes(int fd);

private:
    std::byte* data_ = nullptr;
    std::uint64_t size_ = 0;
    bus_error_guard::Range* guard_ = nullptr;
};

}  // namespace platform::vfio_user
