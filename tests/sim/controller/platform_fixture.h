// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <memory>
#include <optional>

#include "models/media/store/ram_store.h"
#include "models/nvme/module/platform_nvme.h"
#include "models/nvme/spec/entries.h"
#include "models/nvme/spec/registers.h"
#include "platform/driver/command_builders.h"
#include "platform/modules/interconnect.h"
#include "platform/modules/interrupt_controller.h"
#include "platform/modules/memory.h"
#include "platform/modules/mmio_port.h"
#include "platform/modules/payload.h"
#include "tests/sim/controller/trace_recorder.h"
#include "tests/sim/support/sim_test.h"

namespace nvme::test {

inline constexpr std::uint64_t kRegs = 0x4000'0000;      // where the bus decodes the registers,
inline constexpr std::uint64_t kMessages = 0x5000'0000;  // and the interrupt controller
inline constexpr unsigned kFirstVector = 8;              // of the interrupt controller

/// A board without PCI: one bus with a processor, memory, an interrupt controller and the NVMe
/// controller, and a driver that knows nothing but registers and queues.
class PlatformTest : public SimTest {
protected:
    static PlatformInterrupts messages(bool level = false) {
        return {level, kMessages, kFirstVector};
    }
    explicit PlatformTest(const PlatformInterrupts& how = {})
        : bus("bus", 2, 3),
          memory("memory", {}),
          interrupts("interrupts", 64, kMessages, 1),
          cpu("cpu", 0),
          nvme("nvme0", {}, how) {
        cpu.socket.bind(bus.in[0]);
        nvme.dma.bind(bus.in[1]);
        bus.out[0].bind(memory.socket);
        bus.out[1].bind(nvme.regs);
        bus.out[2].bind(interrupts.socket);
        bus.map(0, memory.size(), 0);
        bus.map(kRegs, ControllerModule::kRegisterBytes, 1);
        bus.map(kMessages, platform::InterruptController::kWindowBytes, 2);
        nvme.rst_n.bind(rst_n);
        nvme.irq.bind(irq);
        interrupts.wires[0].bind(irq);
        EXPECT_EQ(nvme.add_namespace({}, std::make_unique<media::RamStore>(1 << 20)), "");
        nvme.set_trace(&trace);
    }

    struct Queue {
        std::uint16_t qid;
        std::uint64_t sq, cq;
        std::uint16_t tail = 0, head = 0, next_cid = 0;
        bool phase = true;
    };
    static constexpr std::uint16_t kDepth = 16;
    static constexpr std::uint64_t kData = 0x10'0000;

    std::uint32_t read32(std::uint32_t offset) { return cpu.read32(kRegs + offset); }
    void write32(std::uint32_t offset, std::uint32_t value) { cpu.write32(kRegs + offset, value); }
    bool ready() { return (read32(spec::offset::kCsts) & 1) != 0; }
    static sc_core::sc_time us(double t) { return {t, sc_core::SC_US}; }

