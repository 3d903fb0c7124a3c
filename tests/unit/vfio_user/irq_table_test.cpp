// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/irq_table.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <limits>
#include <thread>

#include <gtest/gtest.h>

namespace platform::vfio_user {
namespace {

constexpr std::uint32_t kArm = kIrqDataEventfd | kIrqTrigger;

class IrqTableTest : public ::testing::Test {
protected:
    static IrqDescriptions describe() {
        IrqDescriptions d;
        d[0] = {1, kIrqEventfd | kIrqMaskable | kIrqAutomasked};
        d[2] = {4, kIrqEventfd};
        return d;
    }
    int set(IrqIndex index, std::uint32_t flags, std::uint32_t start, std::uint32_t count,
            std::vector<ClientFd> fds = {}, const std::vector<std::uint8_t>& data = {}) {
        return table.set({sizeof(SetIrqs), flags, static_cast<std::uint32_t>(index), start, count},
                         data.data(), data.size(), fds);
    }
    static std::vector<ClientFd> copies(std::initializer_list<int> fds) {
        std::vector<ClientFd> result;
        for (const int fd : fds) result.emplace_back(::dup(fd));
        return result;
    }
    /// How often the eventfd was signalled since the last look.
    static std::uint64_t rings(const UniqueFd& fd) {
        std::uint64_t count = 0;
        return ::read(fd.get(), &count, sizeof count) == sizeof count ? count : 0;
    }
    static UniqueFd bell() { return UniqueFd(::eventfd(0, EFD_NONBLOCK)); }

