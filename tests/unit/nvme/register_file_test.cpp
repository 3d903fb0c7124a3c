// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/controller/register_file.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

namespace nvme::test {
namespace {
using spec::Aqa;
using spec::Cc;
using spec::Csts;
namespace offset = spec::offset;

struct Events final : RegisterEvents {
    struct Write {
        Cc before, after;
        util::TimePs at;
    };
    std::vector<Write> cc;
    std::vector<util::TimePs> resets;
    unsigned masks = 0;
    void on_cc_written(Cc before, Cc after, util::TimePs at) override {
        cc.push_back({before, after, at});
    }
    void on_subsystem_reset_requested(util::TimePs at) override { resets.push_back(at); }
    void on_interrupt_mask_changed() override { ++masks; }
};

class RegisterFileTest : public testing::Test {
protected:
    static constexpr std::uint64_t kCap = 0x0811'0051'1401'00ff;
    static constexpr std::uint32_t kCrto = 0x0000'0014;

    std::uint64_t read(std::uint32_t at, unsigned size = 4) {
        const auto value = registers.read(at, size);
        EXPECT_TRUE(value) << at;
        return value.value_or(0xdead);
    }
    void write(std::uint32_t at, std::uint64_t value, unsigned size = 4) {
        EXPECT_TRUE(registers.write(at, size, value, 77)) << at;
    }
    Events events;
    RegisterFile registers{spec::Cap::from(kCap), spec::Crto::from(kCrto), events};
};

TEST_F(RegisterFileTest, TheMapIsTheSpecifiedOne) {
    EXPECT_EQ(read(0x00, 8), kCap);
    EXPECT_EQ(read(0x00), kCap & 0xffff'ffff);
    EXPECT_EQ(read(0x04), kCap >> 32);
    EXPECT_EQ(read(0x08), 0x0002'0000u);
    for (const std::uint32_t at : {0x0cu, 0x10u, 0x14u, 0x1cu, 0x20u, 0x24u})
        EXPECT_EQ(read(at), 0u) << at;
    EXPECT_EQ(read(0x28, 8), 0u);
    EXPECT_EQ(read(0x30, 8), 0u);
    EXPECT_EQ(read(0x68), kCrto);
}

TEST_F(RegisterFileTest, OnlyAlignedAccessesOfFourAndEightBytesAreDefined) {
    for (std::uint32_t at = 0; at < 0x40; ++at)
        for (unsigned size = 0; size <= 9; ++size) {
            const bool defined = (size == 4 || size == 8) && at % size == 0;
            EXPECT_EQ(registers.read(at, size).has_value(), defined) << at << " " << size;
        }
    EXPECT_FALSE(registers.write(0x14, 2, 0, 0));
    EXPECT_FALSE(registers.write(0x15, 4, 0, 0));
    EXPECT_FALSE(registers.write(0x2c, 8, 0, 0));
    EXPECT_TRUE(events.cc.empty());
    EXPECT_FALSE(registers.read(0x1000, 4));
    EXPECT_TRUE(registers.read(0xff8, 8));
}

TEST_F(RegisterFileTest, ReservedOffsetsReadZeroAndIgnoreWrites) {
    for (std::uint32_t at = 0x38; at < RegisterFile::kSize; at += 4) {
        if (at == offset::kCrto) continue;
        write(at, 0xffff'ffff);
        EXPECT_EQ(read(at), 0u) << at;
    }
}

TEST_F(RegisterFileTest, ReadOnlyPropertiesIgnoreWrites) {
    for (const std::uint32_t at : {0x00u, 0x04u, 0x08u, 0x68u}) {
        const auto before = read(at);
        write(at, ~before & 0xffff'ffff);
        EXPECT_EQ(read(at), before);
    }
}

TEST_F(RegisterFileTest, InterruptMasksAreSetAndClearedBitByBit) {
    write(offset::kIntms, 0x0000'00f1);
    write(offset::kIntms, 0x8000'0000);
    EXPECT_EQ(read(offset::kIntms), 0x8000'00f1u);
    EXPECT_EQ(read(offset::kIntmc), 0x8000'00f1u);
    write(offset::kIntmc, 0x0000'0011);
    EXPECT_EQ(read(offset::kIntms), 0x8000'00e0u);
    EXPECT_EQ(registers.interrupt_mask(), 0x8000'00e0u);
    EXPECT_EQ(events.masks, 3u);
}

TEST_F(RegisterFileTest, EveryWriteOfCcIsReportedWithoutItsReservedBits) {
    write(offset::kCc, 0xffff'ffff);
    EXPECT_EQ(read(offset::kCc), 0x00ff'fff1u);
    write(offset::kCc, 0x0046'0001);
    ASSERT_EQ(events.cc.size(), 2u);
    EXPECT_EQ(events.cc[1].before.raw, 0x00ff'fff1u);
    EXPECT_EQ(events.cc[1].after.raw, 0x0046'0001u);
    EXPECT_EQ(events.cc[1].at, 77u);
}

// Pre-fix, CRIME could be set although there is one ready mode only, and read back as if there were
// two.
TEST_F(RegisterFileTest, ABitOfACapabilityThatIsAbsentCannotBeWritten) {
    using spec::Cap;
    const Cap none = Cap::from(kCap).with<Cap::Crwms>(false).with<Cap::Nssrs>(false);
    const Cap modes[] = {none, none.with<Cap::Crwms>(true), none.with<Cap::Crims>(true),
                         none.with<Cap::Crwms>(true).with<Cap::Crims>(true)};
    for (const Cap cap : modes) {
        RegisterFile file{cap, spec::Crto::from(kCrto), events};
        const bool both = cap.get<Cap::Crwms>() && cap.get<Cap::Crims>();
        EXPECT_TRUE(file.write(offset::kCc, 4, 0x0146'0001, 0));
        EXPECT_EQ(file.cc().get<Cc::Crime>(), both);
        EXPECT_EQ(events.cc.back().after.get<Cc::Crime>(), both);
        EXPECT_TRUE(file.write(offset::kNssr, 4, spec::kNssrReset, 0));
    }
    EXPECT_TRUE(events.resets.empty()) << "NSSR is reserved without CAP.NSSRS";
}

TEST_F(RegisterFileTest, NssroIsClearedByWritingOneAndNothingElseOfCstsIsWritable) {
    const auto all = Csts{}.with<Csts::Rdy>(true).with<Csts::Cfs>(true).with<Csts::Nssro>(true);
    registers.set_csts(all);
    write(offset::kCsts, 0xffff'ffef);
    EXPECT_EQ(read(offset::kCsts), all.raw);
    write(offset::kCsts, 0x10);
    EXPECT_EQ(read(offset::kCsts), all.with<Csts::Nssro>(false).raw);
    write(offset::kCsts, 0x10);
    EXPECT_EQ(read(offset::kCsts), all.with<Csts::Nssro>(false).raw);
}

TEST_F(RegisterFileTest, OnlyTheWordNvmeInNssrResetsTheSubsystem) {
    for (const std::uint32_t value : {0u, 1u, 0x654d'564eu, 0x4e56'4d64u, 0xffff'ffffu})
        write(offset::kNssr, value);
    EXPECT_TRUE(events.resets.empty());
    write(offset::kNssr, 0x4e56'4d65);
    EXPECT_EQ(events.resets, std::vector<util::TimePs>{77});
    EXPECT_EQ(read(offset::kNssr), 0u);
}

TEST_F(RegisterFileTest, AdminQueuePropertiesKeepTheirReservedBitsClear) {
    write(offset::kAqa, 0xffff'ffff);
    EXPECT_EQ(read(offset::kAqa), 0x0fff'0fffu);
    write(offset::kAsq, ~0ull, 8);
    write(offset::kAcq, ~0ull, 8);
    EXPECT_EQ(read(offset::kAsq, 8), 0xffff'ffff'ffff'f000u);
    EXPECT_EQ(registers.acq(), 0xffff'ffff'ffff'f000u);
}

TEST_F(RegisterFileTest, HalvesOfA64BitPropertyAreWrittenOnTheirOwn) {
    write(offset::kAsq, 0x1111'2222'3333'4000, 8);
    write(offset::kAsq + 4, 0xaaaa'bbbb);
    EXPECT_EQ(registers.asq(), 0xaaaa'bbbb'3333'4000u);
    write(offset::kAsq, 0xcccc'dfff);
    EXPECT_EQ(registers.asq(), 0xaaaa'bbbb'cccc'd000u);
    EXPECT_EQ(read(offset::kAsq), 0xcccc'd000u);
    EXPECT_EQ(read(offset::kAsq + 4), 0xaaaa'bbbbu);
}

TEST_F(RegisterFileTest, AdminQueuePropertiesAreFrozenWhileEnabled) {
    write(offset::kAqa, 0x001f'001f);
    write(offset::kAsq, 0x1000, 8);
    write(offset::kAcq, 0x2000, 8);
    write(offset::kCc, 1);
    write(offset::kAqa, 0x0003'0003);
    write(offset::kAsq, 0x5000, 8);
    write(offset::kAcq + 4, 0x1);
    EXPECT_EQ(registers.aqa().raw, 0x001f'001fu);
    EXPECT_EQ(registers.asq(), 0x1000u);
    EXPECT_EQ(registers.acq(), 0x2000u);
    write(offset::kCc, 0);
    write(offset::kAqa, 0x0003'0003);
    EXPECT_EQ(registers.aqa().raw, 0x0003'0003u);
}

TEST_F(RegisterFileTest, EightByteAccessesReachTwoNeighbours) {
    write(offset::kNssr, 0x0007'0009'0000'0000ull, 8);  // NSSR, AQA
    EXPECT_EQ(registers.aqa().raw, 0x0007'0009u);
    EXPECT_TRUE(events.resets.empty());
    EXPECT_EQ(read(offset::kNssr, 8), 0x0007'0009'0000'0000u);
    write(0x10, 0x0046'0000'0000'0000ull, 8);  // INTMC, CC
    EXPECT_EQ(registers.cc().raw, 0x0046'0000u);
}

TEST_F(RegisterFileTest, AControllerResetKeepsTheAdminQueuePropertiesOthersDoNot) {
    write(offset::kAqa, 0x001f'001f);
    write(offset::kAsq, 0x1000, 8);
    write(offset::kAcq, 0x2000, 8);
    write(offset::kIntms, 5);
    write(offset::kCc, 0x0046'0001);
    registers.controller_reset();
    EXPECT_EQ(registers.cc().raw, 0u);
    EXPECT_EQ(registers.interrupt_mask(), 0u);
    EXPECT_EQ(registers.aqa().raw, 0x001f'001fu);
    EXPECT_EQ(registers.asq(), 0x1000u);
    EXPECT_EQ(registers.acq(), 0x2000u);
    registers.full_reset();
    EXPECT_EQ(registers.aqa().raw, 0u);
    EXPECT_EQ(registers.asq(), 0u);
    EXPECT_EQ(registers.acq(), 0u);
}

TEST_F(RegisterFileTest, RandomAccessesEverywhereKeepWhatCannotChange) {
    std::mt19937_64 random(4096);
    for (std::uint32_t round = 0; round < 4; ++round)
        for (std::uint32_t at = 0; at < RegisterFile::kSize + 16; ++at)
            for (const unsigned size : {0u, 1u, 2u, 3u, 4u, 5u, 8u, 16u, 4096u, ~0u}) {
                const bool defined = (size == 4 || size == 8) && at % size == 0 &&
                                     at + std::uint64_t{size} <= RegisterFile::kSize;
                ASSERT_EQ(registers.write(at, size, random(), 0), defined) << at << " " << size;
                ASSERT_EQ(registers.read(at, size).has_value(), defined) << at << " " << size;
            }
    EXPECT_EQ(read(0, 8), kCap);
    EXPECT_EQ(read(0x68), kCrto);
    EXPECT_EQ(registers.cc().raw & 0xff00'000e, 0u);
    EXPECT_EQ(registers.aqa().raw & 0xf000'f000, 0u);
    EXPECT_EQ(registers.asq() & 0xfff, 0u);
}

}  // namespace
}  // namespace nvme::test
