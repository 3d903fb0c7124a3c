// SPDX-License-Identifier: Apache-2.0
#include "platform/modules/host_platform.h"

#include <cstdint>

#include "tests/sim/platform/fake_endpoint.h"
#include "tests/sim/support/sim_test.h"

namespace platform {
namespace {

constexpr std::uint64_t kBar0 = 0xD000'0000;
constexpr std::uint64_t kBar4 = 0xD001'0000;

/// Three slots, of which the last stays empty.
class HostPlatformTest : public nvme::test::SimTest {
protected:
    static HostPlatformParams three_slots() {
        HostPlatformParams params;
        params.memory.size = std::uint64_t{1} << 20;
        params.root_complex.endpoints = 3;
        return params;
    }
    HostPlatformTest() {
        EXPECT_EQ(host.attach(first), 0u);
        EXPECT_EQ(host.attach(second), 1u);
    }
    void place(unsigned device, std::uint64_t bar0, std::uint64_t bar4) {
        host.cpu.config_write<std::uint32_t>(device, 0x10, static_cast<std::uint32_t>(bar0));
        host.cpu.config_write<std::uint32_t>(device, 0x14, static_cast<std::uint32_t>(bar0 >> 32));
        host.cpu.config_write<std::uint32_t>(device, 0x20, static_cast<std::uint32_t>(bar4));
        host.cpu.config_write<std::uint16_t>(device, 0x04, 0x6);
    }

