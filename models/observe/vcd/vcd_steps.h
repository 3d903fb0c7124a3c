// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "models/observe/event_words.h"

namespace observe {

/// What a command is about, as the waveform shows it.
enum class VcdStep : std::uint8_t {
    kNone,
    kDoorbell,    ///< the host has rung; the controller has not begun to fetch
    kFetch,       ///< the entry is on its way
    kDecode,      ///< decoded, and its PRPs or SGL fetched
    kMedia,       ///< the media or the write cache is busy with it
    kData,        ///< data cross the link
    kCompletion,  ///< waits for a core, or for room in the completion queue
    kInterrupt,   ///< completed; neither has an interrupt told the host, nor has it moved the head
};
template <>
struct Words<VcdStep> {
    static constexpr std::array<std::string_view, 8> names{
        "none", "doorbell", "fetch", "decode", "media", "data", "completion", "interrupt"};
};

/// What a command does until the step `next` of its row runs (CommandStepped). kDecode for a step
/// that is not known here, an admin command's or a vendor's.
[[nodiscard]] VcdStep vcd_step_before(std::string_view next, std::uint8_t opcode);

}  // namespace observe
