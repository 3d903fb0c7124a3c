// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "platform/vfio_user/unique_fd.h"

namespace platform::vfio_user {

/// Closes a descriptor that came from a client, or a socket in which such descriptors may be left.
/// Never waits, where close() would do so for as long as the client likes: for the end of a TCP
/// connection that lingers, or for a file system in user space. What may wait is closed by threads
/// of their own, at most 64; what they cannot take stays open until one of them is free.
void close_of_client(int fd);

/// Owns a descriptor that came from a client.
using ClientFd = OwnedFd<close_of_client>;

}  // namespace platform::vfio_user
