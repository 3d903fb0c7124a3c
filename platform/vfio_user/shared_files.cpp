// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/shared_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "platform/vfio_user/descriptor_kind.h"
#include "platform/vfio_user/protocol.h"

namespace platform::vfio_user {

int SharedFiles::map(int fd, std::uint64_t offset, std::uint64_t bytes, bool writable, Part& part) {
    const DescriptorKind kind = kind_of(fd);
    if (kind == DescriptorKind::kElsewhere) return 0;
    if (kind != DescriptorKind::kMemory) return ::fcntl(fd, F_GETFD) < 0 ? EBADF : EINVAL;
    struct stat file {};
    if (::fstat(fd, &file) != 0) return errno;
    const auto size = static_cast<std::uint64_t>(file.st_size);
    if (bytes == 0 || offset > size || bytes > size - offset) return EINVAL;
    const Key key{file.st_dev, file.st_ino, writable};
    auto found = find(key, offset + bytes);
    if (!found) {
        const std::uint64_t unit = SharedMemory::page_bytes(fd);
        if (size > kMaxMappedBytes - unit) return ENOSPC;
        const std::uint64_t whole = (size + unit - 1) / unit * unit;
        if (forget_unused() + whole > kMaxMappedBytes || files_.size() >= kMaxFiles) return ENOSPC;
        const auto fresh = std::make_shared<SharedMemory>();
        if (const int wrong = fresh->map(fd, whole, writable); wrong != 0) return wrong;
        files_.emplace(key, fresh);
        found = fresh;
    }
    part.data_ = found->data() + offset;
    part.file_ = std::move(found);
    return 0;
}

std::shared_ptr<const SharedMemory> SharedFiles::find(const Key& key, std::uint64_t bytes) const {
    const auto [first, last] = files_.equal_range(key);
    for (auto entry = first; entry != last; ++entry)
        if (auto file = entry->second.lock(); file && file->size() >= bytes && !file->torn())
            return file;
    return nullptr;
}

/// Returns how many bytes are mapped.
std::uint64_t SharedFiles::forget_unused() {
    std::uint64_t mapped = 0;
    for (auto entry = files_.begin(); entry != files_.end();) {
        const auto file = entry->second.lock();
        if (file) mapped += file->size();
        entry = file ? std::next(entry) : files_.erase(entry);
    }
    return mapped;
}

bool SharedFiles::torn() const {
    return std::any_of(files_.begin(), files_.end(), [](const auto& entry) {
        const auto file = entry.second.lock();
        return file && file->torn();
    });
}

}  // namespace platform::vfio_user
