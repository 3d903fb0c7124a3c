// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string_view>

#include "models/observe/event_words.h"
#include "models/util/time.h"

/// What media and write caches do. Several for each command, so they are recorded for sinks that
/// ask for details only.
namespace observe {

enum class MediaUse : std::uint8_t { kRead, kProgram, kDestage, kCacheAccess, kFlush, kDeallocate };
template <>
struct Words<MediaUse> {
    static constexpr std::array<std::string_view, 6> names{"read",  "program", "destage",
                                                           "cache", "flush",   "deallocate"};
};
/// The media, or the volatile write cache in front of it, has work. A line that a full cache gives
/// up is a destage that no command asked for.
struct MediaAccess {
    static constexpr std::string_view kName = "media";
    util::TimePs ps;
    MediaUse use;
    std::uint32_t nsid;
    std::uint64_t offset, bytes;  ///< in the namespace
    util::TimePs begin, end;

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.word("use", e.use);
        v.dec("nsid", e.nsid);
        v.dec("offset", e.offset);
        v.dec("bytes", e.bytes);
        v.dec("begin", e.begin);
        v.dec("end", e.end);
    }
};

enum class BlockCause : std::uint8_t {
    kCollected,
    kFolded,
    kRefreshed,
    kLevelled,
    kFailed,
    kWornOut
};
template <>
struct Words<BlockCause> {
    static constexpr std::array<std::string_view, 6> names{"collected", "folded", "refreshed",
                                                           "levelled",  "failed", "worn_out"};
};
/// A block of flash has been erased. `cause`: why its data were moved before; or that the erase has
/// failed, or that the media has no other block instead.
struct MediaBlock {
    static constexpr std::string_view kName = "block";
    util::TimePs ps;
    BlockCause cause;
    std::uint32_t die, block;
    std::uint64_t units;  ///< of the mapping, that were moved
    util::TimePs done;

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.word("cause", e.cause);
        v.dec("die", e.die);
        v.dec("block", e.block);
        v.dec("units", e.units);
        v.dec("done", e.done);
    }
};

/// What a die of the flash does, and whose data cross the channel for it.
enum class DieWork : std::uint8_t {
    kRead,           ///< of the host: it passes what waits, and may suspend what is going on
    kCollectorRead,  ///< in its turn
    kProgram,
    kErase,
};
template <>
struct Words<DieWork> {
    static constexpr std::array<std::string_view, 4> names{"read", "collector_read", "program",
                                                           "erase"};
};
/// A die of the flash has got work. Reads that come later may make it begin later, or go on for
/// longer.
struct NandWork {
    static constexpr std::string_view kName = "nand";
    util::TimePs ps;
    DieWork work;
    std::uint32_t die, channel;
    util::TimePs begin, end;       ///< of the die; the same: the page is in its register
    util::TimePs transfer, freed;  ///< when the channel is taken for it; the same: it is not

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.word("work", e.work);
        v.dec("die", e.die);
        v.dec("channel", e.channel);
        v.dec("begin", e.begin);
        v.dec("end", e.end);
        v.dec("transfer", e.transfer);
        v.dec("freed", e.freed);
    }
};

/// So many blocks of all dies are erased and not in use; recorded at the start, and when that
/// changes.
struct FreeBlocks {
    static constexpr std::string_view kName = "free_blocks";
    util::TimePs ps;
    std::uint64_t blocks;
    std::uint64_t slc;  ///< of the region with one bit in each cell, beside the others
    std::uint32_t dies, channels;

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.dec("blocks", e.blocks);
        v.dec("slc", e.slc);
        v.dec("dies", e.dies);
        v.dec("channels", e.channels);
    }
};

/// How much of a namespace is in its volatile write cache and not on the media; recorded when that
/// changes.
struct CacheFill {
    static constexpr std::string_view kName = "cache_fill";
    util::TimePs ps;
    std::uint32_t nsid;
    std::uint64_t dirty;  ///< bytes

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.dec("nsid", e.nsid);
        v.dec("dirty", e.dirty);
    }
};

}  // namespace observe
