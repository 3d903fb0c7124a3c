// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

namespace platform::vfio_user {

/// A client that shares a file can cut it short afterwards, and the next access to what is gone
/// raises SIGBUS, anywhere in the process. Where a range is guarded, such an access finds zeroes
/// instead, as do all later ones in that range: it is replaced as a whole, so that it does not
/// matter how large the pages are that it was made of, and nothing is left that could be cut once
/// more. Accesses outside of all guarded ranges raise what they always did.
///
/// Process-wide, because a signal handler is. add() and remove() from one thread at a time.
namespace bus_error_guard {

struct Range;

/// `begin` and `bytes` are those of one mapping, in whole pages of its kind. Null: there are too
/// many ranges.
[[nodiscard]] Range* add(void* begin, std::size_t bytes);
void remove(Range* range);
/// An access to the range failed, and the range has been replaced.
[[nodiscard]] bool torn(const Range* range);
/// Ranges that were replaced since the process began.
[[nodiscard]] std::uint64_t rescued();

}  // namespace bus_error_guard
}  // namespace platform::vfio_user
