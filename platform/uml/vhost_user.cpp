// SPDX-License-Identifier: Apache-2.0
#include "platform/uml/vhost_user.h"

#include <cstring>
#include <utility>

#include "platform/vfio_user/protocol.h"

namespace platform::uml {

namespace {

constexpr std::uint64_t kFeatures = kFeatureProtocolFeatures | kFeatureVersion1;
/// All of them are needed: without, a guest would notify by other means, at times of its own.
constexpr std::uint64_t kProtocolFeatures =
    kProtocolReplyAck | kProtocolBackendReq | kProtocolInbandNotifications;

template <typename T>
std::optional<T> load(const std::vector<std::uint8_t>& bytes, std::size_t offset = 0) {
    T value;
    if (bytes.size() < sizeof value || offset > bytes.size() - sizeof value) return std::nullopt;
    std::memcpy(&value, bytes.data() + offset, sizeof value);
    return value;
}

template <typename T>
void append(std::vector<std::uint8_t>& bytes, const T& value) {
    const auto* from = reinterpret_cast<const std::uint8_t*>(&value);
    bytes.insert(bytes.end(), from, from + sizeof value);
}

std::string accepted(const VhostMessage& message, std::uint64_t offered, std::uint64_t needed) {
    const auto wanted = load<std::uint64_t>(message.payload);
    if (!wanted) return "is too short";
    if ((*wanted & ~offered) != 0) return "has features that were not offered";
    if ((*wanted & needed) != needed) return "leaves out features that are needed";
    return {};
}

}  // namespace

VhostUser::Answer VhostUser::handle(VhostMessage& message) {
    Answer answer = act(message);
    if (!answer.problem.empty()) {
        answer.problem = "the guest's vhost-user request " +
                         std::to_string(message.header.request) + " " + answer.problem;
        return answer;
    }
    if (!answer.reply && (message.header.flags & kVhostNeedReply) != 0) answer.reply = 0;
    return answer;
}

VhostUser::Answer VhostUser::act(VhostMessage& message) {
    Answer answer;
    switch (static_cast<VhostRequest>(message.header.request)) {
        case VhostRequest::kGetFeatures:
            answer.reply = kFeatures;
            break;
        case VhostRequest::kSetFeatures:
            answer.problem = accepted(message, kFeatures, kFeatureVersion1);
            break;
        case VhostRequest::kGetProtocolFeatures:
            answer.reply = kProtocolFeatures;
            break;
        case VhostRequest::kSetProtocolFeatures:
            answer.problem = accepted(message, kProtocolFeatures, kProtocolFeatures);
            break;
        case VhostRequest::kSetOwner:
            break;
        case VhostRequest::kSetBackendReqFd:
            if (message.fds.size() == 1)
                backend_ = std::move(message.fds.front());
            else
                answer.problem = "has no descriptor";
            break;
        case VhostRequest::kSetMemTable:
            answer.problem = set_memory(message);
            break;
        case VhostRequest::kSetVringAddr:
            answer.problem = set_addresses(message);
            break;
        case VhostRequest::kSetVringNum:
        case VhostRequest::kSetVringBase:
        case VhostRequest::kSetVringEnable:
            answer.problem = set_state(message);
            break;
        case VhostRequest::kVringKick: {
            const auto state = load<VringState>(message.payload);
            if (!state || state->index >= queues_.size())
                answer.problem = "is for no queue";
            else
                answer.kicked = state->index;
            break;
        }
        default:
            answer.problem = "is not known here";
            break;
    }
    return answer;
}

std::string VhostUser::set_memory(VhostMessage& message) {
    const auto table = load<MemoryTable>(message.payload);
    if (!table || table->regions > kMaxMemoryRegions) return "is no table of memory";
    if (message.fds.size() != table->regions) return "has not a descriptor for each region";
    vfio_user::DmaMap::Range all = memory_.all();
    memory_.unmap(all);
    for (std::uint32_t i = 0; i < table->regions; ++i) {
        const auto region =
            load<MemoryRegion>(message.payload, sizeof(MemoryTable) + i * sizeof(MemoryRegion));
        if (!region) return "is too short";
        vfio_user::DmaMapRequest request;
        request.flags = vfio_user::kDmaReadable | vfio_user::kDmaWritable;
        request.offset = region->mmap_offset;
        request.address = region->guest_address;
        request.size = region->size;
        if (const int wrong = memory_.map(request, message.fds[i].get()); wrong != 0)
            return std::string{"has memory that cannot be mapped: "} + std::strerror(wrong);
    }
    return {};
}

std::string VhostUser::set_state(const VhostMessage& message) {
    const auto state = load<VringState>(message.payload);
    if (!state || state->index >= queues_.size()) return "is for no queue";
    Virtqueue& queue = queues_[state->index];
    switch (static_cast<VhostRequest>(message.header.request)) {
        case VhostRequest::kSetVringNum:
            return queue.set_size(state->num) ? "" : "has a size that no queue has";
        case VhostRequest::kSetVringBase:
            queue.set_base(static_cast<std::uint16_t>(state->num));
            return {};
        default:
            queue.enable(state->num != 0);
            if (state->index == kInterruptQueue && queue.enabled()) queue.suppress_kicks();
            return {};
    }
}

std::string VhostUser::set_addresses(const VhostMessage& message) {
    const auto addresses = load<VringAddr>(message.payload);
    if (!addresses || addresses->index >= queues_.size()) return "is for no queue";
    queues_[addresses->index].set_addresses(addresses->descriptors, addresses->available,
                                            addresses->used);
    return {};
}

std::vector<std::uint8_t> reply_bytes(std::uint32_t request, std::uint64_t value) {
    std::vector<std::uint8_t> bytes;
    append(bytes, VhostHeader{request, kVhostVersion | kVhostReply, sizeof value});
    append(bytes, value);
    return bytes;
}

std::vector<std::uint8_t> call_bytes(std::uint32_t queue) {
    std::vector<std::uint8_t> bytes;
    append(bytes, VhostHeader{static_cast<std::uint32_t>(BackendRequest::kVringCall),
                              kVhostVersion | kVhostNeedReply, sizeof(VringState)});
    append(bytes, VringState{queue, 0});
    return bytes;
}

bool is_good_call_reply(const std::array<std::uint8_t, kCallReplyBytes>& bytes) {
    VhostHeader header;
    std::uint64_t value = 0;
    std::memcpy(&header, bytes.data(), sizeof header);
    std::memcpy(&value, bytes.data() + sizeof header, sizeof value);
    return header.request == static_cast<std::uint32_t>(BackendRequest::kVringCall) &&
           (header.flags & kVhostReply) != 0 && header.size == sizeof value && value == 0;
}

}  // namespace platform::uml
