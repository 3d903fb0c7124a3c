// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string_view>

#include "models/nvme/spec/command_formats.h"
#include "models/nvme/spec/entries.h"
#include "models/nvme/spec/status.h"
#include "models/observe/event_words.h"
#include "models/util/time.h"

/// What happens to queues and commands.
namespace observe {

enum class DoorbellRefusal : std::uint8_t { kNone, kNotReady, kNoQueue, kOutOfRange, kOverrun };
template <>
struct Words<DoorbellRefusal> {
    static constexpr std::array<std::string_view, 5> names{"none", "not_ready", "no_queue",
                                                           "out_of_range", "overrun"};
};

struct Doorbell {
    static constexpr std::string_view kName = "doorbell";
    util::TimePs ps;  ///< when the write takes effect, before the doorbell-to-fetch latency
    bool completion;  ///< head of a completion queue, else tail of a submission queue
    bool accepted;
    std::uint16_t qid;
    std::uint16_t value;
    DoorbellRefusal why = DoorbellRefusal::kNone;
    std::uint8_t blocked = 0;  ///< 1: the controller may send no requests, so nothing comes of it

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.either("queue", e.completion, "sq", "cq");
        v.dec("qid", e.qid);
        v.dec("value", e.value);
        v.dec("accepted", e.accepted);
        v.word("why", e.why);
        v.hex_or_none("blocked", e.blocked);
    }
};

struct QueueChange {
    static constexpr std::string_view kName = "queue";
    util::TimePs ps;
    bool completion, created;
    std::uint16_t qid;
    std::uint32_t size;
    std::uint64_t base = 0;        ///< address in host memory
    std::uint32_t vector = kNoId;  ///< of a completion queue that is created and interrupts

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.either("queue", e.completion, "sq", "cq");
        v.dec("qid", e.qid);
        v.either("change", e.created, "deleted", "created");
        v.dec("size", e.size);
        v.hex("base", e.base);
        v.id_or_none("vector", e.vector);
    }
};

/// Before the first entry is posted, a completion queue has entries that look new: their Phase Tag
/// is 1.
struct StaleEntries {
    static constexpr std::string_view kName = "stale";
    util::TimePs ps;
    std::uint16_t cqid;
    std::uint32_t entries;

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.dec("cqid", e.cqid);
        v.dec("entries", e.entries);
    }
};

struct CommandFetched {
    static constexpr std::string_view kName = "fetch";
    util::TimePs ps;
    std::uint16_t sqid;
    nvme::spec::SubmissionEntry sqe;

    [[nodiscard]] std::uint8_t opcode() const { return static_cast<std::uint8_t>(sqe.cdw0); }
    [[nodiscard]] std::uint16_t cid() const { return static_cast<std::uint16_t>(sqe.cdw0 >> 16); }

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.dec("sqid", e.sqid);
        v.note_dec("cid", e.cid());
        v.note_hex("opcode", e.opcode());
        v.note_text("name", nvme::spec::command_name(e.sqid, e.opcode()));
        v.hex("nsid", e.sqe.nsid);
        v.hex("cdw0", e.sqe.cdw0);
        v.hex("cdw10", e.sqe.cdw10);
        v.hex("cdw11", e.sqe.cdw11);
        v.hex("cdw12", e.sqe.cdw12);
        if (e.sqid != 0) v.note_dec("slba", nvme::spec::slba_of(e.sqe));
        v.hex_or_none("cdw2", e.sqe.cdw2);
        v.hex_or_none("cdw3", e.sqe.cdw3);
        v.hex_or_none("mptr", e.sqe.mptr);
        v.hex_or_none("prp1", e.sqe.prp1);
        v.hex_or_none("prp2", e.sqe.prp2);
        v.hex_or_none("cdw13", e.sqe.cdw13);
        v.hex_or_none("cdw14", e.sqe.cdw14);
        v.hex_or_none("cdw15", e.sqe.cdw15);
    }
};

