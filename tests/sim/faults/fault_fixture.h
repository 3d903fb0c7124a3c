// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "models/faults/injector.h"
#include "models/nvme/spec/opcodes.h"
#include "platform/driver/recovery.h"
#include "tests/sim/commands/events_fixture.h"
#include "tests/sim/controller/trace_recorder.h"

namespace nvme::test {

using faults::Action;
using faults::Rule;
using platform::Recovery;

inline Rule rule(Action action) {
    Rule r;
    r.action = action;
    return r;
}
/// The `nth` command with this opcode on an I/O queue, and no other.
inline Rule once(Action action, spec::NvmOpcode opcode, std::uint64_t nth = 5) {
    Rule r = rule(action);
    r.queues = faults::Queues::kIo;
    r.opcode = static_cast<std::uint8_t>(opcode);
    r.nth = nth;
    r.count = 1;
    return r;
}
inline Rule once_admin(Action action, spec::AdminOpcode opcode, std::uint64_t nth = 1) {
    Rule r = rule(action);
    r.queues = faults::Queues::kAdmin;
    r.opcode = static_cast<std::uint8_t>(opcode);
    r.nth = nth;
    r.count = 1;
    return r;
}

/// Without a write cache, what is acknowledged is durable: no reset and no power cut may take it.
inline ControllerParams fault_params() {
    ControllerParams params;
    params.write_cache_bytes = 0;
    return params;
}

inline platform::DriverOptions fault_driver() {
    platform::DriverOptions options;
    options.command_timeout_ms = 20;
    return options;
}

/// A controller under a fault plan, and a host that recovers. `work()` writes and reads slots of
/// the namespace and keeps a ledger of what each has to hold.
class FaultTest : public EventsTest {
protected:
    static constexpr std::uint32_t kSlots = 32, kSlotBlocks = 32;
    static constexpr std::uint64_t kSlotBytes = kSlotBlocks * 512;  // four pages: a PRP list
    static constexpr std::uint16_t kQueues = 2;

    explicit FaultTest(const ControllerParams& params = fault_params(),
                       const platform::DriverOptions& driver_options = fault_driver())
        : EventsTest(params, driver_options), recovery(driver, options()), ledger_(kSlots) {
        controller.set_trace(&trace);
        controller.set_faults(&plan);
    }

    void add(const Rule& r) { EXPECT_EQ(plan.add(r), ""); }
    void run(std::function<void()> script) {
        simulate(std::move(script), sc_core::sc_time(1000, sc_core::SC_SEC));
    }

    /// Rounds of writing every slot and reading every slot, on all queues.
    void work(unsigned rounds = 2) {
        if (buffers_.empty())
            for (std::uint32_t slot = 0; slot < kSlots; ++slot)
                buffers_.push_back(driver.allocate(kSlotBytes + kGuard));
        for (unsigned round = 0; round < rounds && alive; ++round) {
            write_all();
            read_all();
        }
    }
    void write_all() {
        ++seed_;
        for (std::uint32_t slot = 0; slot < kSlots; ++slot) fill(slot, seed_ * 1000 + slot);
        const auto ended = send(spec::NvmOpcode::kWrite);
        for (std::uint32_t slot = 0; slot < kSlots; ++slot)
            if (ended[slot].completion.ok())
                ledger_[slot] = seed_ * 1000 + slot;
            else if (!failed_writes_change_nothing)
                ledger_[slot].reset();  // either content will do
    }
    void read_all() {
        for (std::uint32_t slot = 0; slot < kSlots; ++slot) fill(slot, 0);
        const auto ended = send(spec::NvmOpcode::kRead);
        for (std::uint32_t slot = 0; slot < kSlots; ++slot)
            if (ended[slot].completion.ok()) wrong_bytes += check(slot);
    }
    /// With the plan switched off, every slot holds what its last good write put there.
    void verify_all() {
        plan.set_active(false);
        const std::uint64_t before = wrong_bytes;
        const unsigned failed_before = failed;
        read_all();
        EXPECT_EQ(wrong_bytes, before) << "what the media hold";
        EXPECT_EQ(failed, failed_before);
        wrong_bytes = before;
        plan.set_active(true);
    }

    platform::RecoveryOptions options() {
        platform::RecoveryOptions o;
        o.queues = kQueues;
        return o;
    }

    faults::Injector plan;
    TraceRecorder trace;
    Recovery recovery;
    bool alive = true;              ///< recovery has not given up
    std::uint64_t wrong_bytes = 0;  ///< in good reads
    unsigned failed = 0;            ///< commands that ended with an error status
    std::optional<StatusCode> last_failure;
    bool failed_writes_change_nothing = true;
    std::uint64_t spilled = 0;  ///< bytes changed beyond a buffer

private:
    static constexpr std::uint64_t kGuard = 512;
    static constexpr std::byte kGuardByte{0xa5};

    static std::byte content(unsigned seed, std::uint64_t i) {
        return static_cast<std::byte>((i * 131 + seed * 7919 + i / 256) & 0xff);
    }
    void fill(std::uint32_t slot, unsigned seed) {
        for (std::uint64_t i = 0; i < kSlotBytes; ++i) buffers_[slot].data[i] = content(seed, i);
        for (std::uint64_t i = 0; i < kGuard; ++i) buffers_[slot].data[kSlotBytes + i] = kGuardByte;
    }
    std::uint64_t check(std::uint32_t slot) {
        std::uint64_t wrong = 0;
        for (std::uint64_t i = 0; ledger_[slot] && i < kSlotBytes; ++i)
            if (buffers_[slot].data[i] != content(*ledger_[slot], i)) ++wrong;
        return wrong;
    }
    std::vector<Recovery::Request> send(spec::NvmOpcode opcode) {
        std::vector<Recovery::Request> requests(kSlots);
        for (std::uint32_t slot = 0; slot < kSlots; ++slot) {
            const std::uint64_t lba = slot * kSlotBlocks;
            requests[slot].qid = static_cast<std::uint16_t>(1 + slot % kQueues);
            requests[slot].entry = opcode == spec::NvmOpcode::kWrite
                                       ? commands::write(1, lba, kSlotBlocks)
                                       : commands::read(1, lba, kSlotBlocks);
            requests[slot].data = {buffers_[slot].gpa, kSlotBytes};
        }
        alive = recovery.run(requests);
        for (std::uint32_t slot = 0; slot < kSlots; ++slot) {
            if (requests[slot].completion.error == DriverError::kNone &&
                !requests[slot].completion.ok()) {
                ++failed;
                last_failure = requests[slot].completion.status;
            }
            for (std::uint64_t i = 0; i < kGuard; ++i)
                if (buffers_[slot].data[kSlotBytes + i] != kGuardByte) ++spilled;
        }
        return requests;
    }

    std::vector<DmaBuffer> buffers_;
    std::vector<std::optional<unsigned>> ledger_;  // seed of the content
    unsigned seed_ = 0;
};

}  // namespace nvme::test
