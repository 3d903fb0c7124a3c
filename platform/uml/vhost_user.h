// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/uml/vhost_protocol.h"
#include "platform/uml/virtqueue.h"
#include "platform/vfio_user/client_fd.h"
#include "platform/vfio_user/dma_map.h"

namespace platform::uml {

/// A message as it came from the guest: complete, but nothing in it is checked yet.
struct VhostMessage {
    VhostHeader header;
    std::vector<std::uint8_t> payload;  ///< header.size bytes
    std::vector<vfio_user::ClientFd> fds;
};

/// Whether a message with this header can be received at all.
[[nodiscard]] constexpr bool receivable(const VhostHeader& header) {
    return (header.flags & kVhostVersionMask) == kVhostVersion && header.size <= kMaxVhostPayload;
}

/// The device's side of vhost-user, for a guest that kicks and is called by messages. Knows the
/// guest's memory and its two queues, not what they are for, and no socket.
class VhostUser {
public:
    static constexpr std::uint32_t kCommandQueue = 0;
    static constexpr std::uint32_t kInterruptQueue = 1;

    struct Answer {
        std::string problem;                 ///< not empty: nothing else counts
        std::optional<std::uint64_t> reply;  ///< to be sent when all has been done
        std::optional<std::uint32_t> kicked;
    };
    [[nodiscard]] Answer handle(VhostMessage& message);

    [[nodiscard]] const vfio_user::DmaMap& memory() const { return memory_; }
    [[nodiscard]] Virtqueue& queue(std::uint32_t index) { return queues_[index]; }
    /// Where calls go, if the guest has said it since this was taken.
    [[nodiscard]] const vfio_user::ClientFd& backend() const { return backend_; }
    [[nodiscard]] vfio_user::ClientFd take_backend() { return std::move(backend_); }

private:
    [[nodiscard]] Answer act(VhostMessage& message);
    [[nodiscard]] std::string set_memory(VhostMessage& message);
    [[nodiscard]] std::string set_state(const VhostMessage& message);
    [[nodiscard]] std::string set_addresses(const VhostMessage& message);

    vfio_user::DmaMap memory_;
    std::array<Virtqueue, 2> queues_{Virtqueue(memory_), Virtqueue(memory_)};
    vfio_user::ClientFd backend_;
};

/// The bytes of a reply to `request`, and of a call of a queue, which wants a reply.
[[nodiscard]] std::vector<std::uint8_t> reply_bytes(std::uint32_t request, std::uint64_t value);
[[nodiscard]] std::vector<std::uint8_t> call_bytes(std::uint32_t queue);
/// Of the reply to a call.
inline constexpr std::size_t kCallReplyBytes = sizeof(VhostHeader) + sizeof(std::uint64_t);
[[nodiscard]] bool is_good_call_reply(const std::array<std::uint8_t, kCallReplyBytes>& bytes);

}  // namespace platform::uml
