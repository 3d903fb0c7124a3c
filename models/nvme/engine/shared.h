// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/nvme/background/background.h"
#include "models/nvme/commands/extensions.h"
#include "models/nvme/engine/arbiter.h"
#include "models/nvme/engine/firmware_cores.h"
#include "models/nvme/engine/interrupt_coalescer.h"
#include "models/nvme/ports/fault_hooks.h"
#include "models/nvme/state/controller_state.h"
#include "models/nvme/transport/completion_queue.h"
#include "models/nvme/transport/dma.h"
#include "models/nvme/transport/shadow_doorbells.h"
#include "models/pcie/link.h"

namespace nvme {

/// Hears what becomes of the commands that admin commands wait for.
class QueueListener {
public:
    virtual ~QueueListener() = default;
    /// `abort_cid` is the Abort command's. `aborted`: the command's completion is posted, with
    /// Command Abort Requested.
    virtual void abort_ended(std::uint16_t abort_cid, bool aborted) = 0;
    /// `cid` is the Delete I/O Submission Queue command's: the queue's commands have ended.
    virtual void queue_deleted(std::uint16_t sqid, std::uint16_t cid) = 0;
};

/// Hears that the controller cannot go on.
class FatalListener {
public:
    virtual ~FatalListener() = default;
    /// The admin queues are unreachable, or as bad: CSTS.CFS.
    virtual void fatal(const CommandError& error) = 0;
};

/// What the queues of one controller share: the way to the host, the order among them, and the
/// controller's state.
struct Shared {
    Shared(ControllerState& state, HostMemory& memory);

    ControllerState& state;
    pcie::Link link;
    Dma dma;
    ShadowDoorbells shadow;
    Arbiter arbiter;
    InterruptCoalescer coalescer;
    Background background;
    Extensions extensions;         ///< what the platform has added
    FaultHooks* faults = nullptr;  ///< null: no fault plan
    // Set while the controller is built, before there is any queue.
    QueueListener* listener = nullptr;
    FatalListener* fatal_listener = nullptr;

    FirmwareCores cores;
    unsigned busy_steps = 0;  ///< processes inside a step, perhaps suspended in a DMA

    [[nodiscard]] util::TimePs now() const { return state.now(); }
    void wake(Process process, util::TimePs at) { state.environment.wake(process, at); }
    /// Nothing may be done for the host now: a reset closed the gate, or Bus Master Enable is 0.
    [[nodiscard]] bool stalled() const { return dma.closed() || !state.environment.dma_enabled(); }
};

/// Tells the trace of entries that look new before the first one is.
void report_stale(Shared& shared, const CompletionQueue& cq);

/// Counts a process that is inside its step; the coordinator waits for zero before it tears down.
class BusyStep {
public:
    explicit BusyStep(Shared& shared) : shared_(shared) { ++shared_.busy_steps; }
    ~BusyStep() {
        if (--shared_.busy_steps == 0 && shared_.dma.closed())
            shared_.wake({Process::Kind::kCoordinator}, shared_.now());
    }
    BusyStep(const BusyStep&) = delete;
    BusyStep& operator=(const BusyStep&) = delete;

private:
    Shared& shared_;
};

}  // namespace nvme