    /// CC.EN = 1 with new admin queues, and one I/O queue pair that uses vector 1.
    void bring_up() {
        admin = {0, 0x1000, 0x2000};
        io = {1, 0x3000, 0x4000};
        for (std::uint64_t at = 0x1000; at < 0x5000; at += 8) memory.poke<std::uint64_t>(at, 0);
        write32(spec::offset::kAqa, (kDepth - 1u) << 16 | (kDepth - 1u));
        cpu.write64(kRegs + spec::offset::kAsq, admin.sq);
        cpu.write64(kRegs + spec::offset::kAcq, admin.cq);
        write32(spec::offset::kCc, 0x0046'0001);
        for (unsigned i = 0; i < 100 && !ready(); ++i) sc_core::wait(us(100));
        ASSERT_TRUE(ready());
        namespace commands = platform::commands;
        auto cq = commands::make(spec::AdminOpcode::kCreateIoCq);
        cq.prp1 = io.cq;
        cq.cdw10 = (kDepth - 1u) << 16 | io.qid;
        cq.cdw11 = 1u << 16 | 3;  // vector 1, interrupts enabled, contiguous
        ASSERT_EQ(execute(admin, cq), 0);
        auto sq = commands::make(spec::AdminOpcode::kCreateIoSq);
        sq.prp1 = io.sq;
        sq.cdw10 = (kDepth - 1u) << 16 | io.qid;
        sq.cdw11 = 1u << 16 | 1;
        ASSERT_EQ(execute(admin, sq), 0);
    }

    void submit(Queue& q, spec::SubmissionEntry entry) {
        entry.cdw0 |= std::uint32_t{q.next_cid++} << 16;
        memory.poke(q.sq + q.tail * sizeof entry, entry);
        q.tail = static_cast<std::uint16_t>((q.tail + 1) % kDepth);
        write32(spec::offset::kDoorbells + 8u * q.qid, q.tail);
    }
    bool has_completion(const Queue& q) {
        const auto entry = memory.peek<spec::CompletionEntry>(q.cq + q.head * 16u);
        return (entry.status & 1) == (q.phase ? 1 : 0);
    }
    void await(const Queue& q) {
        for (unsigned i = 0; i < 10'000 && !has_completion(q); ++i) sc_core::wait(us(1));
    }
    /// Takes the completion that is there; the status without the phase.
    int take(Queue& q) {
        if (!has_completion(q)) return -1;
        const auto entry = memory.peek<spec::CompletionEntry>(q.cq + q.head * 16u);
        q.head = static_cast<std::uint16_t>((q.head + 1) % kDepth);
        if (q.head == 0) q.phase = !q.phase;
        write32(spec::offset::kDoorbells + 8u * q.qid + 4, q.head);
        return entry.status >> 1;
    }
    int execute(Queue& q, const spec::SubmissionEntry& entry) {
        submit(q, entry);
        await(q);
        return take(q);
    }
    /// Writes blocks of a pattern that `seed` chooses and reads them back to other memory.
    void verify_io(std::uint64_t seed) {
        constexpr std::uint32_t kBlocks = 16;
        constexpr std::uint64_t kBack = kData + 0x2000, kBytes = kBlocks * 512;
        const auto value = [seed](std::uint64_t at) { return (at + seed) * 0x9e37'79b9'7f4a'7c15; };
        for (std::uint64_t at = 0; at < kBytes; at += 8) {
            memory.poke(kData + at, value(at));
            memory.poke(kBack + at, std::uint64_t{0});
        }
        auto write = platform::commands::write(1, seed, kBlocks);
        write.prp1 = kData;
        write.prp2 = kData + 0x1000;
        EXPECT_EQ(execute(io, write), 0);
        auto read = platform::commands::read(1, seed, kBlocks);
        read.prp1 = kBack;
        read.prp2 = kBack + 0x1000;
        EXPECT_EQ(execute(io, read), 0);
        for (std::uint64_t at = 0; at < kBytes; at += 8)
            ASSERT_EQ(memory.peek<std::uint64_t>(kBack + at), value(at));
    }
    /// A flush that has completed and is not acknowledged.
    void leave_one() {
        submit(io, platform::commands::flush(1));
        await(io);
        sc_core::wait(us(1));
    }
    void settle() { sc_core::wait(us(1)); }
    std::uint64_t count(unsigned vector) { return interrupts.count(kFirstVector + vector); }

    using Wire = sc_core::sc_signal<bool, sc_core::SC_UNCHECKED_WRITERS>;
    platform::Interconnect bus;
    platform::Memory memory;
    platform::InterruptController interrupts;
    platform::MmioPort cpu;
    PlatformNvme nvme;
    Wire rst_n{"rst_n", true}, irq{"irq"};
    Queue admin{}, io{};
    TraceRecorder trace;
};

}  // namespace nvme::test
