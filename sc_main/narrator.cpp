// SPDX-License-Identifier: Apache-2.0
#include "sc_main/narrator.h"

#include <nlohmann/json.hpp>

#include "sc_main/standard_streams.h"

namespace nvme_vp {

Narrator::Narrator(std::FILE* to, const platform::RunOptions& run)
    : to_(to), quiet_(run.quiet), json_lines_(run.json_lines) {}

void Narrator::say(const std::string& text, const char* event,
                   const nlohmann::ordered_json& json) const {
    if (!quiet_) answer(text, event, json);
}

void Narrator::answer(const std::string& text, const char* event,
                      const nlohmann::ordered_json& json) const {
    if (!json_lines_) {
        if (!text.empty()) tell(to_, text);
        return;
    }
    nlohmann::ordered_json line{{"event", event}};
    line.update(json);
    constexpr auto kReplace = nlohmann::ordered_json::error_handler_t::replace;
    tell(to_, line.dump(-1, ' ', false, kReplace) + "\n");
}

}  // namespace nvme_vp
