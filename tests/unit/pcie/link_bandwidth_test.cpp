// SPDX-License-Identifier: Apache-2.0
// What a link carries, held against the arithmetic of the specification within 1 %.
#include <cstdint>

#include <gtest/gtest.h>

#include "tests/unit/pcie/link_fixture.h"

namespace pcie::test {
namespace {

constexpr std::uint64_t kBytes = 1 << 20;
constexpr std::uint32_t kOverhead = 24;

/// Bytes of data in a second, of packets with so many each. [PCIe-Base-6.0 4.2 Encoding: GT/s,
/// 8b/10b, 128b/130b, 236 of the 256 bytes of a flit]
double specified(unsigned gen, unsigned lanes, std::uint32_t payload) {
    constexpr double kGigatransfers[] = {0, 2.5, 5, 8, 16, 32, 64};
    constexpr double kCoding[] = {0, 0.8, 0.8, 128. / 130, 128. / 130, 128. / 130, 236. / 256};
    return kGigatransfers[gen] * 1e9 / 8 * kCoding[gen] * lanes * payload / (payload + kOverhead);
}

double rate(std::uint64_t bytes, util::TimePs end) {
    return static_cast<double>(bytes) / (static_cast<double>(end) / util::kPsPerS);
}

/// Calls test(params, gen, lanes, payload) for each link that there can be.
template <typename Test>
void for_each_link(Test test) {
    for (unsigned gen = 1; gen <= 6; ++gen)
        for (const unsigned lanes : {1u, 2u, 4u, 8u, 16u})
            for (std::uint32_t payload = 128; payload <= 4096; payload *= 2) {
                LinkParams params = bare(gen, lanes);
                params.max_payload = params.max_read_request = payload;
                params.tlp_overhead_bytes = kOverhead;
                test(params, specified(gen, lanes, payload));
            }
}

TEST(Link, CarriesWhatTheSpecificationsArithmeticSays) {
    for_each_link([](const LinkParams& params, double expected) {
        EXPECT_NEAR(rate(kBytes, Link(params).write(0, kBytes)), expected, expected * 0.01);
        EXPECT_NEAR(rate(kBytes, Link(params).read(0, kBytes)), expected, expected * 0.01);
    });
}

TEST(Link, CarriesAsMuchInBothDirectionsAtOnce) {
    for_each_link([](LinkParams params, double expected) {
        params.max_read_request = 4096;
        Link link(params);
        util::TimePs up = 0, down = 0;
        for (int i = 0; i != 16; ++i) {
            up = link.write(0, kBytes);
            down = link.read(0, kBytes);
        }
        EXPECT_NEAR(rate(16 * kBytes, down), expected, expected * 0.01);
        // The requests of the reads go up, too.
        const double packets = static_cast<double>(kBytes / params.max_payload);
        const double requests = static_cast<double>(kBytes / 4096);
        const double data = static_cast<double>(kBytes) + packets * kOverhead;
        const double share = data / (data + requests * kOverhead);
        EXPECT_NEAR(rate(16 * kBytes, up), expected * share, expected * 0.01);
    });
}

TEST(Link, CarriesCompletionsOfTheSizeOfTheBoundary) {
    for (unsigned gen = 1; gen <= 6; ++gen)
        for (const std::uint32_t boundary : {64u, 128u})
            for (const std::uint64_t gpa : {0x1000u, 0x1004u, 0x1ffcu}) {
                LinkParams params = bare(gen, 4);
                params.tlp_overhead_bytes = kOverhead;
                params.read_completion_boundary = params.completion_bytes = boundary;
                const double expected = specified(gen, 4, boundary);
                EXPECT_NEAR(rate(kBytes, Link(params).read(0, kBytes, gpa)), expected,
                            expected * 0.01);
            }
}

}  // namespace
}  // namespace pcie::test
