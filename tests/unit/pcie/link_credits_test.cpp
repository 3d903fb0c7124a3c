// SPDX-License-Identifier: Apache-2.0
// What is limited by the room that a receiver has, a round trip at a time.
#include <cstdint>

#include <gtest/gtest.h>

#include "tests/unit/pcie/link_fixture.h"

namespace pcie::test {
namespace {

constexpr std::uint64_t kRoundTripPs = 1'000'000;

/// 63 GB/s, so that room is what limits.
LinkParams fast() {
    LinkParams params = bare(5, 16);
    params.latency_ns = 500;
    return params;
}

/// Bytes in a second of many transfers.
template <typename Transfer>
double sustained(const LinkParams& params, std::uint64_t bytes, Transfer transfer) {
    Link link(params);
    util::TimePs end = 0;
    constexpr std::uint64_t kTransfers = 2'000;
    for (std::uint64_t i = 0; i != kTransfers; ++i) end = transfer(link, bytes);
    return static_cast<double>(kTransfers * bytes) / static_cast<double>(end) * util::kPsPerS;
}

double writing(const LinkParams& params, std::uint64_t bytes) {
    return sustained(params, bytes, [](Link& link, std::uint64_t n) { return link.write(0, n); });
}

double reading(const LinkParams& params, std::uint64_t bytes) {
    return sustained(params, bytes, [](Link& link, std::uint64_t n) { return link.read(0, n); });
}

TEST(LinkCredits, WritesAreAsFastAsTheRootPortsBuffersComeBack) {
    for (const std::uint32_t data : {64u, 256u, 1024u}) {
        LinkParams params = fast();
        params.posted_data_credits = data;
        const double expected = data * 16.0 / kRoundTripPs * util::kPsPerS;
        EXPECT_NEAR(writing(params, 4096), expected, expected * 0.01);
    }
    for (const std::uint32_t headers : {8u, 32u}) {
        LinkParams params = fast();
        params.posted_header_credits = headers;
        const double expected = headers * 256.0 / kRoundTripPs * util::kPsPerS;
        EXPECT_NEAR(writing(params, 4096), expected, expected * 0.01);
        EXPECT_NEAR(writing(params, 20), expected * 20 / 256, expected * 0.01) << "one packet each";
    }
}

TEST(LinkCredits, WhatFitsIntoTheBuffersIsNotHeldUp) {
    LinkParams params = fast();
    Link unlimited(params);
    params.posted_data_credits = 256;
    params.posted_header_credits = 16;
    Link link(params);
    EXPECT_EQ(link.write(0, 4096), unlimited.write(0, 4096));
    // All are away. A sixteenth of them is back a sixteenth of the round trip later.
    EXPECT_EQ(link.write(0, 257), kRoundTripPs / 16 * 2 + 500'000);
    EXPECT_EQ(link.write(5 * kRoundTripPs, 4096), 5 * kRoundTripPs + Link(fast()).write(0, 4096));
}

TEST(LinkCredits, DataTakeACreditForEachSixteenBytes) {
    LinkParams params = fast();
    params.posted_data_credits = 16;
    Link link(params);
    (void)link.write(0, 257);  // 17, of which the last is back first
    EXPECT_EQ(link.write(0, 257), (17 + 1) * kRoundTripPs / 16 + 500'000);
}

TEST(LinkCredits, ACompletionEntryWaitsForNoLongWritesCredits) {
    LinkParams params = fast();
    params.posted_data_credits = 64;
    Link link(params);
    const util::TimePs data = link.write(0, 1 << 20);
    EXPECT_GT(data, 1'000 * kRoundTripPs);
    EXPECT_LT(link.write(0, 20), kRoundTripPs);
    EXPECT_EQ(link.write_behind(0, data, 20), data + link.crossing(20)) << "but follows its data";
}

TEST(LinkCredits, ReadsAreAsFastAsTheirHeadersAndTheRoomForTheirDataComeBack) {
    LinkParams params = fast();
    params.tags = 65536;
    params.read_latency_ns = 1'000;
    LinkParams headers = params;
    headers.nonposted_header_credits = 8;
    // A root port gives the header back before it has read its memory.
    double expected = 8 * 512.0 / kRoundTripPs * util::kPsPerS;
    EXPECT_NEAR(reading(headers, 4096), expected, expected * 0.01);
    LinkParams room = params;
    room.read_buffer_bytes = 16384;
    expected = 16384.0 / (2 * kRoundTripPs) * util::kPsPerS;
    EXPECT_NEAR(reading(room, 4096), expected, expected * 0.01);
    EXPECT_NEAR(writing(room, 4096), writing(params, 4096), 1);
}

TEST(LinkCredits, AreForgottenByAReset) {
    LinkParams params = fast();
    params.posted_data_credits = params.posted_header_credits = 64;
    params.nonposted_header_credits = 1;
    params.read_buffer_bytes = 512;
    Link link(params);
    const util::TimePs write = link.write(0, 100);
    const util::TimePs read = link.read(0, 100);
    (void)link.write(0, 1 << 20);
    (void)link.read(0, 1 << 20);
    link.reset();
    EXPECT_EQ(link.write(0, 100), write);
    EXPECT_EQ(link.read(0, 100), read);
}

TEST(LinkCredits, AreEnoughForOnePacketAtLeast) {
    LinkParams params = fast();
    params.posted_data_credits = 15;
    params.read_buffer_bytes = 511;
    params.read_completion_boundary = 128;
    params.completion_bytes = 64;
    EXPECT_EQ(
        validate(params),
        (std::vector<std::string>{
            "link_completion_bytes = 64: must be 0, or a power of two from 128 to 4096",
            "link_posted_data_credits = 15: must be 0, or at least link_max_payload / 16 (16)",
            "link_read_buffer_bytes = 511: must be 0, or at least link_max_read_request "
            "(512)"}));
    params = fast();
    params.read_completion_boundary = 96;
    EXPECT_EQ(validate(params), std::vector<std::string>{"link_read_completion_boundary = 96: "
                                                         "must be 0, 64 or 128"});
}

}  // namespace
}  // namespace pcie::test
