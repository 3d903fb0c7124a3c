// SPDX-License-Identifier: Apache-2.0
// Error Recovery: reads of blocks that hold no data are errors when the host asks for it (DULBE).
#include <random>
#include <vector>

#include <unistd.h>

#include "models/media/store/file_store.h"
#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

using spec::FeatureId;

constexpr std::uint32_t kDulbe = 1u << 16;

class DeallocatedErrors : public CommandsTest {
protected:
    using CommandsTest::CommandsTest;

    StatusCode set_recovery(std::uint32_t value, std::uint32_t nsid) {
        return status(
            driver.admin(commands::set_features(FeatureId::kErrorRecovery, value, false, nsid)));
    }
    std::uint32_t recovery(std::uint32_t nsid) {
        return driver
            .admin(commands::get_features(FeatureId::kErrorRecovery, spec::FeatureSelect::kCurrent,
                                          0, nsid))
            .dw0;
    }
    StatusCode read(std::uint32_t nsid, std::uint64_t lba, std::uint32_t blocks) {
        return status(driver.read(nsid, lba, blocks, buffer));
    }
    void use_buffer() { buffer = driver.allocate(64 << 10); }

    static constexpr auto kNoData = StatusCode::kDeallocatedOrUnwrittenBlock;
    DmaBuffer buffer;
};

TEST_F(DeallocatedErrors, EveryCommandThatReadsFailsOnABlockThatWasNeverWritten) {
    simulate([this] {
        bring_up();
        use_buffer();
        spec::IdentifyNamespace id;
        ASSERT_TRUE(driver.identify_namespace(1, id).ok());
        EXPECT_EQ(id.nsfeat, 1 << 2);
        EXPECT_EQ(read(1, 0, 8), StatusCode::kSuccess) << "off by default";
        ASSERT_EQ(set_recovery(kDulbe | 7, 1), StatusCode::kSuccess);
        EXPECT_EQ(recovery(1), kDulbe | 7);
        ASSERT_TRUE(driver.write(1, 8, 8, buffer).ok());
        EXPECT_EQ(read(1, 8, 8), StatusCode::kSuccess);
        EXPECT_EQ(read(1, 7, 2), kNoData);
        EXPECT_EQ(read(1, 15, 2), kNoData);
        EXPECT_EQ(status(driver.compare(1, 0, 8, buffer)), kNoData);
        EXPECT_EQ(status(driver.verify(1, 0, 65536)), kNoData);
        EXPECT_TRUE(driver.verify(1, 8, 8).ok());
        const Completion failed = driver.read(1, 5, 1, buffer);
        EXPECT_TRUE(failed.more);
        const auto entry = log_page<spec::ErrorLogEntry>(spec::LogId::kErrorInformation);
        EXPECT_EQ(entry.lba, 5u);
        EXPECT_EQ(entry.nsid, 1u);
        EXPECT_EQ(log_page<spec::SmartLog>(spec::LogId::kSmartHealth).media_errors.low, 0u)
            << "the media is in order";
        ASSERT_EQ(set_recovery(0, 1), StatusCode::kSuccess);
        EXPECT_EQ(read(1, 0, 8), StatusCode::kSuccess);
    });
}

TEST_F(DeallocatedErrors, DeallocationTakesDataAndWriteZeroesWithoutItGivesSome) {
    add_ram_namespace(2, 4 << 20, 4096);
    simulate([this] {
        bring_up();
        use_buffer();
        ASSERT_EQ(set_recovery(kDulbe, spec::kNsidBroadcast), StatusCode::kSuccess);
        for (const std::uint32_t nsid : {1u, 2u}) {
            ASSERT_TRUE(driver.write(nsid, 0, 16, buffer).ok());
            ASSERT_TRUE(driver.dataset_management(nsid, {{0, 1, 3}}).ok());
            EXPECT_EQ(read(nsid, 3, 1), kNoData);
            EXPECT_EQ(read(nsid, 0, 3), StatusCode::kSuccess);
            EXPECT_EQ(read(nsid, 4, 12), StatusCode::kSuccess);
            ASSERT_TRUE(driver.write_zeroes(nsid, 5, 2, true).ok());
            EXPECT_EQ(read(nsid, 5, 1), kNoData);
            ASSERT_TRUE(driver.write_zeroes(nsid, 3, 4).ok());
            EXPECT_EQ(read(nsid, 0, 16), StatusCode::kSuccess);
            ASSERT_TRUE(driver.write_zeroes(nsid, 20, 1).ok());
            EXPECT_EQ(read(nsid, 20, 1), StatusCode::kSuccess);
            EXPECT_EQ(read(nsid, 20, 2), kNoData);
        }
    });
}

