// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include "platform/vfio_user/client_fd.h"
#include "platform/vfio_user/protocol.h"

namespace platform::vfio_user {

/// A message as it came from the client: complete, but nothing in it is checked yet.
struct Message {
    Header header;
    std::vector<std::uint8_t> payload;  ///< header.size - sizeof(Header) bytes
    std::vector<ClientFd> fds;
};

/// Whether a message with this header can be received at all. After one that cannot, the start of
/// the next message is unknown: the connection has to end.
[[nodiscard]] constexpr bool receivable(const Header& header) {
    return header.size >= sizeof(Header) && header.size - sizeof(Header) <= kMaxPayload;
}

/// The structure at `offset` of a payload; none when the payload is too short.
template <typename T>
[[nodiscard]] std::optional<T> load(const std::vector<std::uint8_t>& payload,
                                    std::size_t offset = 0) {
    if (payload.size() < sizeof(T) || offset > payload.size() - sizeof(T)) return std::nullopt;
    T value;
    std::memcpy(&value, payload.data() + offset, sizeof value);
    return value;
}

/// Where messages to the client go.
class Channel {
public:
    virtual ~Channel() = default;
    /// A complete message, and one file descriptor with it unless `fd` is -1. False: the client
    /// cannot be reached any more.
    virtual bool send(const std::uint8_t* message, std::size_t bytes, int fd) = 0;
};

}  // namespace platform::vfio_user
