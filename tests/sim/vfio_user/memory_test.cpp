// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/sim/vfio_user/serve_fixture.h"

namespace platform::vfio_user::test {
namespace {

class ServeMemory : public ServeTest {};

// QEMU sends all maps of a change before it looks at a reply.
TEST_F(ServeMemory, MapsMayBePipelinedAndAreAnsweredInOrder) {
    serve([this] {
        Client c(path(), &memory);
        ASSERT_TRUE(c.introduce());
        std::vector<std::uint16_t> ids;
        const DmaMapRequest low{32, 3, 0, 0, 0xa0000}, rom{32, 1, 0, 0xfffc'0000, 0x40000},
            ram{32, 3, 0, memory.base(), memory.size()}, vga{32, 3, 0, 0xfd00'0000, 0x100'0000};
        ids.push_back(c.send(Command::kDmaMap, bytes_of(low), {memory.fd()}));
        ids.push_back(c.send(Command::kDmaMap, bytes_of(ram), {memory.fd()}));
        ids.push_back(c.send(Command::kDmaMap, bytes_of(rom)));
        ids.push_back(c.send(Command::kDmaMap, bytes_of(vga)));
        for (const std::uint16_t id : ids) {
            const auto answer = c.reply();
            ASSERT_TRUE(answer);
            EXPECT_EQ(answer->header.id, id);
            EXPECT_EQ(answer->header.error, 0u);
            EXPECT_EQ(answer->header.size, 16u);
        }
    });
}

// SeaBIOS and Linux change attributes of low memory by unmapping and mapping it while queues live.
TEST_F(ServeMemory, MemoryUnderLiveQueuesMayBeRemapped) {
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.create_io_queues());
        for (unsigned i = 0; i < 10; ++i) {
            ASSERT_TRUE(round_trip(guest, i));
            ASSERT_TRUE(c->unmap(memory.base(), memory.size()));
            ASSERT_TRUE(c->map(memory.base(), memory.size(), memory.fd()));
            ASSERT_TRUE(round_trip(guest, i + 1));
            ASSERT_TRUE(c->unmap(memory.base(), memory.size()));
            ASSERT_TRUE(c->map(memory.base(), 0x8000, memory.fd()));
            ASSERT_TRUE(
                c->map(memory.base() + 0x8000, memory.size() - 0x8000, memory.fd(), 0x8000));
            ASSERT_TRUE(round_trip(guest, i + 2));
            ASSERT_TRUE(c->unmap(memory.base() + 0x8000, memory.size() - 0x8000));
            ASSERT_TRUE(c->unmap(memory.base(), 0x8000));
            ASSERT_TRUE(c->map(memory.base(), memory.size(), memory.fd()));
        }
        EXPECT_EQ(guest.disable(), true);
    });
}

// A guest behind a virtual IOMMU: two pages, mapped one by one, are taken back as one range, and
// other pages get their addresses. The device used to write to the old ones.
TEST_F(ServeMemory, AfterARangeWasTakenBackNothingOfItIsWritten) {
    serve([this] {
        Client c(path(), &memory);
        ASSERT_TRUE(c.introduce());
        NvmeGuest guest(c, memory);
        const std::uint64_t buffer = guest.buffer_address(), offset = buffer - memory.base();
        ASSERT_TRUE(c.map(memory.base(), offset, memory.fd()));  // queues
        for (const std::uint64_t page : {0u, 0x1000u})
            ASSERT_TRUE(c.map(buffer + page, 0x1000, memory.fd(), offset + page));
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.create_io_queues());
        std::memset(guest.buffer(), 0x5a, 0x4000);
        ASSERT_TRUE(guest.write(0, 16));
        std::memset(guest.buffer(), 0x77, 0x4000);
        ASSERT_TRUE(guest.read(0, 16));
        std::memset(guest.buffer(), 0x77, 0x4000);
        ASSERT_TRUE(c.unmap(buffer, 0x2000));
        for (const std::uint64_t page : {0u, 0x1000u})
            ASSERT_TRUE(c.map(buffer + page, 0x1000, memory.fd(), offset + 0x2000 + page));
        ASSERT_TRUE(guest.read(0, 16));
        const std::vector<std::uint8_t> old(0x2000, 0x77), fresh(0x2000, 0x5a);
        EXPECT_EQ(std::memcmp(guest.buffer(), old.data(), old.size()), 0);
        EXPECT_EQ(std::memcmp(guest.buffer() + 0x2000, fresh.data(), fresh.size()), 0);
        EXPECT_TRUE(c.unmap(0, 1ull << 63));
        EXPECT_TRUE(c.unmap(1ull << 63, 1ull << 63)) << "where nothing is";
    });
}

TEST_F(ServeMemory, AnAccessInTheGapOfARemapWaitsForTheMemory) {
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        nvme::spec::SubmissionEntry identify{};
        identify.cdw0 = 0x06;
        identify.prp1 = guest.buffer_address();
        identify.cdw10 = 1;
        ASSERT_TRUE(c->unmap(memory.base(), memory.size()));
        guest.submit(0, identify);  // rings while nothing is mapped
        ASSERT_TRUE(c->map(memory.base(), memory.size(), memory.fd()));
        EXPECT_EQ(guest.wait(0), 0);
        EXPECT_EQ(c->read(RegionIndex::kBar0, 0x1c, 4), 1u);  // ready, no fatal status
    });
}

