// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "models/pcie/msix.h"
#include "tests/sim/controller/probed_fixture.h"

namespace nvme::test {
namespace {

namespace commands = platform::commands;
using platform::DriverError;
using spec::StatusCode;

class Msix : public ProbedTest {
protected:
    /// Masks or unmasks a vector of the device, leaving its message as it is.
    void mask(unsigned vector, bool masked) {
        host.cpu.write32(driver.pci().bar(4) + vector * 16 + 12, masked ? 1 : 0);
    }
    bool pending(unsigned vector) {
        const std::uint64_t pba = pcie::Msix::pba_offset(controller.params().msix_vectors);
        const auto word = host.cpu.read64(driver.pci().bar(4) + pba + vector / 64 * 8);
        return (word >> vector % 64 & 1) != 0;
    }
    /// Queue 1, and identifiers 2 and 3 free for queues of another kind.
    void bring_up_one() {
        bring_up(3);
        ASSERT_TRUE(driver.delete_queue_pair(2).ok());
        ASSERT_TRUE(driver.delete_queue_pair(3).ok());
    }
    /// One command on each queue named, and time for all of it to happen.
    void run(std::initializer_list<std::uint16_t> queues) {
        for (const std::uint16_t qid : queues) (void)driver.submit(qid, commands::flush(1));
        sc_core::wait(us(500));
    }
    void reap(std::initializer_list<std::uint16_t> queues) {
        for (const std::uint16_t qid : queues) EXPECT_GE(driver.poll(qid), 1u) << qid;
    }
};

TEST_F(Msix, EachQueueSignalsItsOwnVector) {
    simulate([this] {
        bring_up(3);
        const std::uint64_t before[] = {messages(0), messages(1), messages(2), messages(3)};
        run({2});
        EXPECT_EQ(messages(0), before[0]);
        EXPECT_EQ(messages(1), before[1]);
        EXPECT_EQ(messages(2), before[2] + 1);
        EXPECT_EQ(messages(3), before[3]);
        EXPECT_EQ(host.interrupts.last_address(driver.host_vector(2)),
                  host.interrupts.message_address(driver.host_vector(2)));
        run({1, 3});
        EXPECT_EQ(messages(1), before[1] + 1);
        EXPECT_EQ(messages(3), before[3] + 1);
    });
}

// [NVMe-Base-2.0 3.1.3.3 Interrupt Mask Set]: the masks are those of the other kinds of interrupt.
TEST_F(Msix, MasksOfThePinHoldNoMessageBack) {
    simulate([this] {
        bring_up();
        driver.write32(spec::offset::kIntms, 0xFFFF'FFFF);
        EXPECT_EQ(driver.read32(spec::offset::kIntms), 0xFFFF'FFFFu);
        const std::uint64_t before = messages(1);
        run({1});
        EXPECT_EQ(messages(1), before + 1);
        reap({1});
        driver.write32(spec::offset::kIntmc, 0xFFFF'FFFF);
        EXPECT_EQ(driver.read32(spec::offset::kIntmc), 0u);
    });
}

TEST_F(Msix, TheCompletionIsInMemoryWhenTheMessageArrives) {
    simulate([this] {
        unsigned seen = 0;
        bring_up();
        host.interrupts.set_callback([&](unsigned vector) {
            if (vector != driver.host_vector(1)) return;
            EXPECT_TRUE(driver.find_cq(1)->has_new());
            ++seen;
        });
        for (unsigned i = 0; i < 20; ++i) EXPECT_TRUE(verified_io(driver, i));
        host.interrupts.set_callback(nullptr);
        EXPECT_EQ(seen, 40u);
    });
}

TEST_F(Msix, AMaskedVectorIsPendingAndItsMessageComesOnceWhenUnmasked) {
    simulate([this] {
        bring_up(2);
        const std::uint64_t one = messages(1), two = messages(2);
        mask(1, true);
        run({1, 1, 2});
        EXPECT_TRUE(pending(1));
        EXPECT_FALSE(pending(2));
        EXPECT_EQ(messages(1), one);
        EXPECT_EQ(messages(2), two + 1);
        run({1});  // one bit, however many completions
        mask(1, false);
        sc_core::wait(us(1));
        EXPECT_EQ(messages(1), one + 1);
        EXPECT_FALSE(pending(1));
        mask(1, true);
        mask(1, false);
        sc_core::wait(us(1));
        EXPECT_EQ(messages(1), one + 1);
        reap({1, 2});
    });
}

TEST_F(Msix, TheFunctionMaskHoldsBackEveryVector) {
    simulate([this] {
        bring_up(3);
        const std::uint64_t before[] = {messages(0), messages(1), messages(2), messages(3)};
        driver.pci().set_msix(true, true);
        run({1, 3});
        EXPECT_FALSE(pending(0));
        EXPECT_TRUE(pending(1));
        EXPECT_FALSE(pending(2));
        EXPECT_TRUE(pending(3));
        for (unsigned v = 0; v < 4; ++v) EXPECT_EQ(messages(v), before[v]);
        driver.pci().set_msix(true, false);
        sc_core::wait(us(1));
        EXPECT_EQ(messages(1), before[1] + 1);
        EXPECT_EQ(messages(2), before[2]);
        EXPECT_EQ(messages(3), before[3] + 1);
        EXPECT_FALSE(pending(1) || pending(3));
    });
}

TEST_F(Msix, AVectorMaskedInBothPlacesNeedsBothToGo) {
    simulate([this] {
        bring_up();
        const std::uint64_t before = messages(1);
        driver.pci().set_msix(true, true);
        mask(1, true);
        run({1});
        driver.pci().set_msix(true, false);
        sc_core::wait(us(1));
        EXPECT_EQ(messages(1), before);
        EXPECT_TRUE(pending(1));
        mask(1, false);
        sc_core::wait(us(1));
        EXPECT_EQ(messages(1), before + 1);
    });
}

TEST_F(Msix, AMessageChangedWhileMaskedIsSentAsItIsThen) {
    simulate([this] {
        bring_up();
        mask(1, true);
        run({1});
        const unsigned other = driver.host_vector(5);
        const std::uint64_t before = messages(5);
        driver.pci().set_msix_entry(1, host.interrupts.message_address(other), other, false);
        sc_core::wait(us(1));
        EXPECT_EQ(messages(5), before + 1);
        EXPECT_EQ(host.interrupts.last_address(other), host.interrupts.message_address(other));
    });
}

TEST_F(Msix, QueuesThatShareAVectorAllReachIt) {
    simulate([this] {
        bring_up_one();
        ASSERT_TRUE(driver.create_queue_pair({2, 32, 0, 0, 1}).ok());
        ASSERT_TRUE(driver.create_queue_pair({3, 32, 0, 0, 1}).ok());
        const std::uint64_t before = messages(1);
        run({2});
        EXPECT_EQ(messages(1), before + 1);
        run({3});
        EXPECT_EQ(messages(1), before + 2);
        for (std::uint16_t qid = 1; qid <= 3; ++qid)
            EXPECT_TRUE(verified_io(driver, qid, 0, 8, qid));
    });
    EXPECT_EQ(driver.missed_interrupts(), 0u);
}

TEST_F(Msix, SubmissionQueuesThatShareACompletionQueueShareItsVector) {
    simulate([this] {
        bring_up_one();
        ASSERT_TRUE(driver.create_queue_pair({2, 32, 0, 1}).ok());
        ASSERT_TRUE(driver.create_queue_pair({3, 32, 0, 1}).ok());
        const std::uint64_t before = messages(1);
        run({1, 2, 3});
        EXPECT_GT(messages(1), before);
        EXPECT_EQ(driver.poll(1), 3u);
        for (std::uint16_t qid = 1; qid <= 3; ++qid)
            EXPECT_TRUE(verified_io(driver, qid, 0, 8, qid));
    });
    EXPECT_EQ(driver.missed_interrupts(), 0u);
}

TEST_F(Msix, AQueueWithoutInterruptsNeverSignals) {
    simulate([this] {
        bring_up_one();
        ASSERT_TRUE(driver.create_queue_pair({2, 32, 0, 0, 2, false}).ok());
        const std::uint64_t before = messages(2);
        const std::size_t all = probe.log.size();
        run({2, 2});
        EXPECT_EQ(messages(2), before);
        EXPECT_FALSE(pending(2));
        for (std::size_t i = all; i < probe.log.size(); ++i) EXPECT_FALSE(probe.log[i].message());
        reap({2});
    });
}

TEST_F(Msix, AVectorBeyondTheTableIsRefused) {
    simulate([this] {
        bring_up_one();
        const std::uint16_t vectors = controller.params().msix_vectors;
        const auto last = driver.create_cq({2, 32, static_cast<std::uint16_t>(vectors - 1)});
        EXPECT_TRUE(last.ok()) << last;
        for (const std::uint16_t vector : {vectors, std::uint16_t{2048}, std::uint16_t{0xffff}})
            EXPECT_EQ(driver.create_cq({3, 32, vector}).status, StatusCode::kInvalidInterruptVector)
                << vector;
        // Without interrupts the vector means nothing.
        EXPECT_TRUE(driver.create_cq({3, 32, vectors, false}).ok());
    });
}

TEST_F(Msix, WhileDisabledNothingIsSentAndNothingIsKept) {
    simulate([this] {
        bring_up(1);
        driver.pci().set_msix(false, false);
        const std::size_t all = probe.log.size();
        run({1});
        for (std::size_t i = all; i < probe.log.size(); ++i) EXPECT_FALSE(probe.log[i].message());
        EXPECT_FALSE(pending(1));
        reap({1});
        driver.pci().set_msix(true, false);
        EXPECT_TRUE(verified_io(driver, 1));
    });
    EXPECT_EQ(driver.missed_interrupts(), 0u);
}

TEST_F(Msix, AMessagePendingAtAControllerResetIsNotSentAfterIt) {
    simulate([this] {
        bring_up(1);
        mask(1, true);
        run({1});
        EXPECT_TRUE(pending(1));
        ASSERT_EQ(driver.disable(), DriverError::kNone);
        const std::uint64_t before = messages(1);
        mask(1, false);
        sc_core::wait(us(10));
        EXPECT_EQ(messages(1), before);
    });
}

TEST_F(Msix, TheTableSurvivesAControllerResetButNotAFunctionLevelReset) {
    simulate([this] {
        bring_up(1);
        const std::uint64_t entry = driver.pci().bar(4) + 16;
        const std::uint64_t address = host.cpu.read64(entry);
        EXPECT_NE(address, 0u);
        ASSERT_EQ(driver.disable(), DriverError::kNone);
        EXPECT_EQ(host.cpu.read64(entry), address);
        EXPECT_EQ(host.cpu.read32(entry + 12), 0u);
        ASSERT_EQ(driver.function_level_reset(), DriverError::kNone);
        ASSERT_EQ(driver.pci().enumerate(), DriverError::kNone);
        EXPECT_EQ(host.cpu.read64(entry), 0u);
        EXPECT_EQ(host.cpu.read32(entry + 12), 1u) << "masked, as after any reset";
    });
}

}  // namespace
}  // namespace nvme::test
