// SPDX-License-Identifier: Apache-2.0
#include "platform/modules/interconnect.h"

#include <cstdint>

#include "platform/modules/memory.h"
#include "tests/sim/platform/bus_initiator.h"
#include "tests/sim/support/sim_test.h"

namespace platform {
namespace {

constexpr std::uint64_t kLow = 0x1'0000;
constexpr std::uint64_t kHigh = 0xFFFF'FFFF'FFFF'0000;  // up to the end of the address space
constexpr std::uint64_t kRegionBytes = 0x1'0000;

/// Two initiators; the first memory appears whole at kLow, of the second only the upper half of
/// its 128 KiB at kHigh. A third input stays unbound.
class InterconnectTest : public nvme::test::SimTest {
protected:
    InterconnectTest() {
        a.socket.bind(bus.in[0]);
        b.socket.bind(bus.in[1]);
        bus.out[0].bind(first.socket);
        bus.out[1].bind(second.socket);
        bus.map(kHigh, kRegionBytes, 1, kRegionBytes);
        bus.map(kLow, kRegionBytes, 0);
    }

    BusInitiator a{"a"}, b{"b"};
    Memory first{"first", {kRegionBytes, 0, 0, true}};
    Memory second{"second", {2 * kRegionBytes, 0, 0, true}};
    Interconnect bus{"bus", 3, 3};
};

TEST_F(InterconnectTest, RebasesTheAddressAndRestoresItAfterwards) {
    simulate([this] {
        const std::uint32_t value = 0x600D'CAFE;
        EXPECT_EQ(a.write(kLow + 8, &value, 4), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(a.trans.get_address(), kLow + 8);
        EXPECT_EQ(first.peek<std::uint32_t>(8), value);
        EXPECT_EQ(b.write(kHigh + kRegionBytes - 4, &value, 4), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(second.peek<std::uint32_t>(2 * kRegionBytes - 4), value);
    });
}

TEST_F(InterconnectTest, AnswersAddressErrorOutsideOfRegionsAndAcrossTheirEnd) {
    simulate([this] {
        std::uint64_t value = 0;
        for (const std::uint64_t address : {std::uint64_t{0}, kLow - 1, kLow + kRegionBytes - 7,
                                            kLow + kRegionBytes, kHigh - 1, kHigh + 0xFFFC})
            EXPECT_EQ(a.read(address, &value, 8), tlm::TLM_ADDRESS_ERROR_RESPONSE) << address;
        EXPECT_EQ(first.errors() + second.errors(), 0u);  // none of them got through
    });
}

TEST_F(InterconnectTest, ShiftsAndClipsDmiRanges) {
    simulate([this] {
        tlm::tlm_dmi dmi;
        ASSERT_TRUE(a.ask_dmi(kHigh + 16, dmi));
        EXPECT_EQ(dmi.get_start_address(), kHigh);
        EXPECT_EQ(dmi.get_end_address(), ~std::uint64_t{0});
        dmi.get_dmi_ptr()[16] = 0x77;  // the pointer stands for the start of the range
        EXPECT_EQ(second.peek<std::uint8_t>(kRegionBytes + 16), 0x77);
        EXPECT_EQ(a.trans.get_address(), kHigh + 16);
    });
}

TEST_F(InterconnectTest, DeniesDmiForTheWholeGapBetweenRegions) {
    simulate([this] {
        tlm::tlm_dmi dmi;
        EXPECT_FALSE(a.ask_dmi(kLow + kRegionBytes + 5, dmi));
        EXPECT_EQ(dmi.get_start_address(), kLow + kRegionBytes);
        EXPECT_EQ(dmi.get_end_address(), kHigh - 1);
    });
}

TEST_F(InterconnectTest, BroadcastsInvalidationsInTheInitiatorsAddresses) {
    simulate([this] {
        tlm::tlm_dmi dmi;
        ASSERT_TRUE(a.ask_dmi(kHigh, dmi));
        second.invalidate_dmi();  // covers both halves, of which one is mapped
        const std::pair<std::uint64_t, std::uint64_t> expected{kHigh, ~std::uint64_t{0}};
        ASSERT_EQ(a.invalidated.size(), 1u);
        EXPECT_EQ(a.invalidated[0], expected);
        ASSERT_EQ(b.invalidated.size(), 1u);
        EXPECT_EQ(b.invalidated[0], expected);
    });
}

TEST_F(InterconnectTest, ClipsDebugAccessAtTheEndOfARegion) {
    simulate([this] {
        std::uint64_t value = 0;
        first.poke<std::uint32_t>(kRegionBytes - 4, 0x1234'5678);
        EXPECT_EQ(a.debug_read(kLow + kRegionBytes - 4, &value, 8), 4u);
        EXPECT_EQ(value, 0x1234'5678u);
        EXPECT_EQ(a.trans.get_data_length(), 8u);
        EXPECT_EQ(a.debug_read(0, &value, 8), 0u);
    });
}

TEST_F(InterconnectTest, RefusesRegionsThatOverlapWrapOrLeadNowhere) {
    const auto refused = [this](std::uint64_t base, std::uint64_t size, unsigned output) {
        return refusal_of([&] { bus.map(base, size, output); }) != "";
    };
    EXPECT_TRUE(refused(kLow, 1, 0));
    EXPECT_TRUE(refused(kLow - 1, 2, 0));
    EXPECT_TRUE(refused(0, ~std::uint64_t{0}, 0));
    EXPECT_TRUE(refused(0, 0, 0));
    EXPECT_TRUE(refused(kHigh + kRegionBytes - 1, 2, 0));
    EXPECT_TRUE(refused(0, 1, 3));
    EXPECT_FALSE(refused(kLow - 1, 1, 0));
}

TEST_F(InterconnectTest, ARegionWhoseOutputIsNotBoundDoesNotElaborate) {
    bus.map(0, 16, 2);
    EXPECT_NE(refusal_of([] { sc_core::sc_start(sc_core::SC_ZERO_TIME); }), "");
}

}  // namespace
}  // namespace platform
