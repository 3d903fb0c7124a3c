// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <random>

#include "models/nvme/module/nvme_controller.h"
#include "platform/modules/host_platform.h"
#include "tests/sim/controller/dma_probe.h"
#include "tests/sim/controller/driver_helpers.h"
#include "tests/sim/controller/trace_recorder.h"
#include "tests/sim/support/sim_test.h"

namespace nvme::test {

/// As ControllerTest, with a probe in the way of the controller's DMA, and its event trace
/// recorded.
class ProbedTest : public SimTest {
protected:
    explicit ProbedTest(const ControllerParams& params = {},
                        const platform::DriverOptions& options = {},
                        const platform::HostPlatformParams& host_params = {});
    ~ProbedTest() override;

    void bring_up(std::uint16_t queues = 1, std::uint32_t depth = 64);

    /// A register write that takes effect `delay` from now, as of a temporally decoupled CPU.
    void write_later(std::uint32_t offset, std::uint32_t value, sc_core::sc_time delay);
    /// The same for any address that the CPU can reach, and for reads.
    void access_later(tlm::tlm_command command, std::uint64_t address, void* data, unsigned size,
                      sc_core::sc_time delay);

    /// From now on every access and message of the controller keeps its process for a while, up to
    /// `most`, before it reaches the host.
    void slow_down(sc_core::sc_time most);

    /// The device's vector `vector` has arrived this often at the host.
    [[nodiscard]] std::uint64_t messages(unsigned vector);

    platform::HostPlatform host;
    NvmeController controller;
    DmaProbe probe;
    platform::HostDriver driver;
    TraceRecorder trace;

private:
    std::mt19937_64 pauses_{1};
};

}  // namespace nvme::test
