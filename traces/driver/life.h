// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <bitset>
#include <cstdint>
#include <optional>

#include "models/nvme/spec/registers.h"
#include "models/observe/device_events.h"
#include "models/util/time.h"

namespace driver {

/// One life of the controller: from a reset on, over CC.EN = 1, until it is disabled. What the
/// driver did in it, as far as initialisation asks for it.
struct Life {
    util::TimePs begin = 0;
    util::TimePs enabled = util::kNever;
    util::TimePs ready = util::kNever;
    util::TimePs first_io = util::kNever;
    util::TimePs end = util::kNever;  ///< disabled, or kNever: the trace ends before

    bool details = false;                        ///< the trace shows what the driver reads
    nvme::spec::Cc cc;                           ///< with which it was enabled
    std::optional<nvme::spec::Cap> cap;          ///< as the driver has read it
    std::optional<std::uint16_t> command;        ///< PCI Command when the first command came
    bool blocked_doorbell = false;               ///< while Bus Master Enable was 0
    bool ready_at_enable = false;                ///< CSTS.RDY was 1 when CC.EN became 1
    bool saw_not_ready = false;                  ///< read CSTS.RDY = 0 before that
    bool saw_ready = false;                      ///< read CSTS.RDY = 1 behind it
    bool aqa = false, asq = false, acq = false;  ///< written before it
    bool early_doorbell = false;                 ///< before CSTS.RDY = 1
    std::uint64_t status_reads = 0;              ///< of CSTS

    std::bitset<256> identified;  ///< by CNS
    bool asked_for_queues = false;
    std::uint32_t completion_queues = 0, submission_queues = 0, refused_queues = 0;
    std::uint32_t polled_queues = 0;  ///< of the completion queues: without interrupts
    bool other_entry_sizes = false;   ///< CC.IOSQES or CC.IOCQES at the first queue
    bool msix = false, intx = false;  ///< an interrupt has left
    std::optional<observe::InterruptHold> held;
    bool event_requests = false;
    std::optional<std::uint32_t> event_config;  ///< Asynchronous Event Configuration

    nvme::spec::Shn shutdown = nvme::spec::Shn::kNone;
    bool shutdown_complete = false;
    bool fatal = false;
    std::optional<observe::ResetKind> reset;  ///< which ended it

    [[nodiscard]] bool was_ready() const { return ready != util::kNever; }
};

}  // namespace driver