TEST_F(ServeMemory, MemoryThatStaysAwayIsAnErrorOfTheControllerAndNotOfTheServer) {
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(c->unmap(memory.base(), memory.size()));
        guest.submit(0, {});
        std::uint64_t csts = 0;
        for (int i = 0; i < 200'000 && (csts & 2) == 0; ++i)
            csts = c->read(RegionIndex::kBar0, 0x1c, 4);
        EXPECT_EQ(csts & 2, 2u);  // CSTS.CFS
        ASSERT_TRUE(c->map(memory.base(), memory.size(), memory.fd()));
        ASSERT_TRUE(guest.enable());
        EXPECT_TRUE(guest.identify());
    });
}

TEST_F(ServeMemory, ReadOnlyMemoryCanBeReadByTheDeviceAndNotWritten) {
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.create_io_queues());
        ASSERT_TRUE(c->unmap(memory.base(), memory.size()));
        ASSERT_TRUE(c->map(memory.base(), 0x10000, memory.fd()));
        ASSERT_TRUE(c->map(memory.base() + 0x10000, 0x10000, memory.fd(), 0x10000, kDmaReadable));
        fill(guest.buffer(), 4096, 3);
        EXPECT_TRUE(guest.write(0, 8));
        EXPECT_FALSE(guest.read(0, 8));
    });
}

TEST_F(ServeMemory, SharedAndUnsharedMemoryWorkSideBySide) {
    serve([this] {
        Client c(path(), &memory);
        ASSERT_TRUE(c.introduce());
        ASSERT_TRUE(c.map(memory.base(), 0x10000, memory.fd()));  // queues
        ASSERT_TRUE(c.map(memory.base() + 0x10000, 0x8000));      // buffers: by messages
        NvmeGuest guest(c, memory);
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.create_io_queues());
        EXPECT_EQ(c.dma_messages, 0u);
        EXPECT_TRUE(round_trip(guest, 1));
        EXPECT_EQ(c.dma_messages, 8u);  // 16 KiB to and fro, by pages
    });
}

TEST_F(ServeMemory, AClientThatRefusesAMessageFailsTheCommandOnly) {
    serve([this] {
        Client c(path(), &memory);
        ASSERT_TRUE(c.introduce());
        ASSERT_TRUE(c.map(memory.base(), memory.size(), memory.fd()));
        ASSERT_TRUE(c.map(0x8000'0000, 0x10000));  // nobody is there
        NvmeGuest guest(c, memory);
        ASSERT_TRUE(guest.enable());
        nvme::spec::SubmissionEntry identify{};
        identify.cdw0 = 0x06;
        identify.prp1 = 0x8000'0000;
        identify.cdw10 = 1;
        EXPECT_NE(guest.execute(0, identify), 0);
        EXPECT_EQ(c.dma_messages, 1u);
        EXPECT_TRUE(guest.identify());
    });
}

TEST_F(ServeMemory, ARegisterIsAnsweredWhileADmaMessageIsOnItsWay) {
    serve([this] {
        const auto c = client(false);
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        c->answer_dma = false;
        guest.submit(0, {});
        while (c->dma_messages == 0) (void)c->serve(100);
        EXPECT_EQ(c->read(RegionIndex::kBar0, 8, 4), 0x20000u);
        EXPECT_EQ(c->errno_of(Command::kDeviceReset, {}), 0u);
    });
}

// SPDK: addresses are those of its own process, and the descriptor comes with the unmap too.
TEST_F(ServeMemory, HighAddressesAndADescriptorWithTheUnmapAreGood) {
    serve([this] {
        GuestMemory high(0x2000'000e'f000, NvmeGuest::kMemoryBytes);
        Client c(path(), &high);
        ASSERT_TRUE(c.introduce());
        ASSERT_TRUE(c.map(high.base(), high.size(), high.fd()));
        NvmeGuest guest(c, high);
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.create_io_queues());
        EXPECT_TRUE(round_trip(guest, 9));
        EXPECT_TRUE(guest.shut_down());
        EXPECT_EQ(
            c.errno_of(Command::kDmaUnmap,
                       bytes_of(DmaUnmapRequest{24, 0, high.base(), high.size()}), {high.fd()}),
            0u);
    });
}

TEST_F(ServeMemory, AClientThatTakesItsMemoryAwayIsDroppedAndTheNextOneServed) {
    serve([this] {
        {
            GuestMemory vanishing(0x10'0000, NvmeGuest::kMemoryBytes);
            Client c(path(), &vanishing);
            ASSERT_TRUE(c.introduce());
            ASSERT_TRUE(c.map(vanishing.base(), vanishing.size(), vanishing.fd()));
            NvmeGuest guest(c, vanishing);
            ASSERT_TRUE(guest.enable());
            ASSERT_EQ(::ftruncate(vanishing.fd(), 0), 0);
            c.write(RegionIndex::kBar0, 0x1000, 1, 4);
            // Sooner or later the controller looks at what is gone.
            c.send(Command::kDeviceGetInfo, bytes_of(DeviceInfo{16}));
            for (int i = 0; i < 1000; ++i)
                c.send(Command::kDeviceGetInfo, bytes_of(DeviceInfo{16}));
            EXPECT_TRUE(c.hung_up());
        }
        const auto c = client();
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        EXPECT_TRUE(guest.identify());
    });
}

}  // namespace
}  // namespace platform::vfio_user::test
