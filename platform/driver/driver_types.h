// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <vector>

#include "models/nvme/spec/entries.h"
#include "models/nvme/spec/reservations.h"
#include "models/nvme/spec/status.h"

namespace platform {

namespace spec = nvme::spec;

/// What went wrong on the way to a completion. A command that the controller refused is not among
/// them: that is a completion with a status.
enum class DriverError : std::uint8_t {
    kNone,
    kNoDevice,       ///< nothing answers in configuration space, or registers read as all ones
    kUnsupported,    ///< the device lacks what was asked for
    kNoResources,    ///< no host memory, bus addresses or interrupt vectors left
    kBadArgument,    ///< the caller asked for something impossible; nothing was sent
    kNoSuchQueue,    ///< the queue does not exist on this side
    kQueueFull,      ///< no submission slot or command identifier is free at the moment
    kTimedOut,       ///< no answer within the time allowed; the command is still outstanding
    kAborted,        ///< a reset or queue deletion ended the command without a completion
    kFatalStatus,    ///< CSTS.CFS is set
    kCommandFailed,  ///< a step of a longer procedure completed with an error status
};
[[nodiscard]] const char* name_of(DriverError error);

/// The end of a command, or the reason why there is none.
struct Completion {
    DriverError error = DriverError::kNone;  ///< unless kNone, the rest means nothing
    bool do_not_retry = false;
    bool more = false;  ///< more is in the Error Information log page
    std::uint8_t retry_delay = 0;
    spec::StatusCode status = spec::StatusCode::kSuccess;
    std::uint16_t sqid = 0;
    std::uint16_t cid = 0;
    std::uint16_t sqhd = 0;
    std::uint32_t dw0 = 0;
    std::uint32_t dw1 = 0;

    [[nodiscard]] bool ok() const {
        return error == DriverError::kNone && status == spec::StatusCode::kSuccess;
    }
    [[nodiscard]] static Completion failed(DriverError why);
    [[nodiscard]] static Completion from(const spec::CompletionEntry& entry);
};
std::ostream& operator<<(std::ostream& out, DriverError error);
std::ostream& operator<<(std::ostream& out, const Completion& completion);

/// A command under way. Stays valid until its completion was collected, and is never taken for
/// another command that uses the same identifier later.
struct Ticket {
    DriverError error = DriverError::kNone;  ///< unless kNone, nothing was submitted
    std::uint16_t qid = 0;
    std::uint16_t cid = 0;
    std::uint64_t serial = 0;
};

/// Host memory that is contiguous in guest physical addresses.
struct DmaBuffer {
    std::uint64_t gpa = 0;
    std::uint64_t size = 0;     ///< bytes; 0: the allocation failed
    std::byte* data = nullptr;  ///< the same memory, as software sees it

    explicit operator bool() const { return size != 0; }
};

/// The data of one command.
struct Transfer {
    std::uint64_t gpa = 0;    ///< dword aligned
    std::uint64_t bytes = 0;  ///< 0: no data; the entry's PRPs go out as they are

    Transfer() = default;
    Transfer(std::uint64_t address, std::uint64_t length) : gpa(address), bytes(length) {}
    Transfer(const DmaBuffer& buffer) : gpa(buffer.gpa), bytes(buffer.size) {}
};

/// Called when a command completes, by whichever process reaps the queue. It may submit and ring,
/// but not wait for commands, nor create, delete or reset anything.
struct OnCompletion {
    void (*function)(void* context, const Completion& completion) = nullptr;
    void* context = nullptr;
};

/// Of 64 bits, in the first eight bytes, or of 128.
using HostId = std::array<std::uint8_t, 16>;

/// What Reservation Report says, from either of its data structures.
struct ReservationReport {
    struct Controller {
        std::uint16_t cntlid = 0;
        bool holder = false;
        HostId host{};
        std::uint64_t key = 0;
    };
    std::uint32_t generation = 0;
    spec::ReservationType type = spec::ReservationType::kNone;
    bool persists = false;
    std::vector<Controller> controllers;
};

}  // namespace platform
