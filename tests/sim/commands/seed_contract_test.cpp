// SPDX-License-Identifier: Apache-2.0
// Behaviour that the functional starting point of this project tested, and that no other file here
// tests already: the values are the same where this controller does not deliberately differ.
#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

class SeedContract : public CommandsTest {
protected:
    using CommandsTest::CommandsTest;
};

TEST_F(SeedContract, BasicRegistersHaveTheirValues) {
    simulate([this] {
        ASSERT_EQ(driver.enumerate(), DriverError::kNone);
        const auto cap = spec::Cap::from(driver.read64(spec::offset::kCap));
        using C = spec::Cap;
        EXPECT_EQ(cap.get<C::Mqes>(), 0xFFu);
        EXPECT_TRUE(cap.get<C::Cqr>());
        EXPECT_EQ(cap.get<C::Dstrd>(), 0u);
        EXPECT_EQ(cap.get<C::Css>() & 1u, 1u);
        EXPECT_EQ(cap.get<C::Mpsmin>(), 0u);
        EXPECT_EQ(cap.get<C::Mpsmax>(), 0u);
        EXPECT_EQ(driver.read32(spec::offset::kCap), static_cast<std::uint32_t>(cap.raw));
        EXPECT_EQ(driver.read32(spec::offset::kVs), 0x0002'0000u);
        driver.write64(spec::offset::kAcq, 0x1234'5000);
        EXPECT_EQ(driver.read64(spec::offset::kAcq), 0x1234'5000u);
    });
}

TEST_F(SeedContract, UnsupportedPageSizeIsFatalUntilTheHostDisablesTheController) {
    simulate([this] {
        ASSERT_EQ(driver.enumerate(), DriverError::kNone);
        using Cc = spec::Cc;
        driver.write32(spec::offset::kCc, Cc{}.with<Cc::En>(true).with<Cc::Mps>(1).raw);
        sc_core::wait(10, sc_core::SC_MS);
        EXPECT_TRUE(driver.csts().get<spec::Csts::Cfs>());
        EXPECT_FALSE(driver.csts().get<spec::Csts::Rdy>());
        driver.write32(spec::offset::kCc, 0);
        sc_core::wait(10, sc_core::SC_MS);
        EXPECT_FALSE(driver.csts().get<spec::Csts::Cfs>());
        bring_up();
        EXPECT_TRUE(driver.flush(1).ok());
    });
}

class SeedContractAdminQueues : public SeedContract {
protected:
    explicit SeedContractAdminQueues(std::uint32_t depth)
        : SeedContract(ControllerParams{}, [depth] {
              platform::DriverOptions options;
              options.admin_depth = depth;
              return options;
          }()) {}

    /// So many commands that both queues wrap.
    void expect_many_commands() {
        const auto entry = commands::get_features(spec::FeatureId::kArbitration);
        const Tally tally = pump(0, 1'200, entry);
        EXPECT_EQ(tally.done, 1'200u);
        EXPECT_EQ(tally.failed, 0u);
        EXPECT_EQ(driver.protocol_errors(), 0u);
        EXPECT_EQ(driver.missed_interrupts(), 0u);
    }
};

class SeedContractSmallAdminQueues : public SeedContractAdminQueues {
protected:
    SeedContractSmallAdminQueues() : SeedContractAdminQueues(4) {}
};

TEST_F(SeedContractSmallAdminQueues, ControllerWithAdminQueuesOfFourEntriesIsEnabled) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        EXPECT_EQ(driver.read32(spec::offset::kAqa), 0x0003'0003u);
        using Cc = spec::Cc;
        const auto cc = Cc::from(driver.read32(spec::offset::kCc));
        EXPECT_TRUE(cc.get<Cc::En>());
        EXPECT_EQ(cc.get<Cc::Iosqes>(), 6u);
        EXPECT_EQ(cc.get<Cc::Iocqes>(), 4u);
        EXPECT_TRUE(driver.csts().get<spec::Csts::Rdy>());
        EXPECT_FALSE(driver.csts().get<spec::Csts::Cfs>());
        expect_many_commands();
    });
}

class SeedContractLargeAdminQueues : public SeedContractAdminQueues {
protected:
    SeedContractLargeAdminQueues() : SeedContractAdminQueues(512) {}
};

TEST_F(SeedContractLargeAdminQueues, AdminQueuesOfManyPagesWrapAround) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        expect_many_commands();
    });
}

