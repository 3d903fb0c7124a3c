// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace observe {

/// Which host memory queues and outstanding commands use, and where two of them meet.
///
/// Buffers are found by the 16 KiB of memory that they lie in, cut into pieces where they cross
/// such a border: a hash table of chains. Nothing is allocated once as many pieces as now have been
/// there before. A buffer of very many pieces goes to a map instead.
class MemoryLint {
public:
    /// The pieces of one command, for its owner to keep.
    using Chain = std::uint32_t;
    static constexpr Chain kNoBuffers = ~Chain{0};

    /// A queue's memory; `key` tells queues apart. False: it overlaps that of another.
    [[nodiscard]] bool add_queue(std::uint32_t key, std::uint64_t base, std::uint64_t bytes);
    void remove_queue(std::uint32_t key);

    enum class Meets : std::uint8_t { kNothing, kQueue, kBuffer };
    /// A piece of the data buffer of an outstanding command. Buffers that are only read from may
    /// overlap, and those of one command may.
    [[nodiscard]] Meets add_buffer(Chain& chain, std::uint32_t command, std::uint64_t gpa,
                                   std::uint32_t bytes, bool to_host);
    void remove_buffers(Chain& chain);
    void clear();

private:
    static constexpr unsigned kGranuleBits = 14;
    static constexpr std::uint64_t kMostGranules = 64;
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};

    struct QueueRange {
        std::uint64_t first, last;  // inclusive
        std::uint32_t key;
    };
    struct LongRange {
        std::uint64_t last;  // inclusive
        std::uint32_t command;
        bool to_host;
    };
    enum class Kind : std::uint8_t { kFree, kShort, kLong };
    struct Piece {
        std::uint64_t place;  // the granule; of a long one the first address
        std::uint32_t command;
        std::uint32_t next, previous;   // in the bucket; kNone ends it. `next` of a free one, too
        std::uint32_t next_of_command;  // kNone ends it
        std::uint16_t first, last;      // in the granule, inclusive
        Kind kind;
        bool to_host;
    };

    [[nodiscard]] bool meets_queue(std::uint64_t first, std::uint64_t last) const;
    [[nodiscard]] bool meets_long(std::uint32_t command, std::uint64_t first, std::uint64_t last,
                                  bool to_host) const;
    [[nodiscard]] bool meets_short(const Piece& piece) const;
    [[nodiscard]] bool meets_any_short(std::uint32_t command, std::uint64_t first,
                                       std::uint64_t last, bool to_host) const;
    void keep(Chain& chain, const Piece& piece);
    void keep_long(Chain& chain, const Piece& piece, std::uint64_t last);
    void drop(std::uint32_t id);
    void link(std::uint32_t id);
    void unlink(std::uint32_t id);
    [[nodiscard]] std::size_t bucket_of(std::uint64_t granule) const;

    std::vector<QueueRange> queues_;  // by first address
    std::uint64_t longest_queue_ = 0, longest_long_ = 0;
    std::vector<Piece> pieces_;
    std::uint32_t free_ = kNone;
    std::size_t short_ = 0;                         // pieces in buckets
    std::vector<std::uint32_t> buckets_;            // as many as pieces or more, a power of two
    std::multimap<std::uint64_t, LongRange> long_;  // by first address
};

}  // namespace observe
