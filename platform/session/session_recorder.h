// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <tlm>

#include "models/util/sysc_compat.h"
#include "platform/session/session_file.h"

namespace platform {

/// Stands between a host and a controller and writes down what passes: accesses of the host, DMA
/// and MSI-X messages of the controller, PERST#. Changes nothing, except that it grants no direct
/// memory, which would pass it by. Debug accesses go through unrecorded.
class SessionRecorder : public sc_core::sc_module {
public:
    // Towards the host.
    tlm_utils::simple_target_socket_tagged<SessionRecorder> config{"config"}, bar0{"bar0"},
        bar4{"bar4"};
    tlm_utils::simple_initiator_socket<SessionRecorder> dma{"dma"};
    // Towards the controller.
    tlm_utils::simple_initiator_socket<SessionRecorder> device_config{"device_config"},
        device_bar0{"device_bar0"}, device_bar4{"device_bar4"};
    tlm_utils::simple_target_socket<SessionRecorder> device_dma{"device_dma"};
    /// The controller's PERST#, to be bound to the signal that drives it.
    sc_core::sc_in<bool> perst_n{"perst_n"};

    /// `writer` must outlive the simulation.
    SessionRecorder(const sc_core::sc_module_name& name, SessionWriter& writer);

    /// The power of the controller's subsystem is about to be interrupted.
    void power_cycle();

private:
    NVME_HAS_PROCESS(SessionRecorder);
    void access(int port, tlm::tlm_generic_payload& trans, sc_core::sc_time& delay);
    unsigned access_debug(int port, tlm::tlm_generic_payload& trans);
    unsigned dma_debug(tlm::tlm_generic_payload& trans);
    void dma_access(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay);
    void perst_changed();

    SessionWriter& writer_;
    const std::array<tlm_utils::simple_initiator_socket<SessionRecorder>*, 3> device_;
};

}  // namespace platform
