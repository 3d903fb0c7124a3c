// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/controller/probed_fixture.h"

#include <memory>

#include "models/media/store/ram_store.h"
#include "platform/modules/payload.h"
#include "tests/sim/controller/probed_endpoint.h"

namespace nvme::test {

ProbedTest::ProbedTest(const ControllerParams& params, const platform::DriverOptions& options,
                       const platform::HostPlatformParams& host_params)
    : host("host", host_params),
      controller("nvme0", params),
      probe("probe"),
      driver(host, attach_probed(host, controller, probe), options) {
    NamespaceConfig config;
    EXPECT_EQ(controller.add_namespace(config, std::make_unique<media::RamStore>(64ull << 20)), "");
    controller.set_trace(&trace);
}

ProbedTest::~ProbedTest() = default;

void ProbedTest::bring_up(std::uint16_t queues, std::uint32_t depth) {
    ASSERT_EQ(driver.bring_up(), platform::DriverError::kNone);
    ASSERT_EQ(driver.create_io_queues(queues, depth), platform::DriverError::kNone);
}

void ProbedTest::write_later(std::uint32_t offset, std::uint32_t value, sc_core::sc_time delay) {
    access_later(tlm::TLM_WRITE_COMMAND, driver.pci().bar(0) + offset, &value, 4, delay);
}

void ProbedTest::access_later(tlm::tlm_command command, std::uint64_t address, void* data,
                              unsigned size, sc_core::sc_time delay) {
    tlm::tlm_generic_payload tx;
    platform::prepare(tx, command, address, data, size);
    host.cpu.socket->b_transport(tx, delay);
    EXPECT_EQ(tx.get_response_status(), tlm::TLM_OK_RESPONSE);
}

void ProbedTest::slow_down(sc_core::sc_time most) {
    probe.hook = [this, most](const DmaAccess&, sc_core::sc_time&) {
        sc_core::wait(most * (static_cast<double>(pauses_() % 1024) / 1024));
        return tlm::TLM_OK_RESPONSE;
    };
}

std::uint64_t ProbedTest::messages(unsigned vector) {
    return host.interrupts.count(driver.host_vector(vector));
}

}  // namespace nvme::test
