// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "models/media/store/block_store.h"

namespace media {

/// A disk image (regular file, of any length) or a block device as the bytes of a namespace.
///
/// The image is locked while it is open: one writer, or any number of readers. The lock is
/// advisory (flock), so it tells simulations apart, not other programs.
class FileStore final : public BlockStore {
public:
    /// Opens an existing image. Null on failure, and `error` then says why in one line with the
    /// path.
    [[nodiscard]] static std::unique_ptr<FileStore> open(const std::string& path, bool read_only,
                                                         std::string& error);
    /// Makes a new sparse image of `size` zero bytes and opens it for writing. An existing file is
    /// an error and is left alone.
    [[nodiscard]] static std::unique_ptr<FileStore> create(const std::string& path,
                                                           std::uint64_t size, std::string& error);
    ~FileStore() override;
    FileStore(const FileStore&) = delete;
    FileStore& operator=(const FileStore&) = delete;

    [[nodiscard]] std::uint64_t size() const override { return size_; }
    [[nodiscard]] bool read_only() const override { return read_only_; }
    /// kReadError also when the file has become shorter behind our back.
    [[nodiscard]] IoStatus read(std::uint64_t offset, void* dst, std::size_t length) override;
    /// kTryLater when the file system has no room, or fails otherwise. Where RLIMIT_FSIZE limits
    /// files, the program has to ignore SIGXFSZ.
    [[nodiscard]] IoStatus write(std::uint64_t offset, const void* src,
                                 std::size_t length) override;
    /// Punches a hole; writes zeros where the file system or device cannot.
    [[nodiscard]] IoStatus deallocate(std::uint64_t offset, std::uint64_t length) override;
    [[nodiscard]] IoStatus flush() override;
    /// A block device cannot be resized: kWriteError.
    [[nodiscard]] IoStatus resize(std::uint64_t new_size) override;

private:
    FileStore(int fd, std::uint64_t size, bool read_only)
        : fd_(fd), size_(size), read_only_(read_only) {}
    IoStatus write_zeros(std::uint64_t offset, std::uint64_t length);

    const int fd_;
    std::uint64_t size_;
    const bool read_only_;
};

}  // namespace media
