// SPDX-License-Identifier: Apache-2.0
// I/O commands with wrong arguments: what each is refused with, and that nothing happened.
#include <cstdio>
#include <string>
#include <vector>

#include "models/media/store/file_store.h"
#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

constexpr std::uint64_t kBlocks = (64u << 20) / 512;

class IoErrors : public CommandsTest {
protected:
    using CommandsTest::CommandsTest;

    struct Command {
        const char* name;
        spec::SubmissionEntry entry;
        std::uint64_t bytes;
    };
    /// Every command with a range of blocks.
    static std::vector<Command> block_commands(std::uint32_t nsid, std::uint64_t slba,
                                               std::uint32_t blocks) {
        const std::uint64_t bytes = std::uint64_t{blocks} * 512;
        return {{"Write", commands::write(nsid, slba, blocks), bytes},
                {"Read", commands::read(nsid, slba, blocks), bytes},
                {"Compare", commands::compare(nsid, slba, blocks), bytes},
                {"Write Zeroes", commands::write_zeroes(nsid, slba, blocks), 0},
                {"Verify", commands::verify(nsid, slba, blocks), 0}};
    }
};

TEST_F(IoErrors, RangeBeyondTheNamespaceIsRefused) {
    struct Range {
        std::uint64_t slba;
        std::uint32_t blocks;
    };
    simulate([this] {
        bring_up();
        const DmaBuffer buffer = pattern(64 << 10, 1), before = pattern(64 << 10, 1);
        for (const Range& range :
             {Range{kBlocks, 1}, Range{kBlocks - 1, 2}, Range{kBlocks - 7, 8}, Range{1ull << 32, 1},
              Range{1ull << 55, 1}, Range{1ull << 63, 8}, Range{~0ull, 1}, Range{~0ull, 2},
              Range{~0ull - 6, 8}, Range{~0ull - 127, 128}}) {
            for (const Command& c : block_commands(1, range.slba, range.blocks)) {
                const Completion completion = io(c.entry, {buffer.gpa, c.bytes});
                EXPECT_EQ(status(completion), StatusCode::kLbaOutOfRange)
                    << c.name << " " << range.slba;
                EXPECT_TRUE(completion.do_not_retry) << c.name;
            }
        }
        EXPECT_TRUE(same(buffer, before, 64 << 10));
        EXPECT_EQ(status(driver.verify(1, kBlocks - 65'535, 65'536)), StatusCode::kLbaOutOfRange);
        EXPECT_TRUE(driver.verify(1, kBlocks - 65'536, 65'536).ok());
    });
}

TEST_F(IoErrors, TransferLargerThanMdtsIsRefusedBeforeAnythingIsMoved) {
    simulate([this] {
        bring_up();
        const auto most = static_cast<std::uint32_t>(driver.max_transfer_bytes() / 512);
        const DmaBuffer buffer = pattern(1 << 20, 1), before = pattern(1 << 20, 1);
        for (const std::uint32_t blocks : {most + 1, 2 * most, 65'536u}) {
            for (const Command& c : block_commands(1, 0, blocks)) {
                if (c.bytes == 0) continue;
                EXPECT_EQ(status(io(c.entry, {buffer.gpa, 1 << 20})), StatusCode::kInvalidField)
                    << c.name << " " << blocks;
            }
        }
        EXPECT_TRUE(same(buffer, before, 1 << 20));
        EXPECT_TRUE(driver.read(1, 0, most, buffer).ok());
        EXPECT_TRUE(all_zero(buffer, 0, driver.max_transfer_bytes())) << "nothing was written";
    });
}

// Pre-fix, an identifier whose namespace had just been removed was answered like one that can never
// have any: a host could not tell the one from the other.
TEST_F(IoErrors, NamespaceIdentifierMustNameANamespace) {
    simulate([this] {
        bring_up();
        const DmaBuffer buffer = driver.allocate(4096);
        for (const std::uint32_t nsid : {0u, 2u, 1024u, 1025u, 0xFFFF'FFFEu, 0xFFFF'FFFFu}) {
            auto all = block_commands(nsid, 0, 1);
            all.push_back({"DSM", commands::dataset_management(nsid, 1), 16});
            if (nsid != spec::kNsidBroadcast) all.push_back({"Flush", commands::flush(nsid), 0});
            for (const Command& c : all)
                EXPECT_EQ(status(io(c.entry, {buffer.gpa, c.bytes})), no_namespace(nsid))
                    << c.name << " " << nsid;
        }
        EXPECT_TRUE(driver.flush(spec::kNsidBroadcast).ok());
    });
}

TEST_F(IoErrors, VerifyCannotActOnProtectionInformation) {
    simulate([this] {
        bring_up();
        spec::SubmissionEntry entry = commands::verify(1, 0, 1);
        entry.cdw12 |= 1u << 29;  // PRACT
        EXPECT_EQ(status(io(entry)), StatusCode::kInvalidField);
    });
}

TEST_F(IoErrors, ReadOnlyNamespaceIsReadAndNeverWritten) {
    const std::string path = ::testing::TempDir() + "nvme_tlm_read_only.img";
    std::remove(path.c_str());
    std::string error;
    {
        const auto image = media::FileStore::create(path, 1 << 20, error);
        ASSERT_NE(image, nullptr) << error;
        const std::vector<std::byte> ones(1 << 20, std::byte{0x11});
        ASSERT_EQ(image->write(0, ones.data(), ones.size()), media::IoStatus::kOk);
    }
    NamespaceConfig config;
    config.nsid = 3;
    ASSERT_EQ(controller.add_namespace(config, media::FileStore::open(path, true, error)), "");
    simulate([this] {
        bring_up();
        spec::IdentifyNamespace id;
        ASSERT_TRUE(driver.identify_namespace(3, id).ok());
        EXPECT_EQ(id.nsattr & 1, 1) << "write protected";
        const DmaBuffer buffer = pattern(4096, 1), in = driver.allocate(4096);
        const auto refused = StatusCode::kAttemptedWriteToReadOnlyRange;
        EXPECT_EQ(status(driver.write(3, 0, 8, buffer)), refused);
        EXPECT_EQ(status(driver.write(3, 0, 8, buffer, true)), refused);
        EXPECT_EQ(status(driver.write_zeroes(3, 0, 8)), refused);
        EXPECT_EQ(status(driver.write_zeroes(3, 0, 8, true)), refused);
        EXPECT_EQ(status(driver.dataset_management(3, {{0, 8, 0}})), refused);
        EXPECT_TRUE(driver.read(3, 0, 8, in).ok());
        for (std::uint64_t i = 0; i < 4096; ++i) ASSERT_EQ(in.data[i], std::byte{0x11}) << i;
        EXPECT_TRUE(driver.compare(3, 0, 8, in).ok());
        EXPECT_TRUE(io(commands::read(3, 0, 8, true), in).ok()) << "FUA";
        EXPECT_TRUE(driver.verify(3, 0, 8).ok());
        EXPECT_TRUE(driver.flush(3).ok());
        EXPECT_TRUE(driver.flush(spec::kNsidBroadcast).ok());
        EXPECT_EQ(driver.shutdown(), DriverError::kNone);
    });
    std::remove(path.c_str());
}

}  // namespace
}  // namespace nvme::test
