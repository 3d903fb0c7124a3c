// SPDX-License-Identifier: Apache-2.0
// Mistakes of a driver's first day after which nothing happens. Each has to be named, with its
// reason, although the controller has no way to tell the driver.
#include <cstring>

#include "models/observe/driver_lint.h"
#include "models/pcie/config_space.h"
#include "tests/sim/commands/commands_fixture.h"
#include "tests/sim/controller/driver_helpers.h"

namespace nvme::test {
namespace {

using observe::DriverLint;
using observe::LintRule;
constexpr std::uint64_t kNowhere = 1ull << 45;  // no memory is there

class SilentBug : public CommandsTest {
protected:
    SilentBug() { controller.set_trace(&lint); }

    [[nodiscard]] const observe::LintFinding& first(LintRule rule) const {
        EXPECT_NE(lint.of(rule).count, 0u) << observe::lint_rule(rule).id;
        return lint.of(rule).first;
    }
    void set_command(std::uint16_t command) { host.cpu.config_write<std::uint16_t>(0, 4, command); }
    void set_msix_control(std::uint16_t control) {
        host.cpu.config_write<std::uint16_t>(0, pcie::ConfigSpace::kMsix + 2, control);
    }
    [[nodiscard]] Completion create_cq(std::uint16_t qid, std::uint64_t gpa) {
        auto entry = commands::make(spec::AdminOpcode::kCreateIoCq);
        entry.prp1 = gpa;
        entry.cdw10 = 7u << 16 | qid;
        entry.cdw11 = 3;
        return driver.admin(entry);
    }
    /// Time goes on, and nothing happens.
    void idle(double ms) {
        sc_core::wait(ms, sc_core::SC_MS);
        lint.look(now_ps());
    }

