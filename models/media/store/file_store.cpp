// SPDX-License-Identifier: Apache-2.0
#include "models/media/store/file_store.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include "models/media/store/range.h"

namespace media {
namespace {

constexpr std::uint64_t kMaxFileSize = std::numeric_limits<off_t>::max();

/// Why the file system took no bytes does not matter to a host: it is full (ENOSPC), or this user's
/// part of it (EDQUOT, EFBIG), or its disk fails (EIO). People can mend each of them meanwhile.
constexpr IoStatus kRefused = IoStatus::kTryLater;

std::string describe(const std::string& path, const char* what) {
    return path + ": " + what + ": " + std::strerror(errno);
}

/// A descriptor that is closed unless it is handed over.
class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    [[nodiscard]] bool valid() const { return fd_ >= 0; }
    [[nodiscard]] int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }

private:
    int fd_;
};

bool lock(int fd, bool read_only, const std::string& path, std::string& error) {
    if (::flock(fd, (read_only ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0) return true;
    error = errno == EWOULDBLOCK
                ? path + ": in use: another controller or simulation has this image open"
                : describe(path, "cannot lock");
    return false;
}

bool find_size(int fd, const std::string& path, std::uint64_t& size, std::string& error) {
    struct stat status {};
    if (::fstat(fd, &status) != 0) {
        error = describe(path, "cannot stat");
        return false;
    }
    if (!S_ISREG(status.st_mode) && !S_ISBLK(status.st_mode)) {
        error = path + ": neither a regular file nor a block device";
        return false;
    }
    // Seeking gives the size of a block device too, for which st_size is 0.
    const off_t end = ::lseek(fd, 0, SEEK_END);
    if (end < 0) {
        error = describe(path, "cannot find the size");
        return false;
    }
    size = static_cast<std::uint64_t>(end);
    return true;
}

}  // namespace

std::unique_ptr<FileStore> FileStore::open(const std::string& path, bool read_only,
                                           std::string& error) {
    // O_NONBLOCK: the path may name a FIFO, and opening that would wait for its other end.
    const int flags = (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NONBLOCK;
    Descriptor fd(::open(path.c_str(), flags));
    if (!fd.valid()) {
        error = describe(path, "cannot open");
        return nullptr;
    }
    std::uint64_t size = 0;
    if (!find_size(fd.get(), path, size, error)) return nullptr;
    if (!lock(fd.get(), read_only, path, error)) return nullptr;
    return std::unique_ptr<FileStore>(new FileStore(fd.release(), size, read_only));
}

std::unique_ptr<FileStore> FileStore::create(const std::string& path, std::uint64_t size,
                                             std::string& error) {
    Descriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!fd.valid()) {
        error = describe(path, "cannot create");
        return nullptr;
    }
    if (!lock(fd.get(), false, path, error)) return nullptr;
    errno = EFBIG;
    if (size > kMaxFileSize || ::ftruncate(fd.get(), static_cast<off_t>(size)) != 0) {
        error = describe(path, "cannot give it its size");
        ::unlink(path.c_str());
        return nullptr;
    }
    return std::unique_ptr<FileStore>(new FileStore(fd.release(), size, false));
}

FileStore::~FileStore() {
    ::close(fd_);
}

IoStatus FileStore::read(std::uint64_t offset, void* dst, std::size_t length) {
    if (!in_range(size_, offset, length)) return IoStatus::kOutOfRange;
    auto* to = static_cast<std::byte*>(dst);
    while (length != 0) {
        const ssize_t done = ::pread(fd_, to, length, static_cast<off_t>(offset));
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return IoStatus::kReadError;
        to += done;
        offset += static_cast<std::uint64_t>(done);
        length -= static_cast<std::size_t>(done);
    }
    return IoStatus::kOk;
}

IoStatus FileStore::write(std::uint64_t offset, const void* src, std::size_t length) {
    if (read_only_) return IoStatus::kReadOnly;
    if (!in_range(size_, offset, length)) return IoStatus::kOutOfRange;
    const auto* from = static_cast<const std::byte*>(src);
    while (length != 0) {
        const ssize_t done = ::pwrite(fd_, from, length, static_cast<off_t>(offset));
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return kRefused;
        from += done;
        offset += static_cast<std::uint64_t>(done);
        length -= static_cast<std::size_t>(done);
    }
    return IoStatus::kOk;
}

IoStatus FileStore::deallocate(std::uint64_t offset, std::uint64_t length) {
    if (read_only_) return IoStatus::kReadOnly;
    if (!in_range(size_, offset, length)) return IoStatus::kOutOfRange;
    if (length == 0) return IoStatus::kOk;
    int result = 0;
    do {
        result = ::fallocate(fd_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                             static_cast<off_t>(offset), static_cast<off_t>(length));
    } while (result != 0 && errno == EINTR);
    if (result == 0) return IoStatus::kOk;
    // Not supported here, not aligned as a block device wants, or no room to split an extent: zeros
    // serve as well, where there is room for them.
    return write_zeros(offset, length);
}

IoStatus FileStore::write_zeros(std::uint64_t offset, std::uint64_t length) {
    static constexpr std::array<std::byte, 65536> kZeros{};
    while (length != 0) {
        const std::size_t part = std::min<std::uint64_t>(length, kZeros.size());
        if (IoStatus status = write(offset, kZeros.data(), part); status != IoStatus::kOk) {
            return status;
        }
        offset += part;
        length -= part;
    }
    return IoStatus::kOk;
}

IoStatus FileStore::flush() {
    if (read_only_) return IoStatus::kOk;
    int result = 0;
    do {
        result = ::fdatasync(fd_);
    } while (result != 0 && errno == EINTR);
    // Not kTryLater: the kernel forgets what it could not write, and the next call would succeed.
    return result == 0 ? IoStatus::kOk : IoStatus::kWriteError;
}

IoStatus FileStore::resize(std::uint64_t new_size) {
    if (read_only_) return IoStatus::kReadOnly;
    if (new_size > kMaxFileSize || ::ftruncate(fd_, static_cast<off_t>(new_size)) != 0) {
        return IoStatus::kWriteError;
    }
    size_ = new_size;
    return IoStatus::kOk;
}

}  // namespace media
