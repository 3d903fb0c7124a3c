// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/nvme/controller/nvme_controller.h"
#include "platform/config/namespace_spec.h"
#include "platform/config/program_config.h"
#include "platform/driver/host_driver.h"
#include "platform/modules/host_platform.h"
#include "platform/runner/request_source.h"
#include "platform/runner/run_result.h"
#include "platform/runner/stream_runner.h"

namespace platform {

struct RunnerOptions {
    nvme::ControllerParams controller;
    Signal interrupts = Signal::kMsix;
};

/// What the workload needs and the controller or the host lacks, one line each.
[[nodiscard]] std::vector<std::string> check_workload(const Workload& workload,
                                                      const nvme::ControllerParams& controller);

/// A host, one controller and its namespaces, and the reference driver that executes a workload:
/// bring-up, identification, the waves of the workload, shutdown. One per process, because SystemC
/// elaborates once.
class Runner {
public:
    struct Progress {
        double fraction = 0;  ///< of the workload, 0 to 1
        util::TimePs simulated = 0;
        std::uint64_t requests = 0;  ///< completed
    };
    using OnProgress = std::function<void(const Progress&)>;

    /// The workload has passed check_workload(). SC_ERROR when the parameters are bad.
    Runner(const RunnerOptions& options, std::vector<OpenNamespace> namespaces, Workload workload);
    ~Runner();

    [[nodiscard]] nvme::NvmeController& controller() { return controller_; }
    /// Called now and then while the workload runs.
    void set_progress(OnProgress on_progress) { on_progress_ = std::move(on_progress); }
    /// Called once, when the device was identified.
    void set_on_device(std::function<void(const DeviceListing&)> call) {
        on_device_ = std::move(call);
    }
    /// Becomes true (in a signal handler) when the run is to end early, in good order.
    void set_interrupt(const std::atomic<bool>* interrupt) { context_.interrupt = interrupt; }

    /// Simulates from beginning to end. Once.
    [[nodiscard]] RunResult run();

private:
    void script();
    [[nodiscard]] bool bring_up();
    void run_wave(std::size_t index);
    [[nodiscard]] bool create_queue(std::uint16_t qid, const Stream& stream);
    void tear_down(std::vector<std::unique_ptr<StreamRunner>> runners);
    void report_progress();
    [[nodiscard]] bool step(DriverError error, const char* what);

    const RunnerOptions options_;
    Workload workload_;
    HostPlatform host_;
    nvme::NvmeController controller_;
    HostDriver driver_;
    RunResult result_;
    RunContext context_;
    OnProgress on_progress_;
    std::function<void(const DeviceListing&)> on_device_;
    sc_core::sc_event wave_ended_{"wave_ended"};
    std::size_t wave_ = 0;
    util::TimePs wave_began_ = 0;
    std::uint64_t requests_ = 0;
    /// With commands that never completed: the driver may still call them.
    std::vector<std::unique_ptr<StreamRunner>> stuck_;
};

}  // namespace platform
