// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>

#include "models/media/ftl/ftl_params.h"
#include "models/media/nand/nand_params.h"
#include "models/media/nand/stripe.h"
#include "models/util/divide.h"

namespace media {

/// Where a unit lies, in one number.
class Place {
public:
    Place(std::uint32_t region, std::uint32_t block, std::uint32_t page, std::uint32_t unit)
        : raw_(std::uint64_t{region} << 51 | std::uint64_t{block} << 31 |
               std::uint64_t{page} << 15 | unit) {}
    explicit Place(std::uint64_t raw) : raw_(raw) {}

    [[nodiscard]] std::uint64_t raw() const { return raw_; }
    [[nodiscard]] std::uint32_t region() const { return static_cast<std::uint32_t>(raw_ >> 51); }
    [[nodiscard]] std::uint32_t block() const { return raw_ >> 31 & 0xfffff; }
    [[nodiscard]] std::uint32_t page() const { return raw_ >> 15 & 0xffff; }
    /// In the stripe.
    [[nodiscard]] std::uint32_t unit() const { return raw_ & 0x7fff; }
    [[nodiscard]] std::uint64_t stripe() const { return raw_ >> 15; }

private:
    std::uint64_t raw_;
};

/// How units of the mapping lie in the NAND. Block b of a die is block b of all its planes, so that
/// one operation programs or erases all of them; the pages at the same place are a stripe.
///
/// The blocks of a die that have one bit in each cell are a region of their own. Regions have
/// numbers: first those of the dies, in order, then those with one bit, in the same order.
struct Layout {
    std::uint32_t dies;
    std::uint32_t pages;      ///< of a block
    std::uint32_t slc_pages;  ///< of a block with one bit in each cell
    std::uint32_t unit_bytes;
    std::uint32_t page_units;    ///< units in a page
    std::uint32_t stripe_units;  ///< units in a stripe
    std::uint32_t block_units;   ///< units in a block of a die
    std::uint32_t slc_blocks;    ///< of a die

    Layout(const FtlParams& ftl, const NandParams& nand)
        : dies(static_cast<std::uint32_t>(dies_of(nand))),
          pages(nand.pages),
          slc_pages(std::max(1u, nand.pages / bits_of(nand.cell))),
          unit_bytes(ftl.unit_bytes),
          page_units(nand.page_bytes / ftl.unit_bytes),
          stripe_units(page_units * nand.planes),
          block_units(stripe_units * pages),
          slc_blocks(slc_blocks_for(ftl.slc.bytes)) {}

    [[nodiscard]] std::uint32_t pages_of(std::uint32_t region) const {
        return region < dies ? pages : slc_pages;
    }
    [[nodiscard]] std::uint32_t die_of(std::uint32_t region) const {
        return region < dies ? region : region - dies;
    }
    /// The stripe of a place, in these planes.
    [[nodiscard]] Stripe stripe(Place at, std::uint32_t planes) const {
        return {die_of(at.region()), at.block(), at.page(), planes, at.region() >= dies};
    }
    [[nodiscard]] std::uint32_t plane_of(Place at) const { return 1u << at.unit() / page_units; }

    static constexpr std::uint32_t kMostSlcBlocks = 1u << 20;

private:
    /// One that is written and one that is folded, at least.
    [[nodiscard]] std::uint32_t slc_blocks_for(std::uint64_t bytes) const {
        if (bytes == 0) return 0;
        const std::uint64_t block = std::uint64_t{slc_pages} * stripe_units * unit_bytes;
        const std::uint64_t blocks = util::divide_up(util::divide_up(bytes, block), dies);
        return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(blocks, 2, kMostSlcBlocks));
    }
};

}  // namespace media
