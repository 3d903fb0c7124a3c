// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/media/store/ram_store.h"
#include "models/media/store/range.h"

namespace media::test {

/// Durable memory that remembers what was asked of it and fails where it is told to.
class RecordingStore final : public BlockStore {
public:
    explicit RecordingStore(std::uint64_t size, bool read_only = false)
        : bytes_(size), read_only_(read_only) {}

    [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
    [[nodiscard]] bool read_only() const override { return read_only_; }
    [[nodiscard]] IoStatus read(std::uint64_t offset, void* dst, std::size_t length) override {
        ++reads;
        if (hits(bad_read, offset, length)) return IoStatus::kReadError;
        return bytes_.read(offset, dst, length);
    }
    [[nodiscard]] IoStatus write(std::uint64_t offset, const void* src,
                                 std::size_t length) override {
        writes.push_back({offset, length});
        if (hits(bad_write, offset, length)) return IoStatus::kWriteError;
        return bytes_.write(offset, src, length);
    }
    [[nodiscard]] IoStatus deallocate(std::uint64_t offset, std::uint64_t length) override {
        if (hits(bad_write, offset, length)) return IoStatus::kWriteError;
        return bytes_.deallocate(offset, length);
    }
    [[nodiscard]] IoStatus flush() override {
        ++flushes;
        return flush_status;
    }
    [[nodiscard]] IoStatus resize(std::uint64_t new_size) override {
        return bytes_.resize(new_size);
    }

    struct Access {
        std::uint64_t offset;
        std::uint64_t length;
        bool operator==(const Access& other) const {
            return offset == other.offset && length == other.length;
        }
    };
    std::vector<Access> writes;
    unsigned reads = 0;
    unsigned flushes = 0;
    std::optional<std::uint64_t> bad_read;   // a byte that cannot be read
    std::optional<std::uint64_t> bad_write;  // a byte that cannot be written
    IoStatus flush_status = IoStatus::kOk;

private:
    static bool hits(const std::optional<std::uint64_t>& bad, std::uint64_t offset,
                     std::uint64_t length) {
        return bad && *bad >= offset && *bad - offset < length;
    }

    RamStore bytes_;
    const bool read_only_;
};

}  // namespace media::test