TEST_F(SeedContract, IdentifyIntoAMisalignedPageIsRefusedAndNextToItSucceeds) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const DmaBuffer buffer = driver.allocate(12'288);
        spec::SubmissionEntry entry = commands::identify(spec::Cns::kController);
        entry.prp1 = buffer.gpa + 1;
        entry.prp2 = buffer.gpa + 4096;
        EXPECT_EQ(status(driver.admin(entry)), StatusCode::kPrpOffsetInvalid);
        entry.prp1 = buffer.gpa + 4;
        EXPECT_EQ(status(driver.admin(entry)), StatusCode::kSuccess);
        EXPECT_EQ(std::memcmp(buffer.data + 4, &driver.controller(), 4096), 0);
    });
}

TEST_F(SeedContract, DoorbellLeadsToAnEntryInTheCompletionQueueAndOneMessage) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const DmaBuffer buffer = driver.allocate(4096);
        const unsigned vector = driver.host_vector(0);
        const std::uint64_t before = host.interrupts.count(vector);
        const Ticket ticket = driver.submit(0, commands::identify(spec::Cns::kController), buffer,
                                            {}, Doorbell::kLater);
        sc_core::wait(1, sc_core::SC_MS);
        EXPECT_FALSE(driver.find_cq(0)->has_new()) << "nothing is fetched before the doorbell";
        driver.ring(0);
        sc_core::wait(1, sc_core::SC_MS);
        EXPECT_TRUE(driver.find_cq(0)->has_new());
        EXPECT_EQ(host.interrupts.count(vector), before + 1);
        EXPECT_TRUE(driver.wait(ticket).ok());
        EXPECT_EQ(std::memcmp(buffer.data, &driver.controller(), 4096), 0);
    });
}

// The seed answers all of them with Invalid Namespace or Format. NVMe 2.0 has that status for the
// invalid ones, and Invalid Field for those that are valid but inactive.
TEST_F(SeedContract, IoToAnAbsentNamespaceIsRefused) {
    simulate([this] {
        bring_up();
        for (const std::uint32_t nsid : {0u, 2u, 1024u, 1025u, 0xFFFF'FFFEu}) {
            const Completion completion = io(commands::verify(nsid, 0, 1));
            EXPECT_EQ(status(completion), no_namespace(nsid)) << nsid;
            EXPECT_TRUE(completion.do_not_retry);
        }
    });
}

TEST_F(SeedContract, SixteenFlushesThroughAOneSlotCompletionQueueEachCompleteOnce) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        platform::QueuePairOptions pair;
        pair.depth = 17;
        pair.cq_depth = 2;
        pair.vector = 1;
        ASSERT_TRUE(driver.create_queue_pair(pair).ok());
        Tally tally;
        for (int i = 0; i < 16; ++i)
            driver.submit(1, commands::flush(1), {}, tally.callback(), Doorbell::kLater);
        driver.ring(1);
        while (tally.done < 16 && driver.wait_any(1) != 0) {
        }
        EXPECT_EQ(tally.done, 16u);
        EXPECT_EQ(tally.failed, 0u);
        sc_core::wait(10, sc_core::SC_MS);
        EXPECT_EQ(driver.poll(1), 0u);
        EXPECT_TRUE(driver.delete_queue_pair(1).ok()) << "nothing is left in flight";
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

// The seed keeps bit 21 too, which is reserved.
TEST_F(SeedContract, AsyncEventConfigurationReadsBackAsWritten) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const auto fid = spec::FeatureId::kAsyncEventConfig;
        EXPECT_TRUE(driver.set_features(fid, 0x0020'011F).ok());
        EXPECT_EQ(driver.get_features(fid).dw0, 0x0000'011Fu);
    });
}

TEST_F(SeedContract, NamespaceOutOfRangeOrTwiceIsNotAdded) {
    const auto add = [this](std::uint32_t nsid, std::uint32_t lba_size, std::uint64_t bytes) {
        NamespaceConfig config;
        config.nsid = nsid;
        config.lba_size = lba_size;
        return controller.add_namespace(config, std::make_unique<media::RamStore>(bytes));
    };
    EXPECT_NE(add(0, 512, 4096), "");
    EXPECT_NE(add(1025, 512, 4096), "");
    EXPECT_NE(add(0xFFFF'FFFF, 512, 4096), "");
    EXPECT_NE(add(1, 512, 4096), "") << "exists already";
    EXPECT_NE(add(2, 520, 4096), "");
    EXPECT_NE(add(2, 4096, 4095), "") << "not even one block";
    EXPECT_EQ(add(1024, 512, 4096), "");
    EXPECT_FALSE(controller.remove_namespace(2));
    EXPECT_TRUE(controller.remove_namespace(1024));
    EXPECT_EQ(add(1024, 4096, 4096), "");
    simulate([this] {
        bring_up();
        EXPECT_TRUE(driver.verify(1024, 0, 1).ok());
        EXPECT_EQ(driver.controller().nn, 1024u);
    });
}

}  // namespace
}  // namespace nvme::test
