// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "models/util/time.h"

namespace analysis {

/// A command's life in the order of time. Where it takes more steps than one of a stage, the stage
/// is their sum.
enum class Stage : std::uint8_t {
    kDoorbell,    ///< the tail doorbell took effect -> the entry is fetched
    kFetch,       ///< -> the entry has arrived
    kDecode,      ///< -> the first step
    kMedia,       ///< waits for the media, or for the write cache
    kData,        ///< data cross the link; and whatever else lies between
    kCompletion,  ///< all is done -> the completion entry is posted
    kInterrupt,   ///< -> an interrupt of its vector leaves
    kHost,        ///< -> the host's head doorbell passes the entry
};
inline constexpr std::size_t kStages = 8;
inline constexpr std::array<std::string_view, kStages> kStageNames{
    "doorbell", "fetch", "decode", "media", "data", "completion", "interrupt", "host"};

/// What a trace says of one command. Some ninety bytes, of which there may be millions.
struct Command {
    std::uint64_t slba = 0;
    util::TimePs begin_ps = 0;  ///< of the first stage that is known
    util::TimePs fetched_ps = 0;
    util::TimePs end_ps = util::kNever;  ///< completion posted; kNever: never
    /// Nanoseconds; below 0: not known.
    std::array<float, kStages> stage_ns{-1, -1, -1, -1, -1, -1, -1, -1};
    std::uint32_t nsid = 0;
    std::uint32_t blocks = 0;  ///< 0: its entry names none
    std::uint32_t bytes = 0;   ///< of its data buffers
    std::uint16_t sqid = 0, cid = 0;
    std::uint16_t status = 0;  ///< SCT << 8 | SC
    std::uint8_t opcode = 0;

    [[nodiscard]] bool completed() const { return end_ps != util::kNever; }
    /// From the fetch of the entry to the posting of the completion, as in the report of a run.
    [[nodiscard]] util::TimePs latency_ps() const { return end_ps - fetched_ps; }
    [[nodiscard]] bool is_io() const { return sqid != 0; }
    [[nodiscard]] float& stage(Stage s) { return stage_ns[static_cast<std::size_t>(s)]; }
    [[nodiscard]] float stage(Stage s) const { return stage_ns[static_cast<std::size_t>(s)]; }
};

constexpr double to_ns(util::TimePs ps) {
    return static_cast<double>(ps) / 1e3;
}

}  // namespace analysis
