// SPDX-License-Identifier: Apache-2.0
// What the device does to the guest's memory, and its interrupts.
#include <algorithm>
#include <cstring>

#include "models/nvme/transport/posted_write.h"
#include "models/pcie/dma_extension.h"
#include "platform/uml/pci_device.h"
#include "platform/vfio_user/dma_map_access.h"

namespace platform::uml {

using vfio_user::DmaMap;

void PciDevice::dma_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time& delay) {
    trans.set_dmi_allowed(false);
    trans.set_response_status(dma_access(trans, delay));
}

tlm::tlm_response_status PciDevice::dma_access(tlm::tlm_generic_payload& trans,
                                               const sc_core::sc_time& delay) {
    const std::uint64_t address = trans.get_address();
    const unsigned length = trans.get_data_length();
    if (trans.get_byte_enable_ptr() != nullptr) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
    if (length == 0 || trans.get_streaming_width() < length) return tlm::TLM_BURST_ERROR_RESPONSE;
    if (trans.is_read() == trans.is_write()) return tlm::TLM_COMMAND_ERROR_RESPONSE;

    const auto* extension = trans.get_extension<pcie::DmaExtension>();
    if (extension != nullptr && extension->kind == pcie::DmaExtension::Kind::kMessage) {
        std::uint32_t data = 0;
        if (length != sizeof data) return tlm::TLM_BURST_ERROR_RESPONSE;
        std::memcpy(&data, trans.get_data_ptr(), sizeof data);
        add(msi_message(address, data), time_.now() + time_.to_ps(delay));
        return tlm::TLM_OK_RESPONSE;
    }

    const DmaMap::Mapping* mapping = vhost_.memory().find(address);
    if (mapping == nullptr || length - 1 > mapping->last - address)
        return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    std::byte* const memory = mapping->at(address);
    if (memory == nullptr) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
    if (trans.is_write())
        nvme::write_as_posted(memory, trans.get_data_ptr(), length);
    else
        std::memcpy(trans.get_data_ptr(), memory, length);
    trans.set_dmi_allowed(true);
    return tlm::TLM_OK_RESPONSE;
}

unsigned PciDevice::dma_debug(tlm::tlm_generic_payload& trans) {
    return vfio_user::debug_access(vhost_.memory(), trans);
}

bool PciDevice::dma_direct(tlm::tlm_generic_payload& trans, tlm::tlm_dmi& dmi) {
    return vfio_user::direct_access(vhost_.memory(), trans, dmi);
}

void PciDevice::intx_rises() {
    add(int_message(1), time_.now());
}

/// A pin that still stands after the guest has dealt with an interrupt is another interrupt.
void PciDevice::look_at_intx_again() {
    if (intx.read() && interrupts_.empty()) add(int_message(1), time_.now());
}

void PciDevice::add(const InterruptMessage& message, util::TimePs at) {
    const std::uint64_t at_ns = round_up_to_ns(at);
    const auto later = std::upper_bound(
        interrupts_.begin(), interrupts_.end(), at_ns,
        [](std::uint64_t time, const Interrupt& other) { return time < other.at_ns; });
    interrupts_.insert(later, {at_ns, message});
    notify_first();
}

void PciDevice::notify_first() {
    if (!interrupts_.empty()) time_.notify_at(due_, to_ps(interrupts_.front().at_ns));
}

/// All that are due, with one call. The guest has ten places for them; what it has no place for
/// waits until it has dealt with the others.
std::string PciDevice::interrupt(GuestTime& time) {
    Virtqueue& queue = vhost_.queue(VhostUser::kInterruptQueue);
    bool any = false;
    while (any_due()) {
        const auto place = queue.pop();
        if (!place) break;
        const InterruptMessage& message = interrupts_.front().message;
        place->write(message.data(), message.size());
        queue.push(*place, static_cast<std::uint32_t>(message.size()));
        interrupts_.pop_front();
        any = true;
    }
    if (queue.broken()) return "the guest's queue of interrupts makes no sense";
    if (interrupts_.size() > kMostInterrupts) return "the guest takes no interrupts";
    if (!any_due()) notify_first();
    return any ? call(VhostUser::kInterruptQueue, time) : "";
}

}  // namespace platform::uml
