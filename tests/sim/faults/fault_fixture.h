// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
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
                       const platform::DriverOptions& driver_options = fault_driver());
    ~FaultTest() override;

    void add(const Rule& r);
    void run(std::function<void()> script);

    /// Rounds of writing every slot and reading every slot, on all queues.
    void work(unsigned rounds = 2);
    void write_all();
    void read_all();
    /// With the plan switched off, every slot holds what its last good write put there.
    void verify_all();

    platform::RecoveryOptions options();

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

    static std::byte content(unsigned seed, std::uint64_t i);
    void fill(std::uint32_t slot, unsigned seed);
    std::uint64_t check(std::uint32_t slot);
    std::vector<Recovery::Request> send(spec::NvmOpcode opcode);

    std::vector<DmaBuffer> buffers_;
    std::vector<std::optional<unsigned>> ledger_;  // seed of the content
    unsigned seed_ = 0;
};

}  // namespace nvme::test
