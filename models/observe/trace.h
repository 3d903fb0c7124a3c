// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/nvme/spec/status.h"
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
struct Doorbell {
    util::TimePs ps;  ///< when the write takes effect, before the doorbell-to-fetch latency
    bool completion;  ///< head of a completion queue, else tail of a submission queue
    bool accepted;
    std::uint16_t qid;
    std::uint16_t value;
};
struct QueueChange {
    util::TimePs ps;
    bool completion, created;
    std::uint16_t qid;
    std::uint32_t size;
};
struct CommandFetched {
    util::TimePs ps;
    std::uint16_t sqid, cid;
    std::uint8_t opcode;
    std::uint32_t nsid;
    std::uint64_t slba;  ///< CDW10 and CDW11 as they are
    std::uint32_t cdw12;
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
};
struct StateChange {
    util::TimePs ps;
    std::uint32_t cc, csts;
};
struct AsyncEvent {
    util::TimePs ps;
    std::uint32_t dw0;
};
/// The levels of a submission queue and of the completion queue that it uses, after one step of
/// their process.
struct QueueLevels {
    util::TimePs ps;
    std::uint16_t sqid, cqid;
    std::uint16_t sq_head, sq_tail;
    std::uint16_t cq_head, cq_tail;
    std::uint16_t in_flight;
};

/// Receives events; each may be ignored. Not called while tracing is off: the owner holds a null.
class TraceSink {
public:
    virtual ~TraceSink() = default;
    virtual void record(const RegisterWrite&) {}
    virtual void record(const Doorbell&) {}
    virtual void record(const QueueChange&) {}
    virtual void record(const CommandFetched&) {}
    virtual void record(const CommandCompleted&) {}
    virtual void record(const Interrupt&) {}
    virtual void record(const StateChange&) {}
    virtual void record(const AsyncEvent&) {}
    virtual void record(const QueueLevels&) {}
};

}  // namespace observe
