// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/subsystem/namespace.h"

#include <utility>

namespace nvme {

Namespace::Namespace(const NamespaceConfig& config, const std::array<std::uint8_t, 16>& nguid,
                     std::unique_ptr<media::BlockStore> store, std::size_t cache_bytes,
                     media::MediaTiming& timing)
    : config_(config),
      format_(*find_block_format(config.lba_size)),
      nguid_(nguid),
      store_(std::move(store), config.nsid, format_.lbads),
      volume_(store_, cache_bytes, timing, config.nsid) {
    refresh_size();
}

}  // namespace nvme
