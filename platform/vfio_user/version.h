// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "platform/vfio_user/protocol.h"

namespace platform::vfio_user {

/// What a client says about itself in VERSION, with the protocol's defaults.
struct ClientLimits {
    std::uint64_t max_transfer = kMaxTransfer;  ///< data bytes of one DMA message
    bool write_multiple = false;
};

struct Agreement {
    Version version;
    ClientLimits client;
    std::string text;  ///< JSON for the reply, without its NUL; empty: none
};

/// Answers the payload of a VERSION request. None when the two cannot understand each other: the
/// request is malformed, or of another major version.
///
/// A client may refuse a reply that is larger than its request: with JSON in the request, the reply
/// shrinks to what fits. A request without JSON (SPDK's) sets no limit.
[[nodiscard]] std::optional<Agreement> negotiate(const std::vector<std::uint8_t>& payload);

}  // namespace platform::vfio_user
