// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string>

#include "models/util/time.h"

/// Numbers as people read them.
namespace analysis {

/// "12.3 us": three digits, in the unit that fits.
[[nodiscard]] std::string in_time(util::TimePs ps);
[[nodiscard]] std::string in_ns(double ns);
/// "0x1f"
[[nodiscard]] std::string hex(std::uint64_t value);
/// With so many digits behind the point, whatever the locale.
[[nodiscard]] std::string fixed(double value, int digits);
/// "4.00 KiB"
[[nodiscard]] std::string in_bytes(std::uint64_t bytes);

}  // namespace analysis
