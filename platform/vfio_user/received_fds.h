// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <vector>

#include "platform/vfio_user/client_fd.h"

namespace platform::vfio_user {

/// Room for all descriptors that can come at once. Those for which there is no room are closed by
/// the kernel in the thread that receives, however long that takes.
class ReceivedFds {
public:
    /// recvmsg() with `header` puts them here, which must outlive it.
    void attach_to(msghdr& header) {
        header.msg_control = space_.data();
        header.msg_controllen = space_.size();
    }
    /// Those that have come are added to `fds`.
    static void take(msghdr& header, std::vector<ClientFd>& fds);

private:
    /// What Linux lets through at once (SCM_MAX_FD, which no header has).
    static constexpr std::size_t kMost = 253;

    alignas(cmsghdr) std::array<char, CMSG_SPACE(kMost * sizeof(int))> space_;
};

}  // namespace platform::vfio_user
