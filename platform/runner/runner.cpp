// SPDX-License-Identifier: Apache-2.0
#include "platform/runner/runner.h"

#include <algorithm>
#include <chrono>
#include <sstream>
#include <utility>

#include "platform/runner/device_listing.h"

namespace platform {

namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kSpareMemory = 64 << 20;  // driver structures and fragmentation
constexpr unsigned kProgressInterval = 64;        // requests between two looks at the host's clock
constexpr std::uint32_t kSmallestQueue = 2;

std::uint64_t max_transfer(const nvme::ControllerParams& controller) {
    return kPage << controller.mdts;
}

std::uint32_t entries_of(const Stream& stream, const nvme::ControllerParams& controller) {
    const std::uint64_t wanted = StreamRunner::queue_entries(stream, max_transfer(controller));
    return static_cast<std::uint32_t>(
        std::clamp<std::uint64_t>(wanted, kSmallestQueue, controller.max_queue_entries));
}

/// Host memory of one stream: data, queues, and a PRP list for each command.
std::uint64_t memory_of(const Stream& stream, const nvme::ControllerParams& controller) {
    const std::uint64_t data = std::max(stream.largest_request + kPage - 1, kPage) / kPage * kPage;
    const std::uint64_t entries = entries_of(stream, controller);
    const std::uint64_t list = max_transfer(controller) / kPage * 8 + 2 * kPage;
    return stream.depth * data + entries * (list + 80) + 2 * kPage;
}

std::uint64_t memory_of(const Workload& workload, const nvme::ControllerParams& controller) {
    std::uint64_t most = 0;
    for (const Wave& wave : workload) {
        std::uint64_t sum = kSpareMemory;
        for (const Stream& stream : wave) sum += memory_of(stream, controller);
        most = std::max(most, sum);
    }
    return (most + kPage - 1) / kPage * kPage;
}

std::size_t widest(const Workload& workload) {
    std::size_t most = 1;
    for (const Wave& wave : workload) most = std::max(most, wave.size());
    return most;
}

std::uint16_t vectors_for(const Workload& workload, const nvme::ControllerParams& controller) {
    return static_cast<std::uint16_t>(
        std::min<std::size_t>(widest(workload) + 1, controller.msix_vectors));
}

HostPlatformParams host_params(const Workload& workload, const RunnerOptions& options) {
    HostPlatformParams params;
    params.memory.size = std::max(params.memory.size, memory_of(workload, options.controller));
    params.interrupt_vectors =
        std::max<unsigned>(params.interrupt_vectors, vectors_for(workload, options.controller));
    return params;
}

DriverOptions driver_options(const Workload& workload, const RunnerOptions& options) {
    DriverOptions result;
    result.vectors = vectors_for(workload, options.controller);
    switch (options.interrupts) {
        case Signal::kMsix:
            result.interrupts = InterruptMode::kMsix;
            break;
        case Signal::kIntx:
            result.interrupts = InterruptMode::kIntx;
            break;
        case Signal::kPolled:
            result.interrupts = InterruptMode::kPolled;
            break;
    }
    return result;
}

}  // namespace

std::vector<std::string> check_workload(const Workload& workload,
                                        const nvme::ControllerParams& controller) {
    std::vector<std::string> problems;
    for (const Wave& wave : workload) {
        if (wave.size() > controller.max_io_queues)
            problems.push_back(std::to_string(wave.size()) +
                               " jobs at a time need as many queues, but max_io_queues is " +
                               std::to_string(controller.max_io_queues));
        const std::string* told = nullptr;  // once for all clones of a job
        for (const Stream& stream : wave) {
            if (stream.depth < controller.max_queue_entries) continue;
            if (told != nullptr && *told == stream.group) continue;
            told = &stream.group;
            problems.push_back(stream.group + ": depth " + std::to_string(stream.depth) +
                               " needs max_queue_entries of at least " +
                               std::to_string(std::uint64_t{stream.depth} + 1) + ", it is " +
                               std::to_string(controller.max_queue_entries));
        }
    }
    if (const std::uint64_t memory = memory_of(workload, controller);
        memory > HostPlatform::kMaxRamBytes)
        problems.push_back("the requests in flight need " + std::to_string(memory >> 20) +
                           " MiB of host memory, the host has at most " +
                           std::to_string(HostPlatform::kMaxRamBytes >> 20) +
                           " MiB: reduce depth, block size or number of jobs");
    return problems;
}

