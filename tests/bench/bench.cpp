// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "models/media/store/ram_store.h"
#include "models/nvme/module/nvme_controller.h"
#include "models/observe/driver_lint.h"
#include "platform/driver/host_driver.h"
#include "tests/bench/light.h"

// Commands per second of the process' CPU time, and the ratio to the speed of light, which is CPU
// time, too: bench CASE [COMMANDS], or bench list.
namespace bench {
namespace {

struct Case {
    const char* name;
    Light::Load load;
    unsigned depth;  // commands under way in each queue
    std::uint16_t queues;
    std::uint64_t commands;
    bool dirty = false;  // all of the namespace lies in the write cache
    bool lint = false;
    bool nand = false;
};
constexpr Light::Load kRandRead{4096, true, false}, kRandWrite{4096, true, true},
    kSeqRead{128 * 1024, false, false};
constexpr Case kCases[] = {
    {"rand_read_4k_qd1", kRandRead, 1, 1, 300'000},
    {"rand_read_4k_qd32", kRandRead, 32, 1, 1'000'000},
    {"rand_read_4k_qd255", kRandRead, 255, 1, 1'000'000},
    {"rand_read_4k_qd32_dirty", kRandRead, 32, 1, 1'000'000, true},
    {"rand_read_4k_qd32_lint", kRandRead, 32, 1, 1'000'000, false, true},
    {"rand_read_4k_qd32_x16", kRandRead, 32, 16, 1'000'000},
    {"rand_read_4k_qd32_x64", kRandRead, 32, 64, 1'000'000},
    {"rand_read_4k_qd32_x64_lint", kRandRead, 32, 64, 1'000'000, false, true},
    {"rand_write_4k_qd32", kRandWrite, 32, 1, 1'000'000},
    {"seq_read_128k_qd8", kSeqRead, 8, 1, 60'000},
    {"rand_read_4k_qd1_nand", kRandRead, 1, 1, 300'000, false, false, true},
    {"rand_read_4k_qd32_nand", kRandRead, 32, 1, 1'000'000, false, false, true},
    {"rand_read_4k_qd255_nand", kRandRead, 255, 1, 1'000'000, false, false, true},
    {"rand_read_4k_qd32_x64_nand", kRandRead, 32, 64, 1'000'000, false, false, true},
    {"rand_write_4k_qd32_nand", kRandWrite, 32, 1, 1'000'000, false, false, true},
    {"seq_read_128k_qd8_nand", kSeqRead, 8, 1, 60'000, false, false, true},
};

constexpr std::size_t kSlices = 21;
constexpr std::uint64_t kNamespaceBytes = 64ull << 20;

/// The media of `c`: NAND has blocks of 1 MiB of a die, so that it is collected all the time.
nvme::ControllerParams params_of(const Case& c) {
    nvme::ControllerParams params;
    if (!c.nand) return params;
    params.write_cache_bytes = 0;
    params.media.model = media::Model::kNand;
    params.media.nand.packages = 1;
    params.media.nand.pages = 16;
    params.media.ftl.power_loss_protection = true;
    return params;
}

/// CPU time of this process: that others use the machine, too, does not count.
double cpu_seconds() {
    std::timespec t{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

class Bench : public sc_core::sc_module {
public:
    NVME_HAS_PROCESS(Bench);
    Bench(const sc_core::sc_module_name& name, const Case& c, std::uint64_t commands)
        : sc_module(name),
          case_(c),
          commands_(commands),
          host_("host"),
          controller_("nvme0", params_of(c)),
          light_("light", host_.memory, kNamespaceBytes),
          driver_(host_, host_.attach(controller_)) {
        nvme::NamespaceConfig ns;
        ns.lba_size = 4096;
        (void)controller_.add_namespace(ns, std::make_unique<media::RamStore>(kNamespaceBytes));
        SC_THREAD(run);
    }
    bool failed = false;

private:
    struct Queue;
    /// A command that may be under way, with its own part of the data buffer.
    struct Slot {
        Bench* bench;
        Queue* queue;
        std::uint64_t gpa;
    };
    struct Queue {
        std::uint16_t qid = 0;
        std::vector<Slot> slots;
        std::vector<Slot*> free;
    };

    static void completed(void* context, const platform::Completion& c) {
        auto* slot = static_cast<Slot*>(context);
        if (!c.ok()) slot->bench->failed = true;
        ++slot->bench->done_;
        slot->queue->free.push_back(slot);
    }

    void submit(Queue& queue, std::uint64_t index) {
        const Light::Load& load = case_.load;
        const std::uint64_t units = kNamespaceBytes / load.bytes;
        random_ = random_ * 6364136223846793005ull + 1442695040888963407ull;
        const std::uint64_t at = load.random ? (random_ >> 33) % units : index % units;
        const std::uint32_t blocks = load.bytes / 4096;
        const auto entry = load.write ? platform::commands::write(1, at * blocks, blocks)
                                      : platform::commands::read(1, at * blocks, blocks);
        Slot* const slot = queue.free.back();
        queue.free.pop_back();
        const auto t = driver_.submit(queue.qid, entry, platform::Transfer(slot->gpa, load.bytes),
                                      {&completed, slot}, platform::Doorbell::kLater);
        if (t.error != platform::DriverError::kNone) failed = true;
    }

    /// Keeps `depth` commands under way in each queue until `count` are done.
    void drive(std::uint64_t count) {
        std::uint64_t submitted = 0;
        done_ = 0;
        while (done_ < count && !failed) {
            for (Queue& queue : queues_) {
                for (; submitted < count && !queue.free.empty(); ++submitted)
                    submit(queue, submitted);
                driver_.ring(queue.qid);
            }
            for (const Queue& queue : queues_) {
                if (queue.free.size() == queue.slots.size()) continue;
                driver_.wait_any(queue.qid);
                ++host_wakes_;
            }
        }
    }

    void run() {
        failed = driver_.bring_up() != platform::DriverError::kNone ||
                 driver_.create_io_queues(case_.queues, case_.depth < 64 ? 64 : 256) !=
                     platform::DriverError::kNone;
        set_up_queues();
        fill();
        if (case_.lint) controller_.set_trace(&lint_);
        const std::uint64_t slice = commands_ / kSlices + 1;
        const unsigned buffers = case_.queues * case_.depth;
        drive(slice);  // warm-up
        light_.run(case_.load, slice, buffers);

        // Model and light take turns in short slices, so that both see the same noise.
        const std::uint64_t runs = controller_.activations();
        const auto dma = controller_.dma_counters();
        host_wakes_ = 0;
        std::array<double, kSlices> ratios{};
        double model_seconds = 0;
        for (double& ratio : ratios) {
            const double t0 = cpu_seconds();
            drive(slice);
            const double t1 = cpu_seconds();
            light_.run(case_.load, slice, buffers);
            ratio = (cpu_seconds() - t1) / (t1 - t0);
            model_seconds += t1 - t0;
        }
        std::nth_element(ratios.begin(), ratios.begin() + kSlices / 2, ratios.end());
        const auto commands = static_cast<double>(slice * kSlices);
        std::printf("case=%s commands_per_cpu_s=%.0f light_ratio=%.3f\n", case_.name,
                    commands / model_seconds, ratios[kSlices / 2]);
        const auto per = [&](std::uint64_t n) { return static_cast<double>(n) / commands; };
        std::fprintf(stderr,
                     "  per command: %.2f device wake-ups, %.2f transactions, %.2f direct copies, "
                     "%.2f host wake-ups\n",
                     per(controller_.activations() - runs),
                     per(controller_.dma_counters().transactions - dma.transactions),
                     per(controller_.dma_counters().direct - dma.direct), per(host_wakes_));
        if (lint_.findings() != 0) failed = true;
        sc_core::sc_stop();
    }

    void set_up_queues() {
        const auto buffer =
            driver_.allocate(std::uint64_t{case_.load.bytes} * case_.depth * case_.queues);
        std::uint64_t gpa = buffer.gpa;
        queues_.resize(case_.queues);
        for (Queue& queue : queues_) {
            queue.qid = static_cast<std::uint16_t>(&queue - queues_.data() + 1);
            for (unsigned i = 0; i < case_.depth; ++i, gpa += case_.load.bytes)
                queue.slots.push_back({this, &queue, gpa});
            for (Slot& slot : queue.slots) queue.free.push_back(&slot);
        }
    }

    /// Blocks that were never written would be no reads of memory.
    void fill() {
        const auto chunk = driver_.allocate(128 * 1024);
        std::memset(chunk.data, 0x5a, chunk.size);
        for (std::uint64_t lba = 0; lba < kNamespaceBytes / 4096; lba += 32)
            if (!driver_.write(1, lba, 32, chunk).ok()) failed = true;
        if (!case_.dirty && !driver_.flush(1).ok()) failed = true;
        driver_.release(chunk);
    }

    const Case& case_;
    const std::uint64_t commands_;
    platform::HostPlatform host_;
    nvme::NvmeController controller_;
    Light light_;
    platform::HostDriver driver_;
    observe::DriverLint lint_;
    std::vector<Queue> queues_;
    std::uint64_t random_ = 1, done_ = 0, host_wakes_ = 0;
};

}  // namespace
}  // namespace bench

int sc_main(int argc, char* argv[]) {
    sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
    const bool list = argc == 2 && std::strcmp(argv[1], "list") == 0;
    for (const bench::Case& c : bench::kCases) {
        if (list) std::printf("%s\n", c.name);
        if (argc < 2 || std::strcmp(argv[1], c.name) != 0) continue;
        const std::uint64_t commands = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : c.commands;
        bench::Bench b("bench", c, commands == 0 ? 1 : commands);
        sc_core::sc_start();
        return b.failed ? 1 : 0;
    }
    if (list) return 0;
    std::fprintf(stderr, "usage: %s CASE [COMMANDS], or %s list\n", argv[0], argv[0]);
    return 2;
}
