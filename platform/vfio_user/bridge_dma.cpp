// SPDX-License-Identifier: Apache-2.0
// What the device does to the client's memory, and its interrupts.
#include <algorithm>
#include <cstring>
#include <limits>

#include "models/nvme/transport/posted_write.h"
#include "models/pcie/dma_extension.h"
#include "models/util/report.h"
#include "platform/modules/payload.h"
#include "platform/vfio_user/bridge.h"
#include "platform/vfio_user/dma_map_access.h"

namespace platform {

using vfio_user::DmaMap;
using vfio_user::DmaTransfer;
using vfio_user::IrqIndex;

/// Keeps a deadline registered while somebody waits for it.
class VfioUserBridge::WallDeadline {
public:
    WallDeadline(VfioUserBridge& bridge, Clock::time_point at)
        : all_(bridge.deadlines_), mine_(all_.insert(at)) {}
    ~WallDeadline() { all_.erase(mine_); }
    WallDeadline(const WallDeadline&) = delete;
    WallDeadline& operator=(const WallDeadline&) = delete;
    [[nodiscard]] bool passed() const { return Clock::now() >= *mine_; }

private:
    std::multiset<Clock::time_point>& all_;
    const std::multiset<Clock::time_point>::iterator mine_;
};

void VfioUserBridge::dma_transport(tlm::tlm_generic_payload& trans, sc_core::sc_time&) {
    trans.set_dmi_allowed(false);
    trans.set_response_status(dma_access(trans));
}

tlm::tlm_response_status VfioUserBridge::dma_access(tlm::tlm_generic_payload& trans) {
    const std::uint64_t address = trans.get_address();
    const unsigned length = trans.get_data_length();
    if (trans.get_byte_enable_ptr() != nullptr) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
    if (length == 0 || trans.get_streaming_width() < length) return tlm::TLM_BURST_ERROR_RESPONSE;
    if (trans.is_read() == trans.is_write()) return tlm::TLM_COMMAND_ERROR_RESPONSE;
    if (address + (length - 1) < address) return tlm::TLM_ADDRESS_ERROR_RESPONSE;

    const auto* extension = trans.get_extension<pcie::DmaExtension>();
    if (extension != nullptr && extension->kind == pcie::DmaExtension::Kind::kMessage) {
        std::uint32_t vector = 0;
        if (length != sizeof vector) return tlm::TLM_BURST_ERROR_RESPONSE;
        std::memcpy(&vector, trans.get_data_ptr(), sizeof vector);
        if (session_) (void)session_->irqs().signal(IrqIndex::kMsix, vector);
        return tlm::TLM_OK_RESPONSE;
    }

    std::uint64_t at = address;
    unsigned char* data = trans.get_data_ptr();
    for (unsigned left = length; left != 0;) {
        const DmaMap::Mapping* mapping = find_mapping(at);
        if (mapping == nullptr) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
        const auto count =
            static_cast<std::uint32_t>(std::min<std::uint64_t>(left - 1, mapping->last - at) + 1);
        const bool direct = mapping->at(at) != nullptr;
        if (!dma_part(trans.is_write(), at, data, count)) return tlm::TLM_ADDRESS_ERROR_RESPONSE;
        trans.set_dmi_allowed(direct);
        at += count;
        data += count;
        left -= count;
    }
    return tlm::TLM_OK_RESPONSE;
}

/// All inside of one mapping. False: refused, by the mapping or by the client.
bool VfioUserBridge::dma_part(bool write, std::uint64_t address, unsigned char* data,
                              std::uint32_t count) {
    const DmaMap::Mapping* mapping = session_->memory().find(address);
    if (!(write ? mapping->writable : mapping->readable)) return false;
    if (std::byte* memory = mapping->at(address); memory != nullptr) {
        if (write)
            nvme::write_as_posted(memory, data, count);
        else
            std::memcpy(data, memory, count);
        return true;
    }
    return dma_by_message(write, address, data, count);
}

bool VfioUserBridge::dma_by_message(bool write, std::uint64_t address, unsigned char* data,
                                    std::uint32_t count) {
    const std::uint64_t client = clients_;
    const auto most = static_cast<std::uint32_t>(session_->client().max_transfer);
    const WallDeadline deadline(*this,
                                Clock::now() + std::chrono::milliseconds(params_.dma_reply_ms));
    while (count != 0) {
        // The client answers nothing while it waits for a reply of ours, or takes nothing.
        while (session_ && clients_ == client && (session_->reply_due() || reception_.sending()))
            wait(replied_);
        if (!session_ || clients_ != client) return false;
        DmaTransfer transfer{write, address, data, std::min(count, most)};
        session_->dma().begin(transfer);
        while (transfer.state == DmaTransfer::State::kPending) {
            wait(dma_answered_);
            // The end of the connection fails what is on its way.
            if (deadline.passed() && transfer.state == DmaTransfer::State::kPending) drop_client();
        }
        if (transfer.state != DmaTransfer::State::kDone) return false;
        address += transfer.count;
        data += transfer.count;
        count -= transfer.count;
    }
    return true;
}

/// Waits a little for memory that was there until just now: clients change the attributes of a
/// range by unmapping and mapping it, while queues in it are in use.
const DmaMap::Mapping* VfioUserBridge::find_mapping(std::uint64_t address) {
    const std::uint64_t client = clients_;
    for (;;) {
        if (!session_ || clients_ != client) return nullptr;
        if (const auto* mapping = session_->memory().find(address); mapping != nullptr)
            return mapping;
        Clock::time_point until;
        if (!recently_unmapped(address, until)) return nullptr;
        const WallDeadline deadline(*this, until);
        wait(memory_changed_);
    }
}

bool VfioUserBridge::recently_unmapped(std::uint64_t address, Clock::time_point& until) const {
    const Clock::time_point now = Clock::now();
    bool found = false;
    for (const Unmapped& range : unmapped_) {
        if (address < range.first || address > range.last || range.until <= now) continue;
        until = found ? std::max(until, range.until) : range.until;
        found = true;
    }
    return found;
}

void VfioUserBridge::unmapping(std::uint64_t first, std::uint64_t last) {
    dma->invalidate_direct_mem_ptr(first, last);
    unmapped_[next_unmapped_] = {first, last,
                                 Clock::now() + std::chrono::milliseconds(params_.remap_grace_ms)};
    next_unmapped_ = (next_unmapped_ + 1) % unmapped_.size();
}

unsigned VfioUserBridge::dma_debug(tlm::tlm_generic_payload& trans) {
    return session_ ? vfio_user::debug_access(session_->memory(), trans) : 0;
}

bool VfioUserBridge::dma_direct(tlm::tlm_generic_payload& trans, tlm::tlm_dmi& dmi) {
    static const DmaMap kNone;
    return vfio_user::direct_access(session_ ? session_->memory() : kNone, trans, dmi);
}

}  // namespace platform
