// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <limits>

#include <linux/memfd.h>

#include "tests/sim/vfio_user/neighbours.h"

namespace platform::vfio_user::test {
namespace {

constexpr std::uint32_t kArm = kIrqDataEventfd | kIrqTrigger;

// Reads of which nobody gets the reply cost their client nothing and the server a lot: the other
// client used to wait for more than a minute, for one register.
TEST_F(Neighbours, AStormOfLongReadsWithoutReplyLeavesTimeForOthers) {
    const RegionAccess all{0, static_cast<std::uint32_t>(RegionIndex::kBar0), 65536};
    expect_service_during(Command::kRegionRead, bytes_of(all), kFlagNoReply);
}

TEST_F(Neighbours, AStormOfReadsOfConfigurationSpaceLeavesTimeForOthers) {
    const RegionAccess all{0, static_cast<std::uint32_t>(RegionIndex::kConfig), 4096};
    expect_service_during(Command::kRegionRead, bytes_of(all), kFlagNoReply);
}

TEST_F(Neighbours, AStormOfResetsLeavesTimeForOthers) {
    expect_service_during(Command::kDeviceReset, {}, kFlagNoReply);
}

TEST_F(Neighbours, AStormOfManyWritesInOneMessageLeavesTimeForOthers) {
    std::vector<std::uint8_t> payload = bytes_of(kMaxMultiWrites);
    const auto one =
        bytes_of(WriteOne{{4, static_cast<std::uint32_t>(RegionIndex::kConfig), 2}, {6}});
    for (std::uint64_t i = 0; i < kMaxMultiWrites; ++i)
        payload.insert(payload.end(), one.begin(), one.end());
    expect_service_during(Command::kRegionWriteMulti, payload, kFlagNoReply);
}

// The server used to wait for it, 2 s for each connection.
TEST_F(Neighbours, AClientThatTakesNoRepliesKeepsNobodyWaiting) {
    serve([this] {
        Client deaf(path());
        ASSERT_TRUE(deaf.introduce());
        Header header;
        header.command = Command::kRegionRead;
        header.size = sizeof header + sizeof(RegionAccess);
        const auto request = bytes_of(
            header, RegionAccess{0, static_cast<std::uint32_t>(RegionIndex::kConfig), 4096});
        // Until neither of the two has room for more, and a while longer.
        std::size_t sent = 0;
        for (int full = 0; full < 100; ++full) {
            while (const std::size_t some =
                       deaf.send_without_waiting(request.data() + sent % request.size(),
                                                 request.size() - sent % request.size())) {
                sent += some;
                full = 0;
            }
            ::usleep(1'000);
        }
        expect_service();
        // And it has lost nothing itself, when it listens at last.
        const std::size_t whole = sent / request.size();
        for (std::size_t i = 0; i < whole; ++i) {
            const auto reply = deaf.receive();
            ASSERT_TRUE(reply) << i << " of " << whole;
            ASSERT_EQ(reply->payload.size(), sizeof(RegionAccess) + 4096);
        }
    });
}

// A client that fills the counter of its eventfd between a look and a write of the server, and
// clears O_NONBLOCK, used to leave the server asleep for good.
TEST_F(Neighbours, AClientWhoseBellIsAlwaysFullHurtsNobody) {
    serve([this] {
        const auto c = client();
        const UniqueFd full(::eventfd(0, 0));  // blocking
        const std::uint64_t most = std::numeric_limits<std::uint64_t>::max() - 1;
        ASSERT_EQ(c->set_irqs(kArm, IrqIndex::kMsix, 0, 1, {full.get()}), 0u);
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        std::atomic<bool> enough{false};
        std::thread filler([&] {
            std::uint64_t count = 0;
            iovec from{&count, sizeof count};
            while (!enough) {
                (void)::preadv2(full.get(), &from, 1, -1, RWF_NOWAIT);
                ::fcntl(full.get(), F_SETFL, O_NONBLOCK);
                (void)!::write(full.get(), &most, sizeof most);
                ::fcntl(full.get(), F_SETFL, 0);
            }
        });
        for (int i = 0; i < 200; ++i) EXPECT_TRUE(guest.identify());
        expect_service();
        enough = true;
        filler.join();
    });
}

// The guard put 4 KiB over the hole, which cannot be done in a huge page: the server was killed.
TEST_F(Neighbours, AClientThatTakesItsHugePagesAwayIsHungUpOnAndNobodyElse) {
    GuestMemory huge(0x20'0000, 2 << 20, MFD_HUGETLB | MFD_HUGE_2MB);
    if (!huge.exists())
        GTEST_SKIP() << "NOT TESTED: this machine has no free page of 2 MiB"
                        " (/proc/sys/vm/nr_hugepages)";
    serve([&] {
        Client c(path(), &huge);
        ASSERT_TRUE(c.introduce());
        ASSERT_TRUE(c.map(huge.base(), huge.size(), huge.fd()));
        NvmeGuest guest(c, huge);
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.identify());
        ASSERT_EQ(::ftruncate(huge.fd(), 0), 0);
        c.post(RegionIndex::kBar0, 0x1000, 2, 4);  // fetches an entry that is not there
        EXPECT_TRUE(c.hung_up());
        expect_service();
    });
}

}  // namespace
}  // namespace platform::vfio_user::test
