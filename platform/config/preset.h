// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "models/nvme/params/params.h"

namespace platform {

/// A realistic drive: a file of platform/presets, which is part of the program.
struct Preset {
    std::string_view name;
    std::string_view text;  ///< JSON: description, sources, figures, and controller: parameters
};
[[nodiscard]] const std::vector<Preset>& presets();

/// Sets the parameters that the preset names. A preset that does not exist becomes a message.
void apply_preset(const std::string& name, nvme::ControllerParams& params,
                  std::vector<std::string>& problems);

/// All of them, a paragraph each: what it is, and the public figures that it was made from.
[[nodiscard]] std::string presets_text();

}  // namespace platform
