// SPDX-License-Identifier: Apache-2.0
// Data pointers that break a rule or lead nowhere, for every I/O command that has data.
#include <vector>

#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

constexpr std::uint64_t kNowhere = 1ull << 52;

class PrpErrors : public CommandsTest {
protected:
    using CommandsTest::CommandsTest;

    struct Command {
        const char* name;
        spec::SubmissionEntry entry;
    };
    static std::vector<Command> data_commands(std::uint32_t blocks) {
        return {{"Write", commands::write(1, 0, blocks)},
                {"Read", commands::read(1, 0, blocks)},
                {"Compare", commands::compare(1, 0, blocks)}};
    }
    void expect(StatusCode expected, std::uint32_t blocks, std::uint64_t prp1, std::uint64_t prp2,
                const char* what) {
        for (Command& c : data_commands(blocks)) {
            c.entry.prp1 = prp1;
            c.entry.prp2 = prp2;
            EXPECT_EQ(status(io(c.entry)), expected) << c.name << ": " << what;
        }
    }
    void put(const DmaBuffer& list, unsigned index, std::uint64_t value) {
        std::memcpy(list.data + index * 8, &value, 8);
    }
};

TEST_F(PrpErrors, MisalignedPointersAreOffsetErrors) {
    simulate([this] {
        bring_up();
        const auto wrong = StatusCode::kPrpOffsetInvalid;
        const DmaBuffer m = pattern(64 << 10, 0), list = driver.allocate(8192);
        for (const std::uint64_t off : {1u, 2u, 3u, 511u})
            expect(wrong, 1, m.gpa + off, 0, "PRP1 is not dword aligned");
        expect(wrong, 16, m.gpa, m.gpa + 4096 + 4, "PRP2 points into a page");
        expect(wrong, 16, m.gpa, m.gpa + 4096 + 2048, "PRP2 points into a page");
        expect(wrong, 24, m.gpa, list.gpa + 4, "list is not qword aligned");
        put(list, 0, m.gpa + 4096);
        put(list, 1, m.gpa + 8192 + 512);
        expect(wrong, 24, m.gpa, list.gpa, "list entry points into a page");
        put(list, 511, list.gpa + 4096 + 8);  // the link, in the last slot of the page
        expect(wrong, 24, m.gpa, list.gpa + 511 * 8, "chained list is not page aligned");
    });
}

TEST_F(PrpErrors, ListMayStartAnywhereInAPageAndChainsOnlyWhenMoreIsNeeded) {
    simulate([this] {
        bring_up();
        const DmaBuffer out = pattern(16'384, 4), in = pattern(16'384, 5);
        const DmaBuffer list = driver.allocate(8192);
        spec::SubmissionEntry write = commands::write(1, 0, 32);
        write.prp1 = out.gpa;
        // Three more pages: two slots to the end of this page hold one entry and the link.
        put(list, 510, out.gpa + 4096);
        put(list, 511, list.gpa + 4096);
        put(list, 512, out.gpa + 8192);
        put(list, 513, out.gpa + 12'288);
        write.prp2 = list.gpa + 510 * 8;
        EXPECT_TRUE(io(write).ok());
        spec::SubmissionEntry read = commands::read(1, 0, 32);
        // The same three in the last three slots: the last is data and not a link.
        for (unsigned i = 0; i < 3; ++i) put(list, 509 + i, in.gpa + 4096 * (i + 1));
        read.prp1 = in.gpa;
        read.prp2 = list.gpa + 509 * 8;
        EXPECT_TRUE(io(read).ok());
        EXPECT_TRUE(same(out, in, 16'384));
    });
}

TEST_F(PrpErrors, UnreachableMemoryIsATransferErrorAndTheControllerLivesOn) {
    simulate([this] {
        bring_up();
        const auto wrong = StatusCode::kDataTransferError;
        const DmaBuffer m = pattern(64 << 10, 0), list = driver.allocate(4096);
        expect(wrong, 1, kNowhere, 0, "PRP1 leads nowhere");
        expect(wrong, 16, m.gpa, kNowhere, "PRP2 leads nowhere");
        expect(wrong, 24, m.gpa, kNowhere, "list leads nowhere");
        put(list, 0, m.gpa + 4096);
        put(list, 1, kNowhere);
        expect(wrong, 24, m.gpa, list.gpa, "list entry leads nowhere");
        put(list, 511, kNowhere);
        expect(wrong, 24, m.gpa, list.gpa + 511 * 8, "chained list leads nowhere");
        spec::SubmissionEntry dsm = commands::dataset_management(1, 1);
        dsm.prp1 = kNowhere;
        EXPECT_EQ(status(io(dsm)), wrong);
        EXPECT_FALSE(driver.csts().get<spec::Csts::Cfs>());
        EXPECT_TRUE(driver.write(1, 0, 8, m).ok());
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(PrpErrors, MemoryThatFailsForAWhileIsUsedAgainAfterwards) {
    simulate([this] {
        bring_up();
        const DmaBuffer good = pattern(32 << 10, 1), in = driver.allocate(32 << 10);
        ASSERT_TRUE(driver.write(1, 0, 64, good).ok());
        for (const auto response :
             {tlm::TLM_ADDRESS_ERROR_RESPONSE, tlm::TLM_GENERIC_ERROR_RESPONSE,
              tlm::TLM_COMMAND_ERROR_RESPONSE}) {
            const DmaBuffer bad = pattern(32 << 10, 2);
            host.memory.fail(bad.gpa + 20'480, bad.gpa + 20'483, response);
            for (const Command& c : data_commands(64)) {
                const Completion completion = io(c.entry, bad);
                EXPECT_EQ(status(completion), StatusCode::kDataTransferError) << c.name;
                EXPECT_FALSE(completion.do_not_retry) << "a retry may succeed";
            }
            EXPECT_TRUE(driver.read(1, 0, 64, in).ok());
            EXPECT_TRUE(same(in, good, 32 << 10)) << "a failed write changed the media";
            host.memory.clear_failures();
            EXPECT_TRUE(driver.read(1, 0, 64, bad).ok());
            EXPECT_TRUE(same(bad, good, 32 << 10));
        }
    });
}

TEST_F(PrpErrors, DatasetManagementFollowsTheRulesToo) {
    simulate([this] {
        bring_up();
        const DmaBuffer m = driver.allocate(8192);
        spec::SubmissionEntry entry = commands::dataset_management(1, 256);
        entry.prp1 = m.gpa + 2;
        EXPECT_EQ(status(io(entry)), StatusCode::kPrpOffsetInvalid);
        entry.prp1 = m.gpa + 16;
        entry.prp2 = m.gpa + 4096 + 16;
        EXPECT_EQ(status(io(entry)), StatusCode::kPrpOffsetInvalid);
    });
}

}  // namespace
}  // namespace nvme::test
