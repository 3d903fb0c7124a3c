// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/workload/io_request.h"

namespace platform {

/// One request, or one completion, as a recording has it.
struct Recorded {
    Op op = Op::kRead;
    std::uint64_t time_ns = 0;  ///< by the recording's clock, which may begin anywhere
    std::uint64_t offset = 0;   ///< bytes; 0 for a flush
    std::uint64_t length = 0;   ///< bytes; 0 for a flush
    std::uint32_t device = 0;   ///< index into RecordingReader::devices()
    std::uint32_t cpu = 0;      ///< 0 where the format has none
    std::uint32_t process = 0;  ///< 0 where the format has none
    std::uint64_t key = 0;      ///< what a request and its completion have in common; 0: no such
    std::uint64_t place = 0;    ///< line, from 1, or byte
    std::uint32_t part = 0;     ///< file, of a recording that is several
    std::optional<std::uint64_t> latency_ns;  ///< where the request's own line has it
};

/// What in a recording cannot be understood.
struct Damage {
    std::string place;    ///< ":7" or ": byte 96"; what a name of a file is put in front of
    std::string problem;  ///< with the value
    std::string allowed;  ///< empty: goes without saying

    /// "trace.csv:7: ...; allowed: ..."
    [[nodiscard]] std::string text(std::string_view file_name) const;
};

/// Why something is no request of the replay, and how often that was so.
struct LeftOut {
    std::string reason;  ///< continues "7 times "
    std::uint64_t count = 0;
};
/// Once more for this reason.
void count_left_out(std::vector<LeftOut>& all, std::string_view reason);

}  // namespace platform
