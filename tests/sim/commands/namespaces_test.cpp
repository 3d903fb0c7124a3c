// SPDX-License-Identifier: Apache-2.0
// Namespaces that come, go and change their size while commands are in flight.
#include <vector>

#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

class NamespacesAtRunTime : public CommandsTest {
protected:
    using CommandsTest::CommandsTest;

    std::uint64_t blocks(std::uint32_t nsid) {
        spec::IdentifyNamespace id;
        EXPECT_TRUE(driver.identify_namespace(nsid, id).ok());
        return id.nsze;
    }
};

TEST_F(NamespacesAtRunTime, NewOneIsUsableAtOnce) {
    simulate([this] {
        bring_up();
        EXPECT_EQ(status(driver.flush(5)), StatusCode::kInvalidField);
        add_ram_namespace(5, 4 << 20, 4096);
        const DmaBuffer out = pattern(8192, 1), in = driver.allocate(8192);
        EXPECT_TRUE(driver.write(5, 100, 2, out).ok());
        EXPECT_TRUE(driver.read(5, 100, 2, in).ok());
        EXPECT_TRUE(same(out, in, 8192));
        std::vector<std::uint32_t> active;
        EXPECT_TRUE(driver.active_namespaces(active).ok());
        EXPECT_EQ(active, (std::vector<std::uint32_t>{1, 5}));
    });
}

TEST_F(NamespacesAtRunTime, CommandsInFlightOnARemovedOneFinishAndLaterOnesAreRefused) {
    add_ram_namespace(2, 4 << 20, 512);
    simulate([this] {
        bring_up();
        const DmaBuffer data = pattern(4096, 2), in = driver.allocate(16 * 4096);
        ASSERT_TRUE(driver.write(2, 0, 8, data).ok());
        std::vector<Ticket> reads;
        for (unsigned i = 0; i < 16; ++i)
            reads.push_back(driver.submit(1, commands::read(2, 0, 8), {in.gpa + i * 4096, 4096}));
        const Ticket write = driver.submit(1, commands::write(2, 64, 8), data);
        sc_core::wait(20, sc_core::SC_US);  // all are in execution; a read takes 50 us
        for (const Ticket& read : reads) EXPECT_FALSE(driver.done(read));
        EXPECT_TRUE(controller.remove_namespace(2));
        EXPECT_EQ(status(driver.verify(2, 0, 1)), StatusCode::kInvalidField);
        for (unsigned i = 0; i < 16; ++i) {
            EXPECT_TRUE(driver.wait(reads[i]).ok()) << i;
            EXPECT_EQ(std::memcmp(in.data + i * 4096, data.data, 4096), 0) << i;
        }
        EXPECT_TRUE(driver.wait(write).ok());
        EXPECT_EQ(status(driver.flush(2)), StatusCode::kInvalidField);
        EXPECT_TRUE(driver.flush(1).ok());
        EXPECT_FALSE(controller.remove_namespace(2));
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(NamespacesAtRunTime, IdentifierOfARemovedOneIsANewEmptyNamespaceWhenAddedAgain) {
    add_ram_namespace(2, 4 << 20, 512);
    simulate([this] {
        bring_up();
        const DmaBuffer data = pattern(4096, 3), in = pattern(4096, 4);
        ASSERT_TRUE(driver.write(2, 0, 8, data).ok());
        EXPECT_TRUE(controller.remove_namespace(2));
        add_ram_namespace(2, 1 << 20, 512);
        EXPECT_TRUE(driver.read(2, 0, 8, in).ok());
        EXPECT_TRUE(all_zero(in, 0, 4096));
        EXPECT_EQ(blocks(2), (1u << 20) / 512);
    });
}

TEST_F(NamespacesAtRunTime, ResizeMovesTheEndAndKeepsWhatIsBeforeIt) {
    simulate([this] {
        bring_up();
        const std::uint64_t old_end = blocks(1);
        const DmaBuffer data = pattern(4096, 5), in = pattern(4096, 6);
        ASSERT_TRUE(driver.write(1, old_end - 8, 8, data).ok());
        EXPECT_EQ(status(driver.verify(1, old_end, 1)), StatusCode::kLbaOutOfRange);
        EXPECT_EQ(controller.resize_namespace(1, 96ull << 20), "");
        EXPECT_EQ(blocks(1), (96u << 20) / 512);
        EXPECT_TRUE(driver.read(1, old_end, 8, in).ok());
        EXPECT_TRUE(all_zero(in, 0, 4096));
        EXPECT_TRUE(driver.read(1, old_end - 8, 8, in).ok());
        EXPECT_TRUE(same(in, data, 4096));

        EXPECT_EQ(controller.resize_namespace(1, 1 << 20), "");
        EXPECT_EQ(status(driver.read(1, 2048, 8, in)), StatusCode::kLbaOutOfRange);
        EXPECT_TRUE(driver.read(1, 2040, 8, in).ok());
        EXPECT_EQ(controller.resize_namespace(1, 64ull << 20), "");
        EXPECT_TRUE(driver.read(1, old_end - 8, 8, in).ok());
        EXPECT_TRUE(all_zero(in, 0, 4096)) << "what was cut off does not come back";
        EXPECT_NE(controller.resize_namespace(1, 511), "");
        EXPECT_NE(controller.resize_namespace(9, 4096), "");
    });
}

TEST_F(NamespacesAtRunTime, CommandInFlightOnBlocksThatAreCutOffIsRefusedAndNothingElse) {
    simulate([this] {
        bring_up();
        const std::uint64_t end = blocks(1);
        const DmaBuffer in = driver.allocate(4096);
        const Ticket gone = driver.submit(1, commands::read(1, end - 8, 8), in);
        const Ticket fine = driver.submit(1, commands::verify(1, 0, 8));
        sc_core::wait(20, sc_core::SC_US);
        EXPECT_EQ(controller.resize_namespace(1, 1 << 20), "");
        EXPECT_EQ(status(driver.wait(gone)), StatusCode::kLbaOutOfRange);
        EXPECT_TRUE(driver.wait(fine).ok());
    });
}

TEST_F(NamespacesAtRunTime, ManyChangesUnderLoadLoseNoCommand) {
    simulate([this] {
        bring_up(2);
        Tally steady, coming_and_going;
        for (unsigned round = 0; round < 60; ++round) {
            for (unsigned i = 0; i < 8; ++i) {
                driver.submit(1, commands::verify(1, i * 8, 1), {}, steady.callback());
                driver.submit(2, commands::verify(7, 64 + i * 8, 1), {},
                              coming_and_going.callback());
            }
            sc_core::wait(17, sc_core::SC_US);
            if (!controller.remove_namespace(7)) add_ram_namespace(7, 1 << 20, 512);
            sc_core::wait(53, sc_core::SC_US);
            driver.poll(1);
            driver.poll(2);
        }
        sc_core::wait(10, sc_core::SC_MS);
        driver.poll(1);
        driver.poll(2);
        EXPECT_EQ(steady.done, 480u);
        EXPECT_EQ(steady.failed, 0u);
        EXPECT_EQ(coming_and_going.done, 480u);
        EXPECT_GT(coming_and_going.failed, 0u);
        EXPECT_LT(coming_and_going.failed, 480u);
        EXPECT_EQ(coming_and_going.unanswered, 0u);
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

}  // namespace
}  // namespace nvme::test
