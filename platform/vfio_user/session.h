// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <vector>

#include "platform/vfio_user/device.h"
#include "platform/vfio_user/dma_map.h"
#include "platform/vfio_user/dma_messages.h"
#include "platform/vfio_user/irq_table.h"
#include "platform/vfio_user/message.h"
#include "platform/vfio_user/version.h"

namespace platform::vfio_user {

/// The protocol with one client, from its first message to its last; knows neither sockets nor
/// SystemC. Whatever a client sends is checked here: what the device, the map and the interrupts
/// get is inside of what they described.
///
/// A request that is wrong is answered with an errno. A client that breaks the protocol itself
/// (nothing before VERSION, no reply that was not asked for) cannot be served any further.
class Session {
public:
    /// `description` and the references must outlive the session.
    Session(const DeviceDescription& description, Device& device, Channel& channel);

    /// Deals with one message and answers it. False: drop this client.
    [[nodiscard]] bool handle(Message& message);

    /// The client is gone: its memory and descriptors too, and every transfer fails.
    void close();

    /// A request is being dealt with and its reply has not been sent. No DMA message may be sent
    /// meanwhile: a client that waits for a register does not answer it.
    [[nodiscard]] bool reply_due() const { return reply_due_; }

    [[nodiscard]] DmaMap& memory() { return memory_; }
    [[nodiscard]] IrqTable& irqs() { return irqs_; }
    [[nodiscard]] DmaMessages& dma() { return dma_; }
    [[nodiscard]] const ClientLimits& client() const { return client_; }

private:
    using Handler = int (Session::*)(Message&);
    struct Row;
    /// Null: not served.
    [[nodiscard]] static const Row* row_of(Command command);

    [[nodiscard]] int dispatch(Message& message);
    // Each returns an errno, or 0 and has called reply() itself.
    int device_info(Message& message);
    int region_info(Message& message);
    int irq_info(Message& message);
    int set_irqs(Message& message);
    int dma_map(Message& message);
    int dma_unmap(Message& message);
    int region_read(Message& message);
    int region_write(Message& message);
    int region_write_multi(Message& message);
    int device_reset(Message& message);

    void unmap(DmaMap::Range range);
    [[nodiscard]] bool version(Message& message);
    [[nodiscard]] int check(const RegionAccess& access, std::uint32_t needed);

    void start_reply();
    template <typename T>
    void add(const T& part) {
        add_bytes(&part, sizeof part);
    }
    void add_bytes(const void* data, std::size_t bytes);
    void reply(const Message& message, int fd = -1, int error = 0);

    const DeviceDescription& description_;
    Device& device_;
    Channel& channel_;
    DmaMap memory_;
    IrqTable irqs_;
    DmaMessages dma_;
    ClientLimits client_;
    std::vector<std::uint8_t> buffer_;
    bool versions_agreed_ = false;
    bool reply_due_ = false;
    bool reachable_ = true;
};

}  // namespace platform::vfio_user
