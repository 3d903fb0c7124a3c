// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>

#include "models/media/ram_store.h"
#include "models/nvme/module/nvme_controller.h"
#include "platform/driver/host_driver.h"
#include "tests/bench/light.h"

// Commands per host second, and the ratio to the speed of light: bench CASE [COMMANDS].
namespace bench {
namespace {

struct Case {
    const char* name;
    std::uint32_t bytes;
    unsigned depth;
    bool random;
    std::uint64_t commands;
};
constexpr Case kCases[] = {
    {"rand_read_4k_qd1", 4096, 1, true, 300'000},
    {"rand_read_4k_qd32", 4096, 32, true, 1'000'000},
    {"seq_read_128k_qd8", 128 * 1024, 8, false, 60'000},
};

constexpr std::size_t kSlices = 21;
constexpr std::uint64_t kNamespaceBytes = 64ull << 20;
using SteadyClock = std::chrono::steady_clock;

class Bench : public sc_core::sc_module {
public:
    NVME_HAS_PROCESS(Bench);
    Bench(const sc_core::sc_module_name& name, const Case& c, std::uint64_t commands)
        : sc_module(name),
          case_(c),
          commands_(commands),
          host_("host", two_slots()),
          controller_("nvme0"),
          light_("light", host_.memory, kNamespaceBytes),
          driver_(host_, host_.attach(controller_)) {
        light_.dma.bind(host_.root_complex.upstream[1]);
        nvme::NamespaceConfig ns;
        ns.lba_size = 4096;
        (void)controller_.add_namespace(ns, std::make_unique<media::RamStore>(kNamespaceBytes));
        SC_THREAD(run);
    }
    bool failed = false;

private:
    static platform::HostPlatformParams two_slots() {
        platform::HostPlatformParams p;
        p.root_complex.endpoints = 2;
        return p;
    }
    static void completed(void* context, const platform::Completion& c) {
        auto* self = static_cast<Bench*>(context);
        if (!c.ok()) self->failed = true;
        ++self->done_;
    }

    void submit(std::uint64_t index) {
        const std::uint64_t units = kNamespaceBytes / case_.bytes;
        random_ = random_ * 6364136223846793005ull + 1442695040888963407ull;
        const std::uint64_t at = case_.random ? (random_ >> 33) % units : index % units;
        const std::uint32_t blocks = case_.bytes / 4096;
        const auto entry = platform::commands::read(1, at * blocks, blocks);
        const platform::Transfer data(buffer_.gpa + index % case_.depth * case_.bytes, case_.bytes);
        const auto t =
            driver_.submit(1, entry, data, {&completed, this}, platform::Doorbell::kLater);
        if (t.error != platform::DriverError::kNone) failed = true;
    }

    /// Keeps `depth` reads under way until `count` are done; returns how often it had to wait.
    std::uint64_t drive(std::uint64_t count) {
        std::uint64_t submitted = 0, wakes = 0;
        done_ = 0;
        while (done_ < count && !failed) {
            for (; submitted < count && submitted - done_ < case_.depth; ++submitted)
                submit(submitted);
            driver_.ring(1);
            driver_.wait_any(1);
            ++wakes;
        }
        return wakes;
    }

    /// What one command costs, averaged over `count` of them.
    Load measure(std::uint64_t count) {
        const auto dma0 = controller_.dma_counters();
        const std::uint64_t runs0 = controller_.activations();
        const std::uint64_t wakes = drive(count);
        const auto dma1 = controller_.dma_counters();
        const auto per = [count](std::uint64_t n) {
            return static_cast<double>(n) / static_cast<double>(count);
        };
        Load load;
        load.data_bytes = case_.bytes;
        load.random = case_.random;
        load.data_direct = dma1.direct != dma0.direct;
        load.activations = per(controller_.activations() - runs0);
        load.transactions = per(dma1.transactions - dma0.transactions);
        load.direct = per(dma1.direct - dma0.direct);
        if (load.data_direct)
            load.direct -= load.data_pieces();
        else
            load.transactions -= case_.bytes / 4096.0;
        load.host_wakes = per(wakes);
        load.doorbells = 2 * load.host_wakes;  // a tail and a head for each round of the driver
        return load;
    }

    void run() {
        failed = driver_.bring_up() != platform::DriverError::kNone ||
                 driver_.create_io_queues(1, 64) != platform::DriverError::kNone;
        buffer_ = driver_.allocate(std::uint64_t{case_.bytes} * case_.depth);
        fill();
        const std::uint64_t slice = commands_ / kSlices + 1;
        light_.run(measure(slice), slice, case_.depth);  // warm-up, and what a command costs

        // Model and light take turns in short slices, so that both see the same noise.
        const Load load = measure(slice);
        std::array<double, kSlices> ratios{};
        double model_seconds = 0;
        for (double& ratio : ratios) {
            const auto t0 = SteadyClock::now();
            drive(slice);
            const auto t1 = SteadyClock::now();
            light_.run(load, slice, case_.depth);
            const auto t2 = SteadyClock::now();
            const double model = std::chrono::duration<double>(t1 - t0).count();
            ratio = std::chrono::duration<double>(t2 - t1).count() / model;
            model_seconds += model;
        }
        std::nth_element(ratios.begin(), ratios.begin() + kSlices / 2, ratios.end());
        std::printf("case=%s commands_per_s=%.0f light_ratio=%.2f\n", case_.name,
                    static_cast<double>(slice * kSlices) / model_seconds, ratios[kSlices / 2]);
        std::fprintf(stderr,
                     "  per command: %.2f device wake-ups, %.2f transactions, %.2f direct copies, "
                     "%.2f host wake-ups\n",
                     load.activations, load.transactions, load.direct + load.data_pieces(),
                     load.host_wakes);
        sc_core::sc_stop();
    }

    /// Reading blocks that were never written would measure the kernel's zero page.
    void fill() {
        const auto chunk = driver_.allocate(128 * 1024);
        std::memset(chunk.data, 0x5a, chunk.size);
        for (std::uint64_t lba = 0; lba < kNamespaceBytes / 4096; lba += 32)
            if (!driver_.write(1, lba, 32, chunk).ok()) failed = true;
        if (!driver_.flush(1).ok()) failed = true;
        driver_.release(chunk);
    }

    const Case& case_;
    const std::uint64_t commands_;
    platform::HostPlatform host_;
    nvme::NvmeController controller_;
    Light light_;
    platform::HostDriver driver_;
    platform::DmaBuffer buffer_;
    std::uint64_t random_ = 1, done_ = 0;
};

}  // namespace
}  // namespace bench

int sc_main(int argc, char* argv[]) {
    sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    for (const bench::Case& c : bench::kCases) {
        if (argc < 2 || std::strcmp(argv[1], c.name) != 0) continue;
        const std::uint64_t commands = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : c.commands;
        bench::Bench b("bench", c, commands == 0 ? 1 : commands);
        sc_core::sc_start();
        return b.failed ? 1 : 0;
    }
    std::fprintf(stderr, "usage: %s CASE [COMMANDS]; cases:\n", argv[0]);
    for (const bench::Case& c : bench::kCases) std::fprintf(stderr, "  %s\n", c.name);
    return 2;
}
