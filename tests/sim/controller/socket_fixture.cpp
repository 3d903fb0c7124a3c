// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/controller/socket_fixture.h"

#include "platform/modules/payload.h"

namespace nvme::test {

SocketTest::SocketTest(const ControllerParams& params)
    : controller("nvme0", params), cpu("cpu"), memory("memory", {}) {
    cpu.bar0.bind(controller.bar0);
    cpu.bar4.bind(controller.bar4);
    cpu.config.bind(controller.config);
    controller.dma.bind(memory.socket);
}

SocketTest::~SocketTest() = default;

tlm::tlm_response_status SocketTest::send(Socket& socket, tlm::tlm_generic_payload& tx) {
    sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
    socket->b_transport(tx, delay);
    EXPECT_EQ(delay, sc_core::SC_ZERO_TIME);
    return tx.get_response_status();
}

tlm::tlm_response_status SocketTest::write(Socket& socket, std::uint64_t address,
                                           std::uint64_t value, unsigned size) {
    tlm::tlm_generic_payload tx;
    platform::prepare(tx, tlm::TLM_WRITE_COMMAND, address, &value, size);
    return send(socket, tx);
}

tlm::tlm_response_status SocketTest::read(Socket& socket, std::uint64_t address,
                                          std::uint64_t& value, unsigned size) {
    value = 0;
    tlm::tlm_generic_payload tx;
    platform::prepare(tx, tlm::TLM_READ_COMMAND, address, &value, size);
    return send(socket, tx);
}

std::uint64_t SocketTest::read(Socket& socket, std::uint64_t address, unsigned size) {
    std::uint64_t value = 0;
    EXPECT_EQ(read(socket, address, value, size), tlm::TLM_OK_RESPONSE);
    return value;
}

void SocketTest::enable_function() {
    EXPECT_EQ(write(cpu.config, 4, 6, 2), tlm::TLM_OK_RESPONSE);
}

}  // namespace nvme::test
