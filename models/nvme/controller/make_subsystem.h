// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <string>

#include "models/nvme/params/params.h"
#include "models/nvme/subsystem/subsystem.h"

namespace nvme {

/// How long the media takes that these parameters describe; null: no time.
std::unique_ptr<media::MediaTiming> make_media_timing(const ControllerParams& params);
/// The NVM subsystem that these parameters describe; `nqn` is its name.
std::shared_ptr<Subsystem> make_subsystem(const ControllerParams& params, const std::string& nqn);

}  // namespace nvme
