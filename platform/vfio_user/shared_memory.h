// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

namespace platform::vfio_user {

/// A part of a file, mapped and shared with whoever else maps it. Safe against a file that becomes
/// shorter later (bus_error_guard.h).
class SharedMemory {
public:
    SharedMemory() = default;
    SharedMemory(SharedMemory&& other) noexcept;
    SharedMemory& operator=(SharedMemory&& other) noexcept;
    ~SharedMemory() { reset(); }

    /// Maps `bytes` from `offset`; both multiples of 4096. The file must be a regular one (or a
    /// memory object) that has these bytes. Returns 0, or an errno: then nothing is mapped.
    [[nodiscard]] int map(int fd, std::uint64_t offset, std::uint64_t bytes, bool writable);
    void reset();

    /// The file has become shorter, and an access found out.
    [[nodiscard]] bool torn() const;

    /// Null: nothing is mapped.
    [[nodiscard]] std::byte* data() const { return data_; }

private:
    std::byte* data_ = nullptr;
    void* start_ = nullptr;  // of the mapping, which a file of huge pages makes larger than asked
    std::size_t length_ = 0;
};

}  // namespace platform::vfio_user
