// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "platform/driver/driver_types.h"

namespace platform {

/// Pages that a PRP list for this transfer takes, 0 when PRP1 and PRP2 suffice. `page_bytes` is the
/// memory page size that CC.MPS selects, a power of two.
[[nodiscard]] std::uint64_t prp_list_pages(std::uint64_t gpa, std::uint64_t bytes,
                                           std::uint64_t page_bytes);

struct PrpPair {
    std::uint64_t prp1 = 0;
    std::uint64_t prp2 = 0;
};

/// Describes a transfer that is contiguous in guest physical addresses. `list` is page aligned and
/// has at least prp_list_pages() pages; it is only written when they are not 0. When the list takes
/// several pages, the last entry of each but the last points to the next.
PrpPair build_prps(const Transfer& data, const DmaBuffer& list, std::uint64_t page_bytes);

}  // namespace platform
