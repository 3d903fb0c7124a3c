// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/transport/dma.h"

#include <algorithm>

namespace nvme {
using util::TimePs;

DmaResult Dma::read(TimePs start, std::uint64_t gpa, void* dst, std::size_t len,
                    const DmaUse& use) {
    if (!open_) return {};
    const TimePs at = std::max(start, clock_.now());
    const TimePs link_done = linked(true, at, len, link_.read(at, len, gpa), gpa);
    return ended(false, gpa, len, use, read_memory({at, at, link_done}, gpa, dst, len, use),
                 link_done - at);
}

DmaResult Dma::write(TimePs start, std::uint64_t gpa, const void* src, std::size_t len,
                     const DmaUse& use) {
    if (!open_) return {};
    const TimePs at = std::max(start, clock_.now());
    const TimePs link_done = linked(false, at, len, link_.write(at, len));
    return ended(true, gpa, len, use, write_memory({at, at, link_done}, gpa, src, len, use),
                 link_done - at);
}

DmaResult Dma::read_now(std::uint64_t gpa, void* dst, std::size_t len, const DmaUse& use,
                        std::uint64_t rest) {
    if (!open_) return {};
    const TimePs now = clock_.now();
    const TimePs crossing = std::min(now, link_.crossing(rest));
    return ended(false, gpa, len, use, read_memory({now, now - crossing, now}, gpa, dst, len, use),
                 0);
}

DmaResult Dma::write_now(std::uint64_t gpa, const void* src, std::size_t len, const DmaUse& use) {
    if (!open_) return {};
    return ended(true, gpa, len, use, write_memory(clock_.now(), gpa, src, len, use), 0);
}

Dma::Direct Dma::direct(TimePs start, std::uint64_t gpa, std::size_t len, bool to_host,
                        const DmaUse& use) {
    const Direct memory = find_direct(gpa, len, to_host, use);
    if (memory.data == nullptr) return {};
    const TimePs now = clock_.now();
    const TimePs at = std::max(start, now);
    const TimePs link_done =
        linked(!to_host, at, len, to_host ? link_.write(at, len) : link_.read(at, len, gpa), gpa);
    const TimePs done = link_done + (memory.done - now);
    (void)ended(to_host, gpa, len, use, {true, done}, 0);
    return {memory.data, done};
}

Dma::Direct Dma::direct_now(std::uint64_t gpa, std::size_t len, bool to_host, const DmaUse& use) {
    const Direct memory = find_direct(gpa, len, to_host, use);
    if (memory.data != nullptr) (void)ended(to_host, gpa, len, use, {true, memory.done}, 0);
    return memory;
}

Dma::Direct Dma::find_direct(std::uint64_t gpa, std::size_t len, bool to_host, const DmaUse& use) {
    if (!open_ || (faults_ != nullptr && !faults_->allows_direct(use))) return {};
    const HostMemory::Direct memory = memory_.direct(gpa, len, to_host);
    if (memory.data == nullptr) return {};
    return {memory.data, clock_.now() + memory.latency};
}

void Dma::record_access(bool to_host, std::uint64_t gpa, std::size_t len, const DmaUse& use,
                        DmaResult result) const {
    trace_->record(observe::DmaAccess{clock_.now(), to_host, use.kind, use.qid, use.cid, gpa,
                                      static_cast<std::uint32_t>(len), result.ok,
                                      result.ok ? result.done : 0});
}

void Dma::record_link(bool read, TimePs start, std::uint64_t bytes, TimePs done,
                      std::uint64_t gpa) const {
    const std::uint64_t requests = read ? link_.requests_of(bytes, gpa) : 0;
    trace_->record(observe::LinkTransfer{clock_.now(), read, start, bytes, done,
                                         static_cast<std::uint32_t>(requests)});
}

}  // namespace nvme
