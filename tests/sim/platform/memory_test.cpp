// SPDX-License-Identifier: Apache-2.0
#include "platform/modules/memory.h"

#include <array>
#include <cstdint>

#include "tests/sim/platform/bus_initiator.h"
#include "tests/sim/support/sim_test.h"

namespace platform {
namespace {

constexpr std::uint64_t kSize = std::uint64_t{1} << 20;

class MemoryTest : public nvme::test::SimTest {
protected:
    explicit MemoryTest(const MemoryParams& params = {kSize, 0, 0, true})
        : memory("memory", params) {
        cpu.socket.bind(memory.socket);
    }

    BusInitiator cpu{"cpu"};
    Memory memory;
};

class SlowMemory : public MemoryTest {
protected:
    SlowMemory() : MemoryTest({kSize, 30, 50, true}) {}
};

TEST_F(MemoryTest, ReadsBackWhatWasWrittenAndZeroElsewhere) {
    simulate([this] {
        const std::uint64_t value = 0x1122'3344'5566'7788;
        std::array<std::uint64_t, 3> around{1, 1, 1};
        EXPECT_EQ(cpu.write(4096, &value, 8), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(cpu.read(4088, around.data(), 24), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(around, (std::array<std::uint64_t, 3>{0, value, 0}));
        EXPECT_EQ(memory.peek<std::uint64_t>(4096), value);
        EXPECT_EQ(cpu.delay, sc_core::SC_ZERO_TIME);
    });
}

TEST_F(MemoryTest, ReachesItsLastByteAndRefusesTheNext) {
    simulate([this] {
        const std::uint32_t value = 0xABCD'EF01;
        EXPECT_EQ(cpu.write(kSize - 4, &value, 4), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(cpu.write(kSize - 3, &value, 4), tlm::TLM_ADDRESS_ERROR_RESPONSE);
        EXPECT_EQ(cpu.write(kSize, &value, 4), tlm::TLM_ADDRESS_ERROR_RESPONSE);
        EXPECT_EQ(cpu.write(~std::uint64_t{0}, &value, 4), tlm::TLM_ADDRESS_ERROR_RESPONSE);
        EXPECT_EQ(memory.peek<std::uint32_t>(kSize - 4), value);
        EXPECT_EQ(memory.errors(), 3u);
    });
}

TEST_F(MemoryTest, WritesOnlyTheBytesThatAreEnabled) {
    simulate([this] {
        std::array<std::uint8_t, 6> data{1, 2, 3, 4, 5, 6};
        std::array<std::uint8_t, 2> enables{0xff, 0x00};  // shorter than the data: repeats
        prepare(cpu.trans, tlm::TLM_WRITE_COMMAND, 16, data.data(), 6);
        cpu.trans.set_byte_enable_ptr(enables.data());
        cpu.trans.set_byte_enable_length(2);
        EXPECT_EQ(cpu.send(), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ((memory.peek<std::array<std::uint8_t, 6>>(16)),
                  (std::array<std::uint8_t, 6>{1, 0, 3, 0, 5, 0}));
        cpu.trans.set_byte_enable_length(0);
        EXPECT_EQ(cpu.send(), tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    });
}

TEST_F(MemoryTest, StreamsToTheSameAddressesWhenTheWidthIsShorterThanTheData) {
    simulate([this] {
        std::array<std::uint8_t, 8> data{1, 2, 3, 4, 5, 6, 7, 8};
        prepare(cpu.trans, tlm::TLM_WRITE_COMMAND, kSize - 4, data.data(), 8);
        cpu.trans.set_streaming_width(4);
        EXPECT_EQ(cpu.send(), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ((memory.peek<std::array<std::uint8_t, 4>>(kSize - 4)),
                  (std::array<std::uint8_t, 4>{5, 6, 7, 8}));
        cpu.trans.set_streaming_width(0);
        EXPECT_EQ(cpu.send(), tlm::TLM_BURST_ERROR_RESPONSE);
    });
}

TEST_F(SlowMemory, AddsItsLatencyToTheDelayAndReportsItForDmi) {
    simulate([this] {
        std::uint32_t value = 0;
        cpu.read(0, &value, 4);
        EXPECT_EQ(cpu.delay, sc_core::sc_time(30, sc_core::SC_NS));
        cpu.write(0, &value, 4);
        EXPECT_EQ(cpu.delay, sc_core::sc_time(50, sc_core::SC_NS));
        tlm::tlm_dmi dmi;
        EXPECT_TRUE(cpu.ask_dmi(0, dmi));
        EXPECT_EQ(dmi.get_read_latency(), sc_core::sc_time(30, sc_core::SC_NS));
        EXPECT_EQ(dmi.get_write_latency(), sc_core::sc_time(50, sc_core::SC_NS));
        EXPECT_EQ(sc_core::sc_time_stamp(), sc_core::SC_ZERO_TIME);
    });
}

TEST_F(MemoryTest, GrantsDmiToTheSameBytes) {
    simulate([this] {
        tlm::tlm_dmi dmi;
        ASSERT_TRUE(cpu.ask_dmi(100, dmi));
        EXPECT_EQ(dmi.get_start_address(), 0u);
        EXPECT_EQ(dmi.get_end_address(), kSize - 1);
        dmi.get_dmi_ptr()[100] = 0x5a;
        EXPECT_EQ(memory.peek<std::uint8_t>(100), 0x5a);
        EXPECT_FALSE(cpu.ask_dmi(kSize, dmi));
    });
}

TEST_F(MemoryTest, AFailureAnswersWhereItIsTouchedAndTakesDmiBack) {
    simulate([this] {
        tlm::tlm_dmi dmi;
        std::array<std::uint8_t, 16> data{};
        ASSERT_TRUE(cpu.ask_dmi(0, dmi));
        memory.fail(0x1000, 0x1003, tlm::TLM_GENERIC_ERROR_RESPONSE);
        ASSERT_EQ(cpu.invalidated.size(), 1u);
        EXPECT_FALSE(cpu.ask_dmi(0, dmi));

        data.fill(7);
        EXPECT_EQ(cpu.write(0x0ff0, data.data(), 16), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(cpu.write(0x0ff1, data.data(), 16), tlm::TLM_GENERIC_ERROR_RESPONSE);
        EXPECT_EQ(cpu.write(0x1003, data.data(), 1), tlm::TLM_GENERIC_ERROR_RESPONSE);
        EXPECT_EQ(cpu.write(0x1004, data.data(), 1), tlm::TLM_OK_RESPONSE);
        EXPECT_EQ(memory.peek<std::uint8_t>(0x1000), 0);  // a failed burst moves nothing

        memory.clear_failures();
        EXPECT_EQ(cpu.write(0x1000, data.data(), 1), tlm::TLM_OK_RESPONSE);
        EXPECT_TRUE(cpu.ask_dmi(0, dmi));
    });
}

TEST_F(MemoryTest, RefusesDmiWhileItIsSwitchedOff) {
    simulate([this] {
        tlm::tlm_dmi dmi;
        ASSERT_TRUE(cpu.ask_dmi(0, dmi));
        memory.allow_dmi(false);
        EXPECT_EQ(cpu.invalidated.size(), 1u);
        EXPECT_FALSE(cpu.ask_dmi(0, dmi));
        std::uint8_t byte = 0;
        cpu.read(0, &byte, 1);
        EXPECT_FALSE(cpu.trans.is_dmi_allowed());
        memory.allow_dmi(true);
        EXPECT_TRUE(cpu.ask_dmi(0, dmi));
    });
}

TEST_F(MemoryTest, DebugAccessIsClippedAtTheEndAndIgnoresFailures) {
    simulate([this] {
        std::array<std::uint8_t, 16> data{};
        memory.fail(0, kSize - 1, tlm::TLM_GENERIC_ERROR_RESPONSE);
        memory.poke<std::uint8_t>(kSize - 1, 9);
        EXPECT_EQ(cpu.debug_read(kSize - 4, data.data(), 16), 4u);
        EXPECT_EQ(data[3], 9);
        EXPECT_EQ(cpu.debug_read(kSize, data.data(), 16), 0u);
    });
}

TEST_F(MemoryTest, FunctionalAccessOutsideIsOurOwnMistake) {
    EXPECT_NE(memory.data(kSize - 1, 1), nullptr);
    EXPECT_EQ(memory.data(kSize - 1, 2), nullptr);
    EXPECT_EQ(memory.data(~std::uint64_t{0}, 2), nullptr);
    EXPECT_NE(refusal_of([this] { (void)memory.peek<std::uint16_t>(kSize - 1); }), "");
}

TEST_F(MemoryTest, ThreeGigabytesCostNothingUntilTouched) {
    EXPECT_EQ(refusal_of([] {
                  Memory large("large", {0xC000'0000, 0, 0, true});
                  large.poke<std::uint8_t>(0xBFFF'FFFF, 1);
                  EXPECT_EQ(large.peek<std::uint8_t>(0xBFFF'FFFF), 1);
              }),
              "");
    EXPECT_NE(refusal_of([] { Memory none("none", {0, 0, 0, true}); }), "");
}

}  // namespace
}  // namespace platform
