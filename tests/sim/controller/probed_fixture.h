// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <memory>
#include <random>

#include "models/media/ram_store.h"
#include "models/nvme/module/nvme_controller.h"
#include "platform/modules/host_platform.h"
#include "platform/modules/payload.h"
#include "tests/sim/controller/dma_probe.h"
#include "tests/sim/controller/driver_helpers.h"
#include "tests/sim/controller/probed_endpoint.h"
#include "tests/sim/controller/trace_recorder.h"
#include "tests/sim/support/sim_test.h"

namespace nvme::test {

/// As ControllerTest, with a probe in the way of the controller's DMA, and its event trace
/// recorded.
class ProbedTest : public SimTest {
protected:
    explicit ProbedTest(const ControllerParams& params = {},
                        const platform::DriverOptions& options = {},
                        const platform::HostPlatformParams& host_params = {})
        : host("host", host_params),
          controller("nvme0", params),
          probe("probe"),
          driver(host, attach_probed(host, controller, probe), options) {
        NamespaceConfig config;
        EXPECT_EQ(controller.add_namespace(config, std::make_unique<media::RamStore>(64ull << 20)),
                  "");
        controller.set_trace(&trace);
    }

    void bring_up(std::uint16_t queues = 1, std::uint32_t depth = 64) {
        ASSERT_EQ(driver.bring_up(), platform::DriverError::kNone);
        ASSERT_EQ(driver.create_io_queues(queues, depth), platform::DriverError::kNone);
    }

    /// A register write that takes effect `delay` from now, as of a temporally decoupled CPU.
    void write_later(std::uint32_t offset, std::uint32_t value, sc_core::sc_time delay) {
        access_later(tlm::TLM_WRITE_COMMAND, driver.pci().bar(0) + offset, &value, 4, delay);
    }
    /// The same for any address that the CPU can reach, and for reads.
    void access_later(tlm::tlm_command command, std::uint64_t address, void* data, unsigned size,
                      sc_core::sc_time delay) {
        tlm::tlm_generic_payload tx;
        platform::prepare(tx, command, address, data, size);
        host.cpu.socket->b_transport(tx, delay);
        EXPECT_EQ(tx.get_response_status(), tlm::TLM_OK_RESPONSE);
    }

    /// From now on every access and message of the controller keeps its process for a while, up to
    /// `most`, before it reaches the host.
    void slow_down(sc_core::sc_time most) {
        probe.hook = [this, most](const DmaAccess&, sc_core::sc_time&) {
            sc_core::wait(most * (static_cast<double>(pauses_() % 1024) / 1024));
            return tlm::TLM_OK_RESPONSE;
        };
    }

    /// The device's vector `vector` has arrived this often at the host.
    [[nodiscard]] std::uint64_t messages(unsigned vector) {
        return host.interrupts.count(driver.host_vector(vector));
    }

    platform::HostPlatform host;
    NvmeController controller;
    DmaProbe probe;
    platform::HostDriver driver;
    TraceRecorder trace;

private:
    std::mt19937_64 pauses_{1};
};

}  // namespace nvme::test
