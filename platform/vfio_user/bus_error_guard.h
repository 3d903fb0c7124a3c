// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

namespace platform::vfio_user {

/// A client that shares a file can cut it short afterwards, and the next access to what is gone
/// raises SIGBUS, anywhere in the process. While a range is guarded, such an access finds zeroes
/// instead, and is counted. Accesses outside of all guarded ranges raise what they always did.
///
/// Process-wide, because a signal handler is, and enough for kMostServers. add() and remove() from
/// one thread at a time.
namespace bus_error_guard {

/// Servers in one process, each with its clients one after another.
inline constexpr std::size_t kMostServers = 16;

/// False: there are too many ranges.
[[nodiscard]] bool add(void* begin, std::size_t bytes);
void remove(void* begin);
/// Accesses that were rescued since the process began.
[[nodiscard]] std::uint64_t rescued();
/// Accesses to the guarded range that begins at `begin`.
[[nodiscard]] std::uint64_t rescued(const void* begin);

}  // namespace bus_error_guard
}  // namespace platform::vfio_user
