// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <string_view>

#include "models/observe/event_words.h"
#include "models/util/time.h"

/// What commands are made of: how bytes move and what they wait for. Several for each command, so
/// they are recorded for sinks that ask for details only.
namespace observe {

/// What an access to host memory is for.
enum class DmaKind : std::uint8_t {
    kData,     ///< of a command, and whatever has no kind of its own
    kPrpList,  ///< or a segment of an SGL
    kSubmissionEntry,
    kCompletionEntry,
};
template <>
struct Words<DmaKind> {
    static constexpr std::array<std::string_view, 4> names{"data", "list", "sqe", "cqe"};
};
/// Bytes have moved between the controller and host memory.
struct DmaAccess {
    static constexpr std::string_view kName = "dma";
    util::TimePs ps;
    bool to_host;
    DmaKind kind;
    std::uint32_t qid;  ///< of the queue, for its entries; else of the command's submission queue
    std::uint32_t cid;  ///< kNoId: of no command
    std::uint64_t gpa;
    std::uint32_t len;
    bool ok;                ///< false: host memory has refused it, or is unreachable
    util::TimePs done = 0;  ///< link and memory have finished

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.either("direction", e.to_host, "from_host", "to_host");
        v.word("kind", e.kind);
        v.id_or_none("qid", e.qid);
        v.id_or_none("cid", e.cid);
        v.hex("gpa", e.gpa);
        v.dec("len", e.len);
        v.dec("ok", e.ok);
        v.dec("done", e.done);
    }
};

/// A transfer has taken its share of the link.
struct LinkTransfer {
    static constexpr std::string_view kName = "link";
    util::TimePs ps;
    bool read;           ///< a request to the host and its data, else a write to the host
    util::TimePs start;  ///< not before
    std::uint64_t bytes;
    util::TimePs done;           ///< the last of them has arrived
    std::uint32_t requests = 0;  ///< that the read consists of, each with a tag until its data come

    template <typename Self, typename V>
    static void fields(Self& e, V&& v) {
        v.either("access", e.read, "write", "read");
        v.dec("start", e.start);
        v.dec("bytes", e.bytes);
        v.dec("done", e.done);
        v.dec("requests", e.requests);
    }
};

}  // namespace observe
