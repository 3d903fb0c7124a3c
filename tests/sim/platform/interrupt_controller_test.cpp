// SPDX-License-Identifier: Apache-2.0
#include "platform/modules/interrupt_controller.h"

#include <cstdint>
#include <vector>

#include "tests/sim/platform/bus_initiator.h"
#include "tests/sim/support/sim_test.h"

namespace platform {
namespace {

constexpr std::uint64_t kBus = 0xFEE0'0000;

class InterruptControllerTest : public nvme::test::SimTest {
protected:
    InterruptControllerTest() {
        device.socket.bind(interrupts.socket);
        interrupts.wires[0].bind(line);
    }
    tlm::tlm_response_status message(std::uint64_t address, std::uint32_t data) {
        return device.write(address - kBus, &data, 4);
    }

    BusInitiator device{"device"};
    sc_core::sc_signal<bool> line{"line"};
    InterruptController interrupts{"interrupts", 8, kBus, 2};
};

TEST_F(InterruptControllerTest, AMessageSetsPendingUntilItIsAcknowledged) {
    simulate([this] {
        EXPECT_EQ(message(interrupts.message_address(3), InterruptController::message_data(3)),
                  tlm::TLM_OK_RESPONSE);
        EXPECT_TRUE(interrupts.pending(3));
        EXPECT_FALSE(interrupts.pending(2));
        EXPECT_EQ(interrupts.count(3), 1u);
        EXPECT_EQ(interrupts.last_address(3), interrupts.message_address(3));
        EXPECT_TRUE(interrupts.acknowledge(3));
        EXPECT_FALSE(interrupts.acknowledge(3));
    });
}

TEST_F(InterruptControllerTest, WakesAWaiterWhenTheAnnotatedDelayIsOver) {
    std::vector<sc_core::sc_time> woken;
    in_parallel([&] {
        for (unsigned i = 0; i < 2; ++i) {
            while (!interrupts.acknowledge(1)) wait(interrupts.event(1));
            woken.push_back(sc_core::sc_time_stamp());
        }
    });
    simulate([this] {
        std::uint32_t vector = 1;
        for (const int ns : {50, 20}) {  // the later message arrives first
            prepare(device.trans, tlm::TLM_WRITE_COMMAND, 4, &vector, 4);
            sc_core::sc_time delay(ns, sc_core::SC_NS);
            device.socket->b_transport(device.trans, delay);
            EXPECT_EQ(device.trans.get_response_status(), tlm::TLM_OK_RESPONSE);
        }
        EXPECT_FALSE(interrupts.pending(1));
    });
    ASSERT_EQ(woken.size(), 2u);
    EXPECT_EQ(woken[0], sc_core::sc_time(20, sc_core::SC_NS));
    EXPECT_EQ(woken[1], sc_core::sc_time(50, sc_core::SC_NS));
}

TEST_F(InterruptControllerTest, RefusesAndCountsWhatIsNoMessage) {
    simulate([this] {
        std::uint64_t data = 0;
        EXPECT_EQ(message(kBus, 8), tlm::TLM_GENERIC_ERROR_RESPONSE);  // vectors are 0 to 7
        EXPECT_EQ(message(kBus + 2, 0), tlm::TLM_ADDRESS_ERROR_RESPONSE);
        EXPECT_EQ(message(kBus + InterruptController::kWindowBytes, 0),
                  tlm::TLM_ADDRESS_ERROR_RESPONSE);
        EXPECT_EQ(device.write(0, &data, 8), tlm::TLM_BURST_ERROR_RESPONSE);
        EXPECT_EQ(device.write(0, &data, 2), tlm::TLM_BURST_ERROR_RESPONSE);
        EXPECT_EQ(device.read(0, &data, 4), tlm::TLM_COMMAND_ERROR_RESPONSE);
        EXPECT_EQ(interrupts.spurious(), 6u);
        EXPECT_EQ(interrupts.count(0), 0u);
    });
}

TEST_F(InterruptControllerTest, ShowsTheLevelOfAWireAndTreatsAnUnboundOneAsLow) {
    simulate([this] {
        EXPECT_FALSE(interrupts.wire(0));
        line.write(true);
        wait(interrupts.wire_event(0));
        EXPECT_TRUE(interrupts.wire(0));
        EXPECT_FALSE(interrupts.wire(1));
        EXPECT_FALSE(interrupts.wire(2));
    });
}

TEST_F(InterruptControllerTest, HandsOutEachVectorOnceAndCallsBackOnDelivery) {
    std::vector<unsigned> delivered;
    interrupts.set_callback([&](unsigned vector) { delivered.push_back(vector); });
    EXPECT_EQ(interrupts.allocate(5), 0u);
    EXPECT_EQ(interrupts.allocate(3), 5u);
    EXPECT_FALSE(interrupts.allocate(1).has_value());
    simulate([this] { message(kBus, 6); });
    EXPECT_EQ(delivered, (std::vector<unsigned>{6}));
}

}  // namespace
}  // namespace platform
