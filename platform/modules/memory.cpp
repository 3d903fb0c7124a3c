// SPDX-License-Identifier: Apache-2.0
#include "platform/modules/memory.h"

#include <sys/mman.h>

#include "models/util/report.h"
#include "platform/modules/payload.h"

namespace platform {

namespace {

std::byte* reserve(std::uint64_t size) {
    void* start = size == 0 ? MAP_FAILED
                            : mmap(nullptr, size, PROT_READ | PROT_WRITE,
                                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (start != MAP_FAILED) return static_cast<std::byte*>(start);
    SC_REPORT_ERROR(util::report::kConfig, "memory: size is zero or cannot be reserved");
    return nullptr;
}

}  // namespace

void Memory::Unmap::operator()(std::byte* start) const {
    munmap(start, length);
}

Memory::Memory(const sc_core::sc_module_name& name, const MemoryParams& params)
    : sc_module(name),
      socket("socket"),
      params_(params),
      read_latency_(params.read_latency_ns, sc_core::SC_NS),
      write_latency_(params.write_latency_ns, sc_core::SC_NS),
      bytes_(reserve(params.size), Unmap{params.size}),
      dmi_allowed_(params.dmi) {
    socket.register_b_transport(this, &Memory::b_transport);
    socket.register_transport_dbg(this, &Memory::transport_dbg);
    socket.register_get_direct_mem_ptr(this, &Memory::get_direct_mem_ptr);
}

void Memory::fail(std::uint64_t first, std::uint64_t last, tlm::tlm_response_status status) {
    failures_.push_back({first, last, status});
    invalidate_dmi();
}

void Memory::allow_dmi(bool allow) {
    dmi_allowed_ = allow;
    if (!allow) invalidate_dmi();
}

void Memory::invalidate_dmi() {
    // Before anything was granted the socket may not even be bound yet.
    if (!dmi_granted_) return;
    dmi_granted_ = false;
    socket->invalidate_direct_mem_ptr(0, params_.size - 1);
}

std::byte* Memory::data(std::uint64_t address, std::uint64_t length) {
    return fits(address, length, params_.size) ? bytes_.get() + address : nullptr;
}

std::byte* Memory::checked(std::uint64_t address, std::uint64_t length) {
    std::byte* place = data(address, length);
    if (place == nullptr)
        SC_REPORT_ERROR(util::report::kBug, "memory: functional access outside of the memory");
    return place;
}

tlm::tlm_response_status Memory::access(tlm::tlm_generic_payload& trans) {
    const std::uint64_t address = trans.get_address();
    const unsigned length = footprint(trans);
    std::byte* place = data(address, length);
    if (place == nullptr || address == params_.size) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    for (const Failure& failure : failures_) {
        if (address <= failure.last && length != 0 && address + length - 1 >= failure.first)
            return failure.status;
    }
    return transfer(trans, reinterpret_cast<unsigned char*>(place));
}

void Memory::b_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay) {
    const tlm::tlm_response_status status = access(trans);
    if (status != tlm::TLM_OK_RESPONSE) ++errors_;
    delay += trans.is_write() ? write_latency_ : read_latency_;
    trans.set_dmi_allowed(dmi_possible());
    trans.set_response_status(status);
}

unsigned Memory::transport_dbg(tlm::tlm_generic_payload& trans) {
    const std::uint64_t address = trans.get_address();
    if (address >= params_.size) return 0;
    const std::uint64_t room = params_.size - address;
    const unsigned length =
        trans.get_data_length() < room ? trans.get_data_length() : static_cast<unsigned>(room);
    if (trans.is_read()) std::memcpy(trans.get_data_ptr(), bytes_.get() + address, length);
    if (trans.is_write()) std::memcpy(bytes_.get() + address, trans.get_data_ptr(), length);
    return length;
}

bool Memory::get_direct_mem_ptr(tlm::tlm_generic_payload& trans, tlm::tlm_dmi& dmi) {
    dmi.init();
    dmi.set_start_address(0);
    dmi.set_end_address(params_.size - 1);
    if (!dmi_possible() || trans.get_address() >= params_.size) return false;
    dmi.set_dmi_ptr(reinterpret_cast<unsigned char*>(bytes_.get()));
    dmi.set_read_latency(read_latency_);
    dmi.set_write_latency(write_latency_);
    dmi.allow_read_write();
    dmi_granted_ = true;
    return true;
}

}  // namespace platform
