// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/media/store/faulty_store.h"
#include "models/nvme/ports/dma_faults.h"
#include "models/nvme/ports/health_change.h"
#include "models/nvme/spec/admin_commands.h"
#include "models/nvme/spec/entries.h"
#include "models/nvme/spec/logs.h"
#include "models/nvme/spec/status.h"
#include "models/observe/trace.h"
#include "models/pcie/function_faults.h"
#include "models/pcie/wire_time.h"

/// The seam between the device and a fault plan: the device asks at the places below, each behind
/// one null test. models/faults answers; nothing here knows what a plan looks like.
namespace nvme {

/// What becomes of a command that was just fetched.
struct FetchVerdict {
    enum class Kind : std::uint8_t {
        kExecute,
        kDrop,      ///< it is lost: never executed, never completed
        kPostpone,  ///< executed at `until`, or when it is released
        kComplete,  ///< completed without being executed
    };
    Kind kind = Kind::kExecute;
    util::TimePs until = 0;  ///< kNever: until released
    spec::StatusCode status = spec::StatusCode::kSuccess;
    std::uint16_t status_field = 0;
    std::uint32_t dw0 = 0;

    /// The status promises an entry in the Error Information log.
    [[nodiscard]] bool more() const {
        using Status = spec::CompletionStatus;
        return Status::from(status_field).get<Status::M>();
    }
};

/// What a plan can do to the device, whatever the host does.
class FaultTarget {
public:
    virtual ~FaultTarget() = default;
    [[nodiscard]] virtual util::TimePs fault_time() const = 0;
    /// FaultHooks::step() is to be called at `at`, and what was released is to go on.
    virtual void wake_for_faults(util::TimePs at) = 0;
    virtual void send_interrupt(std::uint16_t vector) = 0;
    virtual void fail() = 0;  ///< CSTS.CFS
    /// The link goes down, which resets the function, or comes up.
    virtual void set_link(bool up) = 0;
    /// The link carries nothing for `duration`, and runs at this speed from then on; what is 0 is
    /// all that it can.
    virtual void retrain_link(pcie::LinkSpeed speed, util::TimePs duration) = 0;
    virtual void set_power(bool on) = 0;
    virtual void raise_event(spec::AsyncEventType type, std::uint8_t info, spec::LogId log) = 0;
    virtual void announce_namespace(std::uint32_t nsid) = 0;
    virtual void change_health(const HealthChange& change) = 0;
    virtual void record_fault(const observe::FaultInjected& event) = 0;
};

class FaultHooks : public DmaFaults, public media::MediaFaults, public pcie::FunctionFaults {
public:
    /// Before any other call.
    virtual void attach(FaultTarget& target) = 0;

    // Commands. `faults` is filled by the first call and belongs to the command from then on.
    virtual FetchVerdict on_fetched(std::uint16_t sqid, spec::SubmissionEntry& sqe,
                                    CommandFaults& faults) = 0;
    /// The command has ended and could be posted at `at`: when it may be, kNever: when released.
    virtual util::TimePs on_ended(CommandFaults& faults, util::TimePs at) = 0;
    /// The entry is written next, perhaps with changes. False: it is lost instead.
    virtual bool on_posting(const CommandFaults& faults, spec::CompletionEntry& cqe) = 0;
    /// The command that is postponed has not been released.
    [[nodiscard]] virtual bool held(const CommandFaults& faults) const = 0;
    /// Changes whenever something is released.
    [[nodiscard]] virtual std::uint32_t releases() const = 0;

    // The device.
    enum class Space : std::uint8_t { kBar0, kConfig };
    /// A register that the host reads has `value`: what the host is to see.
    virtual std::uint64_t on_register_read(Space space, std::uint32_t offset, unsigned size,
                                           std::uint64_t value) = 0;
    std::uint32_t on_config_read(std::uint16_t offset, unsigned size, std::uint32_t value) final {
        return static_cast<std::uint32_t>(on_register_read(Space::kConfig, offset, size, value));
    }
    /// False: the doorbell is lost. May move `at` to later.
    virtual bool on_doorbell(bool completion, std::uint16_t qid, util::TimePs& at) = 0;
    /// CSTS.RDY would change at `at`: when it does.
    virtual util::TimePs on_ready_change(bool ready, util::TimePs at) = 0;
    /// Does what is due by itself; returns when to call again.
    virtual util::TimePs step(util::TimePs now) = 0;
};

}  // namespace nvme
