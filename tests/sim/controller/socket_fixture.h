// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include <tlm_utils/simple_initiator_socket.h>

#include "models/nvme/module/nvme_controller.h"
#include "platform/modules/memory.h"
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

    explicit SocketTest(const ControllerParams& params = {});
    ~SocketTest() override;

    static tlm::tlm_response_status send(Socket& socket, tlm::tlm_generic_payload& tx);
    static tlm::tlm_response_status write(Socket& socket, std::uint64_t address,
                                          std::uint64_t value, unsigned size);
    static tlm::tlm_response_status read(Socket& socket, std::uint64_t address,
                                         std::uint64_t& value, unsigned size);
    static std::uint64_t read(Socket& socket, std::uint64_t address, unsigned size);
    /// Command register: Memory Space Enable and Bus Master Enable.
    void enable_function();

    NvmeController controller;
    Initiators cpu;
    platform::Memory memory;
};

}  // namespace nvme::test
