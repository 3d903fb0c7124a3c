// SPDX-License-Identifier: Apache-2.0
// A descriptor of which the last copy is closed may keep whoever closes it waiting for as long as
// its maker likes: a TCP connection with bytes that nobody takes, told to linger. The server used
// to close what a client had sent in the thread that serves all.
#include "tests/sim/vfio_user/lingering.h"
#include "tests/sim/vfio_user/neighbours.h"

namespace platform::vfio_user::test {
namespace {

class LingeringDescriptors : public Neighbours {
protected:
    /// Sends it with a message, of which the server knows nothing before all of this is done.
    void send(Client& client, Command command, const std::vector<std::uint8_t>& payload,
              std::size_t copies = 1) {
        client.send(command, payload, std::vector<int>(copies, lingering.fd()));
        lingering.forget();
    }
    void listen() { ASSERT_EQ(server.bridge().listen(), ""); }
    static std::vector<std::uint8_t> introduction() { return bytes_of(Version{0, 1}); }
    static std::vector<std::uint8_t> mapping() {
        return bytes_of(
            DmaMapRequest{sizeof(DmaMapRequest), kDmaReadable | kDmaWritable, 0, 0x1000, 0x1000});
    }

    Lingering lingering;
};

TEST_F(LingeringDescriptors, AsMemoryIsRefusedAndKeepsNobodyWaiting) {
    listen();
    Client c(path());
    c.send(Command::kVersion, introduction());
    send(c, Command::kDmaMap, mapping());
    run([&] {
        EXPECT_EQ(c.reply()->header.error, 0u);
        EXPECT_EQ(c.reply()->header.error, static_cast<std::uint32_t>(EINVAL));
        expect_service();
        EXPECT_EQ(c.read(RegionIndex::kConfig, 0, 2), c.read(RegionIndex::kConfig, 0, 2))
            << "its own client is served as well";
    });
}

TEST_F(LingeringDescriptors, AsInterruptIsRefusedAndKeepsNobodyWaiting) {
    listen();
    Client c(path());
    c.send(Command::kVersion, introduction());
    const auto msix = static_cast<std::uint32_t>(IrqIndex::kMsix);
    send(c, Command::kDeviceSetIrqs,
         bytes_of(SetIrqs{sizeof(SetIrqs), kIrqDataEventfd | kIrqTrigger, msix, 0, 1}));
    run([&] {
        EXPECT_EQ(c.reply()->header.error, 0u);
        EXPECT_EQ(c.reply()->header.error, static_cast<std::uint32_t>(EINVAL));
        expect_service();
    });
}

// The kernel closes those for which the receiver has no room, in the receiver's thread.
TEST_F(LingeringDescriptors, MoreThanAMessageMayHaveKeepNobodyWaiting) {
    listen();
    Client c(path());
    send(c, Command::kVersion, introduction(), 253);
    run([&] {
        expect_service();
        EXPECT_TRUE(c.hung_up());
    });
}

// So it does with what was never received, when the connection ends.
TEST_F(LingeringDescriptors, BehindWhatIsNoMessageKeepsNobodyWaiting) {
    listen();
    Client c(path());
    const Header nonsense{};
    c.send_raw(&nonsense, sizeof nonsense);
    send(c, Command::kDmaMap, mapping());
    run([&] {
        EXPECT_TRUE(c.hung_up());
        expect_service();
    });
}

TEST_F(LingeringDescriptors, OfAClientThatLeavesAtOnceKeepsNobodyWaiting) {
    listen();
    {
        Client c(path());
        c.send(Command::kVersion, introduction());
        send(c, Command::kDmaMap, mapping());
    }
    run([&] { expect_service(); });
}

}  // namespace
}  // namespace platform::vfio_user::test
