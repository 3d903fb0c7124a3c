// SPDX-License-Identifier: Apache-2.0
// Where the Error Information log says that an I/O command is wrong. Data pointers used to be in no
// field at all, and a wrong one is what a driver's author looks for longest.
#include "tests/sim/commands/error_location_fixture.h"

namespace nvme::test {
namespace {

constexpr std::uint8_t kFlush = 0x00, kWrite = 0x01, kRead = 0x02, kCompare = 0x05,
                       kWriteZeroes = 0x08, kDsm = 0x09, kVerify = 0x0C, kRegister = 0x0D,
                       kReport = 0x0E, kAcquire = 0x11, kRelease = 0x15;
constexpr std::uint8_t kAllOpcodes[] = {kFlush,  kWrite,    kRead,   kCompare, kWriteZeroes, kDsm,
                                        kVerify, kRegister, kReport, kAcquire, kRelease};
constexpr std::uint32_t kBlocks = (64u << 20) / 512;
constexpr std::uint64_t kNowhere = 1ull << 52;

class IoErrorLocation : public ErrorLocationTest {
protected:
    using ErrorLocationTest::ErrorLocationTest;

    template <std::size_t N>
    void expect_all(const Refusal (&refusals)[N]) {
        simulate([&] {
            start();
            for (const Refusal& r : refusals) expect_refused(1, r);
        });
    }
    /// The qword at `at` of the buffer: a key, or an entry of the PRP list on its second page.
    void put(std::uint64_t at, std::uint64_t value) {
        std::memcpy(buffer.data + at, &value, sizeof value);
    }
    void expect_no_field(const Refusal& r) { EXPECT_EQ(place(1, send(1, r)), kNoField) << r.what; }
};

TEST_F(IoErrorLocation, IsThatOfTheFieldThatAllCommandsHave) {
    simulate([this] {
        start();
        expect_refused(1, {"OPC", 0, 0, 0xFF, 1});
        for (const std::uint8_t opcode : kAllOpcodes) {
            expect_refused(1, {"FUSE", 1, 0, opcode, 1, 0, 0, 0, 0, 0, 0x03});
            expect_refused(1, {"PSDT", 1, 6, opcode, 1, 0, 0, 0, 0, 0, 0x80});
            expect_refused(1, {"NSID 0", 4, 0, opcode, 0});
            expect_refused(1, {"NSID without a namespace", 4, 0, opcode, 2});
            expect_refused(1, {"NSID beyond NN", 4, 0, opcode, 1025});
        }
    });
}

TEST_F(IoErrorLocation, OfARangeIsSlbaAndOfItsSizeNlb) {
    simulate([this] {
        start();
        for (const std::uint8_t opcode : {kWrite, kRead, kCompare, kWriteZeroes, kVerify}) {
            expect_refused(1, {"SLBA", 40, 0, opcode, 1, kBlocks});
            expect_refused(1, {"SLBA, upper half", 40, 0, opcode, 1, 0, 1});
            expect_refused(1, {"SLBA + NLB", 40, 0, opcode, 1, kBlocks - 1, 0, 1});
        }
        for (const std::uint8_t opcode : {kWrite, kRead, kCompare})
            expect_refused(1, {"NLB exceeds MDTS", 48, 0, opcode, 1, 0, 0, 512});
        expect_refused(1, {"PRACT", 51, 5, kVerify, 1, 0, 0, 1u << 29});
    });
}

TEST_F(IoErrorLocation, OfADataPointerIsPrp1OrPrp2) {
    simulate([this] {
        start();
        const std::uint32_t two_pages = 15, three_pages = 23;
        for (const std::uint8_t opcode : {kWrite, kRead, kCompare}) {
            const auto refused = [&](const char* what, unsigned byte, std::uint32_t nlb_z,
                                     std::uint64_t prp1_off, std::uint64_t prp2_off) {
                expect_refused(
                    1, {what, byte, 0, opcode, 1, 0, 0, nlb_z, 0, 0, 0, prp1_off, prp2_off});
            };
            refused("PRP1 into a dword", 24, 0, 2, 0);
            refused("PRP1 leads nowhere", 24, 0, kNowhere, 0);
            refused("PRP2 into a page", 32, two_pages, 0, 8);
            refused("PRP2 leads nowhere", 32, two_pages, 0, kNowhere);
            refused("list into a qword", 32, three_pages, 0, 4);
            refused("list leads nowhere", 32, three_pages, 0, kNowhere);
            put(4096, buffer.gpa + 8192 + 512);
            refused("entry into a page", 32, three_pages, 0, 0);
            put(4096, buffer.gpa + 8192);
            put(4104, kNowhere);
            refused("entry leads nowhere", 32, three_pages, 0, 0);
            put(8184, buffer.gpa + 8192 + 8);
            refused("link into a page", 32, three_pages, 0, 4088);
        }
        for (const std::uint8_t opcode : {kDsm, kRegister, kRelease})
            expect_refused(1, {"PRP1", 24, 0, opcode, 1, 0x0100, 0, 0, 0, 0, 0, 1});
        expect_refused(1, {"PRP1", 24, 0, kAcquire, 1, 0x0100, 0, 0, 0, 0, 0, 1});
        expect_refused(1, {"PRP1", 24, 0, kReport, 1, 0x0F, 0, 0, 0, 0, 0, 1});
        expect_refused(1, {"report to nowhere", 24, 0, kReport, 1, 0x0F, 0, 0, 0, 0, 0, kNowhere});
    });
}

TEST_F(IoErrorLocation, OfAReservationCommandIsItsActionKeyRuleOrType) {
    const Refusal wrong[] = {
        {"RREGA", 40, 0, kRegister, 1, 3},       {"CPTPL", 43, 6, kRegister, 1, 1u << 30},
        {"RACQA", 40, 0, kAcquire, 1, 0x0103},   {"IEKEY", 40, 3, kAcquire, 1, 0x0108},
        {"RTYPE 0", 41, 0, kAcquire, 1, 0x0000}, {"RTYPE 7", 41, 0, kAcquire, 1, 0x0700},
        {"RRELA", 40, 0, kRelease, 1, 0x0102},   {"IEKEY", 40, 3, kRelease, 1, 0x0108},
        {"RTYPE", 41, 0, kRelease, 1, 0x0000},   {"NUMD", 40, 0, kReport, 1, 0xFFFF'FFFF},
    };
    expect_all(wrong);
}

TEST_F(IoErrorLocation, OfReservationsThatAreThereIsTypeOrFormat) {
    simulate([this] {
        start();
        put(0, 7);
        ASSERT_TRUE(driver
                        .execute(0, commands::set_features(spec::FeatureId::kHostIdentifier, 1),
                                 {buffer.gpa, 16})
                        .ok());
        put(0, 0);
        put(8, 5);
        ASSERT_TRUE(send(1, {"register key 5", 0, 0, kRegister, 1, 0}).ok());
        put(0, 5);
        ASSERT_TRUE(send(1, {"Write Exclusive", 0, 0, kAcquire, 1, 0x0100}).ok());
        expect_refused(1, {"RTYPE of another reservation", 41, 0, kRelease, 1, 0x0200});
        expect_refused(1, {"EDS", 44, 0, kReport, 1, 0x0F, 0});
        put(8, 0);
        expect_no_field({"PRKEY is data", 0, 0, kAcquire, 1, 0x0101});
        put(8, 6);
        expect_no_field({"another key", 0, 0, kRegister, 1, 0});
    });
}

TEST_F(IoErrorLocation, IsNoneWhereTheDataOrTheMediaIsWrong) {
    simulate([this] {
        start();
        put(8, kBlocks);  // SLBA of the first range
        put(0, 1ull << 32);
        expect_no_field({"LBA of a range", 0, 0, kDsm, 1, 0, 0x4});
        expect_no_field({"host data differs", 0, 0, kCompare, 1});
        ASSERT_TRUE(
            driver
                .admin(commands::set_features(spec::FeatureId::kErrorRecovery, 1u << 16, false, 1))
                .ok());
        expect_no_field({"a block without data", 0, 0, kRead, 1});
    });
}

}  // namespace
}  // namespace nvme::test
