// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/observe/trace.h"

namespace analysis {

/// Events of a controller with an admin queue of 32 entries and queue 1 of 64, interrupts by
/// vector 1, as they would be recorded; times are nanoseconds.
class MadeTrace {
public:
    explicit MadeTrace(observe::TraceSink& sink) : sink_(sink) {}

    static constexpr util::TimePs at(std::uint64_t ns) { return ns * util::kPsPerNs; }

    void bring_up() {
        sink_.record(observe::RegisterWrite{at(0), 0x24, 4, 0x001f'001f});
        sink_.record(observe::StateChange{at(0), 1, 0});
        sink_.record(observe::StateChange{at(100), 1, 1});
        create_queue(0x05, 0x0001'0003);
        sink_.record(observe::QueueChange{at(200), true, true, 1, 64});
        create_queue(0x01, 0x0001'0001);
        sink_.record(observe::QueueChange{at(300), false, true, 1, 64});
    }
    /// After a reset that AQA has survived.
    void bring_up_again(std::uint64_t ns) {
        sink_.record(observe::StateChange{at(ns), 1, 1});
        sink_.record(observe::QueueChange{at(ns), true, true, 1, 64});
        sink_.record(observe::QueueChange{at(ns), false, true, 1, 64});
    }
    void tail(std::uint64_t ns, std::uint16_t value) {
        sink_.record(observe::Doorbell{at(ns), false, true, 1, value});
    }
    void head(std::uint64_t ns, std::uint16_t value) {
        sink_.record(observe::Doorbell{at(ns), true, true, 1, value});
    }
    void fetch(std::uint64_t ns, std::uint16_t cid, std::uint8_t opcode = 2,
               std::uint32_t slba = 0) {
        observe::CommandFetched e{};
        e.ps = at(ns);
        e.sqid = 1;
        e.sqe.cdw0 = opcode | std::uint32_t{cid} << 16;
        e.sqe.nsid = 1;
        e.sqe.cdw10 = slba;
        e.sqe.cdw12 = 7;
        sink_.record(e);
    }
    void arrive(std::uint64_t ns, std::uint64_t done) {
        sink_.record(observe::DmaAccess{at(ns), false, observe::DmaKind::kSubmissionEntry, 1,
                                        observe::kNoId, 0x4000, 64, true, at(done)});
    }
    void step(std::uint64_t ns, std::uint16_t cid, std::string_view next, std::uint64_t then) {
        sink_.record(observe::CommandStepped{at(ns), 1, cid, next, at(then)});
    }
    void media(std::uint64_t ns, std::uint64_t begin, std::uint64_t end) {
        sink_.record(
            observe::MediaAccess{at(ns), observe::MediaUse::kRead, 1, 0, 4096, at(begin), at(end)});
    }
    void data(std::uint64_t ns, std::uint16_t cid, std::uint64_t done) {
        sink_.record(observe::DataBuffer{at(ns), 1, cid, 0x10000, 4096, true});
        sink_.record(observe::LinkTransfer{at(ns), false, at(ns), 4096, at(done)});
        sink_.record(observe::DmaAccess{at(ns), true, observe::DmaKind::kData, 1, cid, 0x10000,
                                        4096, true, at(done)});
    }
    void complete(std::uint64_t ns, std::uint16_t cid, std::uint64_t fetched,
                  std::uint8_t opcode = 2, std::uint16_t status = 0) {
        sink_.record(observe::CommandCompleted{at(ns), at(fetched), 1, 1, cid, opcode,
                                               static_cast<nvme::spec::StatusCode>(status), 0});
    }
    void interrupt(std::uint64_t ns) { sink_.record(observe::Interrupt{at(ns), 1}); }

    /// A read of 4 KiB that takes 9 us from its doorbell on, with all details.
    void read(std::uint64_t ns, std::uint16_t cid, std::uint16_t tail_value) {
        tail(ns, tail_value);
        arrive(ns + 100, ns + 400);
        fetch(ns + 100, cid);
        step(ns + 100, cid, "start", ns + 600);
        media(ns + 600, ns + 1000, ns + 5600);
        step(ns + 600, cid, "read.send", ns + 5600);
        data(ns + 5600, cid, ns + 7600);
        step(ns + 5600, cid, "post", ns + 7650);
        complete(ns + 7650, cid, ns + 100);
        interrupt(ns + 8000);
        head(ns + 9000, tail_value);
    }

private:
    void create_queue(std::uint8_t opcode, std::uint32_t cdw11) {
        observe::CommandFetched e{};
        e.ps = at(150);
        e.sqe.cdw0 = opcode;
        e.sqe.cdw10 = 0x003f'0001;
        e.sqe.cdw11 = cdw11;
        sink_.record(e);
        sink_.record(observe::CommandCompleted{at(200), at(150), 0, 0, 0, opcode,
                                               nvme::spec::StatusCode::kSuccess, 0});
    }

    observe::TraceSink& sink_;
};

}  // namespace analysis
