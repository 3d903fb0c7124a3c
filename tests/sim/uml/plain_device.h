// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <functional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>
#include <tlm>

#include "models/pcie/dma_extension.h"
#include "platform/modules/payload.h"

namespace platform::uml {

/// Says what arrives at its sockets, and answers with ones.
class PlainDevice : public sc_core::sc_module {
public:
    tlm_utils::simple_target_socket_tagged<PlainDevice> config{"config"}, bar0{"bar0"},
        bar4{"bar4"};
    tlm_utils::simple_initiator_socket<PlainDevice> dma{"dma"};

    explicit PlainDevice(const sc_core::sc_module_name& name) : sc_module(name) {
        config.register_b_transport(this, &PlainDevice::take, 0);
        bar0.register_b_transport(this, &PlainDevice::take, 1);
        bar4.register_b_transport(this, &PlainDevice::take, 2);
    }
    void send_message(std::uint32_t data, double delay_ns) {
        tlm::tlm_generic_payload trans;
        pcie::DmaExtension message;
        message.kind = pcie::DmaExtension::Kind::kMessage;
        prepare(trans, tlm::TLM_WRITE_COMMAND, 0xa0000, &data, sizeof data);
        trans.set_extension(&message);
        sc_core::sc_time delay(delay_ns, sc_core::SC_NS);
        dma->b_transport(trans, delay);
        trans.clear_extension(&message);
        EXPECT_TRUE(trans.is_response_ok());
    }
    /// Called for each access.
    void on_access(std::function<void()> call) { accessed_ = std::move(call); }
    std::vector<std::string> arrived;

private:
    void take(int socket, tlm::tlm_generic_payload& trans, sc_core::sc_time&) {
        constexpr const char* kNames[]{"config", "bar0", "bar4"};
        std::ostringstream text;
        text << kNames[socket] << (trans.is_read() ? " read " : " write ")
             << trans.get_data_length() << " at " << std::hex << trans.get_address() << std::dec;
        if (trans.is_read()) std::fill_n(trans.get_data_ptr(), trans.get_data_length(), 1);
        if (trans.is_write()) text << ": " << int{trans.get_data_ptr()[0]};
        arrived.push_back(text.str());
        if (accessed_) accessed_();
        trans.set_response_status(tlm::TLM_OK_RESPONSE);
    }

    std::function<void()> accessed_;
};

}  // namespace platform::uml
