// SPDX-License-Identifier: Apache-2.0
#include "sc_main/media_report.h"

#include <cstdio>

#include <nlohmann/json.hpp>

namespace nvme_vp {

nlohmann::ordered_json media_json(const media::MediaStatistics& media) {
    if (media.unit_bytes == 0) return nullptr;
    return {{"bytes_written", media.units_written * media.unit_bytes},
            {"bytes_programmed", media.pages_programmed * media.page_bytes},
            {"bytes_moved", media.units_moved * media.unit_bytes},
            {"bytes_folded", media.units_folded * media.unit_bytes},
            {"write_amplification", media.write_amplification()},
            {"stripes_read", media.stripes_read},
            {"stripes_buffered", media.stripes_buffered},
            {"retries", media.retries},
            {"map_reads", media.map_reads},
            {"map_writes", media.map_writes},
            {"blocks_erased", media.blocks_erased},
            {"slc_blocks_erased", media.slc_blocks_erased},
            {"blocks_refreshed", media.blocks_refreshed},
            {"blocks_levelled", media.blocks_levelled},
            {"blocks_failed", media.blocks_failed},
            {"spares_left", media.spares_left},
            {"blocks_free", media.blocks_free},
            {"most_erases", media.most_erases},
            {"used_percent", media.used_percent},
            {"worn_out", media.worn_out}};
}

std::string media_text(const media::MediaStatistics& media) {
    if (media.units_written == 0) return {};
    constexpr double kMib = 1 << 20;
    char line[160];
    std::snprintf(line, sizeof line,
                  "media: %.1f MiB written, %.1f MiB programmed (write amplification %.2f), "
                  "%llu blocks erased\n",
                  static_cast<double>(media.units_written * media.unit_bytes) / kMib,
                  static_cast<double>(media.pages_programmed * media.page_bytes) / kMib,
                  media.write_amplification(),
                  static_cast<unsigned long long>(media.blocks_erased));
    return line;
}

}  // namespace nvme_vp
