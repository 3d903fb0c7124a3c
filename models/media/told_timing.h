// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <utility>

#include "models/media/media_timing.h"

namespace media {

/// Hears of each media request, when it is made.
class MediaListener {
public:
    virtual ~MediaListener() = default;
    virtual void on_media_access(const MediaRequest& request, MediaTiming::Span span) = 0;
};

/// Another timing, whose requests somebody may listen to.
class ToldTiming final : public MediaTiming {
public:
    explicit ToldTiming(std::unique_ptr<MediaTiming> timing) : timing_(std::move(timing)) {}

    /// Null: nobody.
    void set_listener(MediaListener* listener) { listener_ = listener; }

    [[nodiscard]] Span schedule(util::TimePs start, const MediaRequest& request) override {
        const Span span = timing_->schedule(start, request);
        if (listener_ != nullptr) listener_->on_media_access(request, span);
        return span;
    }
    void reset() override { timing_->reset(); }

private:
    const std::unique_ptr<MediaTiming> timing_;
    MediaListener* listener_ = nullptr;
};

}  // namespace media
