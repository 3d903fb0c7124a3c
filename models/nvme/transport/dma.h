// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "models/nvme/ports/clock.h"
#include "models/nvme/ports/dma_faults.h"
#include "models/nvme/ports/host_memory.h"
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
                   DmaUse use = {});
    DmaResult write(util::TimePs start, std::uint64_t gpa, const void* src, std::size_t len);

    /// Host memory to be filled (to_host) or read in place, with the link charged for it; `data` is
    /// null when it has to be moved by read() or write() instead. Good until the process waits.
    struct Direct {
        std::byte* data = nullptr;
        util::TimePs done = 0;
    };
    Direct direct(util::TimePs start, std::uint64_t gpa, std::size_t len, bool to_host);

    /// For writes that the host watches (completion entries): reserve the link first, wait until
    /// the returned time, then write with write_now().
    [[nodiscard]] util::TimePs reserve_write(util::TimePs start, std::size_t len) {
        return link_.write(start, len);
    }
    DmaResult write_now(std::uint64_t gpa, const void* src, std::size_t len, DmaUse use = {});

    /// Null: no access fails or changes but by the host's doing.
    void set_faults(DmaFaults* faults) { faults_ = faults; }

    void open() { open_ = true; }
    void close() { open_ = false; }
    [[nodiscard]] bool closed() const { return !open_; }

private:
    DmaResult write_memory(util::TimePs at, std::uint64_t gpa, const void* src, std::size_t len,
                           DmaUse use);

    HostMemory& memory_;
    pcie::Link& link_;
    const Clock& clock_;
    DmaFaults* faults_ = nullptr;
    bool open_ = false;
};

}  // namespace nvme
