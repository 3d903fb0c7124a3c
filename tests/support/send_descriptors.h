// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/socket.h>
#include <sys/types.h>

#include <cstdint>
#include <cstring>
#include <vector>

namespace platform::vfio_user::test {

/// One message to a socket, with file descriptors beside its bytes. Returns what sendmsg() does.
inline ssize_t send_with_descriptors(int socket, const std::vector<std::uint8_t>& bytes,
                                     const std::vector<int>& fds, int flags = 0) {
    iovec vector{const_cast<std::uint8_t*>(bytes.data()), bytes.size()};
    msghdr message{};
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    const std::size_t length = fds.size() * sizeof(int);
    std::vector<char> space(CMSG_SPACE(length));  // aligned for everything, as all that new gives
    if (!fds.empty()) {
        message.msg_control = space.data();
        message.msg_controllen = space.size();
        cmsghdr* c = CMSG_FIRSTHDR(&message);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(length);
        std::memcpy(CMSG_DATA(c), fds.data(), length);
    }
    return ::sendmsg(socket, &message, flags | MSG_NOSIGNAL);
}

}  // namespace platform::vfio_user::test
