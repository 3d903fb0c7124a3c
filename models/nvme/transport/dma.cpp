// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/transport/dma.h"

#include <algorithm>

namespace nvme {
using util::TimePs;

DmaResult Dma::read(TimePs start, std::uint64_t gpa, void* dst, std::size_t len, DmaUse use) {
    if (!open_) return {};
    const TimePs at = std::max(start, clock_.now());
    const TimePs link_done = link_.read(at, len);
    const DmaResult memory = faults_ == nullptr ? memory_.read(at, gpa, dst, len)
                                                : faults_->read(memory_, use, at, gpa, dst, len);
    // The host memory's own latency comes on top of the link's. A call that had to wait returns
    // when the gate may already be shut: what it read belongs to nobody then.
    if (!memory || !open_) return {};
    return {true, link_done + (memory.done - at)};
}

DmaResult Dma::write(TimePs start, std::uint64_t gpa, const void* src, std::size_t len) {
    if (!open_) return {};
    const TimePs at = std::max(start, clock_.now());
    const TimePs link_done = link_.write(at, len);
    const DmaResult memory = write_memory(at, gpa, src, len, {});
    if (!memory || !open_) return {};
    return {true, link_done + (memory.done - at)};
}

Dma::Direct Dma::direct(TimePs start, std::uint64_t gpa, std::size_t len, bool to_host) {
    const Direct memory = direct_now(gpa, len, to_host);
    if (memory.data == nullptr) return {};
    const TimePs now = clock_.now();
    const TimePs at = std::max(start, now);
    const TimePs link_done = to_host ? link_.write(at, len) : link_.read(at, len);
    return {memory.data, link_done + (memory.done - now)};
}

Dma::Direct Dma::direct_now(std::uint64_t gpa, std::size_t len, bool to_host) {
    if (!open_ || (faults_ != nullptr && !faults_->allows_direct())) return {};
    const HostMemory::Direct memory = memory_.direct(gpa, len, to_host);
    if (memory.data == nullptr) return {};
    return {memory.data, clock_.now() + memory.latency};
}

DmaResult Dma::read_now(std::uint64_t gpa, void* dst, std::size_t len) {
    if (!open_) return {};
    const TimePs now = clock_.now();
    const DmaResult memory = faults_ == nullptr ? memory_.read(now, gpa, dst, len)
                                                : faults_->read(memory_, {}, now, gpa, dst, len);
    if (!memory || !open_) return {};
    return memory;
}

DmaResult Dma::write_memory(TimePs at, std::uint64_t gpa, const void* src, std::size_t len,
                            DmaUse use) {
    if (faults_ != nullptr) return faults_->write(memory_, use, at, gpa, src, len);
    return memory_.write(at, gpa, src, len);
}

DmaResult Dma::write_now(std::uint64_t gpa, const void* src, std::size_t len, DmaUse use) {
    if (!open_) return {};
    const DmaResult memory = write_memory(clock_.now(), gpa, src, len, use);
    if (!memory || !open_) return {};
    return memory;
}

}  // namespace nvme
