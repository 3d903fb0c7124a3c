// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "platform/recording/replay_reader.h"

namespace platform {

/// Puts the addresses of a recorded device into a namespace that may be smaller.
class AddressFit {
public:
    /// `bytes` and `block_bytes` are the namespace's; no request of the device ends beyond `end`.
    AddressFit(std::uint64_t bytes, std::uint32_t block_bytes, std::uint64_t end,
               const ReplayOptions& options);

    enum class Result : std::uint8_t {
        kFits,
        kMoved,
        kBeyond,    ///< ends beyond the namespace, and may not be moved
        kTooLong,   ///< ends beyond the namespace, and is longer than room()
        kUnaligned  ///< not in whole blocks
    };
    /// What is moved stays aligned as it was, and is moved back where it would cross the end.
    [[nodiscard]] Result fit(ReplayRequest& request) const;
    /// Whether any request with these bits in its offsets and lengths is not kFits.
    [[nodiscard]] bool is_needed(std::uint64_t bits) const;
    /// What requests can be moved into: bytes of the namespace, in whole units of replay_align.
    [[nodiscard]] std::uint64_t room() const { return usable_; }

private:
    const std::uint64_t bytes_, block_bytes_, end_;
    const std::uint64_t unit_;    // in which addresses are moved
    const std::uint64_t usable_;  // whole units
    const Beyond beyond_;
};

}  // namespace platform
