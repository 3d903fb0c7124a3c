// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "models/util/time.h"

namespace platform {

/// One thing that passed between a host and a controller while a session was recorded. A line of
/// text each:
///
///     TIME config|bar0|bar4 read|write OFFSET SIZE VALUE [refused]
///     TIME perst_n LEVEL
///     TIME power_cycle
///     TIME dma read|write ADDRESS LENGTH CONTENT|refused [took DURATION]
///     TIME message ADDRESS DATA [refused]
///
/// TIME and DURATION are picoseconds, SIZE and LENGTH bytes, all decimal; the rest is hexadecimal.
/// CONTENT is the bytes in their order without the zeros at the end ("-" if that leaves none), or
/// "crc32c SUM" where a write is longer than kShownBytes.
struct SessionEvent {
    enum class Kind : std::uint8_t {
        kConfig,   ///< the host accesses configuration space
        kBar0,     ///< the host accesses properties or doorbells
        kBar4,     ///< the host accesses the MSI-X table
        kReset,    ///< PERST# has this level now
        kPower,    ///< the machine is switched off and on, caches are completed before
        kDma,      ///< the controller accesses host memory
        kMessage,  ///< the controller sends an MSI-X message
    };
    static constexpr std::uint32_t kShownBytes = 64;
    static constexpr std::uint32_t kLongestAccess = 8;
    static constexpr std::uint32_t kLongestDma = 4096;  ///< none crosses a boundary of 4 KiB

    Kind kind = Kind::kConfig;
    bool write = false;
    bool refused = false;
    bool summed = false;             ///< kDma: `value` is the CRC-32C of the bytes, `data` is empty
    util::TimePs at = 0;             ///< when it was over
    util::TimePs duration = 0;       ///< kDma: how long the host took
    std::uint64_t address = 0;       ///< offset, or address in host memory
    std::uint32_t length = 0;        ///< bytes
    std::uint64_t value = 0;         ///< of an access or message; level of kReset
    std::vector<std::uint8_t> data;  ///< kDma: without the zeros at the end

    /// What the host does. The rest the controller does.
    [[nodiscard]] bool by_host() const { return kind <= Kind::kPower; }
    /// Sets `data` or the sum.
    void set_content(const std::uint8_t* bytes, std::uint32_t count);
};

/// What a namespace held before the session, where the session read it.
///
///     TIME media NAMESPACE OFFSET LENGTH CONTENT
///
/// NAMESPACE is its place in the list of the second line, from 0. It and LENGTH are decimal.
struct MediaContent {
    static constexpr std::uint32_t kLongest = 1 << 20;
    util::TimePs at = 0;
    std::uint32_t ns = 0;
    std::uint64_t offset = 0;
    std::uint32_t length = 0;
    std::vector<std::uint8_t> data;  ///< without the zeros at the end
};

/// As content is kept and written: what is cut off reads as zero.
[[nodiscard]] std::vector<std::uint8_t> without_zeros_at_end(const std::uint8_t* bytes,
                                                             std::size_t count);

[[nodiscard]] std::string to_text(const SessionEvent& event);
[[nodiscard]] std::string to_text(const MediaContent& content);

/// Each reads a line without its end. Empty when it is good, else what is wrong with it.
[[nodiscard]] std::string parse_event(std::string_view line, SessionEvent& event);
[[nodiscard]] std::string parse_media(std::string_view line, MediaContent& content);
/// Which of the two to use.
[[nodiscard]] bool is_media(std::string_view line);

}  // namespace platform
