// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <functional>
#include <memory>

#include "models/media/media_timing.h"
#include "models/nvme/controller/arbiter.h"
#include "models/nvme/controller/fault_hooks.h"
#include "models/nvme/controller/interrupt_coalescer.h"
#include "models/nvme/controller/params.h"
#include "models/nvme/subsystem/async_events.h"
#include "models/nvme/subsystem/features.h"
#include "models/nvme/subsystem/health.h"
#include "models/nvme/subsystem/keep_alive.h"
#include "models/nvme/subsystem/power_manager.h"
#include "models/nvme/subsystem/reservation_log.h"
#include "models/nvme/subsystem/subsystem.h"
#include "models/nvme/subsystem/temperature.h"
#include "models/nvme/subsystem/timestamp.h"
#include "models/nvme/transport/dma.h"
#include "models/nvme/transport/shadow_doorbells.h"
#include "models/observe/trace.h"
#include "models/pcie/link.h"

namespace nvme {

/// The processes that bring a controller to life; the SystemC module gives each a thread.
struct Process {
    enum class Kind : std::uint8_t { kCoordinator, kAdmin, kIo };
    Kind kind;
    std::uint16_t cqid = 0;  ///< kIo: the completion queue it serves
};

/// What the controller needs from the world around it, beside host memory and the clock.
class Surroundings {
public:
    virtual ~Surroundings() = default;
    /// Run the process's step at `at` (or earlier: a step without work does nothing).
    virtual void wake(Process process, util::TimePs at) = 0;
    /// Completion queues with this vector have new entries: an MSI-X message, or its pending bit.
    virtual void raise_interrupt(std::uint16_t vector) = 0;
    /// A reset has taken the queues: messages that are still pending are for nobody any more.
    virtual void withdraw_interrupts() {}
    /// The level of the pin-based interrupt may have changed.
    virtual void update_intx() = 0;
    /// An NVM Subsystem Reset or the loss of power: the function's own registers are reset with it.
    virtual void on_conventional_reset() = 0;
    /// Bus Master Enable and a power state in which requests may be sent.
    [[nodiscard]] virtual bool dma_enabled() const = 0;
};

/// Hears what became of the command that an Abort command was for.
class AbortListener {
public:
    virtual ~AbortListener() = default;
    /// `abort_cid` is the Abort command's. `aborted`: the command's completion is posted, with
    /// Command Abort Requested.
    virtual void abort_ended(std::uint16_t abort_cid, bool aborted) = 0;
};

/// The parts that the processes and command handlers of one controller share.
struct Core {
    Core(const ControllerParams& p, Subsystem& s, HostMemory& memory, const Clock& c,
         Surroundings& w);

    const ControllerParams& params;
    Subsystem& subsystem;
    const Clock& clock;
    Surroundings& surroundings;
    pcie::Link link;
    Dma dma;
    ShadowDoorbells shadow;
    Arbiter arbiter;
    std::unique_ptr<media::MediaTiming> timing;
    Features features;
    InterruptCoalescer coalescer;
    Health health;
    ErrorLog errors;
    AsyncEvents events;
    Timestamp timestamp;
    ReservationLog reservation_log;
    HostIdentity anonymous_host;  ///< until the next reset, as long as no Host Identifier is set
    HostIdentity host;            ///< whose commands these are, for reservations
    TemperatureTimes temperature_times;
    KeepAlive keep_alive;
    PowerManager power;
    observe::TraceSink* trace = nullptr;
    FaultHooks* faults = nullptr;             ///< null: no fault plan
    AbortListener* abort_listener = nullptr;  ///< the admin queue, once there is one
    /// The admin queues are unreachable: CSTS.CFS.
    std::function<void(const CommandError&)> on_fatal;

    std::uint32_t page_size = 4096;  ///< CC.MPS, taken over when enabled
    std::uint32_t iosqes = 0;        ///< CC.IOSQES as it is now
    std::uint32_t iocqes = 0;        ///< CC.IOCQES as it is now
    std::uint32_t css = 0;           ///< CC.CSS, taken over when enabled
    bool fetching = false;           ///< CSTS.RDY = 1 and no shutdown has begun
    util::TimePs firmware_free = 0;  ///< the command decoder's occupancy
    unsigned busy_steps = 0;         ///< processes inside a step, perhaps suspended in a DMA
    observe::HealthLevels recorded_health{};  ///< what the trace knows

    [[nodiscard]] util::TimePs now() const { return clock.now(); }
    [[nodiscard]] std::uint32_t max_transfer() const { return 4096u << params.mdts; }
    /// Nothing may be done for the host now: a reset closed the gate, or Bus Master Enable is 0.
    [[nodiscard]] bool stalled() const { return dma.closed() || !surroundings.dma_enabled(); }

    /// `make` returns the event; it is called only when somebody listens.
    template <typename MakeEvent>
    void record(MakeEvent&& make) const {
        if (trace != nullptr) trace->record(make());
    }
    /// Controller level reset: the Host Identifier is 0 again, and that is another host than
    /// before.
    void reset_host();
    /// The SMART / Health Information log as it is now.
    [[nodiscard]] spec::SmartLog smart_log() const;
    [[nodiscard]] spec::CriticalWarning critical_warning() const;
    /// The health state or a threshold changed: SMART / health events come from it.
    void update_critical_warning();

    /// Tells the trace of the health state if it is not what it was.
    void record_health();

    /// Error Information log entry and error event for a queue that had to stop.
    void queue_error(std::uint16_t sqid, spec::AsyncErrorInfo info, const CommandError& error);
};

/// Counts a process that is inside its step; the coordinator waits for zero before it tears down.
class BusyStep {
public:
    explicit BusyStep(Core& core) : core_(core) { ++core_.busy_steps; }
    ~BusyStep() {
        if (--core_.busy_steps == 0 && core_.dma.closed())
            core_.surroundings.wake({Process::Kind::kCoordinator}, core_.now());
    }
    BusyStep(const BusyStep&) = delete;
    BusyStep& operator=(const BusyStep&) = delete;

private:
    Core& core_;
};

}  // namespace nvme
