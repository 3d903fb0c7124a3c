// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "models/nvme/module/nvme_controller.h"
#include "platform/config/namespace_spec.h"
#include "platform/config/program_config.h"
#include "platform/driver/host_driver.h"
#include "platform/modules/host_platform.h"
#include "platform/runner/request_source.h"
#include "platform/runner/run_result.h"
#include "platform/runner/sizing.h"
#include "platform/runner/stream_runner.h"

namespace platform {

/// A host, its controllers and their namespaces, and a reference driver for each controller; they
/// execute a workload: bring-up, identification, the waves of the workload, shutdown. One per
/// process, because SystemC elaborates once.
class Runner {
public:
    struct Progress {
        double fraction = 0;  ///< of the workload, 0 to 1
        util::TimePs simulated = 0;
        std::uint64_t requests = 0;  ///< completed
    };
    using OnProgress = std::function<void(const Progress&)>;

    /// Of `run`, what the driver does. The workload has passed check_workload(). SC_ERROR when the
    /// parameters are bad. The namespaces are those of each subsystem.
    Runner(const SystemSpec& system, const RunOptions& run,
           std::vector<std::vector<OpenNamespace>> namespaces, Workload workload);
    ~Runner();

    /// Counted through all subsystems, from 0.
    [[nodiscard]] nvme::NvmeController& controller(std::size_t number);
    /// Any controller of the subsystem.
    [[nodiscard]] nvme::NvmeController& controller_of(std::size_t subsystem);
    /// Called now and then while the workload runs.
    void set_progress(OnProgress on_progress) { on_progress_ = std::move(on_progress); }
    /// Called once for each device, when it was identified.
    void set_on_device(std::function<void(const DeviceListing&)> call) {
        on_device_ = std::move(call);
    }
    /// Becomes true (in a signal handler) when the run is to end early, in good order.
    void set_interrupt(const std::atomic<bool>* interrupt);

    /// Simulates from beginning to end. Once.
    [[nodiscard]] RunResult run();

private:
    struct Device;

    void add_devices(const SystemSpec& system, const RunOptions& run);
    void script();
    [[nodiscard]] bool bring_up();
    [[nodiscard]] bool bring_up(Device& device);
    [[nodiscard]] bool tune(HostDriver& driver);
    [[nodiscard]] bool well(const Completion& completion, const char* what);
    void run_wave(std::size_t index);
    void run_stream(std::size_t index);
    [[nodiscard]] bool waits(std::size_t index) const;
    [[nodiscard]] bool create_queue(Device& device, std::uint16_t qid, const Stream& stream);
    [[nodiscard]] bool interrupted() const;
    void tear_down();
    void report_progress();
    [[nodiscard]] bool step(DriverError error, const char* what);

    Workload workload_;
    HostPlatform host_;
    const DriverTuning tuning_;
    RunResult result_;
    std::vector<std::unique_ptr<Device>> devices_;
    const util::ScTimePs time_;
    OnProgress on_progress_;
    std::function<void(const DeviceListing&)> on_device_;
    sc_core::sc_event stream_ended_{"stream_ended"};
    std::size_t wave_ = 0;
    util::TimePs wave_began_ = 0;
    std::uint64_t requests_ = 0;
    /// Of the wave that runs. Not on the stack of the process: that is not unwound when time ends.
    std::vector<std::unique_ptr<StreamRunner>> runners_;
    std::vector<bool> ended_;  // each of them
    bool workload_ended_ = false;
    /// With commands that never completed: the driver may still call them.
    std::vector<std::unique_ptr<StreamRunner>> stuck_;
};

}  // namespace platform
