// SPDX-License-Identifier: Apache-2.0
#include "models/media/store/lazy_bytes.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

namespace media {

LazyBytes::~LazyBytes() {
    (void)resize(0);
}

std::size_t LazyBytes::page_bytes() {
    static const auto size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return size;
}

bool LazyBytes::resize(std::uint64_t size) {
    if (size == 0) {
        if (bytes_ != nullptr) ::munmap(bytes_, size_);
        bytes_ = nullptr;
        size_ = 0;
        return true;
    }
    const std::uint64_t pages = (size - 1) / page_bytes() + 1;
    if (pages > ~std::size_t{0} / page_bytes()) return false;
    const std::size_t wanted = pages * page_bytes();
    if (wanted <= size_) return true;
    constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    void* const address = bytes_ == nullptr
                              ? ::mmap(nullptr, wanted, PROT_READ | PROT_WRITE, kFlags, -1, 0)
                              : ::mremap(bytes_, size_, wanted, MREMAP_MAYMOVE);
    if (address == MAP_FAILED) return false;
    if (bytes_ == nullptr) (void)::madvise(address, wanted, MADV_NOHUGEPAGE);
    bytes_ = static_cast<std::byte*>(address);
    size_ = wanted;
    return true;
}

/// The whole area keeps one advice: mremap() moves no mixture. A kernel without huge pages refuses
/// it, which is as good.
void LazyBytes::use_huge_pages(bool huge) {
    if (bytes_ == nullptr) return;
    (void)::madvise(bytes_, size_, huge ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
}

void LazyBytes::give_back(std::size_t offset, std::size_t length) {
    if (length == 0) return;
    // Locked memory refuses the advice (mlockall): the content must be zero all the same.
    if (::madvise(bytes_ + offset, length, MADV_DONTNEED) != 0)
        std::memset(bytes_ + offset, 0, length);
}

}  // namespace media
