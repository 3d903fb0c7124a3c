// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

#include "models/media/store/block_store.h"
#include "models/media/store/sector_map.h"
#include "models/media/store/sparse_bytes.h"

namespace media {

/// Bytes in host memory. Only pages that were written take memory, little more than their bytes and
/// wherever they lie, so a namespace may be far larger than the machine. Reads take none. Content
/// is lost with the object; within its life it is durable.
class RamStore final : public BlockStore {
public:
    /// `size` in bytes, any value. Throws std::bad_alloc when the address space has no room for it.
    explicit RamStore(std::uint64_t size);

    [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
    [[nodiscard]] bool read_only() const override { return false; }
    [[nodiscard]] IoStatus read(std::uint64_t offset, void* dst, std::size_t length) override;
    void expect(std::uint64_t offset) const override { bytes_.expect(offset); }
    [[nodiscard]] IoStatus write(std::uint64_t offset, const void* src,
                                 std::size_t length) override;
    /// Gives whole pages back to the operating system and zeroes the rest.
    [[nodiscard]] IoStatus deallocate(std::uint64_t offset, std::uint64_t length) override;
    [[nodiscard]] IoStatus write_zeroes(std::uint64_t offset, std::uint64_t length) override;
    [[nodiscard]] bool knows_written() const override { return true; }
    [[nodiscard]] bool written(std::uint64_t offset, std::uint64_t length) const override;
    [[nodiscard]] IoStatus flush() override { return IoStatus::kOk; }
    /// kWriteError when the address space has no room: the store is then as before.
    [[nodiscard]] IoStatus resize(std::uint64_t new_size) override;

    /// Bytes of memory that hold data.
    [[nodiscard]] std::uint64_t bytes_held() const { return bytes_.chunks() * kChunkBytes; }

private:
    /// The smallest page: blocks far apart take no more memory than they are.
    static constexpr std::size_t kChunkBytes = 4096;

    SparseBytes bytes_{kChunkBytes};
    SectorMap written_;
};

}  // namespace media
