// SPDX-License-Identifier: Apache-2.0
#include "platform/runner/runner.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <sstream>
#include <utility>

#include "models/util/simulate.h"
#include "platform/runner/device_listing.h"

namespace platform {

namespace {

constexpr unsigned kProgressInterval = 64;  // requests between two looks at the host's clock

std::uint16_t vectors_for(const Workload& workload, std::size_t number,
                          const nvme::ControllerParams& controller) {
    return static_cast<std::uint16_t>(
        std::min<std::size_t>(most_streams(workload, number) + 1, controller.msix_vectors));
}

HostPlatformParams host_params(const Workload& workload, const SystemSpec& system,
                               const RunOptions& run) {
    HostPlatformParams params;
    std::uint64_t memory = 0;
    unsigned vectors = 0;
    for_each_controller(system,
                        [&](std::size_t number, std::size_t, const ControllerSpec& controller) {
                            memory += memory_of(workload, number, controller.params);
                            vectors += vectors_for(workload, number, controller.params);
                        });
    params.memory.size = std::max(params.memory.size, memory);
    params.interrupt_vectors = std::max(params.interrupt_vectors, vectors);
    params.root_complex.endpoints = static_cast<unsigned>(count_controllers(system));
    params.root_complex.bandwidth = run.root_complex_bandwidth;
    params.root_complex.latency_ns = run.root_complex_latency_ns;
    return params;
}

InterruptMode mode_of(Signal interrupts) {
    switch (interrupts) {
        case Signal::kMsix:
            return InterruptMode::kMsix;
        case Signal::kIntx:
            return InterruptMode::kIntx;
        case Signal::kPolled:
            return InterruptMode::kPolled;
    }
    return InterruptMode::kMsix;
}

bool has_priorities(const Workload& workload, std::size_t number) {
    for (const Wave& wave : workload)
        for (const Stream& stream : wave)
            if (stream.controller == number && stream.priority) return true;
    return false;
}

std::string with_number(const char* name, std::size_t number) {
    return name + std::to_string(number);
}

}  // namespace

/// A controller and its driver.
struct Runner::Device {
    Device(HostPlatform& host, std::size_t number_, std::size_t subsystem_,
           const nvme::ControllerParams& params, std::shared_ptr<nvme::Subsystem> shared,
           const DriverOptions& options, RunErrors& errors)
        : number(number_),
          subsystem(subsystem_),
          controller(with_number("nvme", number_).c_str(), params, std::move(shared)),
          driver(host, host.attach(controller), options),
          context{driver, errors, {}, nullptr, {}} {}

