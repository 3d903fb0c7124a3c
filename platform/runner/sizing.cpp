// SPDX-License-Identifier: Apache-2.0
#include "platform/runner/sizing.h"

#include <algorithm>

#include "platform/modules/host_platform.h"
#include "platform/runner/stream_runner.h"

namespace platform {

namespace {

constexpr std::uint64_t kPage = 4096;
constexpr std::uint64_t kSpareMemory = 64 << 20;  // driver structures and fragmentation
constexpr std::uint32_t kSmallestQueue = 2;

std::uint64_t max_transfer(const nvme::ControllerParams& controller) {
    return kPage << controller.mdts;
}

/// Host memory of one stream: data, queues, and a PRP list for each command.
std::uint64_t memory_of(const Stream& stream, const nvme::ControllerParams& controller) {
    const std::uint64_t data = std::max(stream.largest_request + kPage - 1, kPage) / kPage * kPage;
    const std::uint64_t entries = queue_entries(stream, controller);
    const std::uint64_t list = max_transfer(controller) / kPage * 8 + 2 * kPage;
    return stream.depth * data + entries * (list + 80) + 2 * kPage;
}

std::size_t count_streams(const Wave& wave, std::size_t controller) {
    return static_cast<std::size_t>(
        std::count_if(wave.begin(), wave.end(),
                      [&](const Stream& stream) { return stream.controller == controller; }));
}

void check_wave(const Wave& wave, std::size_t number, const nvme::ControllerParams& controller,
                std::vector<std::string>& problems) {
    if (const std::size_t streams = count_streams(wave, number); streams > controller.max_io_queues)
        problems.push_back(std::to_string(streams) +
                           " jobs at a time need as many queues, but max_io_queues is " +
                           std::to_string(controller.max_io_queues) +
                           (wave.front().reporting ? ": reduce numjobs" : ""));
    const std::string* told = nullptr;  // once for all clones of a job
    for (const Stream& stream : wave) {
        if (stream.controller != number || stream.depth < controller.max_queue_entries) continue;
        if (told != nullptr && *told == stream.group) continue;
        told = &stream.group;
        problems.push_back(stream.group + ": depth " + std::to_string(stream.depth) +
                           " needs max_queue_entries of at least " +
                           std::to_string(std::uint64_t{stream.depth} + 1) + ", it is " +
                           std::to_string(controller.max_queue_entries));
    }
}

}  // namespace

std::uint32_t queue_entries(const Stream& stream, const nvme::ControllerParams& controller) {
    const std::uint64_t wanted = StreamRunner::queue_entries(stream, max_transfer(controller));
    return static_cast<std::uint32_t>(
        std::clamp<std::uint64_t>(wanted, kSmallestQueue, controller.max_queue_entries));
}

std::size_t most_streams(const Workload& workload, std::size_t controller) {
    std::size_t most = 1;
    for (const Wave& wave : workload) most = std::max(most, count_streams(wave, controller));
    return most;
}

std::uint64_t memory_of(const Workload& workload, std::size_t controller,
                        const nvme::ControllerParams& params) {
    std::uint64_t most = kSpareMemory;
    for (const Wave& wave : workload) {
        std::uint64_t sum = kSpareMemory;
        for (const Stream& stream : wave)
            if (stream.controller == controller) sum += memory_of(stream, params);
        most = std::max(most, sum);
    }
    return (most + kPage - 1) / kPage * kPage;
}

std::vector<std::string> check_workload(const Workload& workload, const SystemSpec& system) {
    std::vector<std::string> problems;
    std::uint64_t memory = 0;
    for_each_controller(system,
                        [&](std::size_t number, std::size_t, const ControllerSpec& controller) {
                            for (const Wave& wave : workload)
                                check_wave(wave, number, controller.params, problems);
                            memory += memory_of(workload, number, controller.params);
                        });
    if (memory > HostPlatform::kMaxRamBytes)
        problems.push_back("the requests in flight need " + std::to_string(memory >> 20) +
                           " MiB of host memory, the host has at most " +
                           std::to_string(HostPlatform::kMaxRamBytes >> 20) +
                           " MiB: reduce depth, block size or number of jobs");
    return problems;
}

}  // namespace platform