/// An I/O command waits for its next step.
struct CommandStepped {
    static constexpr std::string_view kName = "step";
    util::TimePs ps;
    std::uint16_t sqid, cid;
    std::string_view next;  ///< as in the command's row; "start": it is decoded; "post": it is done
    util::TimePs at;        ///< when that step runs; util::kNever: when something has ended

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.dec("sqid", e.sqid);
        v.dec("cid", e.cid);
        v.token("next", e.next);
        v.dec("at", e.at);
    }
};

/// The command will complete with an error; recorded before that.
struct CommandRefused {
    static constexpr std::string_view kName = "refuse";
    util::TimePs ps;
    std::uint16_t sqid, cid;
    std::uint8_t opcode;
    nvme::spec::StatusCode status;
    std::string_view reason;          ///< what was wrong, with the specification's field name
    std::uint64_t value;              ///< the offending one
    std::uint16_t location = 0xffff;  ///< Parameter Error Location: byte | bit << 8, FFFFh: none
    // What else the command said.
    std::uint32_t nsid = 0;
    std::uint64_t prp1 = 0, prp2 = 0;  ///< the data pointer: PRPs, or an SGL descriptor
    std::uint64_t slba = 0;
    std::uint32_t blocks = 0;  ///< 0: it names none

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.dec("sqid", e.sqid);
        v.dec("cid", e.cid);
        v.hex("opcode", e.opcode);
        v.hex("status", e.status);
        v.text("reason", e.reason);
        v.hex("value", e.value);
        v.hex("location", e.location);
        v.hex_or_none("nsid", e.nsid);
        v.hex_or_none("prp1", e.prp1);
        v.hex_or_none("prp2", e.prp2);
        v.hex_or_none("slba", e.slba);
        v.hex_or_none("blocks", e.blocks);
    }
};

/// A piece of host memory that a command moves data to or from.
struct DataBuffer {
    static constexpr std::string_view kName = "data";
    util::TimePs ps;
    std::uint16_t sqid, cid;
    std::uint64_t gpa;
    std::uint32_t len;
    bool to_host;

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.dec("sqid", e.sqid);
        v.dec("cid", e.cid);
        v.hex("gpa", e.gpa);
        v.dec("len", e.len);
        v.either("direction", e.to_host, "from_host", "to_host");
    }
};

struct CommandCompleted {
    static constexpr std::string_view kName = "complete";
    util::TimePs ps;
    util::TimePs fetched_ps;
    std::uint16_t sqid, cqid, cid;
    std::uint8_t opcode;
    nvme::spec::StatusCode status;
    std::uint32_t dw0;

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.dec("sqid", e.sqid);
        v.dec("cqid", e.cqid);
        v.dec("cid", e.cid);
        v.hex("opcode", e.opcode);
        v.note_text("name", nvme::spec::command_name(e.sqid, e.opcode));
        v.hex("status", e.status);
        v.note_text("meaning", nvme::spec::status_name(e.status));
        v.hex("dw0", e.dw0);
        v.dec("fetched", e.fetched_ps);
    }
};

/// The levels of a submission queue and of the completion queue that it uses, after a step of their
/// process that has changed one of them.
struct QueueLevels {
    static constexpr std::string_view kName = "levels";
    util::TimePs ps;
    std::uint16_t sqid, cqid;
    std::uint16_t sq_head, sq_tail;
    std::uint16_t cq_head, cq_tail;
    std::uint16_t in_flight;
    std::uint16_t waiting = 0;  ///< completions that wait for room in the completion queue

    /// Whatever the time.
    [[nodiscard]] bool same_levels(const QueueLevels& o) const {
        return sq_head == o.sq_head && sq_tail == o.sq_tail && cq_head == o.cq_head &&
               cq_tail == o.cq_tail && in_flight == o.in_flight && waiting == o.waiting;
    }

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.dec("sqid", e.sqid);
        v.dec("sq_head", e.sq_head);
        v.dec("sq_tail", e.sq_tail);
        v.dec("cqid", e.cqid);
        v.dec("cq_head", e.cq_head);
        v.dec("cq_tail", e.cq_tail);
        v.dec("in_flight", e.in_flight);
        v.dec("waiting", e.waiting);
    }
};

}  // namespace observe
