// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>

#include "platform/vfio_user/unique_fd.h"

namespace platform::vfio_user::test {

/// Memory of a guest at one address, in a file that can be shared.
class GuestMemory {
public:
    /// `kind`: MFD_HUGETLB for huge pages, of which `size` has to be a multiple.
    GuestMemory(std::uint64_t base, std::uint64_t size, unsigned kind = 0)
        : base_(base), size_(size), fd_(::memfd_create("guest", MFD_CLOEXEC | kind)) {
        if (::ftruncate(fd_.get(), static_cast<off_t>(size)) != 0) return;
        void* const place = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd_.get(), 0);
        if (place != MAP_FAILED) data_ = static_cast<std::uint8_t*>(place);
    }
    ~GuestMemory() {
        if (data_ != nullptr) ::munmap(data_, size_);
    }
    GuestMemory(const GuestMemory&) = delete;
    GuestMemory& operator=(const GuestMemory&) = delete;

    [[nodiscard]] std::uint64_t base() const { return base_; }
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] int fd() const { return fd_.get(); }
    /// False: this machine has no such memory.
    [[nodiscard]] bool exists() const { return data_ != nullptr; }
    /// Null when the range is not all inside.
    [[nodiscard]] std::uint8_t* at(std::uint64_t address, std::uint64_t bytes) {
        const std::uint64_t offset = address - base_;
        return offset <= size_ && bytes <= size_ - offset ? data_ + offset : nullptr;
    }

private:
    const std::uint64_t base_, size_;
    UniqueFd fd_;
    std::uint8_t* data_ = nullptr;
};

}  // namespace platform::vfio_user::test
