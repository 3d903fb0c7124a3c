// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>
#include <utility>

#include "models/media/timing/media_timing.h"

namespace media {

/// Hears of each media request, when it is made, and of write caches.
class MediaListener {
public:
    virtual ~MediaListener() = default;
    virtual void on_media_access(const MediaRequest& request, MediaTiming::Span span) = 0;
    /// A write cache holds so many bytes of the namespace that are not on the media.
    virtual void on_cache_fill(std::uint32_t nsid, std::uint64_t dirty_bytes) = 0;
};

/// Another timing, whose requests somebody may listen to.
class ToldTiming final : public MediaTiming {
public:
    explicit ToldTiming(std::unique_ptr<MediaTiming> timing) : timing_(std::move(timing)) {}

    /// Null: nobody.
    void set_listener(MediaListener* listener) { listener_ = listener; }

    [[nodiscard]] Span schedule(util::TimePs start, const MediaRequest& request) override {
        timing_->set_now(now());
        const Span span = timing_->schedule(start, request);
        if (listener_ != nullptr) listener_->on_media_access(request, span);
        return span;
    }
    [[nodiscard]] std::string set_size(std::uint32_t nsid, std::uint64_t bytes) override {
        return timing_->set_size(nsid, bytes);
    }
    void reset() override { timing_->reset(); }
    [[nodiscard]] MediaStatistics statistics() const override { return timing_->statistics(); }
    void set_block_listener(BlockListener* listener) override {
        timing_->set_block_listener(listener);
    }
    void set_nand_listener(NandListener* listener) override {
        timing_->set_nand_listener(listener);
    }
    void on_cache_fill(std::uint32_t nsid, std::uint64_t dirty_bytes) override {
        if (listener_ != nullptr) listener_->on_cache_fill(nsid, dirty_bytes);
    }

private:
    const std::unique_ptr<MediaTiming> timing_;
    MediaListener* listener_ = nullptr;
};

}  // namespace media