    IrqTable table{describe()};
    UniqueFd a = bell(), b = bell();
};

TEST_F(IrqTableTest, AVectorRingsTheLastDescriptorItGot) {
    EXPECT_FALSE(table.signal(IrqIndex::kMsix, 1));
    ASSERT_EQ(set(IrqIndex::kMsix, kArm, 1, 1, copies({a.get()})), 0);
    EXPECT_TRUE(table.signal(IrqIndex::kMsix, 1));
    EXPECT_EQ(rings(a), 1u);
    ASSERT_EQ(set(IrqIndex::kMsix, kArm, 1, 1, copies({b.get()})), 0);
    EXPECT_TRUE(table.signal(IrqIndex::kMsix, 1));
    EXPECT_EQ(rings(a), 0u);
    EXPECT_EQ(rings(b), 1u);
    EXPECT_FALSE(table.signal(IrqIndex::kMsix, 0));
    EXPECT_FALSE(table.signal(IrqIndex::kMsix, 4));
    EXPECT_FALSE(table.signal(IrqIndex::kMsix, 0xffff'ffff));
}

// Linux on QEMU enables MSI-X like this before it unmasks single vectors.
TEST_F(IrqTableTest, ArmingWithoutADescriptorIsGoodAndDisarms) {
    EXPECT_EQ(set(IrqIndex::kMsix, kArm, 0, 1), 0);
    ASSERT_EQ(set(IrqIndex::kMsix, kArm, 0, 2, copies({a.get(), b.get()})), 0);
    EXPECT_TRUE(table.armed(IrqIndex::kMsix, 1));
    EXPECT_EQ(set(IrqIndex::kMsix, kArm, 1, 1), 0);
    EXPECT_FALSE(table.armed(IrqIndex::kMsix, 1));
    EXPECT_TRUE(table.armed(IrqIndex::kMsix, 0));
}

TEST_F(IrqTableTest, NoneFromZeroTurnsTheWholeIndexOff) {
    ASSERT_EQ(set(IrqIndex::kMsix, kArm, 0, 2, copies({a.get(), b.get()})), 0);
    ASSERT_EQ(set(IrqIndex::kIntx, kArm, 0, 1, copies({a.get()})), 0);
    ASSERT_EQ(set(IrqIndex::kMsix, kIrqDataNone | kIrqTrigger, 0, 0), 0);
    EXPECT_FALSE(table.armed(IrqIndex::kMsix, 0));
    EXPECT_FALSE(table.armed(IrqIndex::kMsix, 1));
    EXPECT_TRUE(table.armed(IrqIndex::kIntx, 0));
}

TEST_F(IrqTableTest, AClientMayRingItself) {
    ASSERT_EQ(set(IrqIndex::kMsix, kArm, 0, 2, copies({a.get(), b.get()})), 0);
    ASSERT_EQ(set(IrqIndex::kMsix, kIrqDataNone | kIrqTrigger, 0, 2), 0);
    EXPECT_EQ(rings(a), 1u);
    EXPECT_EQ(rings(b), 1u);
    ASSERT_EQ(set(IrqIndex::kMsix, kIrqDataBool | kIrqTrigger, 0, 2, {}, {0, 1}), 0);
    EXPECT_EQ(rings(a), 0u);
    EXPECT_EQ(rings(b), 1u);
}

TEST_F(IrqTableTest, AStandingLevelRingsOnceUntilItIsUnmasked) {
    const std::uint32_t unmask = kIrqDataNone | kIrqUnmask;
    ASSERT_EQ(set(IrqIndex::kIntx, kArm, 0, 1, copies({a.get()})), 0);
    table.set_intx_level(true);
    table.set_intx_level(true);
    EXPECT_EQ(rings(a), 1u);
    ASSERT_EQ(set(IrqIndex::kIntx, unmask, 0, 1), 0);
    EXPECT_EQ(rings(a), 1u);  // it still stands
    table.set_intx_level(false);
    ASSERT_EQ(set(IrqIndex::kIntx, unmask, 0, 1), 0);
    EXPECT_EQ(rings(a), 0u);
    table.set_intx_level(true);
    EXPECT_EQ(rings(a), 1u);
}

/// QEMU would raise the guest's interrupt for a line that has fallen already. Linux found nothing
/// to do, did not touch the device, and nothing ended that interrupt: "irq 22: nobody cared".
TEST_F(IrqTableTest, ASignalThatTheClientHasNotSeenIsTakenBackWhenTheLevelFalls) {
    ASSERT_EQ(set(IrqIndex::kIntx, kArm, 0, 1, copies({a.get()})), 0);
    table.set_intx_level(true);
    table.set_intx_level(false);
    EXPECT_EQ(rings(a), 0u);
    table.set_intx_level(true);  // the client cannot unmask what it has not seen
    EXPECT_EQ(rings(a), 1u);
    table.set_intx_level(false);
    table.set_intx_level(true);
    EXPECT_EQ(rings(a), 0u);  // but has to unmask what it has
    ASSERT_EQ(set(IrqIndex::kIntx, kIrqDataNone | kIrqMask, 0, 1), 0);
    table.set_intx_level(false);
    table.set_intx_level(true);
    EXPECT_EQ(rings(a), 0u);
}

TEST_F(IrqTableTest, ALevelThatStoodBeforeRingsWhenItIsArmed) {
    table.set_intx_level(true);
    ASSERT_EQ(set(IrqIndex::kIntx, kArm, 0, 1, copies({a.get()})), 0);
    EXPECT_EQ(rings(a), 1u);
}

TEST_F(IrqTableTest, AMaskedLevelRingsWhenItIsUnmasked) {
    ASSERT_EQ(set(IrqIndex::kIntx, kArm, 0, 1, copies({a.get()})), 0);
    ASSERT_EQ(set(IrqIndex::kIntx, kIrqDataNone | kIrqMask, 0, 1), 0);
    table.set_intx_level(true);
    EXPECT_EQ(rings(a), 0u);
    ASSERT_EQ(set(IrqIndex::kIntx, kIrqDataBool | kIrqUnmask, 0, 1, {}, {0}), 0);
    EXPECT_EQ(rings(a), 0u);  // "not this one"
    ASSERT_EQ(set(IrqIndex::kIntx, kIrqDataBool | kIrqUnmask, 0, 1, {}, {1}), 0);
    EXPECT_EQ(rings(a), 1u);
}

TEST_F(IrqTableTest, RequestsThatMakeNoSenseAreRefused) {
    const auto fds = [&] { return copies({a.get()}); };
    const auto two = [&] { return copies({a.get(), b.get()}); };
    EXPECT_EQ(set(IrqIndex::kMsix, kArm, 4, 1, fds()), EINVAL);
    EXPECT_EQ(set(IrqIndex::kMsix, kArm, 0, 5), EINVAL);
    EXPECT_EQ(set(IrqIndex::kMsix, kArm, 0xffff'ffff, 1, fds()), EINVAL);
    EXPECT_EQ(set(IrqIndex::kMsix, kArm, 1, 0xffff'ffff), EINVAL);
    EXPECT_EQ(set(IrqIndex::kMsix, kArm, 0, 0), EINVAL);
    EXPECT_EQ(set(IrqIndex::kMsix, kArm, 0, 1, two()), EINVAL);
    EXPECT_EQ(set(IrqIndex::kMsix, kArm, 0, 3, two()), EINVAL);
    EXPECT_EQ(set(static_cast<IrqIndex>(5), kArm, 0, 1, fds()), EINVAL);
    EXPECT_EQ(set(IrqIndex::kMsi, kArm, 0, 1, fds()), EINVAL);
    EXPECT_EQ(set(IrqIndex::kMsix, 0, 0, 1), EINVAL);
    EXPECT_EQ(set(IrqIndex::kMsix, kIrqTrigger, 0, 1), EINVAL);
    EXPECT_EQ(set(IrqIndex::kMsix, kArm | kIrqMask, 0, 1, fds()), EINVAL);
    EXPECT_EQ(set(IrqIndex::kMsix, kArm | kIrqDataNone, 0, 1, fds()), EINVAL);
    EXPECT_EQ(set(IrqIndex::kMsix, kArm | 1u << 6, 0, 1, fds()), EINVAL);
    EXPECT_EQ(set(IrqIndex::kMsix, kIrqDataNone | kIrqTrigger, 1, 0), EINVAL);
    EXPECT_EQ(set(IrqIndex::kMsix, kIrqDataNone | kIrqTrigger, 0, 1, fds()), EINVAL);
    EXPECT_EQ(set(IrqIndex::kMsix, kIrqDataBool | kIrqTrigger, 0, 2, {}, {1}), EINVAL);
    EXPECT_EQ(set(IrqIndex::kMsix, kIrqDataNone | kIrqUnmask, 0, 1), ENOTSUP);
    EXPECT_EQ(set(IrqIndex::kIntx, kIrqDataEventfd | kIrqUnmask, 0, 1, fds()), ENOTSUP);
    EXPECT_FALSE(table.armed(IrqIndex::kMsix, 0));
}

TEST_F(IrqTableTest, OnlyEventfdsAreTaken) {
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const UniqueFd reader(ends[0]), writer(ends[1]);
    EXPECT_EQ(set(IrqIndex::kMsix, kArm, 0, 1, copies({writer.get()})), EINVAL);
    EXPECT_EQ(set(IrqIndex::kMsix, kArm, 0, 2, copies({a.get(), writer.get()})), EINVAL);
    EXPECT_FALSE(table.armed(IrqIndex::kMsix, 0));
}

constexpr std::uint64_t kFull = std::numeric_limits<std::uint64_t>::max() - 1;

TEST_F(IrqTableTest, AFullCounterDoesNotBlockTheServer) {
    const UniqueFd full(::eventfd(0, 0));  // blocking
    ASSERT_EQ(::write(full.get(), &kFull, sizeof kFull), 8);
    ASSERT_EQ(set(IrqIndex::kMsix, kArm, 0, 1, copies({full.get()})), 0);
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(table.signal(IrqIndex::kMsix, 0));
}

// A client used to stop the server for good: it filled its counter after the server had looked at
// it and before the server wrote.
TEST_F(IrqTableTest, ACounterThatIsFilledAtAnyMomentDoesNotBlockTheServer) {
    const UniqueFd bell(::eventfd(0, 0));  // blocking
    ASSERT_EQ(set(IrqIndex::kMsix, kArm, 0, 1, copies({bell.get()})), 0);
    std::atomic<bool> enough{false};
    std::thread client([&] {
        const UniqueFd mine(::dup(bell.get()));
        std::uint64_t count = 0;
        while (!enough) {
            iovec to{const_cast<std::uint64_t*>(&kFull), sizeof kFull}, from{&count, sizeof count};
            pollfd room{mine.get(), POLLOUT, 0};
            (void)::preadv2(mine.get(), &from, 1, -1, RWF_NOWAIT);
            // Only this thread makes room, so it writes without waiting unless it was rung between.
            ::fcntl(mine.get(), F_SETFL, O_NONBLOCK);
            if (::poll(&room, 1, 0) == 1) (void)::writev(mine.get(), &to, 1);
            ::fcntl(mine.get(), F_SETFL, 0);
        }
    });
    for (int i = 0; i < 20'000; ++i) EXPECT_TRUE(table.signal(IrqIndex::kMsix, 0));
    enough = true;
    client.join();
}

}  // namespace
}  // namespace platform::vfio_user
