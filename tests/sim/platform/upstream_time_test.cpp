// SPDX-License-Identifier: Apache-2.0
// The way into host memory that several devices share.
#include "platform/modules/upstream_time.h"

#include <cstdint>

#include "platform/modules/host_platform.h"
#include "tests/sim/platform/bus_initiator.h"
#include "tests/sim/platform/fake_endpoint.h"
#include "tests/sim/support/sim_test.h"

namespace platform {
namespace {

constexpr std::uint64_t kGigabyte = 1'000'000'000;  // a second: a byte a nanosecond

TEST(UpstreamTimeTest, WithoutALimitThereIsOnlyTheLatency) {
    UpstreamTime none(0, 0), latency(0, 30);
    EXPECT_FALSE(none.takes_time());
    EXPECT_TRUE(latency.takes_time());
    EXPECT_FALSE(latency.shared());
    for (int i = 0; i != 3; ++i) EXPECT_EQ(latency.pass(true, 1'000, 1'000, 1 << 20), 30'000u);
}

TEST(UpstreamTimeTest, BytesPassOneAfterTheOtherInEachDirection) {
    for (const std::uint64_t bytes : {100u, 1'000u}) {  // short, and long
        UpstreamTime way(kGigabyte, 30);
        const util::TimePs one = bytes * 1'000, latency = 30'000;
        EXPECT_EQ(way.pass(true, 0, 0, bytes), one + latency);
        EXPECT_EQ(way.pass(true, 0, 0, bytes), 2 * one + latency);
        EXPECT_EQ(way.pass(false, 0, 0, bytes), one + latency) << "the other direction";
        EXPECT_EQ(way.pass(true, 5 * one, 5 * one, bytes), one + latency);
    }
}

TEST(UpstreamTimeTest, AQueueEntryWaitsForNoData) {
    UpstreamTime way(kGigabyte, 0);
    EXPECT_EQ(way.pass(true, 0, 0, 4096), 4'096'000u);
    EXPECT_EQ(way.pass(true, 0, 0, 16), 16'000u);
    EXPECT_EQ(way.pass(true, 0, 0, 4096), 8'208'000u) << "which have as much less";
}

TEST(UpstreamTimeTest, WhatComesByAndByIsOnlyLateByWhatIsLeft) {
    UpstreamTime way(kGigabyte, 0);
    EXPECT_EQ(way.pass(true, 7'000'000, 10'000'000, 1'000), 0u) << "slower than the way";
    EXPECT_EQ(way.pass(true, 19'600'000, 20'000'000, 1'000), 600'000u) << "faster";
    EXPECT_EQ(way.pass(true, 19'600'000, 20'000'000, 1'000), 1'600'000u);
}

TEST(UpstreamTimeTest, NoTransactionIsTooLong) {
    UpstreamTime slow(1, 10'000'000);
    EXPECT_EQ(slow.pass(true, 0, 0, ~0ull), (1ull << 24) * util::kPsPerS + 10 * util::kPsPerMs);
    EXPECT_EQ(slow.pass(true, 0, 0, ~0ull), util::kNever);
}

class SharedWay : public nvme::test::SimTest {
protected:
    explicit SharedWay(std::uint64_t bandwidth = kGigabyte) : host("host", params(bandwidth)) {
        host.attach(endpoint);
        initiator.socket.bind(host.root_complex.upstream[1]);
    }
    static HostPlatformParams params(std::uint64_t bandwidth) {
        HostPlatformParams p;
        p.memory.size = 1 << 20;
        p.memory.read_latency_ns = 7;
        p.root_complex.endpoints = 2;
        p.root_complex.bandwidth = bandwidth;
        p.root_complex.latency_ns = 50;
        return p;
    }
    sc_core::sc_time ns(double n) { return {n, sc_core::SC_NS}; }

    HostPlatform host;
    FakeEndpoint endpoint{"endpoint"};
    BusInitiator initiator{"initiator"};
    std::uint8_t data[1024] = {};
};

TEST_F(SharedWay, DelaysWhatEndpointsSendAndGrantsNoPointers) {
    simulate([this] {
        EXPECT_EQ(initiator.read(0x100, data, 1024), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(initiator.delay, ns(1024 + 50 + 7));
        EXPECT_FALSE(initiator.trans.is_dmi_allowed());
        EXPECT_EQ(initiator.read(0x100, data, 1024), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(initiator.delay, ns(2048 + 50 + 7));
        EXPECT_EQ(initiator.write(0x100, data, 100), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(initiator.delay, ns(100 + 50));
        tlm::tlm_dmi dmi;
        EXPECT_FALSE(initiator.ask_dmi(0x100, dmi));
        EXPECT_EQ(initiator.debug_read(0x100, data, 16), 16u);
    });
}

class UnlimitedWay : public SharedWay {
protected:
    UnlimitedWay() : SharedWay(0) {}
};

TEST_F(UnlimitedWay, GrantsPointersWithItsLatencyInThem) {
    simulate([this] {
        EXPECT_EQ(initiator.read(0x100, data, 1024), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(initiator.delay, ns(50 + 7));
        EXPECT_TRUE(initiator.trans.is_dmi_allowed());
        tlm::tlm_dmi dmi;
        ASSERT_TRUE(initiator.ask_dmi(0x100, dmi));
        EXPECT_EQ(dmi.get_read_latency(), ns(57));
        EXPECT_EQ(dmi.get_write_latency(), ns(50));
    });
}

}  // namespace
}  // namespace platform
