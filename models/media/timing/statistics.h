// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

namespace media {

/// What the media has done since the start, for a model that has blocks and pages.
struct MediaStatistics {
    std::uint64_t unit_bytes = 0;  ///< 0: the model counts nothing
    std::uint64_t page_bytes = 0;
    std::uint64_t units_written = 0;     ///< by the host
    std::uint64_t units_moved = 0;       ///< by the collector
    std::uint64_t units_folded = 0;      ///< out of blocks with one bit in each cell
    std::uint64_t stripes_read = 0;      ///< for the host, by an operation or a register
    std::uint64_t stripes_buffered = 0;  ///< the same, but they were waiting for their program
    std::uint64_t bytes_read = 0;        ///< out of pages, for whatever
    std::uint64_t pages_read = 0;        ///< into registers, for whatever
    std::uint64_t partial_writes = 0;    ///< of units of which the rest had to be read
    std::uint64_t retries = 0;           ///< reads that were repeated because decoding failed
    std::uint64_t map_reads = 0;         ///< pages of the mapping that were not at hand
    std::uint64_t map_writes = 0;        ///< pages of the mapping that were written back
    std::uint64_t pages_programmed = 0;
    std::uint64_t blocks_erased = 0;      ///< of a die, in all of its planes
    std::uint64_t slc_blocks_erased = 0;  ///< the same, with one bit in each cell
    std::uint64_t blocks_refreshed = 0;   ///< because they had been read so often
    std::uint64_t blocks_levelled = 0;    ///< because they were behind in erases
    std::uint64_t blocks_failed = 0;      ///< since the start, preconditioning included
    std::uint64_t spare_blocks = 0;       ///< that were there to replace them, of all dies
    std::uint64_t spares_left = 0;        ///< of these, now
    std::uint64_t blocks = 0;             ///< of all dies, those with one bit in each cell apart
    std::uint64_t blocks_free = 0;        ///< of these, now
    std::uint64_t most_erases = 0;        ///< of one block, preconditioning included
    std::uint64_t least_erases = 0;       ///< likewise
    double used_percent = 0;  ///< of the erases that the blocks are made for, on average
    bool worn_out = false;    ///< blocks have failed that the drive cannot do without

    /// What is counted since `before`; what holds now stays.
    friend MediaStatistics operator-(MediaStatistics now, const MediaStatistics& before) {
        for_each_count([&](auto count) { now.*count -= before.*count; });
        return now;
    }
    MediaStatistics& operator+=(const MediaStatistics& more) {
        for_each_count([&](auto count) { this->*count += more.*count; });
        return *this;
    }

    /// Bytes programmed by bytes written; 0 before the first write.
    [[nodiscard]] double write_amplification() const {
        if (units_written == 0) return 0;
        return static_cast<double>(pages_programmed * page_bytes) /
               static_cast<double>(units_written * unit_bytes);
    }

private:
    template <typename Visit>
    static void for_each_count(Visit visit) {
        using S = MediaStatistics;
        for (auto count :
             {&S::units_written, &S::units_moved, &S::units_folded, &S::stripes_read,
              &S::stripes_buffered, &S::bytes_read, &S::pages_read, &S::partial_writes, &S::retries,
              &S::map_reads, &S::map_writes, &S::pages_programmed, &S::blocks_erased,
              &S::slc_blocks_erased, &S::blocks_refreshed, &S::blocks_levelled})
            visit(count);
    }
};

}  // namespace media
