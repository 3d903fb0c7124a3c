// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <atomic>
#include <cerrno>
#include <thread>

#include <gtest/gtest.h>

#include "tests/sim/vfio_user/mapped_doorbells.h"
#include "tests/sim/vfio_user/serve_fixture.h"

namespace platform::vfio_user::test {
namespace {

class ServeMappedDoorbells : public ServeTest {
protected:
    ServeMappedDoorbells() : ServeTest(with(Doorbells::kMapped)) {}
};

TEST_F(ServeMappedDoorbells, ThePageFrom1000hIsSharedAndEveryWriteToItCounts) {
    serve([this] {
        const auto c = client();
        const MappedDoorbells mapped(*c);
        ASSERT_NE(mapped.page, nullptr);
        EXPECT_EQ(mapped.flags, 0xfu);
        EXPECT_EQ(mapped.offset, 0x1000u);
        EXPECT_EQ(mapped.size, 0x1000u);
        NvmeGuest guest(*c, memory);
        guest.doorbells = mapped.page;
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.identify());
        ASSERT_TRUE(guest.create_io_queues());
        for (unsigned i = 0; i < 20; ++i) ASSERT_TRUE(round_trip(guest, i));
        EXPECT_TRUE(guest.shut_down());
    });
}

// With INTx, QEMU turns the mapping off and on again.
TEST_F(ServeMappedDoorbells, TheSameQueueMayBeRungByBothWays) {
    serve([this] {
        const auto c = client();
        const MappedDoorbells mapped(*c);
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        for (unsigned i = 0; i < 50; ++i) {
            guest.doorbells = i % 3 == 0 ? nullptr : mapped.page;
            ASSERT_TRUE(guest.identify()) << i;
        }
    });
}

TEST_F(ServeMappedDoorbells, AQueueThatIsCreatedAnewIsRungWithTheValueOfTheOldOne) {
    serve([this] {
        const auto c = client();
        const MappedDoorbells mapped(*c);
        NvmeGuest guest(*c, memory);
        guest.doorbells = mapped.page;
        for (int round = 0; round < 3; ++round) {
            ASSERT_TRUE(guest.enable());
            for (int queue = 0; queue < 3; ++queue) {
                ASSERT_TRUE(guest.create_io_queues());
                ASSERT_TRUE(guest.read(0, 1));  // tail 1 each time
                ASSERT_TRUE(guest.delete_io_queues());
            }
        }
    });
}

TEST_F(ServeMappedDoorbells, AClientCannotTakeThePageAway) {
    serve([this] {
        const auto c = client();
        const MappedDoorbells mapped(*c);
        EXPECT_EQ(::ftruncate(mapped.fd, 0), -1);
        EXPECT_EQ(::ftruncate(mapped.fd, 1 << 20), -1);
    });
}

TEST_F(ServeMappedDoorbells, WhatIsWrittenToThePageOfTheLastClientDisturbsNobody) {
    serve([this] {
        auto old = client();
        const MappedDoorbells mapped(*old);
        old.reset();
        const auto c = client();
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        for (int i = 0; i < 1024; ++i) mapped.page[i] = 0xdead;
        EXPECT_TRUE(guest.identify());
        EXPECT_TRUE(guest.create_io_queues());
        EXPECT_TRUE(round_trip(guest, 4));
    });
}

TEST_F(ServeMappedDoorbells, NonsenseInThePageIsTheGuestsOwnProblem) {
    serve([this] {
        const auto c = client();
        const MappedDoorbells mapped(*c);
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        for (std::uint32_t i = 0; i < 1024; ++i) mapped.page[i] = 0x1234'5678 * i;
        EXPECT_EQ(c->read(RegionIndex::kBar0, 8, 4), 0x20000u);
        guest.doorbells = mapped.page;
        ASSERT_TRUE(guest.enable());
        EXPECT_TRUE(guest.identify());
    });
}

TEST_F(ServeMappedDoorbells, AClientThatNeverStopsRingingIsHeardAndCanBeLeft) {
    serve([this] {
        const auto c = client();
        const MappedDoorbells mapped(*c);
        ASSERT_NE(mapped.page, nullptr);
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        std::atomic<bool> enough{false};
        std::thread ringer([&] {
            while (!enough) mapped.page[2] = 1;  // of a queue that there is not
        });
        for (int i = 0; i < 50; ++i) EXPECT_EQ(c->read(RegionIndex::kBar0, 8, 4), 0x20000u);
        enough = true;
        ringer.join();
        ASSERT_TRUE(guest.enable());
        EXPECT_TRUE(guest.identify());
    });
}

class ServeTrappedDoorbells : public ServeTest {};

TEST_F(ServeTrappedDoorbells, NothingCanBeMapped) {
    serve([this] {
        const auto c = client();
        RegionInfo info;
        info.argsz = 4064;
        const Message reply = c->request(Command::kDeviceGetRegionInfo, bytes_of(info));
        EXPECT_EQ(load<RegionInfo>(reply.payload)->flags, 3u);
        EXPECT_EQ(reply.payload.size(), sizeof(RegionInfo));
        EXPECT_TRUE(reply.fds.empty());
    });
}

}  // namespace
}  // namespace platform::vfio_user::test
