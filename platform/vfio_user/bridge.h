// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <tlm>

#include "models/util/sysc_compat.h"
#include "platform/vfio_user/complaints.h"
#include "platform/vfio_user/doorbell_page.h"
#include "platform/vfio_user/options.h"
#include "platform/vfio_user/reception.h"
#include "platform/vfio_user/session.h"
#include "platform/vfio_user/wall_clock.h"

namespace platform {

struct VfioUserParams {
    std::string socket_path;
    Doorbells doorbells = Doorbells::kTrapped;
    // Of the device behind the sockets.
    std::uint64_t bar0_size = 64 * 1024;
    std::uint64_t bar4_size = 8 * 1024;
    std::uint32_t msix_vectors = 1;
    bool intx = false;
    std::uint32_t doorbell_registers = 2;  ///< from 1000h in BAR 0
    // Patience with a client, by the clock on the wall.
    std::uint32_t remap_grace_ms = 100;  ///< memory that was just unmapped comes back
    std::uint32_t dma_reply_ms = 10'000;
    std::uint32_t take_ms = 2'000;  ///< some of what is sent to it
};

/// A device in this simulation becomes a PCI device of a virtual machine or of a user-space driver,
/// which connect to a UNIX socket and speak vfio-user. To the device this is an ordinary host:
/// accesses to configuration space and BARs arrive as transactions, memory and MSI-X messages leave
/// through its DMA socket.
///
/// Memory that the client has shared is direct memory for the device; other memory is reached by
/// messages, and the process that accesses it waits. MSI-X messages become eventfds: clients do not
/// pass on what is written to the MSI-X table, so the bridge programs it, message n with data n,
/// and masks what nobody listens to. Interrupts are then pending until somebody does.
///
/// Each client gets the function as an operating system hands it to a driver in user space: with
/// Memory Space Enable set. (SPDK sets Bus Master Enable alone.)
///
/// A ServeLoop runs the simulation and tells the bridge when to look at its socket.
class VfioUserBridge : public sc_core::sc_module,
                       private vfio_user::Device,
                       private vfio_user::Channel {
public:
    tlm_utils::simple_initiator_socket<VfioUserBridge> config{"config"};
    tlm_utils::simple_initiator_socket<VfioUserBridge> bar0{"bar0"};
    tlm_utils::simple_initiator_socket<VfioUserBridge> bar4{"bar4"};
    tlm_utils::simple_target_socket<VfioUserBridge> dma{"dma"};
    /// The device's fundamental reset, low active: on DEVICE_RESET and after each client.
    sc_core::sc_out<bool> perst_n{"perst_n"};
    /// The device's pin interrupt, high active.
    sc_core::sc_in<bool> intx{"intx"};

    VfioUserBridge(const sc_core::sc_module_name& name, const VfioUserParams& params);

    /// Begins to listen. Empty, or why that is not possible.
    [[nodiscard]] std::string listen();
    /// Who wants to tell people of what goes wrong with clients.
    [[nodiscard]] vfio_user::Complaints& complaints() { return complaints_; }
    void on_arrival(std::function<void()> call) { arrived_ = std::move(call); }
    /// Called when a client has gone, while the device is still as that client left it.
    void on_leave(std::function<void()> look) { look_at_what_is_left_ = std::move(look); }
    [[nodiscard]] std::uint64_t clients_served() const { return clients_; }

    // For the ServeLoop, outside of all processes
    using Clock = WallClock::Clock;
    /// What a client does happens at its time of the clock on the wall, while that runs.
    void follow(const WallClock& wall) { wall_ = &wall; }
    /// Looks whether there is something for wake() to do.
    [[nodiscard]] bool find_work();
    void wake() { work_.notify(sc_core::SC_ZERO_TIME); }
    /// The client is hung up on, and finished() soon is true.
    void stop() { stopping_ = true; }
    [[nodiscard]] bool finished() const { return finished_; }
    /// Doorbells in memory, which wake nobody.
    [[nodiscard]] bool polling() const { return doorbells_ != nullptr; }
    /// At this and with these events of poll() find_work() may find something.
    [[nodiscard]] int fd() const { return reception_.fd(); }
    [[nodiscard]] short events() const { return reception_.events(); }
    /// When the client will have let something wait for too long.
    [[nodiscard]] Clock::time_point next_deadline() const;
    void wake_expired(Clock::time_point now);

private:
    NVME_HAS_PROCESS(VfioUserBridge);
    using Event = vfio_user::Reception::Event;

    class WallDeadline;

    // The process (bridge.cpp)
    void serve();
    void handle(Event event);
    void connect();
    void disconnect();
    [[nodiscard]] bool turn_is_over() const { return Clock::now() >= turn_end_; }
    void next_turn();
    void continue_in_next_turn();
    void follow_wall_clock();
    void take_doorbells();
    void intx_changed();
    void drop_client();

    // vfio_user::Device (bridge_device.cpp)
    void read_region(std::uint32_t region, std::uint64_t offset, std::uint8_t* data,
                     std::uint32_t count) override;
    void write_region(std::uint32_t region, std::uint64_t offset, const std::uint8_t* data,
                      std::uint32_t count) override;
    void outside(const vfio_user::RegionAccess& access) override;
    void reset() override;
    void pulse_perst();
    [[nodiscard]] std::uint16_t command_register();
    void hand_over();
    void settle();
    void await_intx();
    void mapped() override { memory_changed_.notify(sc_core::SC_ZERO_TIME); }
    void unmapping(std::uint64_t first, std::uint64_t last) override;
    void irqs_changed(vfio_user::IrqIndex index) override;
    void dma_answered() override { dma_answered_.notify(sc_core::SC_ZERO_TIME); }
    void access(tlm::tlm_command command, std::uint32_t region, std::uint64_t offset,
                std::uint8_t* data, std::uint32_t count);
    [[nodiscard]] bool transfer(tlm::tlm_command command, std::uint32_t region,
                                std::uint64_t offset, std::uint8_t* data, std::uint32_t count);
    void explain_refusal(tlm::tlm_command command, std::uint32_t region, std::uint64_t offset,
                         std::uint32_t count);
    void program_msix();

    // vfio_user::Channel
    bool send(const std::uint8_t* message, std::size_t bytes, int fd) override;

    // The device's DMA (bridge_dma.cpp)
    void dma_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay);
    unsigned dma_debug(tlm::tlm_generic_payload& trans);
    bool dma_direct(tlm::tlm_generic_payload& trans, tlm::tlm_dmi& dmi);
    [[nodiscard]] tlm::tlm_response_status dma_access(tlm::tlm_generic_payload& trans);
    [[nodiscard]] bool dma_part(bool write, std::uint64_t address, unsigned char* data,
                                std::uint32_t count);
    [[nodiscard]] bool dma_by_message(bool write, std::uint64_t address, unsigned char* data,
                                      std::uint32_t count);
    [[nodiscard]] const vfio_user::DmaMap::Mapping* find_mapping(std::uint64_t address);
    [[nodiscard]] bool recently_unmapped(std::uint64_t address, Clock::time_point& until) const;

