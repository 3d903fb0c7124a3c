// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdio>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "platform/config/program_config.h"

namespace nvme_vp {

/// Tells what happens while a program runs: to people, to programs (`json_lines`), or to nobody
/// (`quiet`). One event at a time, and at once.
class Narrator {
public:
    Narrator(std::FILE* to, const platform::RunOptions& run);

    /// `text` has the ends of its lines; empty: people are told nothing. `event` is the first
    /// member of the line for programs, which `json`, an object, goes on with.
    void say(const std::string& text, const char* event, const nlohmann::ordered_json& json) const;
    /// The same for somebody who has asked: also when `quiet`.
    void answer(const std::string& text, const char* event,
                const nlohmann::ordered_json& json) const;

private:
    std::FILE* const to_;
    const bool quiet_, json_lines_;
};

}  // namespace nvme_vp
