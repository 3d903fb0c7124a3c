// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/sim/vfio_user/serve_fixture.h"

namespace platform::vfio_user::test {
namespace {

constexpr std::uint32_t kArm = kIrqDataEventfd | kIrqTrigger;
constexpr std::uint32_t kOff = kIrqDataNone | kIrqTrigger;
constexpr std::uint64_t kMsixControl = 0x52;
constexpr std::uint32_t kEnable = 0x8000, kFunctionMask = 0x4000;

nvme::spec::SubmissionEntry identify_of(const NvmeGuest& guest) {
    nvme::spec::SubmissionEntry entry{};
    entry.cdw0 = 0x06;
    entry.prp1 = guest.buffer_address();
    entry.cdw10 = 1;
    return entry;
}

class ServeMsix : public ServeTest {
protected:
    /// Rings arrive right behind the completion, but not with it.
    static std::uint64_t rings_soon(Client& c, const UniqueFd& fd) {
        for (int i = 0; i < 20'000; ++i) {
            (void)c.read(RegionIndex::kConfig, 0, 4);
            if (const auto n = rings(fd); n != 0) return n;
        }
        return 0;
    }
};

// What Linux does on QEMU, step by step.
TEST_F(ServeMsix, AVectorRingsItsEventfdFromTheFirstInterruptOn) {
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        const UniqueFd first = bell(), io = bell(), other = bell();
        ASSERT_TRUE(guest.enable());
        c->write(RegionIndex::kConfig, kMsixControl, kEnable | kFunctionMask, 2);
        EXPECT_EQ(c->set_irqs(kArm, IrqIndex::kMsix, 0, 1), 0u);  // no descriptor yet
        c->write(RegionIndex::kConfig, kMsixControl, kEnable, 2);
        EXPECT_EQ(c->set_irqs(kArm, IrqIndex::kMsix, 0, 1, {first.get()}), 0u);
        EXPECT_EQ(c->set_irqs(kArm, IrqIndex::kMsix, 1, 1, {io.get()}), 0u);

        ASSERT_EQ(guest.execute(0, identify_of(guest)), 0);
        EXPECT_EQ(rings_soon(*c, first), 1u);
        ASSERT_TRUE(guest.create_io_queues(1));
        (void)rings_soon(*c, first);
        ASSERT_TRUE(guest.read(0, 1));
        EXPECT_EQ(rings_soon(*c, io), 1u);
        EXPECT_EQ(rings(first), 0u);

        // QEMU exchanges the descriptor of a vector that the guest masks.
        EXPECT_EQ(c->set_irqs(kArm, IrqIndex::kMsix, 1, 1, {other.get()}), 0u);
        ASSERT_TRUE(guest.read(0, 1));
        EXPECT_EQ(rings_soon(*c, other), 1u);
        EXPECT_EQ(rings(io), 0u);
    });
}

TEST_F(ServeMsix, AnInterruptThatNobodyListensToIsPendingAndNotLost) {
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        const UniqueFd fd = bell();
        ASSERT_TRUE(guest.enable());
        c->write(RegionIndex::kConfig, kMsixControl, kEnable, 2);
        ASSERT_EQ(guest.execute(0, identify_of(guest)), 0);
        const std::uint64_t pba = 0x1000;
        EXPECT_EQ(c->read(RegionIndex::kBar4, pba, 8), 1u);
        EXPECT_EQ(c->set_irqs(kArm, IrqIndex::kMsix, 0, 1, {fd.get()}), 0u);
        EXPECT_EQ(rings_soon(*c, fd), 1u);
        EXPECT_EQ(c->read(RegionIndex::kBar4, pba, 8), 0u);
    });
}

