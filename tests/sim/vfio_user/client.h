// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "platform/vfio_user/message.h"
#include "tests/sim/vfio_user/guest_memory.h"

namespace platform::vfio_user::test {

template <typename... Parts>
std::vector<std::uint8_t> bytes_of(const Parts&... parts) {
    std::vector<std::uint8_t> bytes;
    const auto append = [&](const void* data, std::size_t n) {
        const auto* begin = static_cast<const std::uint8_t*>(data);
        bytes.insert(bytes.end(), begin, begin + n);
    };
    (append(&parts, sizeof parts), ...);
    return bytes;
}

/// A client of a vfio-user server that does what a script tells it, right or wrong. Written from
/// the protocol and from what QEMU and SPDK send. A call that gets no answer fails the test after a
/// time that only a hang can take.
class Client {
public:
    /// `memory` is what DMA messages of the server reach; may be null.
    explicit Client(const std::string& path, GuestMemory* memory = nullptr);

    [[nodiscard]] bool connected() const { return bool{fd_}; }
    void disconnect() { fd_.reset(); }

    /// Sends a message; returns its id.
    std::uint16_t send(Command command, const std::vector<std::uint8_t>& payload,
                       const std::vector<int>& fds = {}, std::uint32_t flags = 0);
    void send_raw(const void* data, std::size_t bytes);
    /// Sends as much as there is room for; returns how much that was.
    std::size_t send_without_waiting(const void* data, std::size_t bytes);
    /// Ends the connection; may be called from another thread, which send() of this one then ends.
    void hang_up();
    /// The next message of the server; none when it hangs up.
    std::optional<Message> receive();
    /// The next reply; serves what the server asks for meanwhile.
    std::optional<Message> reply();
    /// send() and reply(), which must belong together. An empty message when there is none.
    Message request(Command command, const std::vector<std::uint8_t>& payload,
                    const std::vector<int>& fds = {});
    /// The errno of the reply to a request.
    std::uint32_t errno_of(Command command, const std::vector<std::uint8_t>& payload,
                           const std::vector<int>& fds = {});
    /// Serves messages of the server for up to `ms` milliseconds, or until one was served.
    bool serve(int ms);
    /// Waits until the server hangs up.
    bool hung_up();

    bool introduce();
    bool map(std::uint64_t address, std::uint64_t size, int fd = -1, std::uint64_t offset = 0,
             std::uint32_t flags = kDmaReadable | kDmaWritable);
    bool unmap(std::uint64_t address, std::uint64_t size);
    std::uint64_t read(RegionIndex region, std::uint64_t offset, std::uint32_t count);
    void write(RegionIndex region, std::uint64_t offset, std::uint64_t value, std::uint32_t count);
    void post(RegionIndex region, std::uint64_t offset, std::uint64_t value, std::uint32_t count);
    std::uint32_t set_irqs(std::uint32_t flags, IrqIndex index, std::uint32_t start,
                           std::uint32_t count, const std::vector<int>& fds = {});

    unsigned dma_messages = 0;  ///< that were served
    bool answer_dma = true;
    bool numbers_messages = true;  ///< SPDK does not: each has the id 0
    /// Replies that were still due when the server sent a DMA message.
    unsigned overtaken = 0;

private:
    void serve_dma(const Message& message);
    [[nodiscard]] bool readable(int ms) const;
    [[nodiscard]] bool fill(void* data, std::size_t bytes, std::vector<ClientFd>& fds);

    UniqueFd fd_;
    GuestMemory* const memory_;
    std::uint16_t next_id_ = 0;
    unsigned due_ = 0;
};

}  // namespace platform::vfio_user::test
