// SPDX-License-Identifier: Apache-2.0
// Into how many completions a host divides what a read asks for.
#include <algorithm>
#include <cstdint>

#include <gtest/gtest.h>

#include "tests/unit/pcie/link_fixture.h"

namespace pcie::test {
namespace {

/// A packet has 1 byte beside its data, and a byte takes 4 ns.
constexpr std::uint64_t kBytePs = 4'000;

LinkParams counting(std::uint32_t boundary, std::uint32_t completion, std::uint32_t payload = 256,
                    std::uint32_t request = 512) {
    LinkParams params = bare(1, 1);
    params.tlp_overhead_bytes = 1;
    params.read_completion_boundary = boundary;
    params.completion_bytes = completion;
    params.max_payload = payload;
    params.max_read_request = request;
    return params;
}

struct Packets {
    std::uint64_t requests, completions;
};

Packets packets_of(const LinkParams& params, std::uint64_t gpa, std::uint64_t bytes) {
    Link link(params);
    (void)link.read(0, bytes, gpa);
    return {link.busy_up_ps() / kBytePs, link.busy_down_ps() / kBytePs - bytes};
}

TEST(Link, WithoutABoundaryCompletionsBeginWithTheData) {
    EXPECT_EQ(packets_of(counting(0, 0), 0x1004, 512).completions, 2u);
    EXPECT_EQ(packets_of(counting(0, 64), 0x1004, 512).completions, 8u);
    EXPECT_EQ(packets_of(counting(0, 64), 0x1004, 512).requests, 1u);
}

TEST(Link, TheFirstCompletionGoesUpToTheBoundary) {
    EXPECT_EQ(packets_of(counting(64, 0), 0x1000, 512).completions, 2u) << "256 + 256";
    EXPECT_EQ(packets_of(counting(64, 0), 0x1004, 256).completions, 2u) << "60 + 196";
    EXPECT_EQ(packets_of(counting(64, 0), 0x1004, 320).completions, 3u) << "60 + 256 + 4";
    EXPECT_EQ(packets_of(counting(128, 0), 0x1004, 256).completions, 2u) << "124 + 132";
    EXPECT_EQ(packets_of(counting(64, 64), 0x1004, 128).completions, 3u) << "60 + 64 + 4";
    EXPECT_EQ(packets_of(counting(64, 64), 0x1004, 60).completions, 1u);
    EXPECT_EQ(packets_of(counting(64, 64), 0x1004, 4).completions, 1u) << "crosses none";
    EXPECT_EQ(packets_of(counting(64, 64), 0x1004, 0).completions, 1u);
}

TEST(Link, RequestsEndWhereTheNextOneIsAligned) {
    EXPECT_EQ(packets_of(counting(64, 0), 0x1000, 1024).requests, 2u);
    EXPECT_EQ(packets_of(counting(64, 0), 0x1004, 1024).requests, 3u) << "508 + 512 + 4";
    EXPECT_EQ(packets_of(counting(64, 0, 256, 4096), 0x1ffc, 8).requests, 2u) << "4 KiB boundary";
}

/// The same, one completion after the other.
Packets one_by_one(const LinkParams& p, std::uint64_t gpa, std::uint64_t bytes) {
    Packets n{0, 0};
    const std::uint64_t most = std::min({p.completion_bytes, p.max_payload, p.max_read_request});
    for (const std::uint64_t end = gpa + bytes; gpa != end; ++n.requests) {
        const std::uint64_t last =
            std::min(end, (gpa / p.max_read_request + 1) * p.max_read_request);
        for (; gpa != last; ++n.completions) {
            const std::uint64_t off = gpa % p.read_completion_boundary;
            gpa += std::min(last - gpa, off == 0 ? most : p.read_completion_boundary - off);
        }
    }
    return n;
}

TEST(Link, DividesAReadAtAnyPlaceAsOneCompletionAfterTheOtherDoes) {
    for (const std::uint32_t boundary : {64u, 128u})
        for (const std::uint32_t completion : {128u, 256u, 1024u})
            for (const std::uint32_t request : {128u, 512u, 4096u})
                for (std::uint64_t gpa = 0x1000; gpa < 0x1200; gpa += 36)
                    for (const std::uint64_t bytes : {4u, 64u, 100u, 512u, 4096u, 10'000u}) {
                        const LinkParams p = counting(boundary, completion, 512, request);
                        const Packets expected = one_by_one(p, gpa, bytes);
                        const Packets found = packets_of(p, gpa, bytes);
                        EXPECT_EQ(found.requests, expected.requests) << gpa << " " << bytes;
                        EXPECT_EQ(found.completions, expected.completions) << gpa << " " << bytes;
                    }
}

TEST(Link, AReadAtTheEndOfTheAddressSpaceIsLikeAnyOther) {
    EXPECT_EQ(packets_of(counting(64, 64), ~0ull, 1).completions, 1u);
    EXPECT_EQ(packets_of(counting(128, 0), ~0ull - 3, 4096).completions, 17u) << "4 and 4092";
}

}  // namespace
}  // namespace pcie::test