    HostPlatform host{"host", three_slots()};
    FakeEndpoint first{"first"}, second{"second"};
};

TEST_F(HostPlatformTest, ConfigurationReadsOfAbsentFunctionsGiveAllOnes) {
    simulate([this] {
        EXPECT_EQ(host.cpu.config_read(0, 0), 0x5678'1234u);
        EXPECT_EQ(host.cpu.config_read<std::uint16_t>(1, 2), 0x5678u);
        EXPECT_EQ(host.cpu.config_read(2, 0), 0xFFFF'FFFFu);                 // empty slot
        EXPECT_EQ(host.cpu.config_read(31, 0), 0xFFFF'FFFFu);                // no slot
        EXPECT_EQ(host.cpu.config_read<std::uint16_t>(0, 0x1000), 0xFFFFu);  // function 1
        EXPECT_EQ(host.root_complex.failed_reads(), 3u);
        host.cpu.config_write<std::uint32_t>(2, 4, 6);
        EXPECT_EQ(host.root_complex.dropped_writes(), 1u);
        EXPECT_EQ(host.cpu.bus_errors(), 0u);  // all of it is ordinary PCI Express
    });
}

TEST_F(HostPlatformTest, DecodesBarsWhereEnumerationPutThem) {
    simulate([this] {
        place(0, kBar0, kBar4);
        place(1, 0xD800'0000, 0xD810'0000);
        host.cpu.write32(kBar0 + 0x14, 0x0046'0001);
        host.cpu.write64(0xD800'0028, 0x1'0000'0000);
        host.cpu.write32(kBar4 + 0xffc, 0x77);
        EXPECT_EQ(first.bar0_bytes[0x14], 0x01);
        EXPECT_EQ(second.bar0_bytes[0x2c], 0x01);
        EXPECT_EQ(first.bar4_bytes[0xffc], 0x77);

        place(0, 0xDC00'0000, kBar4);  // moved: the old place is nobody's
        EXPECT_EQ(host.cpu.read32(kBar0 + 0x14), 0xFFFF'FFFFu);
        EXPECT_EQ(host.cpu.read32(0xDC00'0014), 0x0046'0001u);
    });
}

TEST_F(HostPlatformTest, SizingABarDoesNotDisturbDecodingAndBoundsIt) {
    simulate([this] {
        host.cpu.config_write<std::uint32_t>(0, 0x10, ~0u);
        EXPECT_EQ(host.cpu.config_read(0, 0x10), 0xFFFF'0004u);
        place(0, kBar0, kBar4 + 0x10'0000);
        EXPECT_EQ(host.cpu.read32(kBar0 + FakeEndpoint::kBar0Bytes - 4), 0u);
        EXPECT_EQ(host.cpu.read32(kBar0 + FakeEndpoint::kBar0Bytes), 0xFFFF'FFFFu);
    });
}

TEST_F(HostPlatformTest, AReadThatTheEndpointRefusesGivesAllOnesAndAWriteIsDropped) {
    simulate([this] {
        place(0, kBar0, kBar4);
        host.cpu.config_write<std::uint16_t>(0, 0x04, 0);  // Memory Space Enable off
        EXPECT_EQ(host.cpu.read64(kBar0), ~std::uint64_t{0});
        host.cpu.write32(kBar0, 1);
        EXPECT_EQ(host.root_complex.failed_reads(), 1u);
        EXPECT_EQ(host.root_complex.dropped_writes(), 1u);
        EXPECT_EQ(first.bar0_bytes[0], 0);
        host.cpu.config_write<std::uint16_t>(0, 0x04, 2);
        EXPECT_EQ(host.cpu.read8(kBar0), 0);
    });
}

TEST_F(HostPlatformTest, AnAccessOutsideOfBothWindowsIsABusError) {
    simulate([this] {
        EXPECT_EQ(host.cpu.read32(0), 0xFFFF'FFFFu);
        EXPECT_EQ(host.cpu.read64(0xDFFF'FFFC), ~std::uint64_t{0});  // across the end of the window
        EXPECT_EQ(host.cpu.read64(~std::uint64_t{0}), ~std::uint64_t{0});
        EXPECT_EQ(host.cpu.bus_errors(), 3u);
        EXPECT_EQ(host.root_complex.failed_reads(), 0u);
    });
}

TEST_F(HostPlatformTest, TheCpuWaitsForTheDelayThatADeviceAsksFor) {
    simulate([this] {
        place(0, kBar0, kBar4);
        first.bar0_delay = sc_core::sc_time(700, sc_core::SC_NS);
        EXPECT_EQ(host.cpu.read32(kBar0), 0u);
        EXPECT_EQ(sc_core::sc_time_stamp(), sc_core::sc_time(700, sc_core::SC_NS));
    });
}

TEST_F(HostPlatformTest, EndpointsReachMemoryAndInterruptsAndSeeBusErrors) {
    simulate([this] {
        std::uint32_t value = 0xDA7A'DA7A;
        EXPECT_EQ(first.dma_access(tlm::TLM_WRITE_COMMAND, 0x100, &value, 4), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(host.memory.peek<std::uint32_t>(0x100), value);
        std::uint32_t vector = 9;
        EXPECT_EQ(second.dma_access(tlm::TLM_WRITE_COMMAND, host.interrupts.message_address(9),
                                    &vector, 4),
                  tlm::TLM_OK_RESPONSE);
        EXPECT_TRUE(host.interrupts.pending(9));
        // One past the end of memory, and a BAR of a neighbour: neither is all ones to a device.
        for (const std::uint64_t gpa : {host.memory.size(), kBar0})
            EXPECT_EQ(first.dma_access(tlm::TLM_READ_COMMAND, gpa, &value, 4),
                      tlm::TLM_ADDRESS_ERROR_RESPONSE);
        host.memory.fail(0, 0xfff, tlm::TLM_GENERIC_ERROR_RESPONSE);
        EXPECT_EQ(first.dma_access(tlm::TLM_READ_COMMAND, 0x100, &value, 4),
                  tlm::TLM_GENERIC_ERROR_RESPONSE);
    });
}

TEST_F(HostPlatformTest, ADmiPointerOfAnEndpointReachesThroughToMemory) {
    simulate([this] {
        tlm::tlm_generic_payload trans;
        tlm::tlm_dmi dmi;
        trans.set_address(0x4000);
        ASSERT_TRUE(first.dma->get_direct_mem_ptr(trans, dmi));
        EXPECT_EQ(dmi.get_end_address(), host.memory.size() - 1);
        dmi.get_dmi_ptr()[0x4000 - dmi.get_start_address()] = 0x42;
        EXPECT_EQ(host.memory.peek<std::uint8_t>(0x4000), 0x42);
        trans.set_address(host.interrupts.message_address(0));
        EXPECT_FALSE(first.dma->get_direct_mem_ptr(trans, dmi));
    });
}

TEST_F(HostPlatformTest, LinesOfEachSlotReachItsEndpoint) {
    simulate([this] {
        EXPECT_TRUE(first.perst_n->read());
        host.perst_n[0].write(false);
        second.intx->write(true);
        wait(sc_core::SC_ZERO_TIME);
        EXPECT_FALSE(first.perst_n->read());
        EXPECT_TRUE(second.perst_n->read());
        EXPECT_TRUE(host.interrupts.wire(1));
        EXPECT_FALSE(host.interrupts.wire(0));
    });
}

TEST_F(HostPlatformTest, RefusesMoreEndpointsThanSlots) {
    FakeEndpoint third("third"), fourth("fourth");
    host.attach(third);
    EXPECT_NE(refusal_of([&] { host.attach(fourth); }), "");
}

}  // namespace
}  // namespace platform
