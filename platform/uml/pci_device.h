// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <tlm>

#include "models/util/sc_time_ps.h"
#include "models/util/sysc_compat.h"
#include "platform/uml/calendar_protocol.h"
#include "platform/uml/guest_socket.h"
#include "platform/uml/pcidev_message.h"
#include "platform/uml/vhost_user.h"
#include "platform/vfio_user/listening_socket.h"

namespace platform::uml {

/// What a device needs of the calendar of its guest, in the calendar's process.
class GuestTime {
public:
    virtual ~GuestTime() = default;
    /// Answers the guest's questions for the time until there is something to read at `fd`. Empty,
    /// or what is wrong.
    [[nodiscard]] virtual std::string await(int fd) = 0;
    /// The guest has done something to a device: lets what follows at this moment happen, and makes
    /// sure that the guest goes no further by itself than to the next event.
    [[nodiscard]] virtual std::string after_access() = 0;
};

/// A device in this simulation becomes a PCI device of a User Mode Linux, by its virt-pci driver
/// over vhost-user. To the device this is an ordinary host: accesses to configuration space and
/// BARs arrive as transactions, memory is direct memory, MSI-X messages leave through its DMA
/// socket as transactions and to the guest as messages.
///
/// Has no process: a Calendar tells it when the guest has sent something, and when it may be
/// interrupted. Nothing here takes simulated time.
class PciDevice : public sc_core::sc_module {
public:
    tlm_utils::simple_initiator_socket<PciDevice> config{"config"};
    tlm_utils::simple_initiator_socket<PciDevice> bar0{"bar0"};
    tlm_utils::simple_initiator_socket<PciDevice> bar4{"bar4"};
    tlm_utils::simple_target_socket<PciDevice> dma{"dma"};
    /// The device's pin interrupt, high active.
    sc_core::sc_in<bool> intx{"intx"};

    explicit PciDevice(const sc_core::sc_module_name& name);

    /// Where the guest will connect to, once.
    void listen(std::unique_ptr<vfio_user::ListeningSocket> socket,
                std::chrono::milliseconds patience);
    /// When this is readable, serve() has something to do.
    [[nodiscard]] int fd() const { return guest_ ? guest_.fd() : listening_->fd(); }

    // In the calendar's process
    /// One message of the guest, or its connection. Empty, or what is wrong with it.
    [[nodiscard]] std::string serve(GuestTime& time);
    /// The guest has ended its connection.
    [[nodiscard]] bool gone() const { return guest_.closed(); }
    /// Hands over the interrupts that are due. Only while the guest waits. Empty, or what is wrong.
    [[nodiscard]] std::string interrupt(GuestTime& time);
    /// Notified whenever interrupts become due.
    [[nodiscard]] const sc_core::sc_event& due() const { return due_; }
    [[nodiscard]] bool any_due() const {
        return !interrupts_.empty() && to_ps(interrupts_.front().at_ns) <= time_.now();
    }

private:
    NVME_HAS_PROCESS(PciDevice);

    // The guest's accesses
    [[nodiscard]] std::string connect();
    [[nodiscard]] std::string take_commands(GuestTime& time);
    [[nodiscard]] std::string command(const Virtqueue::Chain& chain);
    void perform(PcidevAccess& access);
    [[nodiscard]] bool transfer(tlm::tlm_command command, const PcidevAccess& access,
                                std::uint64_t address, std::uint8_t* data, std::uint32_t count);
    [[nodiscard]] std::string call(std::uint32_t queue, GuestTime& time);

    // The device's
    void dma_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay);
    [[nodiscard]] tlm::tlm_response_status dma_access(tlm::tlm_generic_payload& trans,
                                                      const sc_core::sc_time& delay);
    unsigned dma_debug(tlm::tlm_generic_payload& trans);
    bool dma_direct(tlm::tlm_generic_payload& trans, tlm::tlm_dmi& dmi);
    void intx_rises();
    void look_at_intx_again();
    void add(const InterruptMessage& message, util::TimePs at);
    void notify_first();

    const util::ScTimePs time_;
    std::unique_ptr<vfio_user::ListeningSocket> listening_;
    std::chrono::milliseconds patience_{};
    GuestSocket guest_, backend_;
    VhostMessage message_;  // that is being dealt with
    VhostUser vhost_;
    unsigned unreaped_ = 0;  // writes that the guest has not taken back from its queue

    /// That wait for the guest: none that works lets so many wait.
    static constexpr std::size_t kMostInterrupts = 65'536;
    struct Interrupt {
        std::uint64_t at_ns;
        InterruptMessage message;
    };
    std::deque<Interrupt> interrupts_;  // by time
    sc_core::sc_event due_{"due"};
    sc_core::sc_event registers_written_{"registers_written"};
};

}  // namespace platform::uml
