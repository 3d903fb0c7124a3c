// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

namespace platform::vfio_user {

/// Signals eventfds of clients, and never waits.
///
/// write() waits while the counter of an eventfd is full, and the client decides about that: it
/// fills the counter, and clears O_NONBLOCK, which belongs to the open file and so to both of us,
/// between any look of ours and the write. The kernel itself signals without waiting when an
/// asynchronous operation is complete that names an eventfd (io_submit, IOCB_FLAG_RESFD). So a
/// signal is such an operation, one that has nothing else to do.
///
/// Process-wide; rings come from one thread at a time.
namespace bell {

/// Empty, or why nothing can be signalled on this machine.
[[nodiscard]] std::string problem();
/// Adds 1 to the counter. What is no eventfd stays as it is.
void ring(int eventfd);

}  // namespace bell
}  // namespace platform::vfio_user
