// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "models/nvme/controller/controller.h"
#include "models/nvme/spec/commands.h"
#include "models/nvme/spec/opcodes.h"
#include "tests/support/fake_memory.h"

namespace nvme::test {

/// Parameters under which nothing takes time: what a test of behaviour wants.
ControllerParams instant_params();

/// A host's view of one queue pair in fake memory.
struct HostQueue {
    std::uint16_t qid = 0;
    std::uint64_t sq_base = 0, cq_base = 0;
    std::uint32_t sq_size = 0, cq_size = 0;
    std::uint32_t tail = 0, head = 0;
    bool phase = true;
    std::uint16_t next_cid = 0;
};

/// A controller without SystemC, with memory, a clock, and the scheduler that its processes need.
/// The scheduler keeps the rules of sc_event: of two wake-ups that are pending for one process only
/// the earlier one happens, and a wake-up for a process that is suspended inside a step is lost.
class CoreHarness final : private Environment {
public:
    explicit CoreHarness(const ControllerParams& params = instant_params());
    ~CoreHarness() override;

    // The world.
    FakeClock clock;
    FakeMemory memory;
    const ControllerParams params;
    Subsystem subsystem;
    std::vector<std::uint16_t> interrupts;  ///< vectors, in the order of raise_interrupt()
    unsigned conventional_resets = 0;
    unsigned intx_updates = 0;
    util::TimePs farthest_ahead = 0;  ///< where a process has asked to go; none is let
    std::optional<Controller> controller;

    /// Runs processes up to and including time `until`; may be called from a memory hook, where it
    /// runs the processes that are not suspended.
    void run_until(util::TimePs until);
    /// Of the function, or by the loss of its power.
    void reset(ResetKind kind) {
        if (kind == ResetKind::kPowerOff)
            subsystem.set_power(false);
        else
            controller->reset(kind);
    }
    void run_for(util::TimePs duration) { run_until(clock.now() + duration); }
    /// Runs until every process waits for a wake-up; then moves no clock any further.
    void settle();
    void set_bus_master(bool enabled);

    // Registers.
    void write32(std::uint32_t offset, std::uint32_t value, util::TimePs delay = 0);
    void write64(std::uint32_t offset, std::uint64_t value);
    [[nodiscard]] std::uint32_t read32(std::uint32_t offset) const;
    [[nodiscard]] spec::Csts csts() const;
    [[nodiscard]] bool ready() const { return csts().get<spec::Csts::Rdy>(); }
    [[nodiscard]] bool fatal() const { return csts().get<spec::Csts::Cfs>(); }
    static spec::Cc default_cc();

    // A driver. Addresses are handed out once and never taken back.
    [[nodiscard]] std::uint64_t alloc(std::uint64_t bytes);
    void add_namespace(std::uint32_t nsid, std::uint64_t bytes, std::uint32_t lba_size = 512);
    /// Admin queue registers and CC.EN = 1, nothing run.
    void start_enable(std::uint32_t entries = 32, spec::Cc cc = default_cc());
    /// The same, then runs until the controller is ready.
    void enable(std::uint32_t entries = 32, spec::Cc cc = default_cc());
    /// CC.EN = 0 until CSTS.RDY = 0.
    void disable();
    HostQueue& admin_queue() { return admin_; }
    HostQueue create_queues(std::uint16_t qid, std::uint32_t entries, std::uint16_t vector = 0);

    /// Writes the entry into the queue with a fresh command identifier; rings no doorbell.
    std::uint16_t push(HostQueue& q, spec::SubmissionEntry sqe);
    void ring_tail(const HostQueue& q, util::TimePs delay = 0);
    void ring_head(const HostQueue& q, util::TimePs delay = 0);
    /// The next completion if it is there; acknowledged unless told otherwise.
    std::optional<spec::CompletionEntry> poll(HostQueue& q, bool acknowledge = true);
    /// push, ring, settle, poll. A completion that does not come fails the test.
    spec::CompletionEntry execute(HostQueue& q, const spec::SubmissionEntry& sqe);
    spec::CompletionEntry admin(const spec::SubmissionEntry& sqe) { return execute(admin_, sqe); }
    /// Writes blocks of a pattern that `seed` chooses, reads them back, and compares.
    void write_and_verify(HostQueue& q, std::uint32_t nsid, std::uint32_t seed);
    /// Disables, enables, makes a queue pair, and verifies a write to `nsid`: whatever came before,
    /// the controller serves a host that starts anew.
    void expect_service(std::uint32_t nsid);

private:
    struct Slot {
        util::TimePs due = util::kNever;    // what the last step asked for
        util::TimePs event = util::kNever;  // pending wake-up
        bool inside = false;
    };
    using Key = std::uint32_t;  // kind << 16 | cqid
    [[nodiscard]] std::pair<Key, util::TimePs> earliest() const;
    void run(Key key);

    void wake(Process process, util::TimePs at) override;
    bool go_ahead(util::TimePs at) override {
        farthest_ahead = std::max(farthest_ahead, at);
        return false;
    }
    void raise_interrupt(std::uint16_t vector) override { interrupts.push_back(vector); }
    void update_intx() override { ++intx_updates; }
    void on_conventional_reset() override { ++conventional_resets; }
    [[nodiscard]] bool dma_enabled() const override { return bus_master_; }

    std::map<Key, Slot> slots_;
    HostQueue admin_;
    std::uint64_t next_free_ = 0x10000;
    bool bus_master_ = true;
};

// Commands.
spec::SubmissionEntry admin_command(spec::AdminOpcode opcode);
spec::SubmissionEntry io_command(spec::NvmOpcode opcode, std::uint32_t nsid, std::uint64_t slba = 0,
                                 std::uint32_t blocks = 1, std::uint64_t prp1 = 0,
                                 std::uint64_t prp2 = 0);
[[nodiscard]] spec::StatusCode status_of(const spec::CompletionEntry& cqe);

}  // namespace nvme::test