    DriverLint lint;
};

TEST_F(SilentBug, BusMasterEnableIsForgotten) {
    simulate([this] {
        bring_up(1, 8);
        set_command(2);
        const Ticket flush = driver.submit(1, commands::flush(1));
        idle(1);
        EXPECT_EQ(first(LintRule::kBusMasterDisabled).qid, 1u);
        set_command(6);
        EXPECT_TRUE(driver.wait(flush).ok());
        EXPECT_EQ(lint.findings(), 1u);
    });
}

TEST_F(SilentBug, CcSaysWhatTheControllerCannot) {
    simulate([this] {
        bring_up(1, 8);
        ASSERT_EQ(driver.disable(), DriverError::kNone);
        driver.write32(spec::offset::kCc, 0x46'0781);  // MPS 15
        idle(1);
        EXPECT_EQ(first(LintRule::kFatal).why, "CC.MPS is out of range");
        EXPECT_EQ(first(LintRule::kFatal).value, 15u);
    });
}

TEST_F(SilentBug, TheUpperHalfOfAsqIsWrong) {
    simulate([this] {
        bring_up(1, 8);
        ASSERT_EQ(driver.disable(), DriverError::kNone);
        driver.write32(spec::offset::kAsq + 4, kNowhere >> 32);
        driver.write32(spec::offset::kCc, 0x46'0001);
        idle(100);
        driver.write32(driver.sq_doorbell(0), 1);
        idle(1);
        EXPECT_EQ(first(LintRule::kFatal).why, "Admin Submission Queue is unreachable");
        EXPECT_EQ(first(LintRule::kFatal).value >> 32, kNowhere >> 32);
    });
}

TEST_F(SilentBug, AQueueLiesWhereNoMemoryIs) {
    simulate([this] {
        bring_up(2, 8);
        EXPECT_TRUE(driver.delete_queue_pair(2).ok());
        EXPECT_TRUE(create_cq(2, kNowhere).ok());
        EXPECT_EQ(lint.findings(), 0u) << "nothing was read or written yet";
        auto create = commands::make(spec::AdminOpcode::kCreateIoSq);
        create.prp1 = kNowhere;
        create.cdw10 = 7u << 16 | 2;
        create.cdw11 = 2u << 16 | 1;
        EXPECT_TRUE(driver.admin(create).ok());
        driver.write32(driver.sq_doorbell(2), 1);
        idle(1);
        EXPECT_EQ(first(LintRule::kQueueUnreachable).qid, 2u);
        EXPECT_EQ(first(LintRule::kQueueUnreachable).value, kNowhere);
    });
}

TEST_F(SilentBug, ACommandsDataLiesWhereNoMemoryIs) {
    simulate([this] {
        bring_up(1, 8);
        auto read = commands::read(1, 0, 16);  // two pages
        read.prp1 = driver.allocate(4096).gpa;
        EXPECT_TRUE(io(read).ok()) << "address 0 is memory here";
        EXPECT_EQ(first(LintRule::kDataPointerZero).value, 0u);
        EXPECT_EQ(lint.findings(), 0u);
        read.prp2 = kNowhere;
        EXPECT_FALSE(io(read).ok());
        EXPECT_EQ(first(LintRule::kMemoryUnreachable).value, kNowhere);
        EXPECT_EQ(first(LintRule::kMemoryUnreachable).why, "data buffer is unreachable");
        read = commands::read(1, 0, 64);
        read.prp1 = driver.allocate(4096).gpa;
        read.prp2 = kNowhere;
        EXPECT_FALSE(io(read).ok());
        ASSERT_EQ(lint.of(LintRule::kMemoryUnreachable).next.size(), 1u);
        EXPECT_EQ(lint.of(LintRule::kMemoryUnreachable).next[0].why, "PRP list is unreachable");
    });
}

TEST_F(SilentBug, APageOfDataStandsWhereAListIsDue) {
    simulate([this] {
        bring_up(1, 8);
        const DmaBuffer data = make_pattern(driver, 4096, 1);
        auto read = commands::read(1, 0, 64);
        read.prp1 = driver.allocate(4096).gpa;
        read.prp2 = data.gpa;
        EXPECT_FALSE(io(read).ok());
        std::uint64_t entry = 0;
        std::memcpy(&entry, data.data, sizeof entry);
        EXPECT_EQ(first(LintRule::kPrpOffset).value, entry);
        EXPECT_EQ(first(LintRule::kPrpOffset).why, "PRP list entry is not page aligned");
    });
}

TEST_F(SilentBug, MsixIsForgottenAndNobodyPolls) {
    simulate([this] {
        bring_up(1, 8);
        set_msix_control(0);
        (void)driver.submit(1, commands::flush(1));
        idle(99);
        EXPECT_EQ(lint.findings(), 0u);
        idle(2);
        EXPECT_EQ(first(LintRule::kInterruptHeld).qid, 1u);
        EXPECT_EQ(first(LintRule::kInterruptHeld).why, "msix_disabled");
    });
}

TEST_F(SilentBug, TheFunctionIsMaskedAndNobodyPolls) {
    simulate([this] {
        bring_up(1, 8);
        set_msix_control(0xc000);
        (void)driver.submit(1, commands::flush(1));
        idle(101);
        EXPECT_EQ(first(LintRule::kInterruptHeld).why, "function_masked");
        EXPECT_EQ(lint.findings(), 1u);
    });
}

TEST_F(SilentBug, ACompletionQueueIsNotCleared) {
    simulate([this] {
        bring_up(2, 8);
        EXPECT_TRUE(driver.delete_queue_pair(2).ok());
        const DmaBuffer queue = driver.allocate(4096);
        std::memset(queue.data, 0, queue.size);
        static_cast<std::uint8_t*>(static_cast<void*>(queue.data))[2 * 16 + 14] = 1;
        EXPECT_TRUE(create_cq(2, queue.gpa).ok());
        EXPECT_EQ(lint.findings(), 0u) << "the driver may clear it before it looks";
        auto create = commands::make(spec::AdminOpcode::kCreateIoSq);
        const DmaBuffer entries = driver.allocate(4096);
        create.prp1 = entries.gpa;
        create.cdw10 = 7u << 16 | 2;
        create.cdw11 = 2u << 16 | 1;
        EXPECT_TRUE(driver.admin(create).ok());
        const auto flush = commands::flush(1);
        std::memcpy(entries.data, &flush, sizeof flush);
        driver.write32(driver.sq_doorbell(2), 1);
        idle(1);
        EXPECT_EQ(first(LintRule::kQueueNotCleared).qid, 2u);
        EXPECT_EQ(first(LintRule::kQueueNotCleared).value, 1u);
    });
}

TEST_F(SilentBug, ADoorbellIsWrittenBeforeTheEntry) {
    simulate([this] {
        bring_up(1, 8);
        driver.write32(driver.sq_doorbell(1), 1);
        idle(1);
        EXPECT_EQ(first(LintRule::kEntryNotWritten).qid, 1u);
        EXPECT_EQ(lint.findings(), 1u) << "what follows from it is no news";
    });
}

TEST_F(SilentBug, AResetComesInTheMiddleOfThings) {
    simulate([this] {
        bring_up(1, 8);
        const DmaBuffer data = driver.allocate(4096);
        EXPECT_TRUE(io(commands::write(1, 0, 8), data).ok());
        (void)driver.submit(1, commands::read(1, 5000, 8), data);  // the media have it
        sc_core::wait(us(5));
        EXPECT_EQ(driver.disable(), DriverError::kNone);
        EXPECT_EQ(first(LintRule::kResetWithCommands).value, 1u);
        driver.fundamental_reset();
        EXPECT_EQ(first(LintRule::kResetWithCache).value, 1u);
        EXPECT_EQ(lint.findings(), 0u) << "hints: it may be meant";
    });
}

}  // namespace
}  // namespace nvme::test
