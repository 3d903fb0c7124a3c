// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

namespace media {

/// Zeroed bytes in host memory, of which only pages that were written take any.
class SparseBytes {
public:
    /// Huge pages make random access faster, and one written byte cost 2 MiB.
    enum class Pages : std::uint8_t { kSmall, kHugeUnlessLarge };

    explicit SparseBytes(Pages pages) : pages_(pages) {}
    ~SparseBytes();
    SparseBytes(const SparseBytes&) = delete;
    SparseBytes& operator=(const SparseBytes&) = delete;

    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] std::byte* data() { return bytes_; }
    [[nodiscard]] const std::byte* data() const { return bytes_; }
    /// Zeroes a range that must lie inside. Gives whole pages back to the operating system.
    void clear(std::uint64_t offset, std::uint64_t length);
    /// Grows (with zeros) or shrinks. False when the address space has no room: nothing changed.
    [[nodiscard]] bool resize(std::uint64_t new_size);

private:
    [[nodiscard]] void* map(std::size_t length) const;

    const Pages pages_;
    std::uint64_t size_ = 0;
    std::size_t mapped_ = 0;      // bytes, whole pages; 0 = nothing is mapped
    std::byte* bytes_ = nullptr;  // everything from size_ to mapped_ is zero
};

}  // namespace media
