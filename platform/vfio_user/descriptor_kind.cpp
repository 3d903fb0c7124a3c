// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/descriptor_kind.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <string_view>

namespace platform::vfio_user {

namespace {

bool is_eventfd(int fd) {
    const std::string link = "/proc/self/fd/" + std::to_string(fd);
    char target[64];
    const ssize_t length = ::readlink(link.c_str(), target, sizeof target);
    return length > 0 &&
           std::string_view(target, static_cast<std::size_t>(length)) == "anon_inode:[eventfd]";
}

}  // namespace

/// A page of a file can be waited for without end where somebody else has to provide it, and so can
/// every question about such a file. None of these questions does: only files in memory can have
/// seals, and statx() is told to answer from what the kernel has. Files on a disk of this machine
/// are as good as memory; they are those on a device that has a driver.
DescriptorKind kind_of(int fd) {
    if (::fcntl(fd, F_GET_SEALS) >= 0) return DescriptorKind::kMemory;
    struct statx found {};
    if (::statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, &found) == 0 &&
        S_ISREG(found.stx_mode))
        return found.stx_dev_major != 0 ? DescriptorKind::kMemory : DescriptorKind::kElsewhere;
    return is_eventfd(fd) ? DescriptorKind::kEventfd : DescriptorKind::kOther;
}

}  // namespace platform::vfio_user
