// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string_view>

#include <gtest/gtest.h>

#include "models/nvme/spec/opcodes.h"
#include "models/nvme/spec/registers.h"
#include "models/nvme/spec/status.h"
#include "models/util/bits.h"

namespace nvme::spec {
namespace {

TEST(Bits, ValueThatIsTooWideLeavesItsNeighboursAlone) {
    Cc cc = Cc::from(0);
    cc.set<Cc::Iosqes>(0xffff'ffff);
    EXPECT_EQ(cc.raw, 0x000F'0000u);
}

TEST(Bits, SettingAFieldReplacesItsOldValueOnly) {
    Cc cc = Cc::from(0xffff'ffff);
    cc.set<Cc::Mps>(2);
    EXPECT_EQ(cc.raw, 0xffff'f97fu);
    EXPECT_EQ(cc.get<Cc::Mps>(), 2u);
}

TEST(Bits, FieldOf64BitsHoldsEveryValue) {
    using Whole = util::Bits<0, 64, std::uint64_t>;
    EXPECT_EQ(Whole::get(~0ull), ~0ull);
    EXPECT_EQ(Whole::put(0, 0x8000'0000'0000'0001ull), 0x8000'0000'0000'0001ull);
}

TEST(Bits, FromDropsBitsThatTheRegisterDoesNotHave) {
    EXPECT_EQ(Vs::from(0xdead'beef'0002'0000ull).raw, 0x0002'0000u);
}

TEST(Bits, WithDoesNotChangeItsObject) {
    const Csts ready = Csts::from(1);
    EXPECT_EQ(ready.with<Csts::Cfs>(true).raw, 3u);
    EXPECT_EQ(ready.raw, 1u);
}

TEST(Bits, TilesRefusesGapsOverlapsAndFieldsBeyondTheRegister) {
    using Low = util::Bits<0, 4>;
    using High = util::Bits<4, 4>;
    EXPECT_TRUE((util::tiles<std::uint8_t, Low, High>()));
    EXPECT_TRUE((util::tiles<std::uint8_t, High, Low>()));
    EXPECT_FALSE((util::tiles<std::uint8_t, Low>()));
    EXPECT_FALSE((util::tiles<std::uint8_t, Low, util::Bits<3, 5>>()));
    EXPECT_FALSE((util::tiles<std::uint8_t, Low, util::Bits<4, 5>>()));
}

TEST(Registers, DoorbellStrideGrowsByPowersOfTwoFromFourBytes) {
    EXPECT_EQ(doorbell_stride(0), 4u);
    EXPECT_EQ(doorbell_stride(1), 8u);
    EXPECT_EQ(doorbell_stride(15), 131072u);
}

TEST(Registers, SubsystemResetMagicReadsNvmeInAscii) {
    const char text[] = {'e', 'M', 'V', 'N'};
    std::uint32_t magic = 0;
    std::memcpy(&magic, text, sizeof(magic));
    EXPECT_EQ(kNssrReset, magic);
}

TEST(StatusName, GivesTheTitleOfTheSpecification) {
    EXPECT_STREQ(status_name(StatusCode::kSuccess), "Successful Completion");
    EXPECT_STREQ(status_name(StatusCode::kPrpOffsetInvalid), "PRP Offset Invalid");
    EXPECT_STREQ(status_name(StatusCode::kAbortedByHost), "Command Aborted By Host");
}

TEST(StatusName, TellsCodesOfDifferentTypesApart) {
    EXPECT_STREQ(status_name(static_cast<StatusCode>(0x080)), "LBA Out of Range");
    EXPECT_STREQ(status_name(static_cast<StatusCode>(0x180)), "Conflicting Attributes");
    EXPECT_STREQ(status_name(static_cast<StatusCode>(0x280)), "Write Fault");
}

TEST(StatusName, KnowsNoOtherOfThe65536ValuesThanThoseInItsTable) {
    std::size_t known = 0;
    for (std::uint32_t value = 0; value <= 0xffff; ++value) {
        const std::string_view name = status_name(static_cast<StatusCode>(value));
        if (name != "Unknown Status") {
            ++known;
        }
    }
    EXPECT_EQ(known, std::size(kStatusNames));
}

TEST(StatusName, TableAscendsSoThatNoCodeIsListedTwice) {
    for (std::size_t i = 1; i < std::size(kStatusNames); ++i) {
        EXPECT_LT(kStatusNames[i - 1].code, kStatusNames[i].code) << kStatusNames[i].name;
    }
}

TEST(StatusCodeParts, TypeAndCodeMakeTheValueAgain) {
    EXPECT_EQ(status_code_type(StatusCode::kCompareFailure), 2);
    EXPECT_EQ(status_code_value(StatusCode::kCompareFailure), 0x85);
}

TEST(DataTransfer, FollowsTheTwoLowBitsOfAnyOpcode) {
    EXPECT_EQ(data_transfer(0xc0), DataTransfer::kNone);
    EXPECT_EQ(data_transfer(0xc1), DataTransfer::kHostToController);
    EXPECT_EQ(data_transfer(0xc2), DataTransfer::kControllerToHost);
    EXPECT_EQ(data_transfer(0xff), DataTransfer::kBidirectional);
}

}  // namespace
}  // namespace nvme::spec