    const VfioUserParams params_;
    vfio_user::DeviceDescription description_;
    sc_core::sc_event work_{"work"};
    sc_core::sc_event memory_changed_{"memory_changed"};
    sc_core::sc_event dma_answered_{"dma_answered"};
    sc_core::sc_event replied_{"replied"};

    vfio_user::Reception reception_;
    vfio_user::Message message_;  // that is being dealt with
    std::unique_ptr<vfio_user::Session> session_;
    std::unique_ptr<vfio_user::DoorbellPage> doorbells_;
    vfio_user::Complaints complaints_;
    Clock::time_point turn_end_{};
    bool in_a_message_ = false;  // that takes longer than a turn
    bool dropped_ = false;       // the client is being hung up on: its messages do not count
    std::uint64_t clients_ = 0;
    std::function<void()> arrived_, look_at_what_is_left_;
    std::uint64_t rescued_ = 0;  // by the bus error guard, of all clients, when last looked

    struct Unmapped {
        std::uint64_t first = 1, last = 0;
        Clock::time_point until{};
    };
    std::array<Unmapped, 64> unmapped_{};
    std::size_t next_unmapped_ = 0;

    std::multiset<Clock::time_point> deadlines_;  // of processes that wait for the client
    const util::ScTimePs time_;
    const WallClock* wall_ = nullptr;  // null: simulated time runs ahead
    bool stopping_ = false;
    bool finished_ = false;
};

}  // namespace platform
