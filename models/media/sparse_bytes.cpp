// SPDX-License-Identifier: Apache-2.0
#include "models/media/sparse_bytes.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <optional>

namespace media {
namespace {

std::size_t page_size() {
    static const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return size;
}

std::optional<std::size_t> round_up_to_pages(std::uint64_t size) {
    const std::uint64_t rest = size % page_size();
    if (rest == 0) return size;
    const std::uint64_t padding = page_size() - rest;
    if (size > ~std::uint64_t{0} - padding) return std::nullopt;
    return size + padding;
}

}  // namespace

SparseBytes::~SparseBytes() {
    if (bytes_ != nullptr) ::munmap(bytes_, mapped_);
}

/// A small area may well fill up; a large one has to stay sparse. The advice may be refused by a
/// kernel built without huge pages, which is as good.
void* SparseBytes::map(std::size_t length) const {
    void* address = ::mmap(nullptr, length, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (address == MAP_FAILED) return nullptr;
    constexpr std::size_t kLarge = std::size_t{1} << 30;
    const bool huge = pages_ == Pages::kHugeUnlessLarge && length < kLarge;
    (void)::madvise(address, length, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    return address;
}

void SparseBytes::clear(std::uint64_t offset, std::uint64_t length) {
    if (length == 0) return;
    const std::uint64_t end = offset + length;
    const std::uint64_t page = page_size();
    const std::uint64_t first_whole = (offset + page - 1) / page * page;
    // What lies beyond the end in the last page is zero already.
    const std::uint64_t last_whole = end == size_ ? mapped_ : end / page * page;
    if (first_whole >= last_whole) {
        std::memset(bytes_ + offset, 0, length);
        return;
    }
    std::memset(bytes_ + offset, 0, first_whole - offset);
    if (end > last_whole) std::memset(bytes_ + last_whole, 0, end - last_whole);
    std::byte* const pages = bytes_ + first_whole;
    const std::size_t bytes = last_whole - first_whole;
    // Locked memory refuses the advice (mlockall): the content must be zero all the same.
    if (::madvise(pages, bytes, MADV_DONTNEED) != 0) std::memset(pages, 0, bytes);
}

bool SparseBytes::resize(std::uint64_t new_size) {
    const std::optional<std::size_t> wanted = round_up_to_pages(new_size);
    if (!wanted) return false;
    if (*wanted == 0) {
        if (bytes_ != nullptr) ::munmap(bytes_, mapped_);
        bytes_ = nullptr;
    } else if (*wanted != mapped_) {
        void* address =
            bytes_ == nullptr ? map(*wanted) : ::mremap(bytes_, mapped_, *wanted, MREMAP_MAYMOVE);
        if (address == nullptr || address == MAP_FAILED) return false;
        bytes_ = static_cast<std::byte*>(address);
    }
    mapped_ = *wanted;
    // A later growth must find zeros where the dropped tail was.
    if (new_size < size_ && mapped_ > new_size) {
        std::memset(bytes_ + new_size, 0, std::min<std::uint64_t>(mapped_, size_) - new_size);
    }
    size_ = new_size;
    return true;
}

}  // namespace media
