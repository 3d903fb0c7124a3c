// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "platform/workload/io_request.h"

namespace platform {

inline constexpr std::string_view kSpdkStart = "BDEV_IO_START";
inline constexpr std::string_view kSpdkDone = "BDEV_IO_DONE";

/// What the argument `type` of BDEV_IO_START says; nothing: what no replay does.
/// [SPDK 26.09-pre include/spdk/bdev.h, enum spdk_bdev_io_type]
[[nodiscard]] constexpr std::optional<Op> spdk_op(std::uint64_t type) {
    switch (type) {
        case 1:
            return Op::kRead;
        case 2:
            return Op::kWrite;
        case 3:
            return Op::kTrim;
        case 4:
            return Op::kFlush;
        case 9:
            return Op::kWriteZeroes;
        default:
            return std::nullopt;
    }
}

inline constexpr std::string_view kSpdkOther = "a request of another type";

}  // namespace platform
