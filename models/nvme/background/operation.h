// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/util/time.h"

/// models/nvme/background: work of a controller that goes on after the command that started it has
/// completed. It knows the controller's state and the media; it must not know queues, commands or
/// the host. A new one is a file with its Operation, and a member and an entry in background.h.
namespace nvme {

/// One of them. It has no process: the coordinator calls step() while the controller is ready and
/// not shut down. What it is about lives in numbers, so that a reset, a removed namespace or a new
/// start can come between any two steps.
class Operation {
public:
    virtual ~Operation() = default;
    /// Does what is due now; returns when to call again, kNever: nothing is under way.
    [[nodiscard]] virtual util::TimePs step() = 0;
    /// A Controller Level Reset of any kind, a power cut included.
    virtual void on_reset() = 0;
    virtual void on_namespace_removed(std::uint32_t nsid) = 0;
};

}  // namespace nvme
