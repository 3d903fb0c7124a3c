// SPDX-License-Identifier: Apache-2.0
#include "models/observe/driver_lint.h"

#include "tests/sim/commands/commands_fixture.h"
#include "tests/sim/controller/driver_helpers.h"

namespace nvme::test {
namespace {

using observe::DriverLint;
using observe::LintRule;

/// What the lint says of drivers at the sockets.
class LintedDriver : public CommandsTest {
protected:
    LintedDriver() { controller.set_trace(&lint); }

    std::string broken() const {
        std::string text;
        for (std::size_t i = 0; i < observe::kLintRules; ++i)
            if (lint.of(static_cast<LintRule>(i)).count != 0)
                text += std::string{observe::lint_rule(static_cast<LintRule>(i)).id} + " ";
        return text;
    }

    DriverLint lint;
};

TEST_F(LintedDriver, GivesNoCauseForComplaintWhenItIsTheReferenceDriver) {
    simulate([this] {
        for (int round = 0; round < 2; ++round) {
            bring_up(2, 16);
            ASSERT_EQ(driver.io_queues().size(), 2u);
            EXPECT_EQ(pump(1, 100, commands::flush(1)).failed, 0u);
            EXPECT_TRUE(verified_io(driver, 3, 64, 256));
            (void)log_page<spec::SmartLog>(spec::LogId::kSmartHealth);
            EXPECT_EQ(driver.disable(), DriverError::kNone);
            EXPECT_EQ(driver.enable(), DriverError::kNone);
            EXPECT_EQ(driver.create_io_queues(2, 16), DriverError::kNone);
            EXPECT_TRUE(verified_io(driver, 4));
            EXPECT_EQ(driver.shutdown(), DriverError::kNone);
            power_cycle();
            EXPECT_EQ(driver.shutdown(), DriverError::kNone);
            driver.forget_everything();
            controller.power_cut();
            sc_core::wait(1, sc_core::SC_MS);
            controller.power_on();
        }
    });
    EXPECT_EQ(broken(), "");
}

TEST_F(LintedDriver, IsToldWhenItForgetsThatAResetTookItsAdminQueues) {
    simulate([this] {
        bring_up(1, 8);
        ASSERT_EQ(driver.function_level_reset(), DriverError::kNone);
        ASSERT_EQ(driver.enumerate(), DriverError::kNone);
        driver.write32(spec::offset::kCc, 0x46'0001);
        EXPECT_EQ(lint.of(LintRule::kAdminQueueSize).count, 1u);
        EXPECT_EQ(lint.of(LintRule::kAdminQueueBase).count, 2u);
    });
}

TEST_F(LintedDriver, IsToldOfEachMistakeWithItsQueueCommandAndValue) {
    simulate([this] {
        bring_up(1, 8);
        EXPECT_FALSE(io(commands::read(1, 1ull << 40, 8), driver.allocate(4096)).ok());
        EXPECT_EQ(lint.of(LintRule::kLbaOutOfRange).first.value, 1ull << 40);
        EXPECT_EQ(lint.of(LintRule::kLbaOutOfRange).first.qid, 1u);
        spec::SubmissionEntry unknown{};
        unknown.cdw0 = 0x99;
        unknown.nsid = 1;
        EXPECT_FALSE(io(unknown).ok());
        EXPECT_EQ(lint.of(LintRule::kOpcodeUnsupported).first.value, 0x99u);
        EXPECT_FALSE(io(commands::flush(77)).ok());
        EXPECT_EQ(lint.of(LintRule::kNsidInvalid).count, 1u);
        auto reserved = commands::flush(1);
        reserved.cdw13 = 5;
        EXPECT_TRUE(io(reserved).ok());
        EXPECT_EQ(lint.of(LintRule::kEntryReserved).first.value, 5u);
        driver.write32(driver.sq_doorbell(1), 99);
        EXPECT_EQ(lint.of(LintRule::kDoorbellOutOfRange).first.qid, 1u);
        driver.write32(driver.sq_doorbell(9), 1);
        EXPECT_EQ(lint.of(LintRule::kDoorbellNoQueue).first.qid, 9u);
        driver.write32(spec::offset::kVs, 1);
        EXPECT_EQ(lint.of(LintRule::kRegisterReadOnly).first.value, spec::offset::kVs);
        EXPECT_EQ(broken(),
                  "register.read-only doorbell.no-queue doorbell.out-of-range command.reserved "
                  "command.nsid-invalid command.opcode command.lba ");
    });
}

// A disk that is pulled or shrinks is the model's doing: with --strict a run used to fail for it.
TEST_F(LintedDriver, IsNotBlamedForCommandsThatMeetANamespaceThatIsTakenAwayOrShrinks) {
    simulate([this] {
        bring_up(1, 32);
        std::vector<Ticket> reads;
        for (unsigned i = 0; i < 30; ++i)
            reads.push_back(driver.submit(1, commands::verify(1, 100'000 + i, 1)));
        sc_core::wait(2, sc_core::SC_US);  // some are fetched, none has ended
        EXPECT_EQ(controller.resize_namespace(1, 1 << 20), "");
        for (const Ticket& read : reads) (void)driver.wait(read);
        EXPECT_FALSE(io(commands::verify(1, 100'000, 1)).ok()) << "it does not know yet";
        EXPECT_EQ(broken(), "");

        (void)log_page<spec::ChangedNamespaceList>(spec::LogId::kChangedNamespaceList);
        EXPECT_FALSE(io(commands::verify(1, 100'000, 1)).ok());
        EXPECT_EQ(broken(), "command.lba ");
        EXPECT_TRUE(controller.remove_namespace(1));
        EXPECT_FALSE(io(commands::verify(1, 0, 1)).ok());
        EXPECT_EQ(broken(), "command.lba ");
        std::vector<std::uint32_t> active;
        EXPECT_TRUE(driver.active_namespaces(active).ok());
        EXPECT_FALSE(io(commands::verify(1, 0, 1)).ok());
        EXPECT_EQ(broken(), "command.nsid-invalid command.lba ");
    });
}

TEST_F(LintedDriver, MayAskForWhatIsNotOffered) {
    simulate([this] {
        bring_up(1, 8);
        std::vector<std::byte> page(4096);
        EXPECT_FALSE(driver.identify(spec::Cns::kUuidList, 0, page.data()).ok());
        EXPECT_FALSE(driver.get_features(static_cast<spec::FeatureId>(0x7f)).ok());
        EXPECT_FALSE(driver.get_log_page({static_cast<spec::LogId>(0xc5), 4096}, page.data()).ok());
        EXPECT_EQ(lint.findings(), 0u);
        EXPECT_EQ(lint.of(LintRule::kNotOffered).count, 3u);
    });
}

TEST_F(LintedDriver, IsToldOfABufferThatLiesInAQueue) {
    simulate([this] {
        bring_up(1, 8);
        auto read = commands::read(1, 0, 1);
        read.prp1 = driver.find_sq(1)->memory.gpa;
        EXPECT_TRUE(io(read).ok());
        EXPECT_EQ(broken(), "memory.buffer-in-queue ");
    });
}

TEST_F(LintedDriver, IsToldThatItDidNotWaitForTheControllerToBeReady) {
    simulate([this] {
        bring_up(1, 8);
        driver.write32(spec::offset::kCc, 0);
        driver.write32(spec::offset::kCc, 0x46'0001);
        driver.write32(driver.sq_doorbell(0), 1);
        driver.write32(spec::offset::kAqa, 0);
        EXPECT_EQ(broken(), "cc.enable-too-early admin.while-enabled doorbell.not-ready ");
    });
}

}  // namespace
}  // namespace nvme::test
