// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "models/util/time.h"

namespace platform {

/// What one request of a workload or of a trace does. The values index per-operation arrays.
enum class Op : std::uint8_t { kRead, kWrite, kTrim, kFlush, kWriteZeroes };

inline constexpr std::size_t kOpCount = 5;
inline constexpr std::array<std::string_view, kOpCount> kOpNames{"read", "write", "trim", "flush",
                                                                 "zero"};

[[nodiscard]] constexpr std::size_t index_of(Op op) {
    return static_cast<std::size_t>(op);
}
[[nodiscard]] constexpr std::string_view name_of(Op op) {
    return kOpNames[index_of(op)];
}

/// One request that a workload wants issued. Offset and length are bytes of the namespace; both are
/// 0 for a flush.
struct IoRequest {
    Op op = Op::kRead;
    /// The data of this read can be checked with IoGenerator::check, before complete() is called.
    bool verify = false;
    /// This read belongs to the read-back phase, not to the access pattern of the job.
    bool read_back = false;
    /// Of a write: it has completed when its data are on the media.
    bool force_unit_access = false;
    std::uint32_t length = 0;
    std::uint64_t offset = 0;
    /// Counts the requests of one job instance, from 0.
    std::uint64_t sequence = 0;
    /// Which of the regions that plan_jobs() made for the job instance: each is on a namespace.
    unsigned region = 0;
    /// Earliest moment to issue it, in ps since the job began. 0: at once.
    util::TimePs not_before = 0;
};

}  // namespace platform
