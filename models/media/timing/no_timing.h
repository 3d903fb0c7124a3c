// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/media/timing/media_timing.h"

namespace media {

/// Infinitely fast media: every request ends when it starts.
class NoTiming final : public MediaTiming {
public:
    [[nodiscard]] Span schedule(util::TimePs start, const MediaRequest&) override {
        return {start, start};
    }
    void reset() override {}
};

}  // namespace media
