// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

namespace media {

/// Result of one access to a store.
enum class IoStatus : std::uint8_t {
    kOk,
    kOutOfRange,     ///< offset + length lies beyond size(): nothing was done
    kReadOnly,       ///< a change was asked of a read-only store: nothing was done
    kReadError,      ///< the bytes could not be read (file error, injected media error)
    kWriteError,     ///< the bytes may have been written in part
    kUncorrectable,  ///< the bytes are marked as unreadable, on demand
    kTryLater,       ///< as kWriteError, but later there may be room for them
};

/// The bytes of one namespace. Purely functional: how long an access takes is MediaTiming's matter.
/// Offsets and lengths are in bytes. Not thread-safe: one simulation calls it from its own thread.
class BlockStore {
public:
    virtual ~BlockStore() = default;

    [[nodiscard]] virtual std::uint64_t size() const = 0;
    [[nodiscard]] virtual bool read_only() const = 0;
    /// What is written can be read.
    [[nodiscard]] virtual bool keeps_data() const { return true; }

    /// Bytes never written, or deallocated since, read as zero.
    [[nodiscard]] virtual IoStatus read(std::uint64_t offset, void* dst, std::size_t length) = 0;
    /// A read or write from `offset` on comes soon: the store may look up now where that is.
    /// Changes nothing, whatever the offset.
    virtual void expect(std::uint64_t /*offset*/) const {}
    [[nodiscard]] virtual IoStatus write(std::uint64_t offset, const void* src,
                                         std::size_t length) = 0;
    /// The range reads as zero afterwards and takes no memory or disk space where avoidable.
    [[nodiscard]] virtual IoStatus deallocate(std::uint64_t offset, std::uint64_t length) = 0;
    /// The range reads as zero afterwards; unlike a deallocated one it holds data.
    [[nodiscard]] virtual IoStatus write_zeroes(std::uint64_t offset, std::uint64_t length) {
        return deallocate(offset, length);
    }
    /// The store can tell what was never written, or deallocated since, to the sector of 512 bytes.
    [[nodiscard]] virtual bool knows_written() const { return false; }
    /// False: some sector of the range holds no data. Always true for a store that cannot tell, and
    /// beyond its end.
    [[nodiscard]] virtual bool written(std::uint64_t /*offset*/, std::uint64_t /*length*/) const {
        return true;
    }
    /// What was written before is durable once this returns kOk.
    [[nodiscard]] virtual IoStatus flush() = 0;
    /// Grows (with zeros) or shrinks (dropping the tail).
    [[nodiscard]] virtual IoStatus resize(std::uint64_t new_size) = 0;
};

}  // namespace media
