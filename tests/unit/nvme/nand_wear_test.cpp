// SPDX-License-Identifier: Apache-2.0
// What becomes of flash that is used, as a host sees it in the SMART / Health Information log.
#include <algorithm>
#include <iterator>

#include "models/nvme/spec/identify.h"
#include "models/nvme/spec/logs.h"
#include "models/nvme/spec/media_logs.h"
#include "tests/unit/nvme/nand_drive.h"

namespace nvme::test {
namespace {

using spec::StatusCode;
using W = spec::CriticalWarning;

/// 512 bytes of a log page; `lsi` is its Log Specific Identifier.
StatusCode get_log(CoreHarness& h, std::uint32_t lid, std::uint32_t lsi, std::uint64_t at) {
    auto sqe = admin_command(spec::AdminOpcode::kGetLogPage);
    sqe.nsid = 0xffff'ffff;
    sqe.prp1 = at;
    sqe.cdw10 = lid | 127u << 16;
    sqe.cdw11 = lsi << 16;
    return status_of(h.admin(sqe));
}
template <typename Log>
Log log_page(CoreHarness& h, std::uint32_t lid, std::uint32_t lsi = 0) {
    const std::uint64_t at = h.alloc(4096);
    EXPECT_EQ(get_log(h, lid, lsi, at), StatusCode::kSuccess);
    return h.memory.get<Log>(at);
}
spec::SmartLog smart_log(CoreHarness& h) {
    return log_page<spec::SmartLog>(h, 0x02);
}
unsigned percentage_used(CoreHarness& h) {
    return smart_log(h).percentage_used;
}

TEST(NandWear, IsWhatTheSmartLogSays) {
    ControllerParams p = nand();
    p.media.nand.wear.endurance = 10;
    p.percentage_used = 3;
    p.media.nand.erase_ns = 0;
    MediaTime t(p, kBytes);
    EXPECT_EQ(percentage_used(t.h), 3u) << "precondition is not wear";
    Stream writes(t.h, 1, 32, pieces(t));
    while (writes.done < 4 * 1'024) t.run({&writes}, 1'000 * kPsPerUs);
    // 64 MiB four times over blocks of 120 MiB in all: about 2 of 10 erases.
    const media::MediaStatistics s = t.h.subsystem.media_statistics();
    EXPECT_NEAR(s.used_percent, 4.0 * 64 / 120 / 10 * 100, 5);
    EXPECT_EQ(percentage_used(t.h), static_cast<unsigned>(3 + s.used_percent));
    EXPECT_LE(s.most_erases, 4u) << "dynamic wear levelling";
}

/// 160 MiB of blocks that fail after two to seven erases each, two spare ones in each die.
ControllerParams mortal() {
    ControllerParams p = nand();
    p.media.nand.blocks = 20;
    p.media.nand.erase_ns = p.media.nand.program_lsb_ns = 0;
    p.media.nand.wear.block_life = 5;
    p.media.nand.wear.block_life_spread = 50;
    p.media.nand.wear.spare_blocks = 2;
    p.spare_threshold = 60;
    return p;
}

class NandSpare : public ::testing::Test {
protected:
    explicit NandSpare(const ControllerParams& p = mortal()) : drive(p, kBytes) {}

    /// The status of a write of 64 KiB, of one piece of the namespace after the other.
    StatusCode write() {
        auto sqe = piece;
        sqe.cdw10 = next++ % 1'024 * 16;
        return status_of(drive.h.execute(queue, sqe));
    }
    [[nodiscard]] W warning() { return W::from(smart_log(drive.h).critical_warning); }
    [[nodiscard]] media::MediaStatistics media() const {
        return drive.h.subsystem.media_statistics();
    }

