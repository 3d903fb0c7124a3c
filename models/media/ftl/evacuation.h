// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/media/ftl/layout.h"
#include "models/media/ftl/mapping.h"
#include "models/media/nand/nand_array.h"
#include "models/media/nand/wear.h"
#include "models/media/timing/statistics.h"

namespace media {

/// Takes what is valid out of a block, a stripe at a time.
class Evacuation {
public:
    /// All that is passed by reference must outlive it.
    Evacuation(const Layout& layout, const Wear& wear, Mapping& mapping, NandArray& array,
               MediaStatistics& statistics)
        : layout_(layout), wear_(wear), mapping_(mapping), array_(array), statistics_(statistics) {}

    /// Reads the valid units of the first stripe from `page` on that has some, and calls
    /// put(owner, there) for each; `page` is the one behind it then. Returns how many there were;
    /// 0: the block has no more.
    template <typename Put>
    std::uint32_t move(std::uint32_t region, std::uint32_t block, std::uint32_t& page,
                       util::TimePs start, Put put) {
        const BlockPool& pool = mapping_.pool(region);
        while (pool.valid(block) != 0) {
            const std::uint32_t first = page++ * layout_.stripe_units;
            std::uint32_t planes = 0, count = 0;
            for (std::uint32_t i = 0; i != layout_.stripe_units; ++i) {
                if (pool.owner(block, first + i) == BlockPool::kNobody) continue;
                planes |= 1u << i / layout_.page_units;
                ++count;
            }
            if (count == 0) continue;
            const util::TimePs there = read(region, block, page - 1, planes, count, start);
            for (std::uint32_t i = 0; i != layout_.stripe_units; ++i)
                if (const std::uint64_t owner = pool.owner(block, first + i);
                    owner != BlockPool::kNobody)
                    put(owner, there);
            return count;
        }
        return 0;
    }

private:
    [[nodiscard]] util::TimePs read(std::uint32_t region, std::uint32_t block, std::uint32_t page,
                                    std::uint32_t planes, std::uint32_t units, util::TimePs start) {
        const Stripe stripe = layout_.stripe({region, block, page, 0}, planes);
        const std::uint32_t retries = wear_.retries(stripe, mapping_.pool(region).erases(block));
        statistics_.retries += retries;
        statistics_.bytes_read += std::uint64_t{units} * layout_.unit_bytes * (retries + 1);
        return array_.read_later(start, stripe, std::uint64_t{units} * layout_.unit_bytes, retries);
    }

    const Layout layout_;
    const Wear& wear_;
    Mapping& mapping_;
    NandArray& array_;
    MediaStatistics& statistics_;
};

}  // namespace media