    const std::size_t number, subsystem;
    nvme::NvmeController controller;
    HostDriver driver;
    RunContext context;
    std::uint16_t queues = 0;  // of the wave that runs
};

Runner::Runner(const SystemSpec& system, const RunOptions& run,
               std::vector<std::vector<OpenNamespace>> namespaces, Workload workload)
    : workload_(std::move(workload)),
      host_("host", host_params(workload_, system, run)),
      tuning_(driver_tuning(run)) {
    add_devices(system, run);
    for (std::size_t i = 0; i < namespaces.size(); ++i)
        for (OpenNamespace& ns : namespaces[i]) {
            const std::string wrong =
                controller_of(i).add_namespace(ns.config, std::move(ns.store));
            if (!wrong.empty()) result_.errors.add(RunErrors::Kind::kDriver, wrong);
        }
    sc_core::sc_spawn([this] { script(); }, "workload");
}

void Runner::add_devices(const SystemSpec& system, const RunOptions& run) {
    std::uint64_t memory = 0;  // that is taken
    for_each_controller(
        system, [&](std::size_t number, std::size_t subsystem, const ControllerSpec& spec) {
            DriverOptions options;
            options.interrupts = mode_of(run.interrupts);
            options.costs = host_costs(run);
            options.weighted_round_robin = has_priorities(workload_, number);
            options.vectors = vectors_for(workload_, number, spec.params);
            // Page 0 stays unused, so that a null address is never a good one.
            const std::uint64_t end = memory + memory_of(workload_, number, spec.params);
            options.memory_base = std::max(memory, HostMemoryAllocator::kPageBytes);
            options.memory_bytes = end - options.memory_base;
            memory = end;
            const bool first = devices_.empty() || devices_.back()->subsystem != subsystem;
            std::shared_ptr<nvme::Subsystem> shared =
                first ? nvme::NvmeController::make_subsystem(spec.params)
                      : devices_.back()->controller.shared_subsystem();
            Device& device = *devices_.emplace_back(std::make_unique<Device>(
                host_, number, subsystem, spec.params, std::move(shared), options, result_.errors));
            device.context.on_completion = [this] {
                if (++requests_ % kProgressInterval == 0) report_progress();
            };
        });
}

Runner::~Runner() = default;

nvme::NvmeController& Runner::controller(std::size_t number) {
    return devices_[number]->controller;
}

nvme::NvmeController& Runner::controller_of(std::size_t subsystem) {
    return (*std::find_if(devices_.begin(), devices_.end(),
                          [&](const auto& device) { return device->subsystem == subsystem; }))
        ->controller;
}

void Runner::set_interrupt(const std::atomic<bool>* interrupt) {
    for (const auto& device : devices_) device->context.interrupt = interrupt;
}

bool Runner::interrupted() const {
    return devices_.front()->context.interrupted();
}

RunResult Runner::run() {
    const auto begin = std::chrono::steady_clock::now();
    const std::clock_t cpu_begin = std::clock();
    const util::Ended ended = util::simulate();
    const std::chrono::duration<double> host = std::chrono::steady_clock::now() - begin;
    result_.host_seconds = host.count();
    result_.cpu_seconds =
        static_cast<double>(std::clock() - cpu_begin) / static_cast<double>(CLOCKS_PER_SEC);
    result_.simulated = time_.now();
    if (ended != util::Ended::kStopped)
        result_.errors.add(RunErrors::Kind::kDriver, util::problem_of(ended));
    for (const auto& device : devices_) {
        result_.protocol_errors += device->driver.protocol_errors();
        result_.missed_interrupts += device->driver.missed_interrupts();
    }
    result_.interrupted = interrupted();
    return std::move(result_);
}

void Runner::script() {
    if (bring_up()) {
        for (std::size_t i = 0; i < workload_.size() && !interrupted() && !workload_ended_; ++i)
            run_wave(i);
        for (const auto& device : devices_) (void)step(device->driver.shutdown(), "shutdown");
    }
    sc_core::sc_stop();
}

bool Runner::step(DriverError error, const char* what) {
    if (error == DriverError::kNone) return true;
    std::ostringstream text;
    text << what << ": " << error;
    result_.errors.add(RunErrors::Kind::kDriver, text.str());
    return false;
}

bool Runner::bring_up() {
    for (const auto& device : devices_)
        if (!bring_up(*device)) return false;
    return true;
}

bool Runner::bring_up(Device& device) {
    using Cdw11 = spec::NumberOfQueuesCdw11;
    if (!step(device.driver.bring_up(), "bring-up")) return false;
    result_.devices.push_back(list_device(device.driver));
    if (on_device_) on_device_(result_.devices.back());
    const auto asked = static_cast<std::uint32_t>(most_streams(workload_, device.number) - 1);
    const Completion granted =
        device.driver.set_features(spec::FeatureId::kNumberOfQueues,
                                   Cdw11{}.with<Cdw11::Nsqr>(asked).with<Cdw11::Ncqr>(asked).raw);
    return well(granted, "Set Features (Number of Queues)") && tune(device.driver);
}

bool Runner::well(const Completion& completion, const char* what) {
    const DriverError refused = completion.ok() ? DriverError::kNone : DriverError::kCommandFailed;
    return step(completion.error != DriverError::kNone ? completion.error : refused, what);
}

/// What drivers ask for where it is worth while.
bool Runner::tune(HostDriver& driver) {
    using Arbitration = spec::ArbitrationCdw11;
    using Coalescing = spec::InterruptCoalescingCdw11;
    if (tuning_.weights) {
        const auto& [high, medium, low] = *tuning_.weights;
        // Burst: no limit, so that only the weights decide.
        const Completion set = driver.set_features(spec::FeatureId::kArbitration,
                                                   Arbitration{}
                                                       .with<Arbitration::Ab>(7)
                                                       .with<Arbitration::Hpw>(high - 1)
                                                       .with<Arbitration::Mpw>(medium - 1)
                                                       .with<Arbitration::Lpw>(low - 1)
                                                       .raw);
        if (!well(set, "Set Features (Arbitration)")) return false;
    }
    if (tuning_.coalesce_completions > 1 || tuning_.coalesce_us != 0) {
        constexpr std::uint32_t kUnitUs = 100;
        const std::uint32_t entries = std::max(tuning_.coalesce_completions, 1U);
        const Completion set =
            driver.set_features(spec::FeatureId::kInterruptCoalescing,
                                Coalescing{}
                                    .with<Coalescing::Thr>(entries - 1)
                                    .with<Coalescing::Time>(tuning_.coalesce_us / kUnitUs)
                                    .raw);
        if (!well(set, "Set Features (Interrupt Coalescing)")) return false;
    }
    return !tuning_.shadow_doorbells ||
           well(driver.use_shadow_doorbells(ShadowedQueues::kIo), "Doorbell Buffer Config");
}

bool Runner::create_queue(Device& device, std::uint16_t qid, const Stream& stream) {
    HostDriver& driver = device.driver;
    QueuePairOptions pair;
    pair.qid = qid;
    pair.depth = queue_entries(stream, device.controller.params());
    pair.interrupts = !stream.polled;
    pair.priority =
        static_cast<spec::QueuePriority>(stream.priority.value_or(Job::Priority::kUrgent));
    pair.vector = static_cast<std::uint16_t>(driver.vectors() == 0 ? 0 : qid % driver.vectors());
    const Completion created = driver.create_queue_pair(pair);
    if (created.ok()) return true;
    std::ostringstream text;
    text << stream.name << ": queue pair " << qid << " cannot be created: " << created;
    result_.errors.add(RunErrors::Kind::kDriver, text.str());
    return false;
}

void Runner::run_wave(std::size_t index) {
    Wave& wave = workload_[index];
    wave_ = index;
    for (const auto& device : devices_) device->queues = 0;
    for (Stream& stream : wave) {
        Device& device = *devices_[stream.controller];
        const std::uint16_t qid = ++device.queues;
        auto result = std::make_unique<StreamResult>();
        result->name = stream.name;
        result->group = stream.group;
        result->wave = static_cast<unsigned>(index);
        result->controller = stream.controller;
        result->queue = qid;
        result->depth = stream.depth;
        result->reporting = stream.reporting;
        result_.streams.push_back(std::move(result));
        runners_.push_back(
            std::make_unique<StreamRunner>(device.context, stream, *result_.streams.back(), qid));
        if (!create_queue(device, qid, stream)) return tear_down();
        if (!runners_.back()->allocate()) {
            (void)step(DriverError::kNoResources, "buffers");
            return tear_down();
        }
    }
    wave_began_ = time_.now();
    ended_.assign(runners_.size(), false);
    for (std::size_t i = 0; i < runners_.size(); ++i) {
        const std::string name = "wave_" + std::to_string(index) + "_" + std::to_string(i);
        sc_core::sc_spawn([this, i] { run_stream(i); }, name.c_str());
    }
    while (std::find(ended_.begin(), ended_.end(), false) != ended_.end())
        sc_core::wait(stream_ended_);
    tear_down();
}

void Runner::run_stream(std::size_t index) {
    const Stream& stream = workload_[wave_][index];
    while (waits(index)) sc_core::wait(stream_ended_);
    runners_[index]->run();
    ended_[index] = true;
    workload_ended_ = workload_ended_ || stream.ends_workload;
    if (stream.ends_wave)
        for (const auto& runner : runners_) runner->end_early();
    stream_ended_.notify();
}

/// A stream in front of it that it comes after has not ended.
bool Runner::waits(std::size_t index) const {
    const Wave& wave = workload_[wave_];
    const std::string& group = wave[index].after_group;
    for (std::size_t i = 0; i < index && !group.empty(); ++i)
        if (wave[i].group == group && !ended_[i]) return true;
    return false;
}

/// Deletes the queues first: that is what ends commands that never completed.
void Runner::tear_down() {
    for (const auto& device : devices_)
        for (const std::uint16_t qid : device->driver.io_queues()) {
            const Completion deleted = device->driver.delete_queue_pair(qid);
            if (!deleted.ok()) (void)step(DriverError::kCommandFailed, "deleting a queue pair");
        }
    for (auto& runner : runners_)
        if (!runner->idle()) stuck_.push_back(std::move(runner));
    runners_.clear();
}

void Runner::report_progress() {
    if (!on_progress_) return;
    const util::TimePs now = time_.now();
    std::size_t streams = 0;
    double sum = 0;
    for (std::size_t i = 0; i < workload_.size(); ++i) {
        for (const Stream& stream : workload_[i])
            sum += i < wave_ ? 1.0 : i > wave_ ? 0.0 : stream.source->progress(now - wave_began_);
        streams += workload_[i].size();
    }
    on_progress_({streams == 0 ? 1.0 : sum / static_cast<double>(streams), now, requests_});
}

}  // namespace platform
