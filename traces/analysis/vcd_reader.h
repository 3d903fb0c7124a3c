// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <istream>
#include <string>
#include <string_view>

#include "models/util/time.h"

namespace analysis {

/// What is told of a value change dump. [IEEE-1364-2005 18 Value change dump (VCD) files]
class VcdListener {
public:
    static constexpr std::uint32_t kUnwanted = 0xffff'ffff;

    virtual ~VcdListener() = default;
    /// A signal, with its scopes, separated by dots. Returns the number by which the listener knows
    /// it, or kUnwanted: then its changes are passed over, and it takes no memory.
    virtual std::uint32_t declare(std::string_view name, unsigned width) = 0;
    /// There are no more signals. Empty, or why reading on is no use.
    virtual std::string declared() = 0;
    /// `value`: the lowest 64 bits; 0 where `driven` is false, as some bit is x or z.
    virtual void change(std::uint32_t signal, std::uint64_t value, bool driven) = 0;
    /// What has changed so far in this instant is what was before: the values that a dump begins
    /// with.
    virtual void initial_values() = 0;
    /// All changes of the instant before have been told; what follows happens at `now`.
    virtual void advance(util::TimePs now) = 0;
    /// Blanks at its ends are left out, and what is longer than a line is.
    virtual void comment(std::string_view text) = 0;
};

struct VcdResult {
    std::string refused;  ///< not empty: it is no VCD, or has not what the listener needs; why
    std::string damaged;  ///< not empty: at which line it is no good; what is before was told
    std::uint64_t line;   ///< of the last word
};

/// Reads a VCD of any tool. Takes a megabyte, whatever the bytes are, beside the signals that
/// `listener` wants. Times before the first are 0; ones beyond 2^64 ps, and time that goes
/// backwards, are damage.
[[nodiscard]] VcdResult read_vcd(std::istream& file, VcdListener& listener);

}  // namespace analysis
