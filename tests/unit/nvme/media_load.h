// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <utility>
#include <vector>

#include "tests/support/core_harness.h"

// A host that keeps commands going and looks for completions every tenth of a microsecond of
// simulated time, without SystemC.
namespace nvme::test {

using spec::NvmOpcode;
using util::kPsPerNs;
using util::kPsPerUs;
using util::TimePs;

inline constexpr std::uint32_t kBlock = 4096;

/// Nothing but media and link takes time.
inline ControllerParams timed(media::Model media, std::uint8_t link_gen) {
    ControllerParams p = instant_params();
    p.media.model = media;
    p.link.gen = link_gen;
    p.link.latency_ns = 150;
    p.max_queue_entries = 256;
    p.max_inflight_per_sq = 256;
    return p;
}

/// One queue pair, `depth` commands in it at all times.
class Stream {
public:
    using Make = std::function<spec::SubmissionEntry(unsigned number)>;

    Stream(CoreHarness& h, std::uint16_t qid, unsigned depth, Make make)
        : h_(h), queue_(h.create_queues(qid, 256)), depth_(depth), make_(std::move(make)) {}

    /// Refills, and returns how many commands have completed since the last call.
    unsigned turn() {
        unsigned ended = 0;
        while (const auto cqe = h_.poll(queue_)) {
            EXPECT_EQ(status_of(*cqe), spec::StatusCode::kSuccess);
            if (done++ == 0) first_done = h_.clock.now();
            ++ended;
        }
        const unsigned room = stopped ? 0 : depth_ - (sent_ - done);
        for (unsigned i = 0; i < room; ++i) h_.push(queue_, make_(sent_++));
        if (room != 0) h_.ring_tail(queue_);
        return ended;
    }

    unsigned done = 0;
    TimePs first_done = 0;
    bool stopped = false;

private:
    CoreHarness& h_;
    HostQueue queue_;
    const unsigned depth_;
    const Make make_;
    unsigned sent_ = 0;
};

class MediaTime {
public:
    explicit MediaTime(const ControllerParams& params, std::uint64_t bytes = 64 << 20)
        : h(params), blocks_(static_cast<std::uint32_t>(bytes / kBlock)) {
        h.add_namespace(1, bytes, kBlock);
        h.enable();
    }

    /// Data of `bytes`, page by page behind one another; the list is where the data ends.
    spec::SubmissionEntry command(NvmOpcode opcode, std::uint64_t slba, std::uint32_t bytes) {
        const std::uint32_t pages = bytes / kBlock;
        const std::uint64_t data = h.alloc(bytes + kBlock);
        for (std::uint32_t i = 1; i < pages; ++i)
            h.memory.put(data + bytes + (i - 1) * 8, data + std::uint64_t{i} * kBlock);
        const std::uint64_t prp2 = pages == 1 ? 0 : pages == 2 ? data + kBlock : data + bytes;
        return io_command(opcode, 1, slba, pages, data, prp2);
    }
    /// A block that looks random; each is met once before one comes again.
    [[nodiscard]] std::uint64_t random_block(unsigned number) const {
        return number * 2'654'435'761u % blocks_;
    }
    Stream::Make random(NvmOpcode opcode) {
        const auto sqe = command(opcode, 0, kBlock);
        return [this, sqe](unsigned number) {
            auto next = sqe;
            next.cdw10 = static_cast<std::uint32_t>(random_block(number));
            return next;
        };
    }
    void run(std::vector<Stream*> streams, TimePs duration) {
        const TimePs end = h.clock.now() + duration;
        while (h.clock.now() < end) {
            for (Stream* s : streams) (void)s->turn();
            h.run_for(100 * kPsPerNs);
        }
    }
    /// Commands of the stream in a time that begins now.
    unsigned count(std::vector<Stream*> streams, Stream& of, TimePs duration) {
        const unsigned before = of.done;
        run(std::move(streams), duration);
        return of.done - before;
    }

    CoreHarness h;

private:
    const std::uint32_t blocks_;
};

inline double mib_per_s(unsigned commands, std::uint32_t bytes, TimePs duration) {
    return static_cast<double>(commands) * bytes / (1 << 20) /
           (static_cast<double>(duration) / util::kPsPerS);
}

}  // namespace nvme::test
