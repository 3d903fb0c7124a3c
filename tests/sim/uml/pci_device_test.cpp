// SPDX-License-Identifier: Apache-2.0
// A device that is none, a guest that is none, and the calendar between them.
#include "platform/uml/pci_device.h"

#include <fstream>
#include <sstream>
#include <vector>

#include "models/pcie/dma_extension.h"
#include "platform/modules/payload.h"
#include "platform/uml/calendar.h"
#include "tests/sim/support/sim_test.h"

namespace platform::uml {
namespace {

constexpr auto kPatience = std::chrono::seconds(20);

/// Says what arrives at its sockets, and answers with ones.
class PlainDevice : public sc_core::sc_module {
public:
    tlm_utils::simple_target_socket_tagged<PlainDevice> config{"config"}, bar0{"bar0"},
        bar4{"bar4"};
    tlm_utils::simple_initiator_socket<PlainDevice> dma{"dma"};

    explicit PlainDevice(const sc_core::sc_module_name& name) : sc_module(name) {
        config.register_b_transport(this, &PlainDevice::take, 0);
        bar0.register_b_transport(this, &PlainDevice::take, 1);
        bar4.register_b_transport(this, &PlainDevice::take, 2);
    }
    void send_message(std::uint32_t data, double delay_ns) {
        tlm::tlm_generic_payload trans;
        pcie::DmaExtension message;
        message.kind = pcie::DmaExtension::Kind::kMessage;
        prepare(trans, tlm::TLM_WRITE_COMMAND, 0xa0000, &data, sizeof data);
        trans.set_extension(&message);
        sc_core::sc_time delay(delay_ns, sc_core::SC_NS);
        dma->b_transport(trans, delay);
        trans.clear_extension(&message);
        EXPECT_TRUE(trans.is_response_ok());
    }
    std::vector<std::string> arrived;

private:
    void take(int socket, tlm::tlm_generic_payload& trans, sc_core::sc_time&) {
        constexpr const char* kNames[]{"config", "bar0", "bar4"};
        std::ostringstream text;
        text << kNames[socket] << (trans.is_read() ? " read " : " write ")
             << trans.get_data_length() << " at " << std::hex << trans.get_address() << std::dec;
        if (trans.is_read()) std::fill_n(trans.get_data_ptr(), trans.get_data_length(), 1);
        if (trans.is_write()) text << ": " << int{trans.get_data_ptr()[0]};
        arrived.push_back(text.str());
        trans.set_response_status(tlm::TLM_OK_RESPONSE);
    }
};

class PciDeviceTest : public nvme::test::SimTest {
protected:
    void start(const std::string& deed) {
        ASSERT_EQ(guest_.start({FAKE_KERNEL, "", deed, 1, FIXED_RANDOM_FOLDER}), "");
        calendar_ = std::make_unique<Calendar>("calendar", CalendarParams{kPatience}, guest_);
        pci_.listen(guest_.take_device(0), kPatience);
        calendar_->add(pci_);
        pci_.config.bind(device_.config);
        pci_.bar0.bind(device_.bar0);
        pci_.bar4.bind(device_.bar4);
        device_.dma.bind(pci_.dma);
        pci_.intx.bind(intx_);
    }
    [[nodiscard]] std::string console() const {
        std::ostringstream text;
        text << std::ifstream(guest_.console_path()).rdbuf();
        return text.str();
    }
    static void wait_ns(double ns) { sc_core::wait(sc_core::sc_time(ns, sc_core::SC_NS)); }

    GuestProcess guest_;
    PciDevice pci_{"pci"};
    PlainDevice device_{"device"};
    sc_core::sc_signal<bool> intx_{"intx"};
    std::unique_ptr<Calendar> calendar_;
};

TEST_F(PciDeviceTest, PassesAccessesOnAsSeriesOfThoseThatADeviceUnderstands) {
    start("touches");
    simulate([&] { wait_ns(1); });
    EXPECT_EQ(device_.arrived,
              (std::vector<std::string>{"config write 4 at 10: 1", "config write 4 at 14: 5",
                                        "bar4 write 4 at 20: 9", "bar0 write 2 at 1002: 7",
                                        "bar0 write 4 at 1004: 7", "bar0 read 8 at 30"}));
    EXPECT_EQ(console(), "read 1\nnothing 255\n");
}

TEST_F(PciDeviceTest, InterruptsReachTheGuestAtTheNextNanosecondTogether) {
    start("listens");
    simulate([&] {
        wait_ns(100.3);
        device_.send_message(5, 0.4);
        device_.send_message(6, 0.6);
        wait_ns(99.7);
        device_.send_message(7, 0);
        wait_ns(100);
    });
    EXPECT_EQ(console(), "101: 7/5 7/6\n200: 7/7\n");
    EXPECT_EQ(calendar_->problem(), "");
}

TEST_F(PciDeviceTest, MessagesWithoutAPlaceWaitForTheGuestToMakeOne) {
    start("listens");
    simulate([&] {
        wait_ns(100);
        for (std::uint32_t data = 1; data <= 5; ++data) device_.send_message(data, 0);
        wait_ns(100);
    });
    EXPECT_EQ(console(), "100: 7/1 7/2\n100: 7/3 7/4\n100: 7/5\n");
}

TEST_F(PciDeviceTest, MessagesArriveInTheOrderOfTheirTimes) {
    start("listens");
    simulate([&] {
        wait_ns(100);
        device_.send_message(1, 50);
        device_.send_message(2, 20);
        wait_ns(100);
    });
    EXPECT_EQ(console(), "120: 7/2\n150: 7/1\n");
}

TEST_F(PciDeviceTest, APinThatRisesIsAnInterrupt) {
    start("listens");
    simulate([&] {
        wait_ns(300);
        intx_.write(true);
        wait_ns(50);
        intx_.write(false);
        wait_ns(50);
        intx_.write(true);
        wait_ns(50);
    });
    EXPECT_EQ(console(), "300: 6/1\n400: 6/1\n");
}

}  // namespace
}  // namespace platform::uml
