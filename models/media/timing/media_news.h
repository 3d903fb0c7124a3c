// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/util/time.h"

namespace media {

/// A block of a die has been erased, in all of its planes.
struct BlockNews {
    /// Why its data were moved; or what has become of it with that erase.
    enum class Cause : std::uint8_t {
        kCollected,  ///< to have a free block
        kFolded,     ///< out of the region with one bit in each cell
        kRefreshed,  ///< it had been read so often
        kLevelled,   ///< it was behind in erases
        kFailed,     ///< the erase has failed: it is used no more
        kWornOut,    ///< the same, but nothing can replace it: the media has come to its end
    };
    Cause cause;
    std::uint32_t die, block;
    std::uint64_t units;  ///< that were moved
    util::TimePs end;     ///< of the erase
};

/// Hears of blocks, in the middle of a request: it may ask for nothing.
class BlockListener {
public:
    virtual ~BlockListener() = default;
    virtual void on_block(const BlockNews& news) = 0;
};

/// A die has got work, and the channel to it a transfer.
struct DieNews {
    enum class Work : std::uint8_t { kRead, kCollectorRead, kProgram, kErase };
    Work work;
    std::uint32_t die, channel;
    util::TimePs begin, end;       ///< of the die; the same: the page is in its register
    util::TimePs transfer, freed;  ///< when the channel is taken; the same: it is not
};

/// Blocks that are erased and not in use.
struct FreeBlockNews {
    std::uint64_t blocks;  ///< of all dies
    std::uint64_t slc;     ///< the same of those with one bit in each cell, beside the others
    std::uint32_t dies, channels;
};

/// Hears of dies and of the stock of free blocks, in the middle of a request: it may ask for
/// nothing.
class NandListener {
public:
    virtual ~NandListener() = default;
    virtual void on_die(const DieNews& news) = 0;
    /// When they have changed.
    virtual void on_free_blocks(const FreeBlockNews& news) = 0;
};

}  // namespace media
