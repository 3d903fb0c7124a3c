// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "models/media/store/block_store.h"

namespace media {

/// A run of bytes of a namespace's media.
struct MediaRange {
    std::uint32_t nsid;
    unsigned lba_shift;
    std::uint64_t offset, length;  ///< bytes
};

/// Decides which accesses to the media fail.
class MediaFaults {
public:
    virtual ~MediaFaults() = default;
    [[nodiscard]] virtual bool read_fails(const MediaRange& range) = 0;
    [[nodiscard]] virtual bool write_fails(const MediaRange& range) = 0;
    /// New content is there: what could not be read before can be read again.
    virtual void rewritten(const MediaRange& range) = 0;
};

/// What several plans make of the same media: an access fails by the first that says so.
class MediaFaultList final : public MediaFaults {
public:
    /// `now` instead of `before`; null: nothing.
    void replace(MediaFaults* before, MediaFaults* now) {
        all_.erase(std::remove(all_.begin(), all_.end(), before), all_.end());
        if (now != nullptr) all_.push_back(now);
    }
    /// Null: nothing fails.
    [[nodiscard]] MediaFaults* effective() {
        if (all_.empty()) return nullptr;
        return all_.size() == 1 ? all_.front() : this;
    }

    [[nodiscard]] bool read_fails(const MediaRange& range) override {
        return std::any_of(all_.begin(), all_.end(),
                           [&](MediaFaults* faults) { return faults->read_fails(range); });
    }
    [[nodiscard]] bool write_fails(const MediaRange& range) override {
        return std::any_of(all_.begin(), all_.end(),
                           [&](MediaFaults* faults) { return faults->write_fails(range); });
    }
    void rewritten(const MediaRange& range) override {
        for (MediaFaults* faults : all_) faults->rewritten(range);
    }

private:
    std::vector<MediaFaults*> all_;
};

/// A store whose accesses fail on demand. It lies below the volatile write cache, as bad media do:
/// what the cache holds is read without error, and a cached write fails when it is destaged.
class FaultyStore final : public BlockStore {
public:
    FaultyStore(std::unique_ptr<BlockStore> store, std::uint32_t nsid, unsigned lba_shift)
        : store_(std::move(store)), nsid_(nsid), lba_shift_(lba_shift) {}

    /// Null: nothing fails but what fails by itself.
    void set_faults(MediaFaults* faults) { faults_ = faults; }

    [[nodiscard]] std::uint64_t size() const override { return store_->size(); }
    [[nodiscard]] bool read_only() const override { return store_->read_only(); }
    [[nodiscard]] IoStatus read(std::uint64_t offset, void* dst, std::size_t length) override {
        if (faults_ != nullptr && faults_->read_fails(range(offset, length)))
            return IoStatus::kReadError;
        return store_->read(offset, dst, length);
    }
    void expect(std::uint64_t offset) const override { store_->expect(offset); }
    [[nodiscard]] IoStatus write(std::uint64_t offset, const void* src,
                                 std::size_t length) override {
        if (faults_ != nullptr && faults_->write_fails(range(offset, length)))
            return IoStatus::kWriteError;
        return noted(store_->write(offset, src, length), offset, length);
    }
    [[nodiscard]] IoStatus deallocate(std::uint64_t offset, std::uint64_t length) override {
        if (faults_ != nullptr && faults_->write_fails(range(offset, length)))
            return IoStatus::kWriteError;
        return noted(store_->deallocate(offset, length), offset, length);
    }
    [[nodiscard]] IoStatus write_zeroes(std::uint64_t offset, std::uint64_t length) override {
        if (faults_ != nullptr && faults_->write_fails(range(offset, length)))
            return IoStatus::kWriteError;
        return noted(store_->write_zeroes(offset, length), offset, length);
    }
    [[nodiscard]] bool knows_written() const override { return store_->knows_written(); }
    [[nodiscard]] bool written(std::uint64_t offset, std::uint64_t length) const override {
        return store_->written(offset, length);
    }
    [[nodiscard]] IoStatus flush() override { return store_->flush(); }
    [[nodiscard]] IoStatus resize(std::uint64_t new_size) override {
        return store_->resize(new_size);
    }

private:
    [[nodiscard]] MediaRange range(std::uint64_t offset, std::uint64_t length) const {
        return {nsid_, lba_shift_, offset, length};
    }
    IoStatus noted(IoStatus status, std::uint64_t offset, std::uint64_t length) {
        if (faults_ != nullptr && status == IoStatus::kOk)
            faults_->rewritten(range(offset, length));
        return status;
    }

    const std::unique_ptr<BlockStore> store_;
    const std::uint32_t nsid_;
    const unsigned lba_shift_;
    MediaFaults* faults_ = nullptr;
};

}  // namespace media
