// SPDX-License-Identifier: Apache-2.0
#include "platform/driver/prp_builder.h"

#include <cstring>

namespace platform {

namespace {

/// Pages after the one that PRP1 points into.
std::uint64_t further_pages(std::uint64_t gpa, std::uint64_t bytes, std::uint64_t page_bytes) {
    const std::uint64_t in_first = page_bytes - gpa % page_bytes;
    return bytes <= in_first ? 0 : (bytes - in_first + page_bytes - 1) / page_bytes;
}

void put_entry(const DmaBuffer& list, std::uint64_t index, std::uint64_t value) {
    std::memcpy(list.data + index * sizeof(value), &value, sizeof(value));
}

}  // namespace

std::uint64_t prp_list_pages(std::uint64_t gpa, std::uint64_t bytes, std::uint64_t page_bytes) {
    const std::uint64_t entries = further_pages(gpa, bytes, page_bytes);
    if (entries <= 1) return 0;
    // p pages hold p * (per_page - 1) + 1 entries: each page but the last gives one to the chain.
    const std::uint64_t per_page = page_bytes / sizeof(std::uint64_t);
    return (entries - 1 + per_page - 2) / (per_page - 1);
}

PrpPair build_prps(const Transfer& data, const DmaBuffer& list, std::uint64_t page_bytes) {
    const std::uint64_t entries = further_pages(data.gpa, data.bytes, page_bytes);
    std::uint64_t page = data.gpa - data.gpa % page_bytes + page_bytes;
    if (entries == 0) return {data.gpa, 0};
    if (entries == 1) return {data.gpa, page};

    const std::uint64_t per_page = page_bytes / sizeof(std::uint64_t);
    std::uint64_t place = 0;
    for (std::uint64_t i = 0; i < entries; ++i, page += page_bytes) {
        const bool last_of_list_page = place % per_page == per_page - 1;
        if (last_of_list_page && i + 1 < entries) {
            put_entry(list, place, list.gpa + (place + 1) * sizeof(std::uint64_t));
            ++place;
        }
        put_entry(list, place++, page);
    }
    return {data.gpa, list.gpa};
}

}  // namespace platform
