// SPDX-License-Identifier: Apache-2.0
#include "platform/session/session_recorder.h"

#include <algorithm>
#include <cstring>

#include "models/pcie/dma_extension.h"
#include "models/util/sc_time_ps.h"

namespace platform {
using Kind = SessionEvent::Kind;

SessionRecorder::SessionRecorder(const sc_core::sc_module_name& name, SessionWriter& writer)
    : sc_module(name), writer_(writer), device_{&device_config, &device_bar0, &device_bar4} {
    const std::array<tlm_utils::simple_target_socket_tagged<SessionRecorder>*, 3> host{
        &config, &bar0, &bar4};
    for (int port = 0; port < 3; ++port) {
        host[port]->register_b_transport(this, &SessionRecorder::access, port);
        host[port]->register_transport_dbg(this, &SessionRecorder::access_debug, port);
    }
    device_dma.register_b_transport(this, &SessionRecorder::dma_access);
    device_dma.register_transport_dbg(this, &SessionRecorder::dma_debug);
    SC_METHOD(perst_changed);
    sensitive << perst_n;
    dont_initialize();
}

void SessionRecorder::access(int port, tlm::tlm_generic_payload& trans, sc_core::sc_time& delay) {
    SessionEvent event;
    event.kind = static_cast<Kind>(port);
    event.address = trans.get_address();
    (*device_[port])->b_transport(trans, delay);
    event.write = trans.is_write();
    event.refused = !trans.is_response_ok();
    event.at = util::ScTimePs().now();
    event.length = std::min(trans.get_data_length(), SessionEvent::kLongestAccess);
    std::memcpy(&event.value, trans.get_data_ptr(), event.length);
    writer_.add(event);
}

unsigned SessionRecorder::access_debug(int port, tlm::tlm_generic_payload& trans) {
    return (*device_[port])->transport_dbg(trans);
}

unsigned SessionRecorder::dma_debug(tlm::tlm_generic_payload& trans) {
    return dma->transport_dbg(trans);
}

void SessionRecorder::dma_access(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay) {
    const util::ScTimePs time;
    const util::TimePs began = time.now();
    const auto* extension = trans.get_extension<pcie::DmaExtension>();
    const bool message =
        extension != nullptr && extension->kind == pcie::DmaExtension::Kind::kMessage;
    SessionEvent event;
    event.kind = message ? Kind::kMessage : Kind::kDma;
    event.write = trans.is_write();
    event.address = trans.get_address();
    event.length = std::min(trans.get_data_length(), SessionEvent::kLongestDma);
    dma->b_transport(trans, delay);
    trans.set_dmi_allowed(false);
    event.at = time.now();
    event.duration = event.at - began;
    event.refused = !trans.is_response_ok();
    if (message)
        std::memcpy(&event.value, trans.get_data_ptr(), std::min(event.length, 4u));
    else if (!event.refused)
        event.set_content(trans.get_data_ptr(), event.length);
    writer_.add(event);
}

void SessionRecorder::power_cycle() {
    SessionEvent event;
    event.kind = Kind::kPower;
    event.at = util::ScTimePs().now();
    writer_.add(event);
}

void SessionRecorder::perst_changed() {
    SessionEvent event;
    event.kind = Kind::kReset;
    event.value = perst_n.read() ? 1 : 0;
    event.at = util::ScTimePs().now();
    writer_.add(event);
}

}  // namespace platform
