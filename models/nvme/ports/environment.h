// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/util/time.h"

namespace nvme {

/// The processes that bring a controller to life; the SystemC module gives each a thread.
struct Process {
    enum class Kind : std::uint8_t { kCoordinator, kAdmin, kIo };
    Kind kind;
    std::uint16_t cqid = 0;  ///< kIo: the completion queue it serves
};

/// What the controller needs from the world around it, beside host memory and the clock.
class Environment {
public:
    virtual ~Environment() = default;
    /// Run the process's step at `at` (or earlier: a step without work does nothing).
    virtual void wake(Process process, util::TimePs at) = 0;
    /// Asked by a process in its step. True: nothing in the simulation happens until `at`, and it
    /// is `at` now.
    [[nodiscard]] virtual bool go_ahead(util::TimePs /*at*/) { return false; }
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

}  // namespace nvme
