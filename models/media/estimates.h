// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/media/media_params.h"
#include "models/util/time.h"

namespace media {

/// How long idle media takes to read `bytes` that lie one after the other.
[[nodiscard]] util::TimePs read_time(const MediaParams& params, std::uint64_t bytes);

/// About how long idle media takes to make `bytes` of a write cache durable.
[[nodiscard]] util::TimePs flush_time(const MediaParams& params, std::uint64_t bytes);

}  // namespace media
