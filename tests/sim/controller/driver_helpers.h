// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <cstring>

#include <gtest/gtest.h>

#include "platform/driver/host_driver.h"

namespace nvme::test {

/// A buffer of `bytes`, each byte of which depends on its place and on `seed`.
platform::DmaBuffer make_pattern(platform::HostDriver& driver, std::uint64_t bytes, unsigned seed);

/// Writes `blocks` blocks of 512 bytes, reads them back into other memory, and compares. Leaves no
/// memory allocated.
testing::AssertionResult verified_io(platform::HostDriver& driver, unsigned seed,
                                     std::uint64_t lba = 64, std::uint32_t blocks = 32,
                                     std::uint16_t qid = 0, std::uint32_t nsid = 1);

std::uint64_t now_ps();

inline sc_core::sc_time us(double n) {
    return {n, sc_core::SC_US};
}
inline sc_core::sc_time ns(double n) {
    return {n, sc_core::SC_NS};
}

}  // namespace nvme::test
