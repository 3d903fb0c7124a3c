// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/subsystem/namespace.h"

#include <utility>

namespace nvme {

Namespace::Namespace(const NamespaceConfig& config, const std::array<std::uint8_t, 16>& nguid,
                     std::unique_ptr<media::BlockStore> store, std::size_t cache_bytes,
                     media::MediaTiming& timing)
    : config_(config),
      lba_shift_(config.lba_size == 4096 ? 12 : 9),
      nguid_(nguid),
      store_(std::move(store), config.nsid, lba_shift_),
      volume_(store_, cache_bytes, timing, config.nsid) {
    refresh_size();
}

}  // namespace nvme
