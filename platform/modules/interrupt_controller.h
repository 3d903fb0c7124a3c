// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <tlm_utils/simple_target_socket.h>
#include <tlm>

#include "models/util/sysc_compat.h"

namespace platform {

/// Receives message-signalled interrupts as 4-byte writes (data = vector number) to any aligned
/// address of its window, and wired interrupts on `wires`. Each vector may be given an address of
/// its own by message_address(), so that a test can tell a device that mixes up its table entries.
///
/// Waiting is always on state: `while (!pending(v)) wait(event(v));`. A message with an annotated
/// delay is delivered after that delay.
class InterruptController : public sc_core::sc_module {
public:
    static constexpr std::uint64_t kWindowBytes = 64 * 1024;

    /// `bus_address`: where the window is on the bus. At most 16384 vectors (one dword each).
    InterruptController(const sc_core::sc_module_name& name, unsigned vectors,
                        std::uint64_t bus_address, unsigned wires = 0);

    using Wire =
        sc_core::sc_port<sc_core::sc_signal_in_if<bool>, 1, sc_core::SC_ZERO_OR_MORE_BOUND>;

    tlm_utils::simple_target_socket<InterruptController> socket;
    sc_core::sc_vector<Wire> wires;  ///< true = asserted

    [[nodiscard]] unsigned vectors() const { return static_cast<unsigned>(vectors_.size()); }
    /// Reserves `count` consecutive vectors and returns the first; nothing when too few are left.
    [[nodiscard]] std::optional<unsigned> allocate(unsigned count);
    /// What to program into an MSI-X table entry for `vector`.
    [[nodiscard]] std::uint64_t message_address(unsigned vector) const;
    [[nodiscard]] static std::uint32_t message_data(unsigned vector) { return vector; }

    /// All of the following accept any vector number: one that does not exist is never pending.
    [[nodiscard]] bool pending(unsigned vector) const;
    /// Takes the pending flag: returns what it was and clears it.
    bool acknowledge(unsigned vector);
    [[nodiscard]] std::uint64_t count(unsigned vector) const;
    /// Bus address that the last message for this vector was written to, 0 before the first.
    [[nodiscard]] std::uint64_t last_address(unsigned vector) const;
    /// Notified one delta cycle after a delivery. A vector that does not exist shares one event
    /// that is never notified.
    [[nodiscard]] const sc_core::sc_event& event(unsigned vector) const;

    /// Level of wire `index`; false when it is not bound.
    [[nodiscard]] bool wire(unsigned index) const;
    /// Change of wire `index`; the event that is never notified when it is not bound.
    [[nodiscard]] const sc_core::sc_event& wire_event(unsigned index) const;

    /// Messages refused: no write of 4 bytes, misaligned, or an unknown vector.
    [[nodiscard]] std::uint64_t spurious() const { return spurious_; }

    /// Called on each delivery, in the process that delivers: it must not wait.
    void set_callback(std::function<void(unsigned vector)> callback);

private:
    struct Vector {
        explicit Vector(const char* name) : event(name) {}
        sc_core::sc_event event;
        std::uint64_t count = 0;
        std::uint64_t last_address = 0;
        bool pending = false;
    };

    NVME_HAS_PROCESS(InterruptController);
    void b_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay);
    [[nodiscard]] tlm::tlm_response_status accept(tlm::tlm_generic_payload& trans,
                                                  const sc_core::sc_time& delay);
    void deliver(unsigned vector, std::uint64_t address);
    void deliver_due();

    const std::uint64_t bus_address_;
    std::vector<std::unique_ptr<Vector>> vectors_;
    sc_core::sc_event never_;
    sc_core::sc_event due_;
    std::multimap<sc_core::sc_time, std::pair<unsigned, std::uint64_t>> in_flight_;
    std::function<void(unsigned)> callback_;
    std::uint64_t spurious_ = 0;
    unsigned allocated_ = 0;
};

}  // namespace platform