TEST_F(ServeMsix, VectorsThatAreTurnedOffStaySilentUntilTheyAreArmedAgain) {
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        const UniqueFd fd = bell();
        ASSERT_TRUE(guest.enable());
        c->write(RegionIndex::kConfig, kMsixControl, kEnable, 2);
        EXPECT_EQ(c->set_irqs(kArm, IrqIndex::kMsix, 0, 1, {fd.get()}), 0u);
        c->write(RegionIndex::kConfig, kMsixControl, 0, 2);
        EXPECT_EQ(c->set_irqs(kOff, IrqIndex::kMsix, 0, 0), 0u);
        ASSERT_EQ(guest.execute(0, identify_of(guest)), 0);
        EXPECT_EQ(rings(fd), 0u);
        EXPECT_EQ(c->set_irqs(kArm, IrqIndex::kMsix, 0, 1, {fd.get()}), 0u);
        c->write(RegionIndex::kConfig, kMsixControl, kEnable, 2);
        ASSERT_EQ(guest.execute(0, identify_of(guest)), 0);
        EXPECT_EQ(rings_soon(*c, fd), 1u);
    });
}

TEST_F(ServeMsix, TheTableIsTheBridgesAndAResetDoesNotBreakIt) {
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        const UniqueFd fd = bell();
        EXPECT_EQ(c->set_irqs(kArm, IrqIndex::kMsix, 0, 1, {fd.get()}), 0u);
        for (int round = 0; round < 2; ++round) {
            ASSERT_TRUE(guest.enable());
            c->write(RegionIndex::kConfig, kMsixControl, kEnable, 2);
            c->write(RegionIndex::kBar4, 0, 0x1'0000'1234, 8);
            c->write(RegionIndex::kBar4, 8, 0x1'0000'0007, 8);
            ASSERT_EQ(guest.execute(0, identify_of(guest)), 0);
            EXPECT_EQ(rings_soon(*c, fd), 1u);
            EXPECT_EQ(c->errno_of(Command::kDeviceReset, {}), 0u);
            EXPECT_EQ(c->errno_of(Command::kDeviceReset, {}), 0u);
        }
    });
}

class ServeIntx : public ServeTest {
protected:
    ServeIntx() : ServeTest(with(Doorbells::kTrapped, true)) {}
};

TEST_F(ServeIntx, AStandingLineRingsAgainWhenItIsUnmasked) {
    constexpr std::uint32_t kUnmaskOne = kIrqDataNone | kIrqUnmask;
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        const UniqueFd fd = bell();
        guest.pci_command = 0x6;
        EXPECT_EQ(c->read(RegionIndex::kConfig, 0x3d, 1), 1u);
        ASSERT_EQ(c->set_irqs(kArm, IrqIndex::kIntx, 0, 1, {fd.get()}), 0u);
        ASSERT_TRUE(guest.enable());
        guest.submit(0, identify_of(guest));
        std::uint64_t rang = 0;
        for (int i = 0; i < 20'000 && rang == 0; ++i) {
            (void)c->read(RegionIndex::kConfig, 0, 4);
            rang = rings(fd);
        }
        EXPECT_EQ(rang, 1u);
        // The guest has not looked at the completion: the line stands.
        ASSERT_EQ(c->set_irqs(kUnmaskOne, IrqIndex::kIntx, 0, 1), 0u);
        EXPECT_EQ(rings(fd), 1u);
        EXPECT_EQ(guest.wait(0),
                  0);  // acknowledges it: the line is down when the doorbell is answered
        ASSERT_EQ(c->set_irqs(kUnmaskOne, IrqIndex::kIntx, 0, 1), 0u);
        EXPECT_EQ(rings(fd), 0u);
        ASSERT_EQ(c->set_irqs(kOff, IrqIndex::kIntx, 0, 0), 0u);
    });
}

TEST_F(ServeMsix, WithoutAPinThereIsNoIntx) {
    serve([this] {
        const auto c = client();
        EXPECT_EQ(c->read(RegionIndex::kConfig, 0x3d, 1), 0u);
        const Message info = c->request(Command::kDeviceGetIrqInfo, bytes_of(IrqInfo{16, 0, 0, 0}));
        EXPECT_EQ(load<IrqInfo>(info.payload)->count, 0u);
    });
}

}  // namespace
}  // namespace platform::vfio_user::test
