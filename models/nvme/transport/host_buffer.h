// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/nvme/ports/result.h"
#include "models/nvme/transport/command_dma.h"

namespace nvme {

/// A run of host memory: inside one memory page by PRPs, as long as it is by SGLs.
struct Extent {
    std::uint64_t gpa;
    std::uint32_t len;
    bool discard = false;  ///< bit bucket: data to the host that goes nowhere
};

/// Extents of one command, in storage that was reserved beforehand. An SGL may have more than that
/// has room for; the memory that they take is kept for the next one.
class ExtentList {
public:
    ExtentList() = default;
    ExtentList(ExtentList&&) = default;
    ExtentList& operator=(ExtentList&&) = default;
    ExtentList(const ExtentList&) = delete;
    ExtentList& operator=(const ExtentList&) = delete;
    ExtentList(Extent* storage, std::size_t capacity) : begin_(storage), capacity_(capacity) {}

    /// Storage of its own, for at least so many.
    void reserve(std::size_t capacity) {
        if (capacity <= capacity_) return;
        std::vector<Extent> larger(capacity);
        std::copy(begin(), end(), larger.begin());
        own_.swap(larger);
        begin_ = own_.data();
        capacity_ = own_.size();
    }
    [[nodiscard]] bool push(Extent e) {
        if (size_ == capacity_) return false;
        begin_[size_++] = e;
        return true;
    }
    /// Makes room for one more, up to `most`.
    [[nodiscard]] bool push_growing(Extent e, std::size_t most) {
        if (size_ == capacity_ && capacity_ < most) reserve(std::min(most, 2 * capacity_ + 16));
        return push(e);
    }
    void clear() { size_ = 0; }
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] const Extent& operator[](std::size_t i) const { return begin_[i]; }
    [[nodiscard]] const Extent* begin() const { return begin_; }
    [[nodiscard]] const Extent* end() const { return begin_ + size_; }

    /// Extents that `len` bytes can take by PRPs: one more than its pages, for a first page entered
    /// midway.
    static constexpr std::size_t worst_case(std::size_t len, std::size_t page_size) {
        return len / page_size + 2;
    }

private:
    Extent* begin_ = nullptr;
    std::size_t capacity_ = 0, size_ = 0;
    std::vector<Extent> own_;
};

/// Data Transfer Error for host memory that could not be accessed, `offset` bytes into an extent of
/// the list. The command has its address in PRP1, or it has a list of such addresses in PRP2.
CommandError unreachable(const ExtentList& extents, const Extent& extent, std::uint32_t offset = 0);

/// Brings the bytes of `extents` from the host to `to`; returns when the last has arrived.
/// Error: Data Transfer Error.
Result<util::TimePs> read_extents(const CommandDma& dma, util::TimePs start,
                                  const ExtentList& extents, std::byte* to);

}  // namespace nvme
