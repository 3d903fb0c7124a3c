// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

namespace media {

/// Zeroed bytes of the operating system, at one address, of which only pages that were touched take
/// memory.
class LazyBytes {
public:
    LazyBytes() = default;
    ~LazyBytes();
    LazyBytes(const LazyBytes&) = delete;
    LazyBytes& operator=(const LazyBytes&) = delete;

    [[nodiscard]] static std::size_t page_bytes();

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] std::byte* data() const { return bytes_; }
    /// Grows to `size` rounded up to pages, perhaps at another address; never shrinks but to 0.
    /// False when the address space has no room: nothing changed.
    [[nodiscard]] bool resize(std::uint64_t size);
    /// From now on new memory comes in huge pages: faster, and one touched byte takes 2 MiB.
    void use_huge_pages(bool huge);
    /// Zeroes a range, which is pages and lies inside, and gives its memory back.
    void give_back(std::size_t offset, std::size_t length);

private:
    std::byte* bytes_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace media
