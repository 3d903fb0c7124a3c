// SPDX-License-Identifier: Apache-2.0
#include "platform/modules/interrupt_controller.h"

#include <cstring>
#include <string>
#include <utility>

#include "models/util/report.h"

namespace platform {

InterruptController::InterruptController(const sc_core::sc_module_name& name, unsigned vectors,
                                         std::uint64_t bus_address, unsigned wire_count)
    : sc_module(name),
      socket("socket"),
      wires("wire", wire_count),
      bus_address_(bus_address),
      never_("never"),
      due_("due") {
    if (vectors > kWindowBytes / 4)
        SC_REPORT_ERROR(util::report::kConfig, "interrupt controller: more than 16384 vectors");
    for (unsigned v = 0; v < vectors; ++v)
        vectors_.push_back(std::make_unique<Vector>(("vector_" + std::to_string(v)).c_str()));
    socket.register_b_transport(this, &InterruptController::b_transport);
    SC_METHOD(deliver_due);
    sensitive << due_;
    dont_initialize();
}

std::optional<unsigned> InterruptController::allocate(unsigned count) {
    if (count > vectors() - allocated_) return std::nullopt;
    return std::exchange(allocated_, allocated_ + count);
}

std::uint64_t InterruptController::message_address(unsigned vector) const {
    return bus_address_ + 4 * (std::uint64_t{vector} % (kWindowBytes / 4));
}

bool InterruptController::pending(unsigned vector) const {
    return vector < vectors_.size() && vectors_[vector]->pending;
}

bool InterruptController::acknowledge(unsigned vector) {
    return vector < vectors_.size() && std::exchange(vectors_[vector]->pending, false);
}

std::uint64_t InterruptController::count(unsigned vector) const {
    return vector < vectors_.size() ? vectors_[vector]->count : 0;
}

std::uint64_t InterruptController::last_address(unsigned vector) const {
    return vector < vectors_.size() ? vectors_[vector]->last_address : 0;
}

const sc_core::sc_event& InterruptController::event(unsigned vector) const {
    return vector < vectors_.size() ? vectors_[vector]->event : never_;
}

bool InterruptController::wire(unsigned index) const {
    return index < wires.size() && wires[index].size() != 0 && wires[index]->read();
}

const sc_core::sc_event& InterruptController::wire_event(unsigned index) const {
    const bool bound = index < wires.size() && wires[index].size() != 0;
    return bound ? wires[index]->value_changed_event() : never_;
}

void InterruptController::set_callback(std::function<void(unsigned)> callback) {
    callback_ = std::move(callback);
}

void InterruptController::b_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay) {
    const tlm::tlm_response_status status = accept(trans, delay);
    if (status != tlm::TLM_OK_RESPONSE) ++spurious_;
    trans.set_dmi_allowed(false);
    trans.set_response_status(status);
}

tlm::tlm_response_status InterruptController::accept(tlm::tlm_generic_payload& trans,
                                                     const sc_core::sc_time& delay) {
    const std::uint64_t offset = trans.get_address();
    if (!trans.is_write()) return tlm::TLM_COMMAND_ERROR_RESPONSE;
    if (trans.get_byte_enable_ptr() != nullptr) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
    if (trans.get_data_length() != 4 || trans.get_streaming_width() < 4)
        return tlm::TLM_BURST_ERROR_RESPONSE;
    if (offset % 4 != 0 || offset >= kWindowBytes) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    std::uint32_t vector = 0;
    std::memcpy(&vector, trans.get_data_ptr(), sizeof(vector));
    if (vector >= vectors_.size()) return tlm::TLM_GENERIC_ERROR_RESPONSE;

    if (delay == sc_core::SC_ZERO_TIME) {
        deliver(vector, bus_address_ + offset);
    } else {
        in_flight_.emplace(sc_core::sc_time_stamp() + delay,
                           std::make_pair(vector, bus_address_ + offset));
        due_.notify(in_flight_.begin()->first - sc_core::sc_time_stamp());
    }
    return tlm::TLM_OK_RESPONSE;
}

void InterruptController::deliver_due() {
    const sc_core::sc_time now = sc_core::sc_time_stamp();
    while (!in_flight_.empty() && in_flight_.begin()->first <= now) {
        const auto [vector, address] = in_flight_.begin()->second;
        in_flight_.erase(in_flight_.begin());
        deliver(vector, address);
    }
    if (!in_flight_.empty()) due_.notify(in_flight_.begin()->first - now);
}

void InterruptController::deliver(unsigned vector, std::uint64_t address) {
    Vector& entry = *vectors_[vector];
    entry.pending = true;
    entry.last_address = address;
    ++entry.count;
    entry.event.notify(sc_core::SC_ZERO_TIME);
    if (callback_) callback_(vector);
}

}  // namespace platform
