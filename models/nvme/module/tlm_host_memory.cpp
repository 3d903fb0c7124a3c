// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/module/tlm_host_memory.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "models/nvme/transport/posted_write.h"

namespace nvme {
using util::TimePs;

namespace {

constexpr std::uint64_t kBoundary = 4096;

}  // namespace

TlmHostMemory::TlmHostMemory(Port& socket, bool use_dmi, LocalClock& clock,
                             std::function<bool()> enabled)
    : socket_(socket), use_dmi_(use_dmi), enabled_(std::move(enabled)), clock_(clock) {}

DmaResult TlmHostMemory::read(const AccessTime& when, std::uint64_t gpa, void* dst,
                              std::size_t len) {
    return access(tlm::TLM_READ_COMMAND, when, gpa, static_cast<unsigned char*>(dst), len);
}

DmaResult TlmHostMemory::write(const AccessTime& when, std::uint64_t gpa, const void* src,
                               std::size_t len) {
    // A payload has one pointer for both directions; a target does not write through it here.
    auto* data = const_cast<unsigned char*>(static_cast<const unsigned char*>(src));
    return access(tlm::TLM_WRITE_COMMAND, when, gpa, data, len);
}

DmaResult TlmHostMemory::access(tlm::tlm_command command, const AccessTime& when, std::uint64_t gpa,
                                unsigned char* data, std::size_t len) {
    if (len != 0 && gpa + (len - 1) < gpa) return {};  // beyond the end of the address space
    TimePs done = when.at;
    while (len != 0) {
        const std::size_t n = std::min<std::size_t>(len, kBoundary - gpa % kBoundary);
        const DmaResult r = access_page(command, when, gpa, data, n);
        if (!r) return {};
        done = std::max(done, r.done);
        gpa += n;
        data += n;
        len -= n;
    }
    return {true, done};
}

DmaResult TlmHostMemory::access_page(tlm::tlm_command command, const AccessTime& when,
                                     std::uint64_t gpa, unsigned char* data, std::size_t len) {
    if (!enabled_()) return {};
    if (const DmiRegion* region = find_dmi(command, gpa, len)) {
        ++counters_.direct;
        unsigned char* host = region->base + (gpa - region->first);
        if (command == tlm::TLM_READ_COMMAND) {
            std::memcpy(data, host, len);
            return {true, util::later(when.at, region->read_latency)};
        }
        write_as_posted(host, data, len);
        return {true, util::later(when.at, region->write_latency)};
    }
    return transport(command, when, gpa, data, len, pcie::DmaExtension::Kind::kMemory);
}

HostMemory::Direct TlmHostMemory::direct(std::uint64_t gpa, std::size_t len, bool for_writing) {
    if (!enabled_() || len == 0) return {};
    const DmiRegion* region =
        find_dmi(for_writing ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND, gpa, len);
    if (region == nullptr) return {};
    ++counters_.direct;
    return {reinterpret_cast<std::byte*>(region->base + (gpa - region->first)),
            for_writing ? region->write_latency : region->read_latency};
}

bool TlmHostMemory::reaches(std::uint64_t gpa, std::size_t len, bool for_writing) const {
    return len != 0 && find_dmi(for_writing ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND, gpa,
                                len) != nullptr;
}

bool TlmHostMemory::peek(std::uint64_t gpa, void* dst, std::size_t len) {
    if (!enabled_()) return false;
    pcie::TransactionPool::Handle tx = transactions_.take();
    tx->extension.requester_id = requester_id_;
    tx->set(tlm::TLM_READ_COMMAND, gpa, static_cast<unsigned char*>(dst),
            static_cast<unsigned>(len));
    const unsigned seen = socket_.get_base_port()->transport_dbg(tx->payload);
    transactions_.give_back(std::move(tx));
    return seen == len;
}

bool TlmHostMemory::send_message(std::uint64_t address, std::uint32_t data) {
    if (!enabled_()) return false;
    auto* bytes = reinterpret_cast<unsigned char*>(&data);
    return transport(tlm::TLM_WRITE_COMMAND, time_.now(), address, bytes, sizeof data,
                     pcie::DmaExtension::Kind::kMessage)
        .ok;
}

DmaResult TlmHostMemory::transport(tlm::tlm_command command, const AccessTime& when,
                                   std::uint64_t gpa, unsigned char* data, std::size_t len,
                                   pcie::DmaExtension::Kind kind) {
    pcie::TransactionPool::Handle tx = transactions_.take();
    tx->extension.requester_id = requester_id_;
    tx->extension.kind = kind;
    tx->extension.on_link_from = when.from;
    tx->extension.on_link_until = when.until;
    tx->set(command, gpa, data, static_cast<unsigned>(len));
    tlm::tlm_generic_payload& p = tx->payload;

    clock_.let_kernel_follow();
    ++counters_.transactions;
    const TimePs now = time_.now();
    sc_core::sc_time delay = time_.to_sc(when.at > now ? when.at - now : 0);
    socket_.get_base_port()->b_transport(p, delay);
    const DmaResult result{p.is_response_ok(), util::later(time_.now(), time_.to_ps(delay))};
    const bool dmi_hint = p.is_dmi_allowed();
    transactions_.give_back(std::move(tx));
    if (result && dmi_hint && use_dmi_ && kind == pcie::DmaExtension::Kind::kMemory)
        request_dmi(command, gpa);
    return result;
}

const TlmHostMemory::DmiRegion* TlmHostMemory::find_dmi(tlm::tlm_command command, std::uint64_t gpa,
                                                        std::size_t len) const {
    for (const DmiRegion& r : dmi_)
        if (gpa >= r.first && gpa <= r.last && len - 1 <= r.last - gpa &&
            (command == tlm::TLM_READ_COMMAND ? r.readable : r.writable))
            return &r;
    return nullptr;
}

void TlmHostMemory::request_dmi(tlm::tlm_command command, std::uint64_t gpa) {
    tlm::tlm_generic_payload p;
    p.set_command(command);
    p.set_address(gpa);
    tlm::tlm_dmi dmi;
    if (!socket_.get_base_port()->get_direct_mem_ptr(p, dmi)) return;
    DmiRegion& r = dmi_[next_dmi_];
    next_dmi_ = (next_dmi_ + 1) % dmi_.size();
    r.first = dmi.get_start_address();
    r.last = dmi.get_end_address();
    r.base = dmi.get_dmi_ptr();
    r.readable = dmi.is_read_allowed();
    r.writable = dmi.is_write_allowed();
    r.read_latency = time_.to_ps(dmi.get_read_latency());
    r.write_latency = time_.to_ps(dmi.get_write_latency());
}

void TlmHostMemory::invalidate_dmi(std::uint64_t first, std::uint64_t last) {
    for (DmiRegion& r : dmi_)
        if (r.first <= last && first <= r.last) r = {};
}

}  // namespace nvme
