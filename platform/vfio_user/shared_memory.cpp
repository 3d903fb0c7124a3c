// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/shared_memory.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <utility>

#include <linux/magic.h>

#include "platform/vfio_user/bus_error_guard.h"
#include "platform/vfio_user/protocol.h"

namespace platform::vfio_user {

namespace {

/// A file of huge pages can be mapped in whole huge pages only.
std::uint64_t granule(int fd) {
    struct statfs fs {};
    if (::fstatfs(fd, &fs) != 0 || fs.f_type != HUGETLBFS_MAGIC) return kPageBytes;
    const auto bytes = static_cast<std::uint64_t>(fs.f_bsize);
    return bytes >= kPageBytes && (bytes & (bytes - 1)) == 0 ? bytes : kPageBytes;
}

}  // namespace

SharedMemory::SharedMemory(SharedMemory&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      start_(std::exchange(other.start_, nullptr)),
      length_(std::exchange(other.length_, 0)) {}

SharedMemory& SharedMemory::operator=(SharedMemory&& other) noexcept {
    std::swap(data_, other.data_);
    std::swap(start_, other.start_);
    std::swap(length_, other.length_);
    return *this;
}

int SharedMemory::map(int fd, std::uint64_t offset, std::uint64_t bytes, bool writable) {
    reset();
    struct stat file {};
    if (::fstat(fd, &file) != 0) return errno;
    if (!S_ISREG(file.st_mode) || bytes == 0) return EINVAL;
    const auto size = static_cast<std::uint64_t>(file.st_size);
    if (offset > size || bytes > size - offset) return EINVAL;
    const std::uint64_t unit = granule(fd);
    const std::uint64_t before = offset % unit;
    // No overflow: both are within the file, whose size fits in 63 bits.
    const std::uint64_t length = (before + bytes + unit - 1) / unit * unit;
    void* start = ::mmap(nullptr, length, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED,
                         fd, static_cast<off_t>(offset - before));
    if (start == MAP_FAILED) return errno;
    if (!bus_error_guard::add(start, length)) {
        ::munmap(start, length);
        return ENOSPC;
    }
    start_ = start;
    length_ = length;
    data_ = static_cast<std::byte*>(start) + before;
    return 0;
}

bool SharedMemory::torn() const {
    return start_ != nullptr && bus_error_guard::rescued(start_) != 0;
}

void SharedMemory::reset() {
    if (start_ == nullptr) return;
    ::munmap(start_, length_);
    bus_error_guard::remove(start_);
    start_ = nullptr;
    data_ = nullptr;
}

}  // namespace platform::vfio_user
