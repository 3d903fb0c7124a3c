// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

#include "models/faults/rule.h"
#include "models/nvme/spec/entries.h"

namespace faults {

/// The rule is about commands of this submission queue.
[[nodiscard]] bool matches_queue(const Rule& rule, std::uint16_t sqid);

/// The rule is about this command. A rule with `lba` matches I/O commands of the NVM command set
/// that name one range of blocks in Dwords 10 to 12: not Dataset Management, whose ranges are data.
[[nodiscard]] bool matches_command(const Rule& rule, std::uint16_t sqid,
                                   const nvme::spec::SubmissionEntry& sqe);

/// Puts `bytes`, as far as `mask` lets it, into the part [at, at + length) of something bigger,
/// whose part is `to`; `offset` is the place of bytes in the whole. With `flip`, inverts instead.
/// False: nothing of it lies in this part.
bool patch(std::byte* to, std::uint64_t at, std::size_t length, std::uint64_t offset,
           const Bytes& bytes, const Bytes& mask, bool flip = false);

}  // namespace faults
