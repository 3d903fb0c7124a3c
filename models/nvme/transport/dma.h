// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/nvme/ports/clock.h"
#include "models/nvme/ports/dma_faults.h"
#include "models/nvme/ports/host_memory.h"
#include "models/observe/trace.h"
#include "models/pcie/link.h"

namespace nvme {

/// Every access of the controller to host memory goes through here: it charges the PCI Express link
/// and it is the gate that a reset closes. Nothing reaches the host through a closed gate, whatever
/// an interrupted process still tries; callers tell that case by closed() and give up silently.
class Dma {
public:
    Dma(HostMemory& memory, pcie::Link& link, const Clock& clock)
        : memory_(memory), link_(link), clock_(clock) {}

    /// Moves the bytes now. `done` says when the link and the memory have finished: the transfer
    /// starts at `start`, or when the link is free.
    DmaResult read(util::TimePs start, std::uint64_t gpa, void* dst, std::size_t len,
                   const DmaUse& use);
    DmaResult write(util::TimePs start, std::uint64_t gpa, const void* src, std::size_t len,
                    const DmaUse& use);

    /// Host memory to be filled (to_host) or read in place, with the link charged for it; `data` is
    /// null when it has to be moved by read() or write() instead. Good until the process waits.
    struct Direct {
        std::byte* data = nullptr;
        util::TimePs done = 0;
    };
    Direct direct(util::TimePs start, std::uint64_t gpa, std::size_t len, bool to_host,
                  const DmaUse& use);

    /// An access would need no transaction.
    [[nodiscard]] bool reaches(std::uint64_t gpa, std::size_t len, bool to_host) const {
        return memory_.reaches(gpa, len, to_host);
    }

    /// As a debugger would look at host memory. False: it cannot be seen.
    [[nodiscard]] bool peek(std::uint64_t gpa, void* dst, std::size_t len) {
        return memory_.peek(gpa, dst, len);
    }

    /// A transfer in two steps: take the link for it now, and move the bytes when they have crossed
    /// it, at the returned time, by read_now(), write_now() or direct_now().
    [[nodiscard]] util::TimePs reserve_read(std::uint64_t gpa, std::size_t len) {
        const util::TimePs now = clock_.now();
        return linked(true, now, len, link_.read(now, len, gpa), gpa);
    }
    /// What leaves at `start`, now or later: small enough to go between other packets whenever it
    /// does. Its share of the link is taken now.
    [[nodiscard]] util::TimePs reserve_write(util::TimePs start, std::size_t len) {
        return linked(false, start, len, link_.write_later(clock_.now(), start, len));
    }
    /// A completion entry, behind the data of its command, which has arrived at `data`.
    [[nodiscard]] util::TimePs reserve_write_behind(util::TimePs data, std::size_t len) {
        return linked(false, data, len, link_.write_behind(clock_.now(), data, len));
    }
    /// The host memory's own latency is in `done`. The last of `rest` bytes, which begin with
    /// these, has crossed the link now.
    DmaResult read_now(std::uint64_t gpa, void* dst, std::size_t len, const DmaUse& use,
                       std::uint64_t rest);
    /// As direct(), without the link: `done` is the memory's own latency from now on.
    Direct direct_now(std::uint64_t gpa, std::size_t len, bool to_host, const DmaUse& use);
    DmaResult write_now(std::uint64_t gpa, const void* src, std::size_t len, const DmaUse& use);

    /// Null: no access fails or changes but by the host's doing.
    void set_faults(DmaFaults* faults) { faults_ = faults; }

    /// Is told of every transfer; null: nobody is.
    void set_trace(observe::TraceSink* trace) { trace_ = trace; }

    void open() { open_ = true; }
    void close() { open_ = false; }
    [[nodiscard]] bool closed() const { return !open_; }

private:
    /// Tells the trace of a transfer that has taken its share of the link. Returns `done`.
    util::TimePs linked(bool read, util::TimePs start, std::uint64_t bytes, util::TimePs done,
                        std::uint64_t gpa = 0) {
        if (trace_ != nullptr) record_link(read, start, bytes, done, gpa);
        return done;
    }
    DmaResult read_memory(const AccessTime& when, std::uint64_t gpa, void* dst, std::size_t len,
                          const DmaUse& use) {
        return faults_ == nullptr ? memory_.read(when, gpa, dst, len)
                                  : faults_->read(memory_, use, when, gpa, dst, len);
    }
    DmaResult write_memory(const AccessTime& when, std::uint64_t gpa, const void* src,
                           std::size_t len, const DmaUse& use) {
        return faults_ == nullptr ? memory_.write(when, gpa, src, len)
                                  : faults_->write(memory_, use, when, gpa, src, len);
    }
    [[nodiscard]] Direct find_direct(std::uint64_t gpa, std::size_t len, bool to_host,
                                     const DmaUse& use);
    /// The result of an access, with what the link takes of it. The host memory's own latency comes
    /// on top of the link's. A call that had to wait returns when the gate may already be shut:
    /// what it read belongs to nobody then.
    DmaResult ended(bool to_host, std::uint64_t gpa, std::size_t len, const DmaUse& use,
                    DmaResult memory, util::TimePs on_link) const {
        if (!open_) return {};
        memory.done += on_link;
        if (trace_ != nullptr) record_access(to_host, gpa, len, use, memory);
        return memory;
    }
    void record_link(bool read, util::TimePs start, std::uint64_t bytes, util::TimePs done,
                     std::uint64_t gpa) const;
    void record_access(bool to_host, std::uint64_t gpa, std::size_t len, const DmaUse& use,
                       DmaResult result) const;

    HostMemory& memory_;
    pcie::Link& link_;
    const Clock& clock_;
    DmaFaults* faults_ = nullptr;
    observe::TraceSink* trace_ = nullptr;
    bool open_ = false;
};

}  // namespace nvme
