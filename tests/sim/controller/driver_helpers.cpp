// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/controller/driver_helpers.h"

#include <cstddef>
#include <cstring>

namespace nvme::test {

platform::DmaBuffer make_pattern(platform::HostDriver& driver, std::uint64_t bytes, unsigned seed) {
    const platform::DmaBuffer b = driver.allocate(bytes);
    for (std::uint64_t i = 0; i < bytes; ++i)
        b.data[i] = static_cast<std::byte>((i * 131 + seed * 7919 + i / 256) & 0xff);
    return b;
}

testing::AssertionResult verified_io(platform::HostDriver& driver, unsigned seed, std::uint64_t lba,
                                     std::uint32_t blocks, std::uint16_t qid, std::uint32_t nsid) {
    const std::uint64_t bytes = std::uint64_t{blocks} * 512;
    const auto out = make_pattern(driver, bytes, seed);
    const auto in = driver.allocate(bytes);
    if (!out || !in) return testing::AssertionFailure() << "no memory";
    std::memset(in.data, 0xa5, bytes);
    const auto written = driver.write(nsid, lba, blocks, out, false, qid);
    const auto read = driver.read(nsid, lba, blocks, in, qid);
    const bool same = std::memcmp(out.data, in.data, bytes) == 0;
    driver.release(out);
    driver.release(in);
    if (!written.ok()) return testing::AssertionFailure() << "write: " << written;
    if (!read.ok()) return testing::AssertionFailure() << "read: " << read;
    if (!same) return testing::AssertionFailure() << "what was read is not what was written";
    return testing::AssertionSuccess();
}

std::uint64_t now_ps() {
    return static_cast<std::uint64_t>(sc_core::sc_time_stamp().to_seconds() * 1e12 + 0.5);
}

}  // namespace nvme::test
