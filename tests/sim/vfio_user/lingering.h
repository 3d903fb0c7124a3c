// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <vector>

#include <gtest/gtest.h>

#include "platform/vfio_user/unique_fd.h"

namespace platform::vfio_user::test {

/// One end of a TCP connection on this machine; the other one takes nothing.
class Lingering {
public:
    Lingering() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto* generic = reinterpret_cast<sockaddr*>(&address);
        const UniqueFd listening(::socket(AF_INET, SOCK_STREAM, 0));
        EXPECT_EQ(::bind(listening.get(), generic, length), 0);
        EXPECT_EQ(::listen(listening.get(), 1), 0);
        EXPECT_EQ(::getsockname(listening.get(), generic, &length), 0);
        end_ = UniqueFd(::socket(AF_INET, SOCK_STREAM, 0));
        EXPECT_EQ(::connect(end_.get(), generic, length), 0);
        other_ = UniqueFd(::accept(listening.get(), nullptr, nullptr));
        const std::vector<char> bytes(1 << 20);
        while (::send(end_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
        }
        const linger hour{1, 3600};
        EXPECT_EQ(::setsockopt(end_.get(), SOL_SOCKET, SO_LINGER, &hour, sizeof hour), 0);
    }
    [[nodiscard]] int fd() const { return end_.get(); }
    /// Only while there are other copies, or this waits itself.
    void forget() { end_.reset(); }

private:
    UniqueFd other_;  // with it, at the end, all waiting ends
    UniqueFd end_;
};

}  // namespace platform::vfio_user::test
