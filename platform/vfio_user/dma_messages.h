// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <map>
#include <vector>

#include "platform/vfio_user/message.h"

namespace platform::vfio_user {

/// One access to memory that the client has not shared: a message to the client, and its reply.
/// Belongs to whoever waits for it, and must stay in place until it is over.
struct DmaTransfer {
    bool write = false;
    std::uint64_t address = 0;
    std::uint8_t* data = nullptr;
    std::uint32_t count = 0;

    enum class State : std::uint8_t { kPending, kDone, kFailed };
    State state = State::kPending;
};

/// The DMA_READ and DMA_WRITE requests on their way.
class DmaMessages {
public:
    explicit DmaMessages(Channel& channel) : channel_(channel) {}

    /// Sends the request; the transfer is over at once when it cannot be sent. `count` is at most
    /// kMaxTransfer.
    void begin(DmaTransfer& transfer);
    /// A reply came: ends its transfer. False: it answers nothing, or is malformed.
    [[nodiscard]] bool end(const Message& reply);
    /// The client is gone: everything fails.
    void fail_all();
    [[nodiscard]] bool idle() const { return pending_.empty(); }

private:
    Channel& channel_;
    std::map<std::uint16_t, DmaTransfer*> pending_;
    std::uint16_t next_id_ = 0;
    std::vector<std::uint8_t> buffer_;
};

}  // namespace platform::vfio_user