Runner::Runner(const RunnerOptions& options, std::vector<OpenNamespace> namespaces,
               Workload workload)
    : options_(options),
      workload_(std::move(workload)),
      host_("host", host_params(workload_, options_)),
      controller_("nvme0", options_.controller),
      driver_(host_, host_.attach(controller_), driver_options(workload_, options_)),
      context_{driver_, result_.errors, {}, nullptr, {}} {
    for (OpenNamespace& ns : namespaces) {
        const std::string wrong = controller_.add_namespace(ns.config, std::move(ns.store));
        if (!wrong.empty()) result_.errors.add(RunErrors::Kind::kDriver, wrong);
    }
    context_.on_completion = [this] {
        if (++requests_ % kProgressInterval == 0) report_progress();
    };
    sc_core::sc_spawn([this] { script(); }, "workload");
}

Runner::~Runner() = default;

RunResult Runner::run() {
    const auto begin = std::chrono::steady_clock::now();
    sc_core::sc_start();
    const std::chrono::duration<double> host = std::chrono::steady_clock::now() - begin;
    result_.host_seconds = host.count();
    result_.simulated = context_.time.now();
    result_.protocol_errors = driver_.protocol_errors();
    result_.missed_interrupts = driver_.missed_interrupts();
    result_.interrupted = context_.interrupted();
    return std::move(result_);
}

void Runner::script() {
    if (bring_up()) {
        for (std::size_t i = 0; i < workload_.size() && !context_.interrupted(); ++i) run_wave(i);
        (void)step(driver_.shutdown(), "shutdown");
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
    using Cdw11 = spec::NumberOfQueuesCdw11;
    if (!step(driver_.bring_up(), "bring-up")) return false;
    result_.device = list_device(driver_);
    if (on_device_) on_device_(result_.device);
    const auto asked = static_cast<std::uint32_t>(widest(workload_) - 1);
    const Completion granted =
        driver_.set_features(spec::FeatureId::kNumberOfQueues,
                             Cdw11{}.with<Cdw11::Nsqr>(asked).with<Cdw11::Ncqr>(asked).raw);
    return step(granted.ok() ? DriverError::kNone : DriverError::kCommandFailed,
                "Set Features (Number of Queues)");
}

bool Runner::create_queue(std::uint16_t qid, const Stream& stream) {
    QueuePairOptions pair;
    pair.qid = qid;
    pair.depth = entries_of(stream, options_.controller);
    pair.vector = static_cast<std::uint16_t>(driver_.vectors() == 0 ? 0 : qid % driver_.vectors());
    const Completion created = driver_.create_queue_pair(pair);
    if (created.ok()) return true;
    std::ostringstream text;
    text << stream.name << ": queue pair " << qid << " cannot be created: " << created;
    result_.errors.add(RunErrors::Kind::kDriver, text.str());
    return false;
}

void Runner::run_wave(std::size_t index) {
    Wave& wave = workload_[index];
    wave_ = index;
    std::vector<std::unique_ptr<StreamRunner>> runners;
    for (Stream& stream : wave) {
        const auto qid = static_cast<std::uint16_t>(runners.size() + 1);
        auto result = std::make_unique<StreamResult>();
        result->name = stream.name;
        result->group = stream.group;
        result->wave = static_cast<unsigned>(index);
        result->queue = qid;
        result->depth = stream.depth;
        result_.streams.push_back(std::move(result));
        runners.push_back(
            std::make_unique<StreamRunner>(context_, stream, *result_.streams.back(), qid));
        if (!create_queue(qid, stream)) return tear_down(std::move(runners));
        if (!runners.back()->allocate()) {
            (void)step(DriverError::kNoResources, "buffers");
            return tear_down(std::move(runners));
        }
    }
    wave_began_ = context_.time.now();
    std::size_t running = runners.size();
    for (std::size_t i = 0; i < runners.size(); ++i) {
        const std::string name = "wave_" + std::to_string(index) + "_" + std::to_string(i);
        sc_core::sc_spawn(
            [&, runner = runners[i].get()] {
                runner->run();
                if (--running == 0) wave_ended_.notify();
            },
            name.c_str());
    }
    while (running != 0) sc_core::wait(wave_ended_);
    tear_down(std::move(runners));
}

/// Deletes the queues first: that is what ends commands that never completed.
void Runner::tear_down(std::vector<std::unique_ptr<StreamRunner>> runners) {
    for (const std::uint16_t qid : driver_.io_queues()) {
        const Completion deleted = driver_.delete_queue_pair(qid);
        if (!deleted.ok()) (void)step(DriverError::kCommandFailed, "deleting a queue pair");
    }
    for (auto& runner : runners)
        if (!runner->idle()) stuck_.push_back(std::move(runner));
}

void Runner::report_progress() {
    if (!on_progress_) return;
    const util::TimePs now = context_.time.now();
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
