// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <tlm>

#include "models/util/sysc_compat.h"
#include "platform/session/session_event.h"

namespace platform {

/// What a replay has shown.
struct SessionResult {
    std::uint64_t accesses = 0;    ///< of the host
    std::uint64_t dma_reads = 0;   ///< of the controller
    std::uint64_t dma_writes = 0;  ///< of the controller
    std::uint64_t messages = 0;    ///< MSI-X
    std::uint64_t differences = 0;
    std::vector<std::string> described;  ///< the first of them
    std::uint64_t at_other_times = 0;    ///< events that came earlier or later than recorded
    util::TimePs largest_shift = 0;
};

/// Takes a host's place: does to a controller what the host of a recorded session did, and answers
/// its DMA with what the host's memory held. Compares what the controller answers and writes, and
/// which messages it sends, with the recording.
///
/// Nothing is done before its recorded time, and nothing before all has happened that had happened
/// before it in the recording. The controller may do what lies between two accesses of the host in
/// any order, and at other times than recorded: then other parameters were set, or the model has
/// changed, and the result says by how much. A property that has not its recorded value is read
/// again and again, as a driver does that waits for a change.
class SessionPlayer : public sc_core::sc_module {
public:
    tlm_utils::simple_initiator_socket<SessionPlayer> config{"config"}, bar0{"bar0"}, bar4{"bar4"};
    tlm_utils::simple_target_socket<SessionPlayer> dma{"dma"};
    sc_core::sc_out<bool> perst_n{"perst_n"};

    /// Stops the simulation when everything was replayed. `events` must outlive it.
    SessionPlayer(const sc_core::sc_module_name& name, const std::vector<SessionEvent>& events);

    /// Called where the recorded machine was switched off and on.
    void on_power_cycle(std::function<void()> cycle) { power_cycle_ = std::move(cycle); }

    [[nodiscard]] const SessionResult& result() const { return result_; }

private:
    NVME_HAS_PROCESS(SessionPlayer);
    enum class State : std::uint8_t { kOpen, kTaken, kDone };

    void play();
    [[nodiscard]] bool wait_for_turn(std::size_t index);
    void perform(std::size_t index);
    [[nodiscard]] SessionEvent access(const SessionEvent& event);
    [[nodiscard]] bool seen_later(std::size_t index, const SessionEvent& found) const;
    void dma_access(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay);
    [[nodiscard]] std::size_t find(const SessionEvent& event) const;
    void answer(const SessionEvent& event, tlm::tlm_generic_payload& trans);
    void done(std::size_t index);
    void differ(const std::string& what);

    const std::vector<SessionEvent>& events_;
    std::function<void()> power_cycle_;
    std::vector<State> states_;
    std::size_t first_open_ = 0;  // all before it is done
    sc_core::sc_event progress_{"progress"};
    SessionResult result_;
};

}  // namespace platform
