// SPDX-License-Identifier: Apache-2.0
#include "platform/config/preset.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "platform/config/param_list.h"

namespace platform {

void apply_preset(const std::string& name, nvme::ControllerParams& params,
                  std::vector<std::string>& problems) {
    const auto& all = presets();
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const Preset& preset) { return preset.name == name; });
    if (found != all.end()) {
        const auto preset = nlohmann::json::parse(found->text);
        return read_object(parameters_of(params), preset.at("controller"),
                           "preset " + name + ": controller", {}, problems);
    }
    std::string names;
    for (const Preset& preset : all)
        names += (names.empty() ? "" : ", ") + std::string{preset.name};
    problems.push_back("preset = \"" + name + "\": must be one of " + names);
}

std::string presets_text() {
    std::string text;
    for (const Preset& preset : presets()) {
        const auto json = nlohmann::json::parse(preset.text);
        text +=
            std::string{preset.name} + "\n  " + json.at("description").get<std::string>() + "\n";
        for (const auto& source : json.at("sources"))
            text += "  - " + source.get<std::string>() + "\n";
    }
    return text;
}

}  // namespace platform
