// SPDX-License-Identifier: Apache-2.0
#include "platform/uml/guest_socket.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <thread>

#include "tests/support/send_descriptors.h"
#include "tests/unit/uml/guest_memory.h"

namespace platform::uml {
namespace {

using vfio_user::test::send_with_descriptors;

class GuestSocketTest : public ::testing::Test {
protected:
    GuestSocketTest() {
        int fds[2];
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
        socket_ = GuestSocket(vfio_user::ClientFd(fds[0]), std::chrono::milliseconds(50));
        guest_ = vfio_user::UniqueFd(fds[1]);
    }
    GuestSocket socket_;
    vfio_user::UniqueFd guest_;
};

TEST_F(GuestSocketTest, ReadsMessagesThatComeInPieces) {
    const std::uint8_t sent[]{1, 2, 3, 4};
    ASSERT_EQ(::send(guest_.get(), sent, 3, 0), 3);
    std::thread later([&] { EXPECT_EQ(::send(guest_.get(), sent + 3, 1, 0), 1); });
    std::uint8_t got[4]{};
    EXPECT_EQ(socket_.read(got, sizeof got), "");
    later.join();
    EXPECT_EQ(got[3], 4);
}

TEST_F(GuestSocketTest, DoesNotWaitForEverForTheRestOfAMessage) {
    ASSERT_EQ(::send(guest_.get(), "a", 1, 0), 1);
    char got[2];
    EXPECT_EQ(socket_.read(got, sizeof got), "the guest leaves a message incomplete");
    EXPECT_FALSE(socket_.closed());
}

TEST_F(GuestSocketTest, NorForAGuestThatTakesNothing) {
    const std::vector<char> much(1 << 20);
    std::string wrong;
    for (int i = 0; i < 64 && wrong.empty(); ++i) wrong = socket_.write(much.data(), much.size());
    EXPECT_EQ(wrong, "the guest leaves a message incomplete");
}

TEST_F(GuestSocketTest, TellsAnEndFromAMistake) {
    guest_.reset();
    char byte = 0;
    EXPECT_NE(socket_.read(&byte, 1), "");
    EXPECT_TRUE(socket_.closed());
    EXPECT_NE(socket_.write(&byte, 1), "");
}

TEST_F(GuestSocketTest, TakesDescriptorsAndClosesWhatNobodyWants) {
    test::GuestMemory memory;
    EXPECT_EQ(send_with_descriptors(guest_.get(), {1}, {memory.fd(), memory.fd()}), 1);
    char byte = 0;
    std::vector<vfio_user::ClientFd> fds;
    EXPECT_EQ(socket_.read(&byte, 1, &fds), "");
    EXPECT_EQ(fds.size(), 2u);
    EXPECT_EQ(send_with_descriptors(guest_.get(), {1}, {memory.fd()}), 1);
    EXPECT_EQ(socket_.read(&byte, 1), "");
}

}  // namespace
}  // namespace platform::uml
