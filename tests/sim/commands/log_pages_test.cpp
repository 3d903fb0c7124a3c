// SPDX-License-Identifier: Apache-2.0
// Get Log Page: which pages there are, lengths, offsets and errors.
#include <set>
#include <vector>

#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

using spec::LogId;

class LogPages : public CommandsTest {
protected:
    using CommandsTest::CommandsTest;

    std::vector<std::uint8_t> read(LogId lid, std::uint64_t offset, std::uint64_t bytes) {
        std::vector<std::uint8_t> data(bytes, 0xEE);
        commands::LogRequest request{lid, bytes, offset};
        const Completion completion = driver.get_log_page(request, data.data());
        EXPECT_TRUE(completion.ok()) << completion << " at " << offset;
        return data;
    }
    StatusCode status_of(const commands::LogRequest& request) {
        std::vector<std::uint8_t> data(request.bytes);
        return status(driver.get_log_page(request, data.data()));
    }
};

TEST_F(LogPages, SupportedLogPagesAreListedAndOthersAreRefused) {
    const std::set<unsigned> supported = {0x00, 0x01, 0x02, 0x03, 0x04,
                                          0x05, 0x06, 0x12, 0x13, 0x80};
    simulate([&] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const auto log = log_page<spec::SupportedLogPages>(LogId::kSupportedLogPages);
        for (unsigned lid = 0; lid < 256; ++lid) {
            const bool expected = supported.count(lid) != 0;
            EXPECT_EQ(log.lids[lid], expected ? 1u : 0u) << lid;
            EXPECT_EQ(status_of({static_cast<LogId>(lid), 512}),
                      expected ? StatusCode::kSuccess : StatusCode::kInvalidLogPage)
                << lid;
        }
    });
}

TEST_F(LogPages, FirmwareSlotLogNamesTheRunningRevision) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const auto log = log_page<spec::FirmwareSlotLog>(LogId::kFirmwareSlot);
        EXPECT_EQ(log.afi, 1);
        EXPECT_EQ(std::memcmp(log.frs[0], driver.controller().fr, 8), 0);
        for (int slot = 1; slot < 7; ++slot)
            for (const char c : log.frs[slot]) EXPECT_EQ(c, 0) << slot;
    });
}

TEST_F(LogPages, PiecesAtAnyOffsetMakeUpTheWholePage) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const auto whole = read(LogId::kCommandEffects, 0, 4096);
        for (const std::uint64_t piece : {4, 12, 100, 1024, 4092}) {
            for (std::uint64_t at = 0; at < 4096;
                 at += std::max<std::uint64_t>(piece, 500) / 4 * 4) {
                const std::uint64_t bytes = std::min<std::uint64_t>(piece, 4096 - at);
                const auto part = read(LogId::kCommandEffects, at, bytes);
                EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.begin() + at))
                    << at << " " << piece;
            }
        }
    });
}

TEST_F(LogPages, PageReadsAsZeroPastItsEnd) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const auto log = read(LogId::kSmartHealth, 0, 8192);
        EXPECT_NE(log[1], 0) << "temperature";
        EXPECT_EQ(std::count(log.begin() + 512, log.end(), 0), 8192 - 512);
        EXPECT_EQ(read(LogId::kSmartHealth, 512, 16), std::vector<std::uint8_t>(16))
            << "the offset may be the size";
    });
}

TEST_F(LogPages, OffsetMustBeAlignedAndInsideThePage) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        for (const std::uint64_t offset : {516ull, 4096ull, 0x1'0000'0000ull,
                                           0x8000'0000'0000'0000ull, ~3ull, 1ull, 2ull, 509ull})
            EXPECT_EQ(status_of({LogId::kSmartHealth, 4, offset}), StatusCode::kInvalidField)
                << offset;
        spec::SubmissionEntry by_index = commands::get_log_page({LogId::kErrorInformation, 64});
        by_index.cdw14 = spec::GetLogPageCdw14{}.with<spec::GetLogPageCdw14::Ot>(true).raw;
        EXPECT_EQ(status(driver.admin(by_index, driver.allocate(64))), StatusCode::kInvalidField);
    });
}