    MediaTime drive;
    HostQueue queue = drive.h.create_queues(1, 16);
    const spec::SubmissionEntry piece = drive.command(NvmOpcode::kWrite, 0, 65'536);
    unsigned next = 0;
};

TEST_F(NandSpare, BlocksThatFailTakeItAwayAndTheHostHearsOfIt) {
    EXPECT_EQ(smart_log(drive.h).available_spare, 100);
    auto enable = admin_command(spec::AdminOpcode::kSetFeatures);
    enable.cdw10 = 0x0b;
    enable.cdw11 = 0xff;
    ASSERT_EQ(status_of(drive.h.admin(enable)), StatusCode::kSuccess);
    drive.h.push(drive.h.admin_queue(), admin_command(spec::AdminOpcode::kAsyncEventRequest));
    drive.h.ring_tail(drive.h.admin_queue());
    while (100 * media().spares_left >= 60 * media().spare_blocks)
        ASSERT_EQ(write(), StatusCode::kSuccess);
    ASSERT_EQ(write(), StatusCode::kSuccess);
    const auto event = drive.h.poll(drive.h.admin_queue());
    ASSERT_TRUE(event);
    EXPECT_EQ(event->dw0 & 0xffff, 0x0201u) << "SMART / Health status: spare below threshold";
    const spec::SmartLog log = smart_log(drive.h);
    EXPECT_EQ(log.available_spare, 100 * media().spares_left / media().spare_blocks);
    EXPECT_EQ(log.critical_warning, W{}.with<W::SpareBelowThreshold>(true).raw);
}

TEST_F(NandSpare, ADriveThatIsWornOutIsReadOnlyAndKeepsItsData) {
    drive.h.memory.put<std::uint64_t>(piece.prp1, 0x1122'3344'5566'7788);
    StatusCode status = StatusCode::kSuccess;
    while (status == StatusCode::kSuccess) status = write();
    EXPECT_EQ(status, StatusCode::kAttemptedWriteToReadOnlyRange);
    EXPECT_TRUE(media().worn_out);
    EXPECT_EQ(smart_log(drive.h).available_spare, 0);
    EXPECT_TRUE(warning().get<W::MediaReadOnly>());
    EXPECT_TRUE(warning().get<W::ReliabilityDegraded>());
    const auto read = drive.command(NvmOpcode::kRead, 512, kBlock);
    EXPECT_EQ(status_of(drive.h.execute(queue, read)), StatusCode::kSuccess);
    EXPECT_EQ(drive.h.memory.get<std::uint64_t>(read.prp1), 0x1122'3344'5566'7788u);
    // What a platform says of the health does not bring the media back, nor counts twice.
    (void)drive.h.subsystem.set_health(drive.h.subsystem.stated_health());
    EXPECT_EQ(write(), StatusCode::kAttemptedWriteToReadOnlyRange);
    EXPECT_EQ(drive.h.subsystem.stated_health().available_spare, 100);
}

TEST_F(NandSpare, WhatThePlatformSaysIsOfTheWhole) {
    HealthState state = drive.h.subsystem.stated_health();
    state.available_spare = 80;
    ASSERT_EQ(drive.h.subsystem.set_health(state), "");
    while (2 * media().spares_left > media().spare_blocks) ASSERT_EQ(write(), StatusCode::kSuccess);
    ASSERT_EQ(write(), StatusCode::kSuccess);
    EXPECT_EQ(smart_log(drive.h).available_spare, 40);
}

// --- The pages that say more ---

template <typename T>
T identify(CoreHarness& h, std::uint32_t cns, std::uint32_t nsid, std::uint32_t cdw11 = 0,
           StatusCode status = StatusCode::kSuccess) {
    const std::uint64_t at = h.alloc(4096);
    auto sqe = admin_command(spec::AdminOpcode::kIdentify);
    sqe.nsid = nsid;
    sqe.prp1 = at;
    sqe.cdw10 = cns;
    sqe.cdw11 = cdw11;
    EXPECT_EQ(status_of(h.admin(sqe)), status);
    return h.memory.get<T>(at);
}

TEST_F(NandSpare, AllNamespacesAreInOneEnduranceGroup) {
    CoreHarness& h = drive.h;
    const auto controller = identify<spec::IdentifyController>(h, 0x01, 0);
    EXPECT_TRUE(spec::Ctratt::from(controller.ctratt).get<spec::Ctratt::Egs>());
    EXPECT_EQ(controller.endgidmax, 1u);
    EXPECT_EQ(identify<spec::IdentifyNamespace>(h, 0x00, 1).endgid, 1u);
    EXPECT_EQ(identify<spec::IdentifyNamespaceIndependent>(h, 0x08, 1).endgid, 1u);
    auto list = identify<spec::EnduranceGroupList>(h, 0x19, 0);
    EXPECT_EQ(list.num, 1u);
    EXPECT_EQ(list.endgid[0], 1u);
    list = identify<spec::EnduranceGroupList>(h, 0x19, 0, 2);
    EXPECT_EQ(list.num, 0u) << "those from 2 on";
}

TEST_F(NandSpare, TheEnduranceGroupLogSaysWhatBecameOfIt) {
    CoreHarness& h = drive.h;
    StatusCode status = StatusCode::kSuccess;
    while (status == StatusCode::kSuccess) status = write();
    const auto log = log_page<spec::EnduranceGroupLog>(h, 0x09, 1);
    EXPECT_EQ(log.critical_warning, smart_log(h).critical_warning);
    EXPECT_EQ(log.available_spare, 0);
    EXPECT_EQ(log.available_spare_threshold, 60);
    EXPECT_EQ(log.percentage_used, smart_log(h).percentage_used);
    // 3000 erases of what is left of 160 MiB.
    EXPECT_EQ(log.endurance_estimate.low, 3'000 * media().blocks * (1 << 20) / 1'000'000'000);
    EXPECT_EQ(log.data_units_written.low, next * 65'536ull / 1'000'000'000 + 1);
    const std::uint64_t programmed = media().pages_programmed * 16'384;
    EXPECT_EQ(log.media_units_written.low, (programmed + 999'999'999) / 1'000'000'000);
    EXPECT_EQ(log.host_write_commands.low, smart_log(h).host_write_commands.low);
    const std::uint64_t at = h.alloc(4096);
    for (const std::uint32_t lsi : {0u, 2u, 0xffffu})
        EXPECT_EQ(get_log(h, 0x09, lsi, at), StatusCode::kInvalidField) << lsi;
}

TEST_F(NandSpare, TheVendorsPageHasBytesAndBlocks) {
    CoreHarness& h = drive.h;
    while (media().blocks_failed == 0) ASSERT_EQ(write(), StatusCode::kSuccess);
    auto part = drive.command(NvmOpcode::kWrite, 0, kBlock);
    ASSERT_EQ(status_of(h.execute(queue, part)), StatusCode::kSuccess);
    (void)h.execute(queue, drive.command(NvmOpcode::kRead, 512, kBlock));
    const auto log = log_page<spec::OcpSmartLog>(h, 0xc0);
    EXPECT_EQ(log.media_units_written.low, media().pages_programmed * 16'384);
    EXPECT_EQ(log.media_units_read.low, media().bytes_read);
    EXPECT_GE(media().bytes_read, kBlock);
    EXPECT_EQ(log.bad_user_blocks[0], media().blocks_failed);
    EXPECT_EQ(log.bad_user_blocks_normalized[0], 100 * media().spares_left / media().spare_blocks);
    EXPECT_EQ(log.most_erases, media().most_erases);
    EXPECT_EQ(log.least_erases, media().least_erases);
    EXPECT_LT(log.least_erases, log.most_erases);
    EXPECT_EQ(log.free_blocks, 100 * media().blocks_free / media().blocks);
    EXPECT_EQ(log.capacitor_health, 100);
    EXPECT_EQ(log.unaligned_io, 0u);
    EXPECT_EQ(log.log_page_version, 3);
    EXPECT_TRUE(std::equal(std::begin(log.guid), std::end(log.guid), spec::kOcpSmartGuid));
}

TEST(NandLogs, AreThoseOfMediaThatCountBlocks) {
    CoreHarness h(timed(media::Model::kFixed, 0));
    h.add_namespace(1, kBytes, kBlock);
    h.enable();
    const std::uint64_t at = h.alloc(4096);
    EXPECT_EQ(get_log(h, 0x09, 1, at), StatusCode::kInvalidLogPage);
    EXPECT_EQ(get_log(h, 0xc0, 0, at), StatusCode::kInvalidLogPage);
    const auto supported = log_page<spec::SupportedLogPages>(h, 0x00);
    EXPECT_EQ(supported.lids[0x09], 0u);
    EXPECT_EQ(identify<spec::IdentifyController>(h, 0x01, 0).endgidmax, 0u);
    EXPECT_EQ(identify<spec::IdentifyNamespace>(h, 0x00, 1).endgid, 0u);
    (void)identify<spec::EnduranceGroupList>(h, 0x19, 0, 0, StatusCode::kInvalidField);
}

}  // namespace
}  // namespace nvme::test
