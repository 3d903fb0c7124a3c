// SPDX-License-Identifier: Apache-2.0
#include "models/pcie/link.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <stdexcept>

#include "tests/unit/pcie/link_fixture.h"

namespace pcie::test {
namespace {

TEST(Link, TakesTheTimeOfEachGenerationsRateAndCoding) {
    // 4096 bytes on one lane. Generations 1 and 2 send 10 bits a byte, later ones 8 * 130 / 128.
    EXPECT_EQ(Link(bare(1, 1)).write(0, 4096), 16'384'000u);
    EXPECT_EQ(Link(bare(2, 1)).write(0, 4096), 8'192'000u);
    EXPECT_EQ(Link(bare(3, 1)).write(0, 4096), 4'160'000u);
    EXPECT_EQ(Link(bare(4, 1)).write(0, 4096), 2'080'000u);
    EXPECT_EQ(Link(bare(5, 1)).write(0, 4096), 1'040'000u);
    // A flit of 256 bytes carries 236.
    EXPECT_EQ(Link(bare(6, 1)).write(0, 236 * 16), 256u * 16 * 125);
}

TEST(Link, LanesShareTheBytes) {
    EXPECT_EQ(Link(bare(3, 4)).write(0, 4096), 1'040'000u);
    EXPECT_EQ(Link(bare(3, 16)).write(0, 4096), 260'000u);
    EXPECT_EQ(Link(bare(5, 16)).write(0, 1), 16u);  // 15.87 ps, rounded up
}

TEST(Link, APostedWriteArrivesOneLatencyAfterItsLastByteLeft) {
    LinkParams params = bare(1, 1);
    params.max_payload = 256;
    params.tlp_overhead_bytes = 24;
    params.latency_ns = 150;
    Link link(params);
    // 513 bytes are 3 packets: 513 + 72 bytes of 4 ns.
    EXPECT_EQ(link.write(1'000, 513), 1'000u + 585 * 4'000 + 150'000);
    EXPECT_EQ(link.busy_up_ps(), 585u * 4'000);
    EXPECT_EQ(link.busy_down_ps(), 0u);
}

TEST(Link, AReadCostsRequestsUpCompletionsDownAndTwoLatencies) {
    LinkParams params = bare(1, 1);
    params.max_payload = 256;
    params.max_read_request = 512;
    params.tlp_overhead_bytes = 24;
    params.latency_ns = 150;
    Link link(params);
    EXPECT_EQ(link.read(0, 512), (24 + 512 + 48) * 4'000u + 300'000);
    EXPECT_EQ(link.busy_up_ps(), 24u * 4'000);
    EXPECT_EQ(link.busy_down_ps(), 560u * 4'000);
}

TEST(Link, TheDataOfALongReadFlowsWhileItsLaterRequestsLeave) {
    LinkParams params = bare(1, 1);
    params.max_payload = 128;
    params.max_read_request = 128;
    params.tlp_overhead_bytes = 24;
    Link link(params);
    EXPECT_EQ(link.read(0, 1280), (24 + 1280 + 240) * 4'000u);
    EXPECT_EQ(link.busy_up_ps(), 240u * 4'000);
}

TEST(Link, ReadsAreAsFastAsTheirTagsComeBack) {
    LinkParams params = bare(5, 16);
    params.latency_ns = 400;
    params.read_latency_ns = 200;
    params.max_read_request = 512;
    for (const std::uint32_t tags : {1u, 8u, 32u}) {
        params.tags = tags;
        Link link(params);
        EXPECT_EQ(link.read(0, 64), 1'000'000u + 64 * 65'000 / 256 / 16 + 1) << "alone";
        link.reset();
        util::TimePs end = 0;
        constexpr std::uint64_t kReads = 1'000, kBytes = 4096;
        for (std::uint64_t i = 0; i != kReads; ++i) end = link.read(0, kBytes);
        const double rate = static_cast<double>(kReads * kBytes) / static_cast<double>(end);
        EXPECT_NEAR(rate, tags * 512 / 1e6, rate * 0.01) << tags;
    }
    params.tags = 1024;  // more than the link needs: 63 GB/s
    Link link(params);
    util::TimePs end = 0;
    for (unsigned i = 0; i != 1'000; ++i) end = link.read(0, 4096);
    EXPECT_NEAR(4096e3 / static_cast<double>(end), 0.063, 0.001);
}

TEST(Link, PacketsAreAcknowledgedInTheOtherDirection) {
    LinkParams params = bare(1, 1);
    params.max_payload = 256;
    params.dllp_bytes = 8;
    Link link(params);
    (void)link.write(0, 512);
    EXPECT_EQ(link.busy_down_ps(), 2u * 8 * 4'000);
    link.reset();
    (void)link.read(0, 512);  // one request, two completions
    EXPECT_EQ(link.busy_down_ps(), (512u + 8) * 4'000);
    EXPECT_EQ(link.busy_up_ps(), 2u * 8 * 4'000);
}

TEST(Link, ACompletionIsNotLargerThanTheRequest) {
    LinkParams params = bare(1, 1);
    params.max_payload = 512;
    params.max_read_request = 128;
    params.tlp_overhead_bytes = 24;
    Link link(params);
    EXPECT_EQ(link.read(0, 512), (24 + 512 + 4 * 24) * 4'000u);
}

TEST(Link, TransfersInOneDirectionQueue) {
    for (const std::uint64_t bytes : {100u, 10'000u}) {  // one packet, and many
        Link link(bare(1, 1));
        const util::TimePs one = bytes * 4'000;
        EXPECT_EQ(link.write(0, bytes), one);
        EXPECT_EQ(link.write(0, bytes), 2 * one);
        EXPECT_EQ(link.write(one / 2, bytes), 3 * one);
        EXPECT_EQ(link.write(50 * one, bytes), 51 * one);
        EXPECT_EQ(link.busy_up_ps(), 4 * one);
    }
}

TEST(Link, TheTwoDirectionsAreIndependent) {
    Link link(bare(1, 1));
    EXPECT_EQ(link.read(0, 10'000), 40'000'000u);
    EXPECT_EQ(link.write(0, 10'000), 40'000'000u);
    EXPECT_EQ(link.read(0, 10'000), 80'000'000u);
    EXPECT_EQ(link.write(0, 10'000), 80'000'000u);
}

// A completion entry used to wait for all the data that had been asked for before it.
TEST(Link, OnePacketWaitsForNoLongTransfer) {
    Link link(bare(1, 1));
    EXPECT_EQ(link.write(0, 10'000), 40'000'000u);
    EXPECT_EQ(link.write(0, 100), 400'000u);
    EXPECT_EQ(link.write(0, 100), 800'000u) << "but for another one";
    EXPECT_EQ(link.write(0, 10'000), 80'800'000u) << "and takes of the capacity";
    Link down(bare(1, 1));
    EXPECT_EQ(down.read(0, 10'000), 40'000'000u);
    EXPECT_EQ(down.read(0, 100), 400'000u);
}

// The requests of a long read used to keep the direction up until the last of them had left.
TEST(Link, RequestsGoUpWhileTheirDataComesDown) {
    LinkParams params = bare(1, 1);
    params.tlp_overhead_bytes = 24;
    Link link(params);
    (void)link.read(0, 1 << 20);
    EXPECT_EQ(link.write(0, 8), (24 + 24 + 8) * 4'000u) << "behind the first request";
    const util::TimePs requests = (1 << 20) / 512 * 24 * 4'000u;
    EXPECT_GE(link.write(0, 10'000), requests) << "which have taken their share";
}

TEST(Link, APacketBehindDataArrivesRightAfterIt) {
    LinkParams params = bare(1, 1);
    params.latency_ns = 10;
    Link link(params);
    const util::TimePs data = link.write(0, 10'000);
    EXPECT_EQ(link.write_behind(0, data, 20), data + 80'000);
    Link idle(params);
    EXPECT_EQ(idle.write_behind(5, 0, 20), 5 + 80'000 + 10'000u);
}

TEST(Link, APacketThatLeavesLaterKeepsNobodyWaitingUntilThen) {
    LinkParams params = bare(1, 1);
    params.latency_ns = 10;
    Link link(params);
    EXPECT_EQ(link.write_later(0, 1'000'000, 20), 1'000'000 + 80'000 + 10'000u);
    EXPECT_EQ(link.write(0, 20), 2 * 80'000 + 10'000u);
}

TEST(Link, NoBytesStillCostAPacket) {
    LinkParams params = bare(1, 1);
    params.tlp_overhead_bytes = 24;
    EXPECT_EQ(Link(params).write(0, 0), 96'000u);
    EXPECT_EQ(Link(params).read(0, 0), 192'000u);
}

TEST(Link, OfGenerationZeroTakesNoTimeAtAll) {
    LinkParams params;
    params.gen = 0;
    Link link(params);
    EXPECT_EQ(link.write(77, 1 << 20), 77u);
    EXPECT_EQ(link.read(77, 1 << 20), 77u);
    EXPECT_EQ(link.busy_up_ps() + link.busy_down_ps(), 0u);
}

TEST(Link, ResetForgetsReservationsAndStatistics) {
    Link link(bare(1, 1));
    (void)link.read(0, 1'000'000);
    link.reset();
    EXPECT_EQ(link.busy_down_ps(), 0u);
    EXPECT_EQ(link.read(0, 1000), 4'000'000u);
}

TEST(Link, AnImpossiblyLongTransferEndsAndNeverWraps) {
    LinkParams params = bare(1, 1);
    params.max_payload = params.max_read_request = 128;
    params.tlp_overhead_bytes = 1024;
    Link link(params);
    const util::TimePs first = link.write(0, ~0ull);
    EXPECT_GT(first, util::kPsPerS);
    EXPECT_EQ(link.write(0, ~0ull), 2 * first);
    EXPECT_GE(link.read(0, ~0ull), first);
    EXPECT_GE(link.write(0, ~0ull), 3 * first);
}

TEST(Link, RefusesParametersThatMeanNothing) {
    EXPECT_TRUE(validate(LinkParams{}).empty());
    LinkParams params;
    params.gen = 7;
    params.lanes = 0;
    params.max_payload = 100;
    params.max_read_request = 0;
    params.tlp_overhead_bytes = ~0u;
    params.latency_ns = ~0ull;
    EXPECT_EQ(validate(params).size(), 6u);
    EXPECT_THROW(Link{params}, std::invalid_argument);
}

}  // namespace
}  // namespace pcie::test
