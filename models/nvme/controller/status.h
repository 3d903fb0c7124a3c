// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/nvme/spec/registers.h"
#include "models/nvme/spec/reservations.h"
#include "models/util/time.h"

namespace nvme {

/// Why entries that the host has announced are not fetched.
enum class FetchWait : std::uint8_t {
    kNothing,          ///< they are, or there are none
    kDmaForbidden,     ///< Bus Master Enable is 0, or the link is down
    kGateClosed,       ///< a reset is on its way, or the Keep Alive Timer has expired
    kFatal,            ///< CSTS.CFS
    kNotReady,         ///< a shutdown has begun
    kQueueStopped,     ///< a wrong doorbell value, or entries that cannot be read
    kCompletionQueue,  ///< of its completion queue the same
    kNoRoom,           ///< the completion queue is full
    kPowerState,       ///< the controller comes out of a non-operational power state
    kSlots,            ///< as many commands are in flight as the queue has entries
};

struct SubmissionQueueStatus {
    std::uint16_t id = 0, cqid = 0;
    std::uint32_t size = 0;  ///< entries
    std::uint16_t head = 0, tail = 0;
    std::uint32_t announced = 0;  ///< entries that are not fetched
    std::size_t in_flight = 0;    ///< commands that are fetched and not completed
    FetchWait waits = FetchWait::kNothing;
};

struct CompletionQueueStatus {
    std::uint16_t id = 0;
    std::uint32_t size = 0;  ///< entries
    std::uint16_t head = 0, tail = 0;
    std::uint32_t used = 0;  ///< entries that the host has not acknowledged
    bool full = false, stopped = false, interrupts = false;
    std::uint16_t vector = 0;
    std::size_t waiting = 0;                    ///< completions for which there is no room
    std::optional<util::TimePs> since_ps = {};  ///< when the first of them came
};

struct RegistrantStatus {
    std::array<std::uint8_t, 16> host{};  ///< an identifier of 64 bits takes the first eight bytes
    std::uint64_t key = 0;
    bool holder = false;
};

struct NamespaceStatus {
    std::uint32_t nsid = 0;
    std::uint64_t blocks = 0;
    std::uint32_t block_bytes = 0;
    bool read_only = false;
    spec::ReservationType reservation = spec::ReservationType::kNone;
    std::vector<RegistrantStatus> registrants;
};

/// How it stands with a controller, for people who look at it from outside. Collected when they
/// ask; nothing is kept for it.
struct ControllerStatus {
    util::TimePs now_ps = 0;
    bool powered = false;
    bool dma_allowed = false;
    spec::Cap cap;
    spec::Cc cc;
    spec::Csts csts;
    spec::Aqa aqa;
    std::uint64_t asq = 0, acq = 0;
    std::uint32_t interrupt_mask = 0;                      ///< INTMS
    std::vector<SubmissionQueueStatus> submission_queues;  ///< by number, 0: admin
    std::vector<CompletionQueueStatus> completion_queues;
    std::size_t event_requests = 0;             ///< Asynchronous Event Requests that wait
    std::size_t events = 0;                     ///< events that wait for one
    std::optional<util::TimePs> keep_alive_ps;  ///< when the Keep Alive Timer expires
    unsigned power_state = 0;
    bool non_operational = false;
    std::uint8_t critical_warning = 0;
    std::uint16_t kelvin = 0;
    std::uint8_t available_spare = 0, percentage_used = 0;
    std::vector<NamespaceStatus> namespaces;
};

}  // namespace nvme
