// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include <gtest/gtest.h>

#include "models/nvme/spec/commands.h"
#include "models/nvme/spec/entries.h"
#include "models/nvme/spec/features.h"
#include "models/nvme/spec/identify.h"
#include "models/nvme/spec/logs.h"

// libnvme builds command dwords inside its functions and declares no masks for them: here dwords
// with a different digit in every field are decoded.
namespace nvme::spec {
namespace {

TEST(CommandDwords, Cdw0CarriesOpcodeFuseTransferAndIdentifier) {
    const Cdw0 cdw0 = Cdw0::from(0xABCD'8205);
    EXPECT_EQ(cdw0.get<Cdw0::Opcode>(), 0x05);
    EXPECT_EQ(cdw0.get<Cdw0::Fuse>(), kFuseSecond);
    EXPECT_EQ(cdw0.get<Cdw0::Psdt>(), kPsdtSglMetadataSgl);
    EXPECT_EQ(cdw0.get<Cdw0::Cid>(), 0xABCD);
}

TEST(CommandDwords, CreateQueueSeparatesIdentifierFromSize) {
    const auto cdw10 = CreateQueueCdw10::from(0x03FF'0001);
    EXPECT_EQ(cdw10.get<CreateQueueCdw10::Qid>(), 1u);
    EXPECT_EQ(cdw10.get<CreateQueueCdw10::Qsize>(), 1023u);
}

TEST(CommandDwords, CreateSubmissionQueueNamesPriorityCompletionQueueAndNvmSet) {
    const auto cdw11 = CreateIoSqCdw11::from(0x0012'0006);
    EXPECT_FALSE(cdw11.get<CreateIoSqCdw11::Pc>());
    EXPECT_EQ(cdw11.get<CreateIoSqCdw11::Qprio>(), QueuePriority::kLow);
    EXPECT_EQ(cdw11.get<CreateIoSqCdw11::Cqid>(), 0x12u);
    EXPECT_EQ(CreateIoSqCdw12::from(0xffff'0003).get<CreateIoSqCdw12::Nvmsetid>(), 3u);
}

TEST(CommandDwords, CreateCompletionQueueNamesInterruptVector) {
    const auto cdw11 = CreateIoCqCdw11::from(0x0005'0002);
    EXPECT_FALSE(cdw11.get<CreateIoCqCdw11::Pc>());
    EXPECT_TRUE(cdw11.get<CreateIoCqCdw11::Ien>());
    EXPECT_EQ(cdw11.get<CreateIoCqCdw11::Iv>(), 5u);
}

TEST(CommandDwords, DeleteQueueIgnoresReservedBits) {
    EXPECT_EQ(DeleteQueueCdw10::from(0xffff'0007).get<DeleteQueueCdw10::Qid>(), 7u);
}

TEST(CommandDwords, IdentifySelectsStructureControllerAndCommandSet) {
    const auto cdw10 = IdentifyCdw10::from(0x1234'ab06);
    EXPECT_EQ(static_cast<Cns>(cdw10.get<IdentifyCdw10::Cns>()), Cns::kCsController);
    EXPECT_EQ(cdw10.get<IdentifyCdw10::Cntid>(), 0x1234u);
    const auto cdw11 = IdentifyCdw11::from(0x02ff'0019);
    EXPECT_EQ(static_cast<Csi>(cdw11.get<IdentifyCdw11::Csi>()), Csi::kZonedNamespace);
    EXPECT_EQ(cdw11.get<IdentifyCdw11::CnsSpecificId>(), 0x19u);
    EXPECT_EQ(UuidIndexCdw14::from(0xffff'ff85).get<UuidIndexCdw14::UuidIndex>(), 5u);
}

TEST(CommandDwords, GetLogPageSplitsLengthOverTwoDwords) {
    const auto cdw10 = GetLogPageCdw10::from(0x5678'8a02);
    EXPECT_EQ(static_cast<LogId>(cdw10.get<GetLogPageCdw10::Lid>()), LogId::kSmartHealth);
    EXPECT_EQ(cdw10.get<GetLogPageCdw10::Lsp>(), 0x0au);
    EXPECT_TRUE(cdw10.get<GetLogPageCdw10::Rae>());
    EXPECT_EQ(cdw10.get<GetLogPageCdw10::Numdl>(), 0x5678u);
    const auto cdw11 = GetLogPageCdw11::from(0x9abc'1234);
    EXPECT_EQ(cdw11.get<GetLogPageCdw11::Numdu>(), 0x1234u);
    EXPECT_EQ(cdw11.get<GetLogPageCdw11::Lsi>(), 0x9abcu);
    const auto cdw14 = GetLogPageCdw14::from(0x0180'0003);
    EXPECT_EQ(cdw14.get<GetLogPageCdw14::UuidIndex>(), 3u);
    EXPECT_TRUE(cdw14.get<GetLogPageCdw14::Ot>());
    EXPECT_EQ(static_cast<Csi>(cdw14.get<GetLogPageCdw14::Csi>()), Csi::kKeyValue);
}

TEST(CommandDwords, FeaturesCarrySelectOnTheWayInAndSaveOnTheWayOut) {
    const auto get = GetFeaturesCdw10::from(0xffff'fb07);
    EXPECT_EQ(static_cast<FeatureId>(get.get<GetFeaturesCdw10::Fid>()), FeatureId::kNumberOfQueues);
    EXPECT_EQ(static_cast<FeatureSelect>(get.get<GetFeaturesCdw10::Sel>()),
              FeatureSelect::kSupportedCapabilities);
    EXPECT_FALSE(SetFeaturesCdw10::from(0x7fff'ff07).get<SetFeaturesCdw10::Sv>());
    EXPECT_TRUE(SetFeaturesCdw10::from(0x8000'0007).get<SetFeaturesCdw10::Sv>());
}

// The value that a script for a drive sets by nvme-cli: 338 and 352 K.
TEST(CommandDwords, ThermalManagementHasTheLightThresholdInTheUpperHalf) {
    const auto cdw11 = ThermalManagementCdw11::from(0x0152'0160);
    EXPECT_EQ(cdw11.get<ThermalManagementCdw11::Tmt1>(), 338u);
    EXPECT_EQ(cdw11.get<ThermalManagementCdw11::Tmt2>(), 352u);
}

TEST(CommandDwords, AbortNamesQueueAndCommand) {
    const auto cdw10 = AbortCdw10::from(0x0042'0003);
    EXPECT_EQ(cdw10.get<AbortCdw10::Sqid>(), 3u);
    EXPECT_EQ(cdw10.get<AbortCdw10::Cid>(), 0x42u);
    EXPECT_TRUE(AbortDw0::from(1).get<AbortDw0::NotAborted>());
}

TEST(CommandDwords, AsynchronousEventNamesTypeInformationAndLog) {
    const auto dw0 = AsyncEventDw0::from(0x0002'0101);
    EXPECT_EQ(dw0.get<AsyncEventDw0::EventType>(), AsyncEventType::kSmartHealth);
    EXPECT_EQ(static_cast<AsyncSmartInfo>(dw0.get<AsyncEventDw0::EventInfo>()),
              AsyncSmartInfo::kTemperatureThreshold);
    EXPECT_EQ(static_cast<LogId>(dw0.get<AsyncEventDw0::LogPageId>()), LogId::kSmartHealth);
}

TEST(CommandDwords, WriteCarriesDirectiveAndHints) {
    const auto cdw12 = ReadWriteCdw12::from(0x001f'0007);
    EXPECT_EQ(cdw12.get<ReadWriteCdw12::Nlb>(), 7u);
    EXPECT_EQ(cdw12.get<ReadWriteCdw12::Dtype>(), 1u);
    const auto cdw13 = ReadWriteCdw13::from(0x00aa'0016);
    EXPECT_EQ(cdw13.get<ReadWriteCdw13::Dspec>(), 0xaau);
    EXPECT_EQ(cdw13.get<ReadWriteCdw13::AccessFrequency>(), 6u);
    EXPECT_EQ(cdw13.get<ReadWriteCdw13::AccessLatency>(), 1u);
}

TEST(CommandDwords, BlockCountsOfTheOtherCommandsAreTheLowHalf) {
    EXPECT_EQ(VerifyCdw12::from(0x00ff'1234).get<VerifyCdw12::Nlb>(), 0x1234u);
    EXPECT_EQ(WriteZeroesCdw12::from(0x00ff'1234).get<WriteZeroesCdw12::Nlb>(), 0x1234u);
    EXPECT_EQ(WriteUncorrectableCdw12::from(0xffff'1234).get<WriteUncorrectableCdw12::Nlb>(),
              0x1234u);
    EXPECT_EQ(DsmCdw10::from(0xffff'ffff).get<DsmCdw10::Nr>(), 255u);
}

TEST(CommandDwords, CopyCarriesFormatAndBothProtectionFields) {
    const auto cdw12 = CopyCdw12::from(0x1420'3107);
    EXPECT_EQ(cdw12.get<CopyCdw12::Nr>(), 7u);
    EXPECT_EQ(cdw12.get<CopyCdw12::Df>(), 1u);
    EXPECT_EQ(cdw12.get<CopyCdw12::Prinfor>(), 3u);
    EXPECT_EQ(cdw12.get<CopyCdw12::Dtype>(), 2u);
    EXPECT_EQ(cdw12.get<CopyCdw12::Prinfow>(), 5u);
}

}  // namespace
}  // namespace nvme::spec
