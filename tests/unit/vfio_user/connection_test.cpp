// SPDX-License-Identifier: Apache-2.0
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include "platform/vfio_user/connection.h"
#include "tests/support/send_descriptors.h"
#include "tests/unit/vfio_user/session_fixture.h"

namespace platform::vfio_user::test {
namespace {

/// A connection, and the other end of its socket.
class ConnectionTest : public ::testing::Test {
protected:
    static std::vector<std::uint8_t> message(std::uint16_t id, std::size_t payload = 0) {
        Header header;
        header.id = id;
        header.size = static_cast<std::uint32_t>(sizeof header + payload);
        std::vector<std::uint8_t> bytes(header.size, static_cast<std::uint8_t>(id));
        std::memcpy(bytes.data(), &header, sizeof header);
        return bytes;
    }
    void send(const std::vector<std::uint8_t>& bytes, const std::vector<int>& fds = {}) {
        ASSERT_EQ(send_with_descriptors(client_.get(), bytes, fds, MSG_DONTWAIT),
                  static_cast<ssize_t>(bytes.size()));
    }
    /// The next message must have this id, and its bytes; its descriptors are in received.
    void expect(std::uint16_t id, std::size_t payload = 0) {
        take_all();
        ASSERT_TRUE(connection.pop(received)) << id;
        EXPECT_EQ(received.header.id, id);
        EXPECT_EQ(received.payload,
                  std::vector<std::uint8_t>(payload, static_cast<std::uint8_t>(id)));
    }
    void expect_nothing() {
        ASSERT_TRUE(connection.receive());
        EXPECT_FALSE(connection.has_message());
        EXPECT_FALSE(connection.pop(received));
    }
    static bool same_file(int a, int b) {
        struct stat left {
        }, right{};
        return ::fstat(a, &left) == 0 && ::fstat(b, &right) == 0 && left.st_ino == right.st_ino;
    }
    /// Until there is a message, or nothing left to receive.
    void take_all() {
        pollfd source{connection.fd(), POLLIN, 0};
        while (!connection.has_message() && ::poll(&source, 1, 0) == 1)
            ASSERT_TRUE(connection.receive());
    }
    void hang_up() { client_.reset(); }
    /// Of what the connection has sent.
    std::size_t take(std::uint8_t* to, std::size_t most) {
        const ssize_t got = ::recv(client_.get(), to, most, 0);
        EXPECT_GT(got, 0);
        return got > 0 ? static_cast<std::size_t>(got) : most;
    }

private:
    std::array<int, 2> ends_ = [] {
        std::array<int, 2> ends{-1, -1};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
        return ends;
    }();
    UniqueFd client_{ends_[0]};

protected:
    Connection connection{ClientFd(ends_[1])};
    Message received;
};

TEST_F(ConnectionTest, NothingIsWaitedFor) {
    expect_nothing();
    send(message(1));
    expect(1);
    expect_nothing();
}

TEST_F(ConnectionTest, MessagesThatCameTogetherAreTakenOneAfterAnother) {
    std::vector<std::uint8_t> all;
    for (std::uint16_t id = 0; id < 300; ++id) {
        const auto one = message(id, id % 50u);
        all.insert(all.end(), one.begin(), one.end());
    }
    send(all);
    for (std::uint16_t id = 0; id < 300; ++id) expect(id, id % 50u);
    expect_nothing();
}

TEST_F(ConnectionTest, AMessageMayComeByteByByte) {
    for (std::uint16_t id = 1; id < 4; ++id) {
        const auto bytes = message(id, 20);
        for (const std::uint8_t byte : bytes) {
            expect_nothing();
            send({byte});
        }
        expect(id, 20);
    }
}

TEST_F(ConnectionTest, TheLargestMessageIsTaken) {
    const auto bytes = message(9, kMaxPayload);
    constexpr std::size_t kPart = 50'000;
    for (std::size_t at = 0; at < bytes.size(); at += kPart) {
        expect_nothing();
        const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at);
        const std::size_t part = std::min(bytes.size() - at, kPart);
        send({begin, begin + static_cast<std::ptrdiff_t>(part)});
        take_all();
    }
    expect(9, kMaxPayload);
}

// QEMU maps the memory of a machine by several messages, each with its file, before it looks at a
// reply.
TEST_F(ConnectionTest, DescriptorsComeWithTheirOwnMessage) {
    const UniqueFd first = memory_file(4096), second = memory_file(4096);
    send(message(1));
    send(message(2, 32), {first.get()});
    send(message(3, 32), {second.get(), first.get()});
    send(message(4));
    expect(1);
    EXPECT_TRUE(received.fds.empty());
    expect(2, 32);
    ASSERT_EQ(received.fds.size(), 1u);
    EXPECT_TRUE(same_file(received.fds[0].get(), first.get()));
    expect(3, 32);
    ASSERT_EQ(received.fds.size(), 2u);
    EXPECT_TRUE(same_file(received.fds[0].get(), second.get()));
    expect(4);
    EXPECT_TRUE(received.fds.empty());
}

TEST_F(ConnectionTest, DescriptorsMayComeWithAPartOfTheirMessage) {
    const UniqueFd file = memory_file(4096);
    const auto bytes = message(2, 32);
    send(message(1));
    send({bytes.begin(), bytes.begin() + 16}, {file.get()});
    expect(1);
    EXPECT_TRUE(received.fds.empty());
    expect_nothing();
    send({bytes.begin() + 16, bytes.end()});
    send(message(3));
    expect(2, 32);
    ASSERT_EQ(received.fds.size(), 1u);
    EXPECT_TRUE(same_file(received.fds[0].get(), file.get()));
    expect(3);
    EXPECT_TRUE(received.fds.empty());
}

TEST_F(ConnectionTest, MoreDescriptorsThanAllowedEndTheConnection) {
    const UniqueFd file = memory_file(4096);
    send(message(1), std::vector<int>(kMaxFds, file.get()));
    expect(1);
    EXPECT_EQ(received.fds.size(), kMaxFds);
    send(message(2), std::vector<int>(kMaxFds + 1, file.get()));
    EXPECT_FALSE(connection.receive());
}

TEST_F(ConnectionTest, DescriptorsOfManyPartsAreCountedTogether) {
    const UniqueFd file = memory_file(4096);
    const auto bytes = message(1, 32);
    for (std::size_t i = 0; i < kMaxFds; ++i) {
        send({bytes[i]}, {file.get()});
        ASSERT_TRUE(connection.receive()) << i;
    }
    send({bytes[kMaxFds]}, {file.get()});
    EXPECT_FALSE(connection.receive());
}

class ConnectionNonsense : public ConnectionTest,
                           public ::testing::WithParamInterface<std::uint32_t> {};

TEST_P(ConnectionNonsense, EndsTheConnectionAfterTheMessagesBeforeIt) {
    auto bytes = message(1, 4);
    auto bad = message(2);
    const std::uint32_t size = GetParam();
    std::memcpy(bad.data() + offsetof(Header, size), &size, sizeof size);
    bytes.insert(bytes.end(), bad.begin(), bad.end());
    send(bytes);
    expect(1, 4);
    EXPECT_FALSE(connection.has_message());
    EXPECT_FALSE(connection.pop(received));
    EXPECT_FALSE(connection.receive());
}
INSTANTIATE_TEST_SUITE_P(Sizes, ConnectionNonsense,
                         ::testing::Values(0u, 15u, sizeof(Header) + kMaxPayload + 1,
                                           0xffff'ffffu));

// A client that read nothing used to keep the whole server waiting, two seconds each time.
TEST_F(ConnectionTest, WhatTheClientDoesNotTakeIsKeptAndSentLater) {
    const auto large = message(7, kMaxPayload);
    ASSERT_TRUE(connection.send(large.data(), large.size(), -1));
    EXPECT_TRUE(connection.sending()) << "no socket has room for so much";
    EXPECT_NE(connection.patience_end(), Connection::Clock::time_point::max());
    ASSERT_TRUE(connection.flush());
    EXPECT_TRUE(connection.sending());
    std::vector<std::uint8_t> got(large.size());
    for (std::size_t at = 0; at < got.size();) {
        at += take(got.data() + at, got.size() - at);
        ASSERT_TRUE(!connection.sending() || connection.flush());
    }
    EXPECT_EQ(got, large);
    EXPECT_FALSE(connection.sending());
    EXPECT_EQ(connection.patience_end(), Connection::Clock::time_point::max());
}

TEST_F(ConnectionTest, AClientThatIsGoneTakesNothingMore) {
    const auto large = message(7, kMaxPayload);
    ASSERT_TRUE(connection.send(large.data(), large.size(), -1));
    hang_up();
    EXPECT_FALSE(connection.flush());
}

TEST_F(ConnectionTest, TheEndOfTheClientIsTheEnd) {
    send(message(1));
    send({1, 2, 3});
    hang_up();
    expect(1);
    while (connection.receive() && !connection.has_message()) continue;
    EXPECT_FALSE(connection.receive());
    EXPECT_FALSE(connection.has_message());
}

}  // namespace
}  // namespace platform::vfio_user::test
