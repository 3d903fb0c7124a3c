// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/media/ftl/ftl_params.h"
#include "models/media/nand/nand_params.h"

namespace media {

/// How units of the mapping lie in the NAND. Block b of a die is block b of all its planes, so that
/// one operation programs or erases all of them; the pages at the same place are a stripe.
struct Layout {
    std::uint32_t dies, pages;
    std::uint32_t page_units;    ///< units in a page
    std::uint32_t stripe_units;  ///< units in a stripe
    std::uint32_t block_units;   ///< units in a block of a die

    Layout(const FtlParams& ftl, const NandParams& nand)
        : dies(static_cast<std::uint32_t>(dies_of(nand))),
          pages(nand.pages),
          page_units(nand.page_bytes / ftl.unit_bytes),
          stripe_units(page_units * nand.planes),
          block_units(stripe_units * pages) {}
};

/// Where a unit lies, in one number.
class Place {
public:
    Place(std::uint32_t die, std::uint32_t block, std::uint32_t page, std::uint32_t unit)
        : raw_(std::uint64_t{die} << 52 | std::uint64_t{block} << 32 | std::uint64_t{page} << 16 |
               unit) {}
    explicit Place(std::uint64_t raw) : raw_(raw) {}

    [[nodiscard]] std::uint64_t raw() const { return raw_; }
    [[nodiscard]] std::uint32_t die() const { return static_cast<std::uint32_t>(raw_ >> 52); }
    [[nodiscard]] std::uint32_t block() const { return raw_ >> 32 & 0xfffff; }
    [[nodiscard]] std::uint32_t page() const { return raw_ >> 16 & 0xffff; }
    /// In the stripe.
    [[nodiscard]] std::uint32_t unit() const { return raw_ & 0xffff; }
    [[nodiscard]] std::uint64_t stripe() const { return raw_ >> 16; }

private:
    std::uint64_t raw_;
};

}  // namespace media
