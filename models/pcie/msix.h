// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

namespace pcie {

/// The MSI-X table and Pending Bit Array of a function, as seen through the BAR that holds them.
///
/// The table is at offset 0, the Pending Bit Array starts on the next 4 KiB page behind it. MSI-X
/// Enable and Function Mask live in configuration space and are passed in. Every offset, size,
/// value and vector number may come from a guest.
class Msix {
public:
    struct Message {
        std::uint64_t address;  ///< a multiple of 4
        std::uint32_t data;
        std::uint16_t vector;
    };

    static constexpr unsigned kMaxVectors = 2048;
    static constexpr std::uint64_t kEntryBytes = 16;

    /// `vectors` is 0 .. kMaxVectors; more than that is cut.
    explicit Msix(unsigned vectors);

    /// First multiple of 4096 behind the table.
    [[nodiscard]] static std::uint64_t pba_offset(unsigned vectors);
    /// Smallest power of two, from 8192, that holds the table and the Pending Bit Array.
    [[nodiscard]] static std::uint64_t bar_size(unsigned vectors);

    [[nodiscard]] unsigned vectors() const { return static_cast<unsigned>(entries_.size()); }

    /// 4 or 8 bytes, naturally aligned, within bar_size().
    [[nodiscard]] bool access_ok(std::uint64_t offset, unsigned size) const;
    /// Reserved areas read as zero, an access that is not access_ok() as all ones. No side effects.
    [[nodiscard]] std::uint64_t read(std::uint64_t offset, unsigned size) const;
    /// Only the table can be written. Call take_released() afterwards: the write may have unmasked.
    void write(std::uint64_t offset, unsigned size, std::uint64_t value);

    /// An interrupt on `vector`: the message to send now, or none. While the vector or the function
    /// is masked its pending bit is set instead. While MSI-X is disabled, and for a vector that
    /// does not exist, nothing happens; bits that are pending already stay so.
    [[nodiscard]] std::optional<Message> raise(unsigned vector, bool enabled, bool function_masked);

    /// The next pending message that nothing masks any more, lowest vector first; its pending bit
    /// is cleared. Call until it returns none after each table write and each change of MSI-X
    /// Message Control.
    [[nodiscard]] std::optional<Message> take_released(bool enabled, bool function_masked);

    /// What `vector` was raised for has been dealt with: a pending message must not be sent later.
    void withdraw(unsigned vector);

    [[nodiscard]] bool pending(unsigned vector) const;
    [[nodiscard]] bool masked(unsigned vector) const;

    /// All vectors masked, nothing pending, addresses and data zero.
    void reset();

private:
    struct Entry {
        std::uint32_t address_low, address_high, data, control;
    };

    [[nodiscard]] std::uint32_t read_dword(std::uint64_t offset) const;
    void write_dword(std::uint64_t offset, std::uint32_t value);
    void set_pending(unsigned vector, bool pending);

    std::vector<Entry> entries_;
    std::vector<std::uint64_t> pending_;
    unsigned pending_count_ = 0;
    const std::uint64_t pba_offset_;
    const std::uint64_t bar_size_;
};

}  // namespace pcie
