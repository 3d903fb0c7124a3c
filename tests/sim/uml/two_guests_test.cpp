// SPDX-License-Identifier: Apache-2.0
// Two guests that are none, and the calendar between them.
#include <chrono>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "platform/uml/calendar.h"
#include "tests/sim/support/sim_test.h"
#include "tests/sim/uml/plain_device.h"

namespace platform::uml {
namespace {

constexpr auto kPatience = std::chrono::seconds(20);

/// A guest, and a device that says in a list of all guests' when it is touched.
struct Guest {
    explicit Guest(unsigned n)
        : number(n),
          pci(("pci" + std::to_string(n)).c_str()),
          device(("device" + std::to_string(n)).c_str()) {
        pci.config.bind(device.config);
        pci.bar0.bind(device.bar0);
        pci.bar4.bind(device.bar4);
        device.dma.bind(pci.dma);
        pci.intx.bind(intx);
    }
    void start(const std::string& deed) {
        ASSERT_EQ(process.start({FAKE_KERNEL, "", deed, 1, FIXED_RANDOM_FOLDER, number}), "");
        pci.listen(process.take_device(0), kPatience);
    }
    [[nodiscard]] std::string console() const {
        std::ostringstream text;
        text << std::ifstream(process.console_path()).rdbuf();
        return text.str();
    }

    const unsigned number;
    GuestProcess process;
    PciDevice pci;
    PlainDevice device;
    sc_core::sc_signal<bool> intx;
};

class TwoGuestsTest : public nvme::test::SimTest {
protected:
    void start(const std::string& first, const std::string& second) {
        guests_[0].start(first);
        guests_[1].start(second);
        calendar_ =
            std::make_unique<Calendar>("calendar", CalendarParams{kPatience}, guests_[0].process);
        calendar_->add(guests_[1].process);
        for (Guest& guest : guests_) {
            calendar_->add(guest.pci, guest.number);
            guest.device.on_access([this, &guest] {
                touched_.push_back(sc_core::sc_time_stamp().to_string() + " " +
                                   std::to_string(guest.number));
            });
        }
    }

    Guest guests_[2]{Guest(0), Guest(1)};
    std::vector<std::string> touched_;
    std::unique_ptr<Calendar> calendar_;
};

TEST_F(TwoGuestsTest, RunOneAfterTheOtherByTheirNumbersAtOneMoment) {
    start("touches_often", "touches_often");
    sc_core::sc_start();
    EXPECT_EQ(touched_, (std::vector<std::string>{"1 us 0", "1 us 1", "2 us 0", "2 us 1", "3 us 0",
                                                  "3 us 1"}));
    EXPECT_EQ(calendar_->problem(), "");
    EXPECT_TRUE(calendar_->guest_has_ended(0));
    EXPECT_TRUE(calendar_->guest_has_ended(1));
}

TEST_F(TwoGuestsTest, MayNotGoByThemselvesBeyondWhatAnotherHasAskedFor) {
    start("says_windows", "waits_until_4000");
    sc_core::sc_start();
    EXPECT_EQ(guests_[0].console(), "4000\n4000\n25000\n");
    EXPECT_EQ(calendar_->problem(), "");
}

TEST_F(TwoGuestsTest, OneThatHasEndedLeavesTimeToTheOther) {
    start("says_windows", "good");
    sc_core::sc_start();
    EXPECT_EQ(guests_[0].console(), "21000\n22000\n25000\n");
}

TEST_F(TwoGuestsTest, OneThatCannotGoOnEndsBoth) {
    start("waits_until_4000", "nonsense1");
    sc_core::sc_start();
    EXPECT_EQ(calendar_->problem(), "guest 1: the guest's calendar message 99 is not known");
    EXPECT_EQ(sc_core::sc_time_stamp(), sc_core::SC_ZERO_TIME);
}

}  // namespace
}  // namespace platform::uml
