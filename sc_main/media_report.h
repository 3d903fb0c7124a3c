// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "models/media/timing/statistics.h"

namespace nvme_vp {

/// What the media has done; null for a model that counts nothing.
[[nodiscard]] nlohmann::ordered_json media_json(const media::MediaStatistics& media);
/// The same in a line; empty when nothing was written.
[[nodiscard]] std::string media_text(const media::MediaStatistics& media);

}  // namespace nvme_vp
