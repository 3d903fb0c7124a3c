// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include <tlm_utils/simple_initiator_socket.h>

#include "models/nvme/module/nvme_controller.h"
#include "platform/modules/memory.h"
#include "platform/modules/payload.h"
#include "tests/sim/support/sim_test.h"

namespace nvme::test {

/// Bare initiators on the controller's target sockets, and RAM at `dma`: no host in between that
/// could hide how a transaction was answered.
class SocketTest : public SimTest {
protected:
    struct Initiators : sc_core::sc_module {
        explicit Initiators(const sc_core::sc_module_name& name) : sc_module(name) {}
        using Socket = tlm_utils::simple_initiator_socket<Initiators>;
        Socket bar0{"bar0"}, bar4{"bar4"}, config{"config"};
    };
    using Socket = Initiators::Socket;
    static constexpr std::uint64_t kAllOnes = ~0ull;

    explicit SocketTest(const ControllerParams& params = {})
        : controller("nvme0", params), cpu("cpu"), memory("memory", {}) {
        cpu.bar0.bind(controller.bar0);
        cpu.bar4.bind(controller.bar4);
        cpu.config.bind(controller.config);
        controller.dma.bind(memory.socket);
    }

    static tlm::tlm_response_status send(Socket& socket, tlm::tlm_generic_payload& tx) {
        sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
        socket->b_transport(tx, delay);
        EXPECT_EQ(delay, sc_core::SC_ZERO_TIME);
        return tx.get_response_status();
    }
    static tlm::tlm_response_status write(Socket& socket, std::uint64_t address,
                                          std::uint64_t value, unsigned size) {
        tlm::tlm_generic_payload tx;
        platform::prepare(tx, tlm::TLM_WRITE_COMMAND, address, &value, size);
        return send(socket, tx);
    }
    static tlm::tlm_response_status read(Socket& socket, std::uint64_t address,
                                         std::uint64_t& value, unsigned size) {
        value = 0;
        tlm::tlm_generic_payload tx;
        platform::prepare(tx, tlm::TLM_READ_COMMAND, address, &value, size);
        return send(socket, tx);
    }
    static std::uint64_t read(Socket& socket, std::uint64_t address, unsigned size) {
        std::uint64_t value = 0;
        EXPECT_EQ(read(socket, address, value, size), tlm::TLM_OK_RESPONSE);
        return value;
    }
    /// Command register: Memory Space Enable and Bus Master Enable.
    void enable_function() { EXPECT_EQ(write(cpu.config, 4, 6, 2), tlm::TLM_OK_RESPONSE); }

    NvmeController controller;
    Initiators cpu;
    platform::Memory memory;
};

}  // namespace nvme::test
