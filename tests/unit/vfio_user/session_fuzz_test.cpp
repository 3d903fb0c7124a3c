// SPDX-License-Identifier: Apache-2.0
// Messages that no honest client sends. The sanitizers are the judges; here it is only checked that
// every request is answered exactly once, and that the device sees nothing outside of its regions.
#include <sys/eventfd.h>

#include <random>

#include "tests/unit/vfio_user/session_fixture.h"

namespace platform::vfio_user::test {
namespace {

class SessionFuzz : public SessionTest {
protected:
    std::uint32_t number(std::uint32_t below) {
        return static_cast<std::uint32_t>(random()) % below;
    }

    /// Mostly small or at a border: those are the values that get past the first check.
    std::uint64_t value() {
        static constexpr std::uint64_t kBorders[] = {0,
                                                     1,
                                                     4,
                                                     8,
                                                     15,
                                                     16,
                                                     20,
                                                     24,
                                                     32,
                                                     64,
                                                     0xfff,
                                                     0x1000,
                                                     0x2000,
                                                     0xffff,
                                                     0x10000,
                                                     0x7fff'ffff,
                                                     0xffff'ffff,
                                                     0x7fff'ffff'ffff'ffff,
                                                     ~0ull - 0xfff,
                                                     ~0ull};
        switch (number(4)) {
            case 0:
                return random();
            case 1:
                return number(10);
            case 2:
                return std::uint64_t{number(64)} * 0x1000;
            default:
                return kBorders[number(std::size(kBorders))];
        }
    }

    /// A page, mostly: the numbers of an honest client.
    std::uint64_t page(std::uint32_t below) {
        return number(8) == 0 ? value() : std::uint64_t{number(below)} * 0x1000;
    }
    std::uint32_t irq_flags() {
        static constexpr std::uint32_t kHonest[] = {0x11, 0x21, 0x24, 0x9, 0x22, 0x14};
        return number(4) == 0 ? number(128) : kHonest[number(std::size(kHonest))];
    }

    std::vector<std::uint8_t> noise() {
        std::vector<std::uint8_t> payload(number(8) == 0 ? number(5000) : number(48));
        for (std::uint8_t& byte : payload) byte = static_cast<std::uint8_t>(random());
        return payload;
    }

    /// The fields of the structure that belongs to the command, each a likely value.
    std::vector<std::uint8_t> likely(Command command) {
        const auto u32 = [this] { return static_cast<std::uint32_t>(value()); };
        switch (command) {
            case Command::kDmaMap:
                return bytes_of(DmaMapRequest{32, number(5), page(3), page(64), page(4)});
            case Command::kDmaUnmap:
                if (number(2) == 0) return bytes_of(DmaUnmapRequest{24, kUnmapAll, 0, 0});
                return bytes_of(DmaUnmapRequest{24, number(4), page(64), page(4)});
            case Command::kDeviceGetRegionInfo: {
                RegionInfo info;
                info.argsz = u32();
                info.index = number(11);
                return bytes_of(info);
            }
            case Command::kDeviceSetIrqs:
                return bytes_of(SetIrqs{20, irq_flags(), number(4), number(2), number(3)});
            case Command::kRegionRead:
                return bytes_of(RegionAccess{value(), number(10), u32()});
            case Command::kRegionWrite: {
                const RegionAccess access{value(), number(10), number(70)};
                auto bytes = bytes_of(access);
                bytes.resize(bytes.size() + (number(4) == 0 ? number(80) : access.count));
                return bytes;
            }
            case Command::kRegionWriteMulti:
                return bytes_of(value(), WriteOne{{value(), number(10), u32()}, {}},
                                WriteOne{{value(), number(10), u32()}, {}});
            default:
                return noise();
        }
    }

    std::vector<ClientFd> descriptors() {
        std::vector<ClientFd> fds;
        for (std::uint32_t n = number(8) == 0 ? number(kMaxFds + 1) : number(2); n > 0; --n)
            fds.emplace_back(number(2) == 0 ? memory_file(0x4000).release() : ::eventfd(0, 0));
        return fds;
    }

    std::mt19937_64 random{20240611};
};

TEST_F(SessionFuzz, EveryRequestIsAnsweredOnceWhateverItSays) {
    introduce();
    for (int i = 0; i < 30'000; ++i) {
        const auto command = static_cast<Command>(number(20));
        auto payload = number(3) == 0 ? noise() : likely(command);
        if (number(10) == 0) payload.resize(number(static_cast<std::uint32_t>(payload.size()) + 9));
        const std::uint32_t flags = number(8) == 0 ? kFlagNoReply : 0;
        const std::size_t sent = channel.sent.size();
        ASSERT_TRUE(request(command, std::move(payload), descriptors(), flags));
        ASSERT_EQ(channel.sent.size(), sent + (flags == 0 ? 1 : 0));
        ASSERT_FALSE(session.reply_due());
        if (channel.sent.size() > 100) channel.sent.clear();
        for (const auto& write : device.writes) {
            ASSERT_LT(write.region, kRegions);
            ASSERT_LE(write.offset + write.data.size(), description.regions[write.region].size);
        }
        device.writes.clear();
    }
    EXPECT_GT(device.maps, 100);  // it got past the checks often enough to mean something
    EXPECT_GT(device.irq_changes, 20);
    session.close();
}

TEST_F(SessionFuzz, RepliesOfAllKindsEndTransfersOrTheConversation) {
    introduce();
    std::uint8_t data[64];
    for (int i = 0; i < 20'000; ++i) {
        DmaTransfer transfer{number(2) == 0, value(), data, number(64) + 1};
        session.dma().begin(transfer);
        Message message;
        message.header = channel.sent.back().header;
        message.header.flags = number(8) == 0 ? number(64) : kTypeReply;
        if (number(8) == 0) ++message.header.id;
        if (number(8) == 0) message.header.command = static_cast<Command>(number(20));
        message.payload = bytes_of(DmaAccess{transfer.address, transfer.count});
        message.payload.resize(number(3) == 0 ? number(100) : 16 + transfer.count);
        (void)session.handle(message);
        session.dma().fail_all();
        ASSERT_NE(transfer.state, DmaTransfer::State::kPending);
        channel.sent.clear();
    }
}

TEST_F(SessionFuzz, NonsenseInsteadOfAVersionIsRefused) {
    for (int i = 0; i < 5'000; ++i) {
        Session fresh(description, device, channel);
        Message message;
        message.header.command =
            number(2) == 0 ? Command::kVersion : static_cast<Command>(number(20));
        message.payload = noise();
        if (number(2) == 0 && message.payload.size() >= 4)
            std::fill_n(message.payload.begin(), 4, std::uint8_t{0});
        if (number(2) == 0 && !message.payload.empty()) message.payload.back() = 0;
        (void)fresh.handle(message);
        ASSERT_FALSE(fresh.reply_due());
        channel.sent.clear();
    }
}

}  // namespace
}  // namespace platform::vfio_user::test
