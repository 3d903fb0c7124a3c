// SPDX-License-Identifier: Apache-2.0
// A device that is none, a guest that is none, and the calendar between them.
#include "platform/uml/pci_device.h"

#include <fstream>
#include <sstream>
#include <vector>

#include "platform/uml/calendar.h"
#include "tests/sim/support/sim_test.h"
#include "tests/sim/uml/plain_device.h"

namespace platform::uml {
namespace {

constexpr auto kPatience = std::chrono::seconds(20);

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
