// SPDX-License-Identifier: Apache-2.0
#include <sys/eventfd.h>
#include <sys/stat.h>

#include <cerrno>

#include "tests/unit/vfio_user/session_fixture.h"

namespace platform::vfio_user::test {
namespace {

template <typename T>
T payload(const Sent& sent, std::size_t offset = 0) {
    const auto value = load<T>(sent.payload, offset);
    EXPECT_TRUE(value) << "the reply is too short";
    return value.value_or(T{});
}

RegionInfo ask(std::uint32_t argsz, std::uint32_t index) {
    RegionInfo info;
    info.argsz = argsz;
    info.index = index;
    return info;
}

TEST_F(SessionTest, NothingIsServedBeforeTheVersion) {
    EXPECT_FALSE(request(Command::kDeviceGetInfo, bytes_of(DeviceInfo{16})));
    EXPECT_EQ(error(), EINVAL);
}

TEST_F(SessionTest, AnImpossibleVersionEndsTheConversation) {
    EXPECT_FALSE(request(Command::kVersion, bytes_of(Version{1, 0})));
    EXPECT_EQ(error(), EINVAL);
}

TEST_F(SessionTest, ASecondVersionIsAnError) {
    introduce();
    EXPECT_TRUE(request(Command::kVersion, bytes_of(Version{0, 1})));
    EXPECT_EQ(error(), EINVAL);
}

TEST_F(SessionTest, AnUnaskedReplyEndsTheConversation) {
    introduce();
    EXPECT_FALSE(request(Command::kDmaRead, bytes_of(DmaAccess{0, 4}), {}, kTypeReply));
}

TEST_F(SessionTest, UnknownTypesEndTheConversation) {
    introduce();
    EXPECT_FALSE(request(Command::kDeviceReset, {}, {}, 2));
    EXPECT_EQ(device.resets, 0);
}

TEST_F(SessionTest, ItIsAResettablePciDevice) {
    introduce();
    ASSERT_TRUE(request(Command::kDeviceGetInfo, bytes_of(DeviceInfo{16})));
    const auto info = payload<DeviceInfo>(answer());
    EXPECT_EQ(info.flags, 3u);
    EXPECT_EQ(info.regions, 9u);
    EXPECT_EQ(info.irqs, 5u);
    ASSERT_TRUE(request(Command::kDeviceGetInfo, bytes_of(DeviceInfo{12})));
    EXPECT_EQ(error(), EINVAL);
}

TEST_F(SessionTest, QemuAsksTwiceForAMappableRegionAndGetsTheFileTheSecondTime) {
    introduce();
    ASSERT_TRUE(request(Command::kDeviceGetRegionInfo, bytes_of(ask(32, 0))));
    EXPECT_EQ(answer().header.size, 48u);
    EXPECT_EQ(answer().fd, -1);
    EXPECT_EQ(payload<RegionInfo>(answer()).argsz, 64u);
    EXPECT_EQ(payload<RegionInfo>(answer()).flags, 7u);
    EXPECT_EQ(payload<RegionInfo>(answer()).size, 0x10000u);

    ASSERT_TRUE(request(Command::kDeviceGetRegionInfo, bytes_of(ask(64, 0))));
    const Sent& whole = answer();
    EXPECT_EQ(whole.header.size, 80u);
    EXPECT_EQ(whole.fd, doorbells.get());
    const auto info = payload<RegionInfo>(whole);
    EXPECT_EQ(info.flags, 0xfu);
    EXPECT_EQ(info.cap_offset, 32u);
    const auto area = payload<SparseMapCapability>(whole, info.cap_offset);
    EXPECT_EQ(area.id, 1);
    EXPECT_EQ(area.areas, 1u);
    EXPECT_EQ(area.offset, 0x1000u);
    EXPECT_EQ(area.size, 0x1000u);
    struct stat file {};
    ASSERT_EQ(::fstat(whole.fd, &file), 0);
    EXPECT_GE(static_cast<std::uint64_t>(file.st_size), info.offset + area.offset + area.size);
}

// Its requests have 4064 bytes, most of which mean nothing.
TEST_F(SessionTest, SpdkGetsEverythingAtOnce) {
    introduce();
    auto request_bytes = bytes_of(ask(4064, 0));
    request_bytes.resize(4064);
    ASSERT_TRUE(request(Command::kDeviceGetRegionInfo, request_bytes));
    EXPECT_EQ(payload<RegionInfo>(answer()).flags, 0xfu);
    EXPECT_EQ(answer().fd, doorbells.get());
}

TEST_F(SessionTest, EveryRegionCanBeAskedForAndThoseThatAreNotThereHaveNoSize) {
    introduce();
    for (std::uint32_t index = 0; index < 9; ++index) {
        ASSERT_TRUE(request(Command::kDeviceGetRegionInfo, bytes_of(ask(32, index))));
        ASSERT_EQ(error(), 0u) << index;
        const auto info = payload<RegionInfo>(answer());
        EXPECT_EQ(info.size, description.regions[index].size);
        EXPECT_EQ(info.size == 0, info.flags == 0);
    }
    ASSERT_TRUE(request(Command::kDeviceGetRegionInfo, bytes_of(ask(32, 9))));
    EXPECT_EQ(error(), EINVAL);
    ASSERT_TRUE(request(Command::kDeviceGetRegionInfo, bytes_of(ask(31, 0))));
    EXPECT_EQ(error(), EINVAL);
    ASSERT_TRUE(request(Command::kDeviceGetRegionInfo, {1, 2, 3}));
    EXPECT_EQ(error(), EINVAL);
}

TEST_F(SessionTest, InterruptsAreDescribedAndNeverNoResize) {
    introduce();
    for (std::uint32_t index = 0; index < 5; ++index) {
        ASSERT_TRUE(request(Command::kDeviceGetIrqInfo, bytes_of(IrqInfo{16, 0, index, 0})));
        const auto info = payload<IrqInfo>(answer());
        EXPECT_EQ(info.count, description.irqs[index].count);
        EXPECT_EQ(info.flags & 8u, 0u);
    }
    ASSERT_TRUE(request(Command::kDeviceGetIrqInfo, bytes_of(IrqInfo{16, 0, 5, 0})));
    EXPECT_EQ(error(), EINVAL);
}

TEST_F(SessionTest, EventfdsComeBesideThePayload) {
    introduce();
    const SetIrqs arm{20, kIrqDataEventfd | kIrqTrigger, 2, 3, 1};
    ASSERT_TRUE(request(Command::kDeviceSetIrqs, bytes_of(arm), UniqueFd(::eventfd(0, 0))));
    EXPECT_EQ(error(), 0u);
    EXPECT_EQ(answer().header.size, 16u);
    EXPECT_TRUE(session.irqs().armed(IrqIndex::kMsix, 3));
    EXPECT_EQ(device.irq_changes, 1);
    ASSERT_TRUE(request(Command::kDeviceSetIrqs, {0, 0, 0}));
    EXPECT_EQ(error(), EINVAL);
}

TEST_F(SessionTest, MemoryComesWithAndWithoutAFile) {
    introduce();
    ASSERT_TRUE(
        request(Command::kDmaMap, bytes_of(map_request(0, 0xa0000)), memory_file(0x10'0000)));
    EXPECT_EQ(error(), 0u);
    EXPECT_EQ(answer().header.size, 16u);
    ASSERT_TRUE(
        request(Command::kDmaMap, bytes_of(map_request(0xfffc'0000, 0x40000, kDmaReadable))));
    EXPECT_EQ(error(), 0u);
    EXPECT_NE(session.memory().find(0x1000)->at(0x1000), nullptr);
    EXPECT_EQ(session.memory().find(0xfffc'0000)->at(0xfffc'0000), nullptr);
    EXPECT_FALSE(session.memory().find(0xfffc'0000)->writable);
    EXPECT_EQ(device.maps, 2);
    std::vector<ClientFd> two;
    for (int i = 0; i < 2; ++i) two.emplace_back(memory_file(0x1000).release());
    ASSERT_TRUE(
        request(Command::kDmaMap, bytes_of(map_request(0x40'0000, 0x1000)), std::move(two)));
    EXPECT_EQ(error(), EINVAL);
}

TEST_F(SessionTest, UnmappingTellsTheDeviceFirstAndEchoesTheRequest) {
    introduce();
    ASSERT_TRUE(request(Command::kDmaMap, bytes_of(map_request(0x1000, 0x3000))));
    // SPDK attaches the file here as well.
    ASSERT_TRUE(request(Command::kDmaUnmap, bytes_of(DmaUnmapRequest{24, 0, 0x1000, 0x3000}),
                        memory_file(0x3000)));
    EXPECT_EQ(error(), 0u);
    EXPECT_EQ(payload<DmaUnmapRequest>(answer()).size, 0x3000u);
    ASSERT_EQ(device.unmapped.size(), 1u);
    EXPECT_EQ(device.unmapped[0], std::make_pair(0x1000ul, 0x3ffful));
    ASSERT_TRUE(request(Command::kDmaUnmap, bytes_of(DmaUnmapRequest{24, 0, 0x1000, 0x3000})));
    EXPECT_EQ(error(), 0u) << "nothing is there any more, which is what was asked for";
    EXPECT_EQ(device.unmapped.size(), 1u);
    ASSERT_TRUE(request(Command::kDmaUnmap,
                        bytes_of(DmaUnmapRequest{24, kUnmapDirtyBitmap, 0x1000, 0x3000})));
    EXPECT_EQ(error(), ENOTSUP);
}

// A virtual IOMMU maps page by page and takes a whole range back. It used to get ENOENT, and EEXIST
// for the next map there: the device went on with the old pages, which the guest used for something
// else.
TEST_F(SessionTest, ARangeOfSeveralMapsIsUnmappedAndCanBeMappedAnew) {
    introduce();
    for (const std::uint64_t page : {0x10000u, 0x11000u, 0x14000u}) {
        ASSERT_TRUE(request(Command::kDmaMap, bytes_of(map_request(page, 0x1000))));
        ASSERT_EQ(error(), 0u);
    }
    ASSERT_TRUE(request(Command::kDmaUnmap, bytes_of(DmaUnmapRequest{24, 0, 0x10000, 0x2000})));
    EXPECT_EQ(error(), 0u);
    EXPECT_EQ(payload<DmaUnmapRequest>(answer()).size, 0x2000u);
    EXPECT_EQ(device.unmapped, (std::vector<std::pair<std::uint64_t, std::uint64_t>>{
                                   {0x10000, 0x10fff}, {0x11000, 0x11fff}}));
    ASSERT_TRUE(request(Command::kDmaMap, bytes_of(map_request(0x10000, 0x4000))));
    EXPECT_EQ(error(), 0u);
}

TEST_F(SessionTest, AnUnmapThatWouldSplitAMapChangesNothing) {
    introduce();
    ASSERT_TRUE(request(Command::kDmaMap, bytes_of(map_request(0x10000, 0x1000))));
    ASSERT_TRUE(request(Command::kDmaMap, bytes_of(map_request(0x11000, 0x2000))));
    for (const DmaUnmapRequest& wrong :
         {DmaUnmapRequest{24, 0, 0x10000, 0x2000}, DmaUnmapRequest{24, 0, 0x12000, 0x1000},
          DmaUnmapRequest{24, 0, 0x10000, 0}, DmaUnmapRequest{24, 0, 0x10000, ~0xfffull},
          DmaUnmapRequest{24, 4, 0x10000, 0x1000}, DmaUnmapRequest{23, 0, 0x10000, 0x1000}}) {
        ASSERT_TRUE(request(Command::kDmaUnmap, bytes_of(wrong)));
        EXPECT_EQ(error(), EINVAL) << wrong.address << " " << wrong.size;
    }
    EXPECT_TRUE(device.unmapped.empty());
    EXPECT_NE(session.memory().find(0x10000), nullptr);
}

TEST_F(SessionTest, EverythingCanBeUnmappedAtOnce) {
    introduce();
    for (const std::uint64_t at : {0x1000u, 0x2000u, 0x8000u})
        ASSERT_TRUE(request(Command::kDmaMap, bytes_of(map_request(at, 0x1000))));
    ASSERT_TRUE(request(Command::kDmaUnmap, bytes_of(DmaUnmapRequest{24, kUnmapAll, 1, 0})));
    EXPECT_EQ(error(), EINVAL);
    ASSERT_TRUE(request(Command::kDmaUnmap, bytes_of(DmaUnmapRequest{24, kUnmapAll, 0, 0})));
    EXPECT_EQ(error(), 0u);
    EXPECT_EQ(device.unmapped.size(), 3u);
    EXPECT_TRUE(session.memory().all().empty());
}

TEST_F(SessionTest, TheWholeConfigurationSpaceIsReadAtOnce) {
    introduce();
    ASSERT_TRUE(request(Command::kRegionRead, bytes_of(RegionAccess{0, 7, 4096})));
    EXPECT_EQ(answer().header.size, 4128u);
    EXPECT_EQ(payload<RegionAccess>(answer()).count, 4096u);
    EXPECT_EQ(answer().payload[16 + 5], 7 * 16 + 5);
}

TEST_F(SessionTest, AWriteIsEchoedWithoutItsDataAndAPostedOneNotAtAll) {
    introduce();
    ASSERT_TRUE(request(Command::kRegionWrite,
                        bytes_of(RegionAccess{0x14, 0, 4}, std::uint32_t{0x460001})));
    EXPECT_EQ(answer().header.size, 32u);
    const auto sent = channel.sent.size();
    ASSERT_TRUE(request(Command::kRegionWrite,
                        bytes_of(RegionAccess{0x1000, 0, 4}, std::uint32_t{1}), {}, kFlagNoReply));
    ASSERT_TRUE(request(Command::kRegionWrite, bytes_of(RegionAccess{0x1000, 99, 4}), {},
                        kFlagNoReply));  // wrong, and still no reply
    EXPECT_EQ(channel.sent.size(), sent);
    ASSERT_EQ(device.writes.size(), 2u);
    EXPECT_EQ(device.writes[1].offset, 0x1000u);
}

TEST_F(SessionTest, AccessesOutsideOfARegionAreRefused) {
    introduce();
    const RegionAccess bad[] = {
        {0, 9, 4},      {0, 0xffff'ffff, 4}, {0, 1, 4},         {0x10000, 0, 4},
        {0xfffe, 0, 4}, {~0ull, 0, 4},       {~0ull - 3, 0, 8}, {0, 0, 0},
        {0, 7, 4097},   {0, 0, 0xffff'ffff}, {0, 8, 1},
    };
    for (const RegionAccess& access : bad) {
        ASSERT_TRUE(request(Command::kRegionRead, bytes_of(access)));
        EXPECT_EQ(error(), EINVAL) << access.offset << " " << access.region;
        auto write = bytes_of(access);
        write.resize(sizeof access + std::min(access.count, 8u));
        ASSERT_TRUE(request(Command::kRegionWrite, write));
        EXPECT_EQ(error(), EINVAL);
    }
    ASSERT_TRUE(request(Command::kRegionWrite, bytes_of(RegionAccess{0, 0, 8}, 7)));
    EXPECT_EQ(error(), EINVAL);  // less data than it says
    // What is of a region that there is, or not, can be told to people.
    EXPECT_EQ(device.refused.size(), 2 * (std::size(bad) - 2));
    EXPECT_EQ(device.refused.front().region, 1u);
    ASSERT_TRUE(request(Command::kRegionWrite, bytes_of(RegionAccess{0, 0, 2}, 7)));
    EXPECT_EQ(error(), EINVAL);  // more
    ASSERT_TRUE(request(Command::kRegionRead, bytes_of(RegionAccess{0, 0, 4}, 7)));
    EXPECT_EQ(error(), EINVAL);
    EXPECT_TRUE(device.writes.empty());
}

TEST_F(SessionTest, ManyWritesInOneMessageHappenInOrderOrNotAtAll) {
    introduce();
    const WriteOne first{{0x1000, 0, 4}, {1}}, second{{0x1004, 0, 4}, {2}};
    ASSERT_TRUE(request(Command::kRegionWriteMulti, bytes_of(std::uint64_t{2}, first, second)));
    EXPECT_EQ(error(), 0u);
    ASSERT_EQ(device.writes.size(), 2u);
    EXPECT_EQ(device.writes[1].data, (std::vector<std::uint8_t>{2, 0, 0, 0}));

    const WriteOne outside{{0x10000, 0, 4}, {}}, too_long{{0x1000, 0, 9}, {}};
    for (const auto& bad :
         {bytes_of(std::uint64_t{2}, first, outside), bytes_of(std::uint64_t{2}, first, too_long),
          bytes_of(std::uint64_t{3}, first, second), bytes_of(std::uint64_t{0}),
          bytes_of(~std::uint64_t{0}, first), bytes_of(std::uint32_t{1})}) {
        ASSERT_TRUE(request(Command::kRegionWriteMulti, bad));
        EXPECT_EQ(error(), EINVAL);
    }
    EXPECT_EQ(device.writes.size(), 2u);
}

TEST_F(SessionTest, AResetKeepsMemoryAndInterruptsAndMayBeRepeated) {
    introduce();
    ASSERT_TRUE(request(Command::kDmaMap, bytes_of(map_request(0x1000, 0x1000))));
    const SetIrqs arm{20, kIrqDataEventfd | kIrqTrigger, 3, 0, 1};
    ASSERT_TRUE(request(Command::kDeviceSetIrqs, bytes_of(arm), UniqueFd(::eventfd(0, 0))));
    ASSERT_TRUE(request(Command::kDeviceReset, {}));
    ASSERT_TRUE(request(Command::kDeviceReset, {}));
    EXPECT_EQ(error(), 0u);
    EXPECT_EQ(device.resets, 2);
    EXPECT_NE(session.memory().find(0x1000), nullptr);
    EXPECT_TRUE(session.irqs().armed(IrqIndex::kError, 0));
    ASSERT_TRUE(request(Command::kDeviceReset, {0}));
    EXPECT_EQ(error(), EINVAL);
}

TEST_F(SessionTest, MigrationAndOtherThingsAreNotSupported) {
    introduce();
    for (const Command command :
         {Command::kDirtyPages, Command::kDeviceFeature, Command::kMigDataRead,
          Command::kMigDataWrite, Command::kDeviceGetRegionIoFds, Command::kDmaRead,
          Command::kDmaWrite, static_cast<Command>(0), static_cast<Command>(0xffff)}) {
        ASSERT_TRUE(request(command, std::vector<std::uint8_t>(64)));
        EXPECT_EQ(error(), static_cast<std::uint32_t>(ENOTSUP));
    }
}

TEST_F(SessionTest, DescriptorsWhereNoneBelongAreAnError) {
    introduce();
    ASSERT_TRUE(request(Command::kRegionRead, bytes_of(RegionAccess{0, 7, 4}), memory_file(0)));
    EXPECT_EQ(error(), EINVAL);
}

class DmaMessagesTest : public SessionTest {
protected:
    /// The client's reply to the request that was sent last.
    bool reply(std::vector<std::uint8_t> payload, std::uint32_t flags = kTypeReply,
               std::uint32_t errno_value = 0) {
        Message message;
        message.header = channel.sent.back().header;
        message.header.flags = flags;
        message.header.error = errno_value;
        message.payload = std::move(payload);
        return session.handle(message);
    }
    std::uint8_t data[8] = {};
    DmaTransfer read{false, 0x2000, data, 8};
};

TEST_F(DmaMessagesTest, AReadPutsTheReplysDataInItsPlace) {
    introduce();
    session.dma().begin(read);
    EXPECT_EQ(channel.sent.back().header.command, Command::kDmaRead);
    EXPECT_EQ(channel.sent.back().header.size, 32u);
    EXPECT_EQ(channel.sent.back().header.flags, 0u);
    EXPECT_EQ(read.state, DmaTransfer::State::kPending);
    EXPECT_TRUE(reply(bytes_of(DmaAccess{0x2000, 8}, std::uint64_t{0x0807060504030201})));
    EXPECT_EQ(read.state, DmaTransfer::State::kDone);
    EXPECT_EQ(data[7], 8);
    EXPECT_EQ(device.answers, 1);
}

TEST_F(DmaMessagesTest, AWriteCarriesItsDataAndIsConfirmed) {
    introduce();
    data[0] = 0xee;
    DmaTransfer write{true, 0x3000, data, 8};
    session.dma().begin(write);
    EXPECT_EQ(channel.sent.back().header.command, Command::kDmaWrite);
    EXPECT_EQ(channel.sent.back().payload[16], 0xee);
    EXPECT_TRUE(reply(bytes_of(DmaAccess{0x3000, 8})));
    EXPECT_EQ(write.state, DmaTransfer::State::kDone);
}

TEST_F(DmaMessagesTest, AnErrorOfTheClientFailsTheTransferOnly) {
    introduce();
    session.dma().begin(read);
    EXPECT_TRUE(reply({}, kTypeReply | kFlagError, ENODEV));
    EXPECT_EQ(read.state, DmaTransfer::State::kFailed);
}

TEST_F(DmaMessagesTest, RepliesMayComeInAnyOrder) {
    introduce();
    std::uint8_t other[4];
    DmaTransfer second{false, 0x9000, other, 4};
    session.dma().begin(read);
    const Header first = channel.sent.back().header;
    session.dma().begin(second);
    EXPECT_TRUE(reply(bytes_of(DmaAccess{0x9000, 4}, 5)));
    EXPECT_EQ(second.state, DmaTransfer::State::kDone);
    EXPECT_EQ(read.state, DmaTransfer::State::kPending);
    channel.sent.back().header = first;
    EXPECT_TRUE(reply(bytes_of(DmaAccess{0x2000, 8}, std::uint64_t{1})));
    EXPECT_EQ(read.state, DmaTransfer::State::kDone);
}

TEST_F(DmaMessagesTest, AReplyThatDoesNotFitItsRequestFailsItAndEndsTheConversation) {
    introduce();
    const std::vector<std::uint8_t> bad[] = {
        {},
        bytes_of(DmaAccess{0x2000, 8}),
        bytes_of(DmaAccess{0x2000, 4}, 1),
        bytes_of(DmaAccess{0x2008, 8}, std::uint64_t{1}),
        bytes_of(DmaAccess{0x2000, 8}, std::uint64_t{1}, 1),
    };
    for (const auto& payload : bad) {
        session.dma().begin(read);
        EXPECT_FALSE(reply(payload));
        EXPECT_EQ(read.state, DmaTransfer::State::kFailed);
    }
}

TEST_F(DmaMessagesTest, TheEndOfTheClientFailsWhatIsOnItsWay) {
    introduce();
    ASSERT_TRUE(request(Command::kDmaMap, bytes_of(map_request(0x1000, 0x1000))));
    session.dma().begin(read);
    session.close();
    EXPECT_EQ(read.state, DmaTransfer::State::kFailed);
    EXPECT_EQ(device.answers, 1);
    EXPECT_EQ(device.unmapped.size(), 1u);
    EXPECT_TRUE(session.dma().idle());
}

TEST_F(DmaMessagesTest, AClientThatCannotBeReachedFailsAtOnce) {
    introduce();
    channel.reachable = false;
    session.dma().begin(read);
    EXPECT_EQ(read.state, DmaTransfer::State::kFailed);
}

}  // namespace
}  // namespace platform::vfio_user::test
