// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstring>

#include "models/media/store/block_store.h"
#include "models/media/store/range.h"

namespace media {

/// Keeps no bytes: whatever is written, zeros are read. For studies of time that write more than
/// the machine has room for.
class NullStore final : public BlockStore {
public:
    explicit NullStore(std::uint64_t size) : size_(size) {}

    [[nodiscard]] std::uint64_t size() const override { return size_; }
    [[nodiscard]] bool read_only() const override { return false; }
    [[nodiscard]] bool keeps_data() const override { return false; }
    [[nodiscard]] IoStatus read(std::uint64_t offset, void* dst, std::size_t length) override {
        if (!in_range(size_, offset, length)) return IoStatus::kOutOfRange;
        std::memset(dst, 0, length);
        return IoStatus::kOk;
    }
    [[nodiscard]] IoStatus write(std::uint64_t offset, const void*, std::size_t length) override {
        return in_range(size_, offset, length) ? IoStatus::kOk : IoStatus::kOutOfRange;
    }
    [[nodiscard]] IoStatus deallocate(std::uint64_t offset, std::uint64_t length) override {
        return in_range(size_, offset, length) ? IoStatus::kOk : IoStatus::kOutOfRange;
    }
    [[nodiscard]] IoStatus flush() override { return IoStatus::kOk; }
    [[nodiscard]] IoStatus resize(std::uint64_t new_size) override {
        size_ = new_size;
        return IoStatus::kOk;
    }

private:
    std::uint64_t size_;
};

}  // namespace media
