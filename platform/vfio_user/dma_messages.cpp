// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/dma_messages.h"

#include <limits>

namespace platform::vfio_user {

using State = DmaTransfer::State;

void DmaMessages::begin(DmaTransfer& transfer) {
    transfer.state = State::kFailed;
    if (transfer.count > kMaxTransfer ||
        pending_.size() > std::numeric_limits<std::uint16_t>::max() / 2)
        return;
    while (pending_.count(next_id_) != 0) ++next_id_;
    const std::uint32_t data = transfer.write ? transfer.count : 0;
    Header header;
    header.id = next_id_++;
    header.command = transfer.write ? Command::kDmaWrite : Command::kDmaRead;
    header.size = static_cast<std::uint32_t>(sizeof(Header) + sizeof(DmaAccess)) + data;
    const DmaAccess access{transfer.address, transfer.count};

    buffer_.resize(header.size);
    std::memcpy(buffer_.data(), &header, sizeof header);
    std::memcpy(buffer_.data() + sizeof header, &access, sizeof access);
    if (data != 0) std::memcpy(buffer_.data() + sizeof header + sizeof access, transfer.data, data);
    if (!channel_.send(buffer_.data(), buffer_.size(), -1)) return;
    transfer.state = State::kPending;
    pending_[header.id] = &transfer;
}

bool DmaMessages::end(const Message& reply) {
    const auto found = pending_.find(reply.header.id);
    if (found == pending_.end()) return false;
    DmaTransfer& transfer = *found->second;
    const Command sent = transfer.write ? Command::kDmaWrite : Command::kDmaRead;
    if (reply.header.command != sent) return false;
    pending_.erase(found);
    transfer.state = State::kFailed;
    if ((reply.header.flags & kFlagError) != 0) return true;

    const auto access = load<DmaAccess>(reply.payload);
    const std::size_t data = transfer.write ? 0 : transfer.count;
    if (!access || access->address != transfer.address || access->count != transfer.count ||
        reply.payload.size() != sizeof(DmaAccess) + data)
        return false;
    if (data != 0) std::memcpy(transfer.data, reply.payload.data() + sizeof(DmaAccess), data);
    transfer.state = State::kDone;
    return true;
}

void DmaMessages::fail_all() {
    for (auto& [id, transfer] : pending_) transfer->state = State::kFailed;
    pending_.clear();
}

}  // namespace platform::vfio_user
