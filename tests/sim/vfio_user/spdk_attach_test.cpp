// SPDX-License-Identifier: Apache-2.0
// The messages of SPDK's initiator in their order, from its sources and from the wire.
#include "tests/sim/vfio_user/mapped_doorbells.h"
#include "tests/sim/vfio_user/serve_program.h"

namespace platform::vfio_user::test {
namespace {

/// Memory where SPDK's is: addresses of the process, not even aligned to 2 MiB.
constexpr std::uint64_t kAddress = 0x2000'000e'f000;
/// It asks for a region with this much room, and sends as many bytes.
constexpr std::uint32_t kRoom = 4064;
constexpr std::uint64_t kCap = 0x00, kVs = 0x08, kCc = 0x14, kCsts = 0x1c, kAqa = 0x24, kAsq = 0x28,
                        kAcq = 0x30;

/// One process that uses SPDK's driver.
struct Initiator {
    explicit Initiator(const std::string& folder) : client(folder + "/cntrl", &memory) {
        client.numbers_messages = false;
    }

    void introduce() {
        const Message version = client.request(Command::kVersion, bytes_of(Version{0, 1}));
        EXPECT_EQ(version.header.error, 0u);
        EXPECT_LE(version.payload.size(), 4096u) << "its buffer";
        const auto info = load<DeviceInfo>(
            client.request(Command::kDeviceGetInfo, bytes_of(DeviceInfo{sizeof(DeviceInfo)}))
                .payload);
        ASSERT_TRUE(info);
        ASSERT_EQ(info->regions, kRegions);
    }
    /// Every one of them, those that there are not, too.
    void ask_for_regions() {
        for (std::uint32_t index = 0; index < kRegions; ++index) {
            RegionInfo wanted;
            wanted.argsz = kRoom;
            wanted.index = index;
            auto payload = bytes_of(wanted);
            payload.resize(kRoom);
            const Message answer = client.request(Command::kDeviceGetRegionInfo, payload);
            const auto info = load<RegionInfo>(answer.payload);
            ASSERT_TRUE(info) << index;
            EXPECT_LE(answer.payload.size(), kRoom + sizeof(RegionInfo));
            EXPECT_EQ((info->flags & kRegionMappable) != 0, index == 0);
            EXPECT_EQ(answer.fds.size(), index == 0 ? 1u : 0u);
        }
    }
    void attach() {
        introduce();
        ask_for_regions();
        mapped.emplace(client);
        ASSERT_NE(mapped->page, nullptr) << "it cannot do without mapped doorbells";
        ASSERT_TRUE(client.map(memory.base(), memory.size(), memory.fd()));
        // Bus Master Enable and Interrupt Disable. It never enables memory space.
        const std::uint64_t command = client.read(RegionIndex::kConfig, 4, 2);
        client.write(RegionIndex::kConfig, 4, command | 0x404, 2);
        const std::uint64_t cap = client.read(RegionIndex::kBar0, kCap, 8);
        ASSERT_NE(cap, ~0ull) << "it would wait for CAP.TO of all ones";
        EXPECT_EQ(client.read(RegionIndex::kBar0, kVs, 4), 0x20000u);
        enable();
    }
    void enable() {
        EXPECT_EQ(client.read(RegionIndex::kBar0, kCc, 4) & 1, 0u);
        EXPECT_EQ(client.read(RegionIndex::kBar0, kCsts, 4) & 1, 0u);
        guest.doorbells = mapped->page;
        client.write(RegionIndex::kBar0, kAsq, memory.base(), 8);
        client.write(RegionIndex::kBar0, kAcq, memory.base() + 0x1000, 8);
        client.write(RegionIndex::kBar0, kAqa, (NvmeGuest::kDepth - 1) * 0x10001u, 4);
        client.write(RegionIndex::kBar0, kCc, 0x46'0001, 4);
        while ((client.read(RegionIndex::kBar0, kCsts, 4) & 3) == 0)
            ASSERT_TRUE(client.connected());
    }
    void detach() {
        EXPECT_TRUE(guest.delete_io_queues());
        EXPECT_TRUE(guest.shut_down());
        // With the descriptor of the memory, which nobody wants.
        const DmaUnmapRequest all{sizeof(DmaUnmapRequest), 0, memory.base(), memory.size()};
        EXPECT_EQ(client.errno_of(Command::kDmaUnmap, bytes_of(all), {memory.fd()}), 0u);
        client.disconnect();
    }

    GuestMemory memory{kAddress, NvmeGuest::kMemoryBytes};
    Client client;
    NvmeGuest guest{client, memory};
    std::optional<MappedDoorbells> mapped;
};

class SpdkAttach : public ServeProgram {
protected:
    pid_t start_target() {
        return start(
            {"--socket", "cntrl", "--doorbells", "mapped", "--namespace", "ram:16M", "--strict"});
    }
};

// It found memory space disabled, read all ones, took the longest time-out that CAP can say, and
// gave up after 138 s, while the server said nothing.
TEST_F(SpdkAttach, ItsInitiatorComesUpReadsWritesAndLeavesAgainAndAgain) {
    const pid_t pid = start_target();
    ASSERT_TRUE(listens());
    for (int round = 0; round < 3; ++round) {
        Initiator spdk(path("."));
        spdk.attach();
        NvmeGuest& guest = spdk.guest;
        ASSERT_TRUE(guest.identify());
        EXPECT_EQ(std::string(reinterpret_cast<char*>(guest.buffer()) + 24, 8), "nvme-tlm");
        ASSERT_TRUE(guest.create_io_queues());
        if (round != 0) {
            ASSERT_TRUE(guest.read(0, 8));
            EXPECT_EQ(guest.buffer()[0], 0x60 + round - 1) << "what the last one wrote";
        }
        std::memset(guest.buffer(), 0x60 + round, 4096);
        ASSERT_TRUE(guest.write(0, 8));
        spdk.detach();
    }
    EXPECT_EQ(stop(pid), 0) << "the lint finds nothing: " << read("log");
    EXPECT_EQ(read("log"), "listening on cntrl\n");
}

// A controller reset of SPDK's, as bdevperf and reconnect make it: CC.EN, the same admin queues.
TEST_F(SpdkAttach, ItsControllerResetNeedsNoSecondHandOver) {
    const pid_t pid = start_target();
    ASSERT_TRUE(listens());
    {
        Initiator spdk(path("."));
        spdk.attach();
        for (int round = 0; round < 3; ++round) {
            ASSERT_TRUE(spdk.guest.disable());
            ASSERT_TRUE(spdk.guest.enable());
            ASSERT_TRUE(spdk.guest.create_io_queues());
            ASSERT_TRUE(spdk.guest.write(7, 1));
        }
        spdk.detach();
    }
    EXPECT_EQ(stop(pid), 0) << read("log");
}

TEST_F(SpdkAttach, ADriverThatDisablesMemorySpaceIsToldOnTheTerminalAndByTheLint) {
    const pid_t pid = start_target();
    ASSERT_TRUE(listens());
    for (int client = 0; client < 40; ++client) {
        Initiator spdk(path("."));
        spdk.introduce();
        spdk.client.write(RegionIndex::kConfig, 4, 0x404, 2);
        for (int i = 0; i < 10; ++i)
            EXPECT_EQ(spdk.client.read(RegionIndex::kBar0, kCap, 8), ~0ull);
    }
    EXPECT_EQ(stop(pid), 1) << "it was to be strict";
    const std::string log = read("log"), refused =
                                             "cntrl: a client's read of 8 bytes at 0h of BAR "
                                             "0 is refused: Memory Space Enable is 0";
    std::size_t lines = 0;
    for (std::size_t at = 0; (at = log.find(refused, at)) != log.npos; ++at) ++lines;
    EXPECT_GE(lines, 1u) << log;
    EXPECT_LT(lines, 40u) << "a client that comes again and again fills the terminal";
    EXPECT_NE(log.find("pci.memory-space (400)"), std::string::npos) << log;
}

}  // namespace
}  // namespace platform::vfio_user::test
