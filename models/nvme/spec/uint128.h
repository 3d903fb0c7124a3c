// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <type_traits>

namespace nvme::spec {

/// A 128-bit little-endian number of a data structure, eight bytes aligned.
struct Uint128Le {
    std::uint64_t low;
    std::uint64_t high;
};
static_assert(sizeof(Uint128Le) == 16);
static_assert(std::is_trivially_copyable_v<Uint128Le>);

}  // namespace nvme::spec
