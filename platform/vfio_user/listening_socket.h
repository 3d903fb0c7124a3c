// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/types.h>

#include <string>

#include "platform/vfio_user/client_fd.h"

namespace platform::vfio_user {

/// A UNIX stream socket in the file system, for its owner only (mode 0600). A file that a dead
/// server left behind is replaced; one at which somebody listens, or that is no socket, is not
/// touched. Removed in the destructor.
class ListeningSocket {
public:
    ListeningSocket() = default;
    ~ListeningSocket();
    ListeningSocket(const ListeningSocket&) = delete;
    ListeningSocket& operator=(const ListeningSocket&) = delete;

    /// Empty, or why nothing listens now, in one line.
    [[nodiscard]] std::string open(const std::string& path);
    [[nodiscard]] int fd() const { return fd_.get(); }

private:
    ClientFd fd_;  // with connections that nobody has taken yet
    std::string path_;
    dev_t device_ = 0;  // of the file, so that only our own is removed
    ino_t inode_ = 0;
};

}  // namespace platform::vfio_user