TEST_F(LogPages, LengthIsLimitedByMdts) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        const std::uint64_t most = driver.max_transfer_bytes();
        EXPECT_EQ(status_of({LogId::kSmartHealth, most}), StatusCode::kSuccess);
        EXPECT_EQ(status_of({LogId::kSmartHealth, most + 4}), StatusCode::kInvalidField);
        spec::SubmissionEntry longest = commands::get_log_page({LogId::kSmartHealth, 4});
        longest.cdw10 |= 0xFFFF'0000;
        longest.cdw11 |= 0x0000'FFFF;
        EXPECT_EQ(status(driver.admin(longest, driver.allocate(4096))), StatusCode::kInvalidField);
    });
}

TEST_F(LogPages, NoPageBelongsToANamespace) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        for (const auto lid : {LogId::kErrorInformation, LogId::kSmartHealth}) {
            EXPECT_EQ(status_of({lid, 64, 0, 0}), StatusCode::kSuccess);
            EXPECT_EQ(status_of({lid, 64, 0, spec::kNsidBroadcast}), StatusCode::kSuccess);
            EXPECT_EQ(status_of({lid, 64, 0, 1}), StatusCode::kInvalidField);
            EXPECT_EQ(status_of({lid, 64, 0, 5000}), StatusCode::kInvalidField);
        }
    });
}

// Pre-fix, CSI was never looked at: a host that asked which commands of the Zoned Namespace command
// set there are was told those of the NVM command set.
TEST_F(LogPages, CommandSetIsThatOfCsiWhereTheHostHasChosenAmongThem) {
    const std::set<LogId> by_command_set = {LogId::kSupportedLogPages, LogId::kCommandEffects,
                                            LogId::kFeatureEffects};
    DmaBuffer buffer;
    const auto ask = [&](LogId lid, unsigned csi) {
        spec::SubmissionEntry entry = commands::get_log_page({lid, 512});
        entry.cdw14 = spec::GetLogPageCdw14{}
                          .with<spec::GetLogPageCdw14::Csi>(static_cast<std::uint8_t>(csi))
                          .raw;
        return status(driver.admin(entry, buffer));
    };
    simulate([&] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        buffer = driver.allocate(512);
        const auto cc = spec::Cc::from(driver.read32(spec::offset::kCc));
        ASSERT_EQ(cc.get<spec::Cc::Css>(), spec::kCssAllSupported);
        for (unsigned lid = 0; lid < 256; ++lid)
            for (const unsigned csi : {0u, 1u, 2u, 3u, 0x30u, 255u}) {
                const auto id = static_cast<LogId>(lid);
                const bool listed = by_command_set.count(id) != 0;
                const StatusCode before = ask(id, 0);
                EXPECT_EQ(ask(id, csi),
                          listed && csi != 0 ? StatusCode::kIoCommandSetNotSupported : before)
                    << lid << " " << csi;
            }

        // With CC.CSS = 000b the field means nothing.
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        driver.write32(spec::offset::kCc, cc.with<spec::Cc::En>(false).raw);
        sc_core::wait(10, sc_core::SC_MS);
        driver.write32(spec::offset::kCc, cc.with<spec::Cc::Css>(spec::kCssNvm).raw);
        sc_core::wait(10, sc_core::SC_MS);
        for (const LogId lid : by_command_set) EXPECT_EQ(ask(lid, 2), StatusCode::kSuccess);
    });
}

TEST_F(LogPages, DataPointerIsCheckedAndAnUnreachableBufferIsATransferError) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        spec::SubmissionEntry entry = commands::get_log_page({LogId::kSmartHealth, 512});
        entry.prp1 = 0x1001;
        EXPECT_EQ(status(driver.admin(entry)), StatusCode::kPrpOffsetInvalid);
        entry.prp1 = 0x1F00;  // 256 bytes to the end of the page
        entry.prp2 = 0x3004;
        EXPECT_EQ(status(driver.admin(entry)), StatusCode::kPrpOffsetInvalid);
        entry.prp1 = 1ull << 52;
        EXPECT_EQ(status(driver.admin(entry)), StatusCode::kDataTransferError);
        EXPECT_FALSE(driver.csts().get<spec::Csts::Cfs>());
        EXPECT_EQ(status_of({LogId::kSmartHealth, 512}), StatusCode::kSuccess);
    });
}

TEST_F(LogPages, NvmeMiEffectsLogListsNoCommand) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        EXPECT_EQ(read(LogId::kNvmeMiEffects, 0, 4096), std::vector<std::uint8_t>(4096));
    });
}

}  // namespace
}  // namespace nvme::test
