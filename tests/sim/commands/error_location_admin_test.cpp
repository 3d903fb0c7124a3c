// SPDX-License-Identifier: Apache-2.0
// Where the Error Information log says that an admin command is wrong. It used to name the dword
// for a field that begins further up in it: who sent SEL = 5 was told of the FID.
#include <memory>

#include "tests/sim/commands/error_location_fixture.h"

namespace nvme::test {
namespace {

constexpr std::uint8_t kDeleteSq = 0x00, kCreateSq = 0x01, kGetLogPage = 0x02, kDeleteCq = 0x04,
                       kCreateCq = 0x05, kIdentify = 0x06, kSet = 0x09, kGet = 0x0A,
                       kDoorbellBuffers = 0x7C;
constexpr std::uint32_t kAllNamespaces = 0xFFFF'FFFF;
constexpr std::uint64_t kNowhere = 1ull << 52;

class AdminErrorLocation : public ErrorLocationTest {
protected:
    using ErrorLocationTest::ErrorLocationTest;

    template <std::size_t N>
    void expect_all(const Refusal (&refusals)[N]) {
        simulate([&] {
            start();
            for (const Refusal& r : refusals) expect_refused(0, r);
        });
    }
};

TEST_F(AdminErrorLocation, IsThatOfTheFieldThatAllCommandsHave) {
    const Refusal wrong[] = {
        {"OPC", 0, 0, 0xFF},
        {"FUSE 01b", 1, 0, kIdentify, 0, 0x01, 0, 0, 0, 0, 0x01},
        {"FUSE 10b", 1, 0, kIdentify, 0, 0x01, 0, 0, 0, 0, 0x02},
        {"PSDT 01b", 1, 6, kIdentify, 0, 0x01, 0, 0, 0, 0, 0x40},
        {"PSDT 10b", 1, 6, kIdentify, 0, 0x01, 0, 0, 0, 0, 0x80},
        {"PRP1 into a dword", 24, 0, kIdentify, 0, 0x01, 0, 0, 0, 0, 0, 2},
        {"PRP2 into a page", 32, 0, kIdentify, 0, 0x01, 0, 0, 0, 0, 0, 2048, 8},
        {"PRP1 leads nowhere", 24, 0, kIdentify, 0, 0x01, 0, 0, 0, 0, 0, kNowhere},
        {"PRP2 leads nowhere", 32, 0, kIdentify, 0, 0x01, 0, 0, 0, 0, 0, 2048, kNowhere},
        {"PRP1 of a feature's data", 24, 0, kSet, 0, 0x0E, 0, 0, 0, 0, 0, 1},
        {"PRP1 of a feature's data leads nowhere", 24, 0, kSet, 0, 0x0E, 0, 0, 0, 0, 0, kNowhere},
        {"PRP1 of a log page", 24, 0, kGetLogPage, kAllNamespaces, 0x007F'0002, 0, 0, 0, 0, 0, 3},
    };
    expect_all(wrong);
}

TEST_F(AdminErrorLocation, OfIdentifyIsCnsCsiOrNsid) {
    const Refusal wrong[] = {
        {"CNS", 40, 0, kIdentify, 0, 0xFF},
        {"NSID beyond NN", 4, 0, kIdentify, 1025, 0x00},
        {"no NSID is greater", 4, 0, kIdentify, 0xFFFF'FFFE, 0x02},
        {"NSID 0", 4, 0, kIdentify, 0, 0x03},
        {"NSID 0 of a command set", 4, 0, kIdentify, 0, 0x05},
        {"NSID 0 for every command set", 4, 0, kIdentify, 0, 0x08},
        {"CSI of a namespace", 47, 0, kIdentify, 1, 0x05, 0x0200'0000},
        {"CSI of a controller", 47, 0, kIdentify, 0, 0x06, 0x0200'0000},
        {"CSI of a list", 47, 0, kIdentify, 0, 0x07, 0x0300'0000},
    };
    expect_all(wrong);
}

TEST_F(AdminErrorLocation, OfGetLogPageIsLidNumdLpoOrOt) {
    const Refusal wrong[] = {
        {"LID", 40, 0, kGetLogPage, kAllNamespaces, 0x007F'0030},
        {"NSID of a page with controller scope", 4, 0, kGetLogPage, 1, 0x007F'0002},
        {"NUMD, four bytes too many", 42, 0, kGetLogPage, kAllNamespaces, 0x0000'0002, 0x0001},
        {"the largest NUMD", 42, 0, kGetLogPage, kAllNamespaces, 0xFFFF'0002, 0xFFFF},
        {"LPO in a dword", 48, 0, kGetLogPage, kAllNamespaces, 0x007F'0002, 0, 2},
        {"LPO beyond the page", 48, 0, kGetLogPage, kAllNamespaces, 0x007F'0002, 0, 516},
        {"LPO, upper half", 48, 0, kGetLogPage, kAllNamespaces, 0x007F'0002, 0, 0, 1},
        {"OT", 58, 7, kGetLogPage, kAllNamespaces, 0x007F'0002, 0, 0, 0, 0x0080'0000},
    };
    expect_all(wrong);
}

TEST_F(AdminErrorLocation, OfGetFeaturesIsFidSelOrTheSelectingField) {
    const Refusal wrong[] = {
        {"FID", 40, 0, kGet, 0, 0xFF},
        {"SEL 100b", 41, 0, kGet, 0, 0x0401},
        {"SEL 111b", 41, 0, kGet, 0, 0x0701},
        {"THSEL", 46, 4, kGet, 0, 0x04, 2u << 20},
        {"TMPSEL", 46, 0, kGet, 0, 0x04, 9u << 16},
        {"IV", 44, 0, kGet, 0, 0x09, 0xFFFF},
        {"NSID 0", 4, 0, kGet, 0, 0x05},
        {"NSID for all", 4, 0, kGet, kAllNamespaces, 0x05},
        {"NSID of a notification mask", 4, 0, kGet, kAllNamespaces, 0x82},
        {"NSID of persistence", 4, 0, kGet, kAllNamespaces, 0x83},
    };
    expect_all(wrong);
}

TEST_F(AdminErrorLocation, OfSetFeaturesIsTheFieldOfTheFeature) {
    const Refusal wrong[] = {
        {"FID", 40, 0, kSet, 0, 0xFF},
        {"SV", 43, 7, kSet, 0, 0x8000'0007},
        {"NSID of a feature with controller scope", 4, 0, kSet, 1, 0x01},
        {"NSID beyond NN", 4, 0, kSet, 1025, 0x01},
        {"NSID 0", 4, 0, kSet, 0, 0x05},
        {"PS", 44, 0, kSet, 0, 0x02, 31},
        {"THSEL", 46, 4, kSet, 0, 0x04, 3u << 20 | 300},
        {"TMPSEL", 46, 0, kSet, 0, 0x04, 8u << 16 | 300},
        {"NSQR", 44, 0, kSet, 0, 0x07, 0x0003'FFFF},
        {"NCQR", 46, 0, kSet, 0, 0x07, 0xFFFF'0003},
        {"IV beyond the table", 44, 0, kSet, 0, 0x09, 0xFFFF},
        {"IV that no queue uses", 44, 0, kSet, 0, 0x09, 60},
        {"IOCSCI", 44, 0, kSet, 0, 0x19, 5},
    };
    expect_all(wrong);
}

TEST_F(AdminErrorLocation, OfQueueManagementTellsIdentifierFromSizeAndVector) {
    const std::uint32_t contiguous = 1, interrupts = 2;
    const Refusal wrong[] = {
        {"QID 0", 40, 0, kCreateCq, 0, 0x000F'0000, contiguous},
        {"QID in use", 40, 0, kCreateCq, 0, 0x000F'0001, contiguous},
        {"QSIZE 0", 42, 0, kCreateCq, 0, 0x0000'0002, contiguous},
        {"QSIZE beyond MQES", 42, 0, kCreateCq, 0, 0xFFFF'0002, contiguous},
        {"PC", 44, 0, kCreateCq, 0, 0x000F'0002, interrupts},
        {"IV", 46, 0, kCreateCq, 0, 0x000F'0002, contiguous | interrupts | 0xFFFFu << 16},
        {"PRP1", 24, 0, kCreateCq, 0, 0x000F'0002, contiguous, 0, 0, 0, 0, 512},
        {"QID 0", 40, 0, kCreateSq, 0, 0x000F'0000, contiguous | 1u << 16},
        {"QID in use", 40, 0, kCreateSq, 0, 0x000F'0001, contiguous | 1u << 16},
        {"QSIZE", 42, 0, kCreateSq, 0, 0x0000'0002, contiguous | 1u << 16},
        {"PC", 44, 0, kCreateSq, 0, 0x000F'0002, 1u << 16},
        {"CQID 0", 46, 0, kCreateSq, 0, 0x000F'0002, contiguous},
        {"CQID that is not there", 46, 0, kCreateSq, 0, 0x000F'0002, contiguous | 2u << 16},
        {"PRP1", 24, 0, kCreateSq, 0, 0x000F'0002, contiguous | 1u << 16, 0, 0, 0, 0, 512},
        {"QID that is not there", 40, 0, kDeleteSq, 0, 9},
        {"QID that is not there", 40, 0, kDeleteCq, 0, 9},
        {"QID that is still used", 40, 0, kDeleteCq, 0, 1},
    };
    simulate([&] {
        bring_up(1);
        buffer = driver.allocate(64 << 10);
        // The host may use two queues of each kind.
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        ASSERT_TRUE(driver.set_features(spec::FeatureId::kNumberOfQueues, 0x0001'0001).ok());
        ASSERT_TRUE(driver.create_queue_pair({}).ok());
        for (const Refusal& r : wrong) expect_refused(0, r);
    });
}

// An EventIdx buffer that leads nowhere used to be blamed on the other pointer.
TEST_F(AdminErrorLocation, OfDoorbellBufferConfigIsThePointerOfTheBadBuffer) {
    const Refusal wrong[] = {
        {"PRP1 into a page", 24, 0, kDoorbellBuffers, 0, 0, 0, 0, 0, 0, 0, 64},
        {"PRP2 into a page", 32, 0, kDoorbellBuffers, 0, 0, 0, 0, 0, 0, 0, 0, 64},
        {"PRP1 leads nowhere", 24, 0, kDoorbellBuffers, 0, 0, 0, 0, 0, 0, 0, kNowhere},
        {"PRP2 leads nowhere", 32, 0, kDoorbellBuffers, 0, 0, 0, 0, 0, 0, 0, 0, kNowhere},
    };
    expect_all(wrong);
}

ControllerParams without_cache() {
    ControllerParams params;
    params.write_cache_bytes = 0;
    return params;
}
class NoWriteCache : public AdminErrorLocation {
protected:
    NoWriteCache() : AdminErrorLocation(without_cache()) {}
};

TEST_F(NoWriteCache, IsToldOfTheFeatureAndNotOfItsValue) {
    const Refusal wrong[] = {
        {"FID", 40, 0, kGet, 0, 0x06},
        {"FID", 40, 0, kSet, 0, 0x06, 1},
    };
    expect_all(wrong);
}

/// Holds nothing and cannot tell what it holds.
class ForgetfulStore final : public media::BlockStore {
public:
    [[nodiscard]] std::uint64_t size() const override { return 1 << 20; }
    [[nodiscard]] bool read_only() const override { return false; }
    [[nodiscard]] media::IoStatus read(std::uint64_t, void* dst, std::size_t length) override {
        std::memset(dst, 0, length);
        return media::IoStatus::kOk;
    }
    [[nodiscard]] media::IoStatus write(std::uint64_t, const void*, std::size_t) override {
        return media::IoStatus::kOk;
    }
    [[nodiscard]] media::IoStatus deallocate(std::uint64_t, std::uint64_t) override {
        return media::IoStatus::kOk;
    }
    [[nodiscard]] media::IoStatus flush() override { return media::IoStatus::kOk; }
    [[nodiscard]] media::IoStatus resize(std::uint64_t) override { return media::IoStatus::kOk; }
};

TEST_F(AdminErrorLocation, OfErrorRecoveryIsDulbeWhereTheNamespaceCannotTell) {
    NamespaceConfig config;
    config.nsid = 3;
    ASSERT_EQ(controller.add_namespace(config, std::make_unique<ForgetfulStore>()), "");
    expect_all({{"DULBE", 46, 0, kSet, 3, 0x05, 0x0001'0000}});
}

TEST_F(AdminErrorLocation, OfTheHostIdentifierIsExhid) {
    simulate([&] {
        start();
        buffer.data[0] = std::byte{7};
        ASSERT_TRUE(send(0, {"128 bits", 0, 0, kSet, 0, 0x81, 1}).ok());
        expect_refused(0, {"EXHID", 44, 0, kGet, 0, 0x81, 0});
        const Refusal again{"set once", 0, 0, kSet, 0, 0x81, 1};
        EXPECT_EQ(place(0, send(0, again)), kNoField) << "the command comes too late";
    });
}

ControllerParams with_power_transitions() {
    ControllerParams params;
    params.power_states = "mp=8000; mp=55,nops,enlat=2000,exlat=1200";
    params.autonomous_power_transitions = true;
    params.async_event_request_limit = 0;
    return params;
}
class NoFieldIsWrong : public AdminErrorLocation {
protected:
    NoFieldIsWrong() : AdminErrorLocation(with_power_transitions()) {}
};

TEST_F(NoFieldIsWrong, WhenTheDataIsOrTheControllerIsNotInTheState) {
    simulate([&] {
        start(2);
        ASSERT_TRUE(driver.delete_queue_pair(2).ok());
        const auto none = [&](const Refusal& r) {
            EXPECT_EQ(place(0, send(0, r)), kNoField) << r.what;
        };
        buffer.data[0] = std::byte{2};
        none({"ACRE of Host Behavior Support", 0, 0, kSet, 0, 0x16});
        buffer.data[0] = std::byte{0};  // ITPS 0, which is an operational state
        buffer.data[1] = std::byte{1};  // ITPT 1 ms
        none({"ITPS", 0, 0, kSet, 0, 0x0C, 1});
        none({"I/O queues exist", 0, 0, kSet, 0, 0x07, 0x0001'0001});
        const Ticket waiting =
            driver.submit(0, commands::make(spec::AdminOpcode::kAsyncEventRequest));
        none({"AERL", 0, 0, 0x0C});
        driver.abandon(waiting);
        const std::uint32_t cc = driver.read32(0x14);
        driver.write32(0x14, cc & ~0x00F0'0000u);  // CC.IOCQES = 0
        none({"CC.IOCQES", 0, 0, kCreateCq, 0, 0x000F'0002, 1});
    });
}

}  // namespace
}  // namespace nvme::test
