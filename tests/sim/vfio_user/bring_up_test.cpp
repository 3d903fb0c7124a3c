// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/sim/vfio_user/serve_fixture.h"

namespace platform::vfio_user::test {
namespace {

class ServeBringUp : public ServeTest {};

TEST_F(ServeBringUp, AGuestWithSharedMemoryIdentifiesWritesAndReads) {
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.identify());
        EXPECT_EQ(std::string(reinterpret_cast<char*>(guest.buffer()) + 24, 8), "nvme-tlm");
        ASSERT_TRUE(guest.create_io_queues());
        for (unsigned i = 0; i < 20; ++i) ASSERT_TRUE(round_trip(guest, i));
        EXPECT_EQ(c->dma_messages, 0u);
        EXPECT_TRUE(guest.shut_down());
    });
}

TEST_F(ServeBringUp, AGuestThatSharesNothingIsServedByMessages) {
    serve([this] {
        const auto c = client(false);
        NvmeGuest guest(*c, memory);
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.identify());
        EXPECT_EQ(std::string(reinterpret_cast<char*>(guest.buffer()) + 24, 8), "nvme-tlm");
        ASSERT_TRUE(guest.create_io_queues());
        for (unsigned i = 0; i < 10; ++i) ASSERT_TRUE(round_trip(guest, i));
        EXPECT_GT(c->dma_messages, 100u);
        EXPECT_EQ(c->overtaken, 0u);
        EXPECT_TRUE(guest.shut_down());
    });
}

TEST_F(ServeBringUp, DoorbellsMayBePosted) {
    serve([this] {
        const auto c = client();
        NvmeGuest guest(*c, memory);
        guest.posted_doorbells = true;
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.create_io_queues());
        for (unsigned i = 0; i < 20; ++i) ASSERT_TRUE(round_trip(guest, i));
    });
}

}  // namespace
}  // namespace platform::vfio_user::test
