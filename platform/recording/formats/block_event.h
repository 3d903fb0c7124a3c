// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>

#include "platform/recording/recording_format.h"

namespace platform {

/// An event of Linux's block layer, as blktrace records it and blkparse prints it.
struct BlockEvent {
    char action = '?';      ///< as blkparse calls it: Q, D, C
    std::optional<Op> op;   ///< nothing: no data are moved
    bool preflush = false;  ///< what is in the cache is to be durable before
    bool passed = false;    ///< a command that somebody passes through the block layer
    std::uint64_t bytes = 0;
};

/// What a block event is for a replay.
enum class BlockMeaning : std::uint8_t {
    kRequest,
    kFlushAndRequest,  ///< a flush, and then the data
    kCompletion,
    kOther,   ///< another action
    kNoData,  ///< neither data nor a flush
    kPassed   ///< what a disk is asked is in no trace
};

/// The requests are Q or D, as `chosen` says, and C their ends: other actions are kOther.
[[nodiscard]] bool matters(char action, BlockAction chosen);
/// Sets op, length and key of `recorded`, of which time, offset and device are known.
[[nodiscard]] BlockMeaning meaning_of(const BlockEvent& event, BlockAction chosen,
                                      Recorded& recorded);
/// What goes before a request with data and a flush.
[[nodiscard]] Recorded flush_before(Recorded request);
/// Why it makes no request; empty: it does, or ends one.
[[nodiscard]] std::string_view reason_of(BlockMeaning meaning);

}  // namespace platform
