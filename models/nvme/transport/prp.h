// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

#include "models/nvme/ports/result.h"
#include "models/nvme/transport/dma.h"

namespace nvme {

/// A run of host memory inside one memory page.
struct Extent {
    std::uint64_t gpa;
    std::uint32_t len;
};

/// Extents of one command, in storage that its owner reserved beforehand.
class ExtentList {
public:
    ExtentList() = default;
    ExtentList(Extent* storage, std::size_t capacity) : begin_(storage), capacity_(capacity) {}

    [[nodiscard]] bool push(Extent e) {
        if (size_ == capacity_) return false;
        begin_[size_++] = e;
        return true;
    }
    void clear() { size_ = 0; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] const Extent& operator[](std::size_t i) const { return begin_[i]; }
    [[nodiscard]] const Extent* begin() const { return begin_; }
    [[nodiscard]] const Extent* end() const { return begin_ + size_; }

    /// Extents that `len` bytes can take: one more than its pages, for a first page entered midway.
    static constexpr std::size_t worst_case(std::size_t len, std::size_t page_size) {
        return len / page_size + 2;
    }

private:
    Extent* begin_ = nullptr;
    std::size_t capacity_ = 0, size_ = 0;
};

struct PrpPointers {
    std::uint64_t prp1, prp2;
};

/// Expands a PRP pair into `out`, in the order of the data. `len` must be bounded by the caller
/// (MDTS): it is what ends the walk. Returns when the last PRP list has been read.
/// Errors: PRP Offset Invalid for an offset where none is allowed or a pointer that is not dword
/// (data) or qword (list) aligned; Data Transfer Error for a list in unreachable memory.
/// [NVMe-Base-2.0 4.1.1 Physical Region Page Entry and List]
Result<util::TimePs> walk_prps(Dma& dma, util::TimePs start, PrpPointers prps, std::size_t len,
                               std::size_t page_size, ExtentList& out);

/// Data Transfer Error for host memory that could not be accessed, `offset` bytes into an extent of
/// the list. The command has its address in PRP1, or it has a list of such addresses in PRP2.
CommandError unreachable(const ExtentList& extents, const Extent& extent, std::uint32_t offset = 0);

/// Brings the bytes of `extents` from the host to `to`; returns when the last has arrived.
/// Error: Data Transfer Error.
Result<util::TimePs> read_extents(Dma& dma, util::TimePs start, const ExtentList& extents,
                                  std::byte* to);

}  // namespace nvme
