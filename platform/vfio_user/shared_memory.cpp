// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/shared_memory.h"

#include <sys/mman.h>
#include <sys/vfs.h>

#include <cerrno>

#include <linux/magic.h>

#include "platform/vfio_user/protocol.h"

namespace platform::vfio_user {

std::uint64_t SharedMemory::page_bytes(int fd) {
    struct statfs fs {};
    if (::fstatfs(fd, &fs) != 0 || fs.f_type != HUGETLBFS_MAGIC) return kPageBytes;
    const auto bytes = static_cast<std::uint64_t>(fs.f_bsize);
    return bytes >= kPageBytes && (bytes & (bytes - 1)) == 0 ? bytes : kPageBytes;
}

int SharedMemory::map(int fd, std::uint64_t bytes, bool writable) {
    // No reserve: a client's file need not have all its huge pages.
    void* const start = ::mmap(nullptr, bytes, writable ? PROT_READ | PROT_WRITE : PROT_READ,
                               MAP_SHARED | MAP_NORESERVE, fd, 0);
    if (start == MAP_FAILED) return errno;
    guard_ = bus_error_guard::add(start, bytes);
    if (guard_ == nullptr) {
        ::munmap(start, bytes);
        return ENOSPC;
    }
    data_ = static_cast<std::byte*>(start);
    size_ = bytes;
    return 0;
}

SharedMemory::~SharedMemory() {
    if (data_ == nullptr) return;
    ::munmap(data_, size_);
    bus_error_guard::remove(guard_);
}

}  // namespace platform::vfio_user
