// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/media/store/sparse_bytes.h"

namespace media {

/// Which sectors of 512 bytes of a store hold data: were written, and not deallocated since. Takes
/// memory only where sectors are marked.
class SectorMap {
public:
    static constexpr std::uint64_t kSectorBytes = 512;

    /// For a store of `bytes`; sectors beyond a smaller size are forgotten. False: no room.
    [[nodiscard]] bool resize(std::uint64_t bytes);

    // Ranges are in bytes and lie inside the store.
    /// Marks every sector that the range touches. False: there is no memory for that.
    bool mark(std::uint64_t offset, std::uint64_t length);
    /// Forgets every sector that the range covers; one at its edge, covered in part, stays.
    void forget(std::uint64_t offset, std::uint64_t length);
    /// Every sector that the range touches is marked.
    [[nodiscard]] bool marked(std::uint64_t offset, std::uint64_t length) const;

private:
    /// A chunk of bits stands for 256 KiB of the store.
    static constexpr std::size_t kChunkBytes = 64;

    SparseBytes bits_{kChunkBytes};  // bit n % 8 of byte n / 8: sector n
    std::uint64_t size_ = 0;         // of the store, in bytes
};

}  // namespace media