TEST_F(DeallocatedErrors, ForcedReadsMakeNoDataOutOfBlocksThatHaveNone) {
    simulate([this] {
        bring_up();
        use_buffer();
        ASSERT_TRUE(driver.write(1, 0, 1, buffer).ok());
        EXPECT_TRUE(io(commands::read(1, 0, 8, true), Transfer(buffer.gpa, 4096)).ok());
        ASSERT_EQ(set_recovery(kDulbe, 1), StatusCode::kSuccess);
        EXPECT_EQ(read(1, 0, 1), StatusCode::kSuccess);
        EXPECT_EQ(read(1, 1, 1), kNoData);
    });
}

TEST_F(DeallocatedErrors, StoreThatCannotTellIsNotAskedTo) {
    std::string path = ::testing::TempDir() + "/dulbe-" + std::to_string(::getpid()) + ".img";
    std::string error;
    NamespaceConfig config;
    config.nsid = 3;
    auto store = media::FileStore::create(path, 1 << 20, error);
    ASSERT_NE(store, nullptr) << error;
    ASSERT_EQ(controller.add_namespace(config, std::move(store)), "");
    simulate([this] {
        bring_up();
        use_buffer();
        spec::IdentifyNamespace id;
        ASSERT_TRUE(driver.identify_namespace(3, id).ok());
        EXPECT_EQ(id.nsfeat, 0);
        EXPECT_EQ(set_recovery(kDulbe, 3), StatusCode::kInvalidField);
        EXPECT_EQ(set_recovery(9, 3), StatusCode::kSuccess);
        EXPECT_EQ(set_recovery(kDulbe | 4, spec::kNsidBroadcast), StatusCode::kSuccess);
        EXPECT_EQ(recovery(1), kDulbe | 4);
        EXPECT_EQ(recovery(3), 4u);
        EXPECT_EQ(read(3, 0, 8), StatusCode::kSuccess);
    });
    (void)::unlink(path.c_str());
}

TEST_F(DeallocatedErrors, SavedValueActsAfterAResetAndAResizedNamespaceHasNoDataInItsNewPart) {
    simulate([this] {
        bring_up();
        use_buffer();
        ASSERT_EQ(status(driver.admin(
                      commands::set_features(FeatureId::kErrorRecovery, kDulbe, true, 1))),
                  StatusCode::kSuccess);
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        ASSERT_EQ(driver.create_io_queues(1, 64), DriverError::kNone);
        EXPECT_EQ(read(1, 0, 1), kNoData);
        const std::uint64_t last = (64ull << 20) / 512 - 1;
        ASSERT_TRUE(driver.write(1, last, 1, buffer).ok());
        ASSERT_TRUE(driver.flush(1).ok());
        EXPECT_EQ(controller.resize_namespace(1, 32 << 20), "");
        EXPECT_EQ(controller.resize_namespace(1, 64 << 20), "");
        EXPECT_EQ(read(1, last, 1), kNoData);
    });
}

TEST_F(DeallocatedErrors, RandomCommandsAndPowerCutsAgreeWithAModel) {
    constexpr std::uint32_t kBlocks = 96;
    add_ram_namespace(2, kBlocks * 512, 512);
    simulate([this] {
        std::mt19937_64 random(31);
        std::vector<bool> holds(kBlocks), durable(kBlocks);
        const auto fill = [](std::vector<bool>& map, std::uint32_t lba, std::uint32_t n, bool to) {
            for (std::uint32_t i = lba; i < lba + n; ++i) map[i] = to;
        };
        bring_up();
        use_buffer();
        ASSERT_EQ(set_recovery(kDulbe, 2), StatusCode::kSuccess);
        for (unsigned i = 0; i < 1500; ++i) {
            const auto lba = static_cast<std::uint32_t>(random() % kBlocks);
            const auto n = 1 + static_cast<std::uint32_t>(random() % (kBlocks - lba));
            switch (random() % 8) {
                case 0:
                    ASSERT_TRUE(driver.write(2, lba, n, buffer).ok());
                    fill(holds, lba, n, true);
                    break;
                case 1: {
                    const bool deallocate = random() % 2 != 0;
                    ASSERT_TRUE(driver.write_zeroes(2, lba, n, deallocate).ok());
                    fill(holds, lba, n, !deallocate);
                    fill(durable, lba, n, !deallocate);
                    break;
                }
                case 2:
                    ASSERT_TRUE(driver.dataset_management(2, {{0, n, lba}}).ok());
                    fill(holds, lba, n, false);
                    fill(durable, lba, n, false);
                    break;
                case 3:
                    ASSERT_TRUE(driver.flush(2).ok());
                    durable = holds;
                    break;
                case 4:
                    if (random() % 10 != 0) break;
                    power_cycle();
                    ASSERT_EQ(set_recovery(kDulbe, 2), StatusCode::kSuccess);
                    holds = durable;
                    break;
                default: {
                    bool all = true;
                    for (std::uint32_t b = lba; b < lba + n; ++b) all = all && holds[b];
                    ASSERT_EQ(read(2, lba, n), all ? StatusCode::kSuccess : kNoData)
                        << lba << " " << n << " " << i;
                }
            }
        }
    });
}

}  // namespace
}  // namespace nvme::test
