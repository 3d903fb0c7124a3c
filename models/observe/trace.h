// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string_view>

#include "models/nvme/spec/entries.h"
#include "models/nvme/spec/status.h"
#include "models/observe/lint_rules.h"
#include "models/util/time.h"

/// Observable moments of a controller, as plain structs. Recording one is a copy; what becomes of
/// it (a text file, a waveform, a test's expectation) is the sink's matter. Times are picoseconds.
namespace observe {

struct RegisterWrite {
    util::TimePs ps;
    std::uint32_t offset;
    std::uint8_t size;
    std::uint64_t value;
};
/// An access to BAR0 that changes nothing and reads as all ones.
enum class AccessRefusal : std::uint8_t {
    kUndefined,    ///< a size or an alignment that is not defined
    kMemorySpace,  ///< memory space is disabled: Command.MSE = 0, or the function is not in D0
};
struct AccessRefused {
    util::TimePs ps;
    std::uint32_t offset;
    std::uint8_t size;
    bool write;
    AccessRefusal why = AccessRefusal::kUndefined;
};
enum class DoorbellRefusal : std::uint8_t { kNone, kNotReady, kNoQueue, kOutOfRange, kOverrun };
struct Doorbell {
    util::TimePs ps;  ///< when the write takes effect, before the doorbell-to-fetch latency
    bool completion;  ///< head of a completion queue, else tail of a submission queue
    bool accepted;
    std::uint16_t qid;
    std::uint16_t value;
    DoorbellRefusal why = DoorbellRefusal::kNone;
};
struct QueueChange {
    util::TimePs ps;
    bool completion, created;
    std::uint16_t qid;
    std::uint32_t size;
    std::uint64_t base = 0;  ///< address in host memory
};
struct CommandFetched {
    util::TimePs ps;
    std::uint16_t sqid, cid;
    std::uint8_t opcode;
    std::uint32_t nsid;
    std::uint64_t slba;  ///< CDW10 and CDW11 as they are
    std::uint32_t cdw12;
    const nvme::spec::SubmissionEntry* sqe = nullptr;  ///< all of it, good during the call
};
/// The command will complete with an error; recorded before that.
struct CommandRefused {
    util::TimePs ps;
    std::uint16_t sqid, cid;
    std::uint8_t opcode;
    nvme::spec::StatusCode status;
    std::string_view reason;          ///< what was wrong, with the specification's field name
    std::uint64_t value;              ///< the offending one
    std::uint16_t location = 0xffff;  ///< Parameter Error Location: byte | bit << 8, FFFFh: none
};
/// A piece of host memory that a command moves data to or from.
struct DataBuffer {
    util::TimePs ps;
    std::uint16_t sqid, cid;
    std::uint64_t gpa;
    std::uint32_t len;
    bool to_host;
};
struct CommandCompleted {
    util::TimePs ps;
    util::TimePs fetched_ps;
    std::uint16_t sqid, cqid, cid;
    std::uint8_t opcode;
    nvme::spec::StatusCode status;
    std::uint32_t dw0;
};
struct Interrupt {
    util::TimePs ps;
    std::uint16_t vector;
    std::uint64_t address = 0;  ///< of the message
};
struct StateChange {
    util::TimePs ps;
    std::uint32_t cc, csts;
    bool other_properties = false;  ///< AQA, ASQ, ACQ and INTMS have their reset values, too
};
struct AsyncEvent {
    util::TimePs ps;
    std::uint32_t dw0;
};
/// The model, not the host, has added, removed or resized a namespace.
struct NamespaceChange {
    util::TimePs ps;
    std::uint32_t nsid;
    std::uint64_t blocks;  ///< 0: it is gone
};
enum class PowerCause : std::uint8_t {
    kHost,   ///< the feature Power Management
    kIo,     ///< I/O commands came in a non-operational state
    kIdle,   ///< Autonomous Power State Transition
    kReset,  ///< controller level reset
};
/// The controller leaves a power state for another one.
struct PowerTransition {
    util::TimePs ps;
    std::uint8_t from, to;
    PowerCause cause;
    util::TimePs settled_ps;  ///< when it will be there
};
/// What the SMART / Health Information log says of the subsystem's condition; recorded when a sink
/// is attached, and when something of it changes.
struct HealthLevels {
    util::TimePs ps;
    std::uint8_t critical_warning;
    std::uint16_t kelvin;  ///< composite temperature
    std::uint8_t available_spare, percentage_used;
};
/// A fault plan has acted. The texts live as long as the plan.
struct FaultInjected {
    util::TimePs ps;
    std::string_view rule, action;
    bool of_command;  ///< sqid and cid name one
    std::uint16_t sqid, cid;
};
/// The levels of a submission queue and of the completion queue that it uses, after one step of
/// their process.
struct QueueLevels {
    util::TimePs ps;
    std::uint16_t sqid, cqid;
    std::uint16_t sq_head, sq_tail;
    std::uint16_t cq_head, cq_tail;
    std::uint16_t in_flight;
    std::uint16_t waiting = 0;  ///< completions that wait for room in the completion queue
};

/// A driver did something wrong (driver_lint.h).
struct LintFinding {
    static constexpr std::uint32_t kNone = 0xffff'ffff;
    util::TimePs ps;
    LintRule rule;
    std::uint32_t qid;  ///< kNone: of no queue
    std::uint32_t cid;  ///< kNone: of no command
    std::uint64_t value;
};

/// Receives events; each may be ignored. Not called while tracing is off: the owner holds a null.
class TraceSink {
public:
    virtual ~TraceSink() = default;
    virtual void record(const RegisterWrite&) {}
    virtual void record(const AccessRefused&) {}
    virtual void record(const Doorbell&) {}
    virtual void record(const QueueChange&) {}
    virtual void record(const CommandFetched&) {}
    virtual void record(const CommandRefused&) {}
    virtual void record(const DataBuffer&) {}
    virtual void record(const CommandCompleted&) {}
    virtual void record(const Interrupt&) {}
    virtual void record(const StateChange&) {}
    virtual void record(const AsyncEvent&) {}
    virtual void record(const NamespaceChange&) {}
    virtual void record(const QueueLevels&) {}
    virtual void record(const PowerTransition&) {}
    virtual void record(const HealthLevels&) {}
    virtual void record(const LintFinding&) {}
    virtual void record(const FaultInjected&) {}
};

}  // namespace observe
