// SPDX-License-Identifier: Apache-2.0
#include "platform/uml/virtqueue.h"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "platform/uml/pcidev_message.h"

namespace platform::uml {

struct Virtqueue::Descriptor {
    std::uint64_t address = 0;
    std::uint32_t bytes = 0;
    std::uint16_t flags = 0, next = 0;
};

namespace {

constexpr std::uint16_t kFlagNext = 1;
constexpr std::uint16_t kFlagWrite = 2;
constexpr std::uint16_t kUsedNoNotify = 1;
constexpr std::uint64_t kDescriptorBytes = 16;
constexpr std::uint64_t kRingBytes = 4;  // flags and index, in front of a ring
constexpr std::uint64_t kUsedBytes = 8;
/// No message is longer than an access with its header.
constexpr std::size_t kMaxReadable = sizeof(PcidevHeader) + kMaxPcidevAccess;

struct UsedElement {
    std::uint32_t id = 0, written = 0;
};
static_assert(sizeof(UsedElement) == kUsedBytes);

std::uint16_t load16(const std::byte* from) {
    std::uint16_t value = 0;
    std::memcpy(&value, from, sizeof value);
    return value;
}

}  // namespace

bool Virtqueue::set_size(std::uint32_t size) {
    if (size == 0 || size > kMaxSize || (size & (size - 1)) != 0) return false;
    size_ = size;
    return true;
}

void Virtqueue::set_addresses(std::uint64_t descriptors, std::uint64_t available,
                              std::uint64_t used) {
    descriptors_ = descriptors;
    available_ = available;
    used_ = used;
}

/// Null unless all of it is in one mapping.
std::byte* Virtqueue::at(std::uint64_t address, std::uint64_t bytes) const {
    const vfio_user::DmaMap::Mapping* mapping = memory_.find(address);
    if (mapping == nullptr || bytes == 0 || bytes - 1 > mapping->last - address) return nullptr;
    return mapping->at(address);
}

std::optional<Virtqueue::Chain> Virtqueue::give_up() {
    broken_ = true;
    return std::nullopt;
}

bool Virtqueue::add(const Descriptor& descriptor, Chain& chain) const {
    std::byte* const data = at(descriptor.address, descriptor.bytes);
    if (data == nullptr) return false;
    if ((descriptor.flags & kFlagWrite) != 0) {
        chain.writable.push_back({data, descriptor.bytes});
        return true;
    }
    if (!chain.writable.empty() || descriptor.bytes > kMaxReadable - chain.readable.size())
        return false;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(data);
    chain.readable.insert(chain.readable.end(), bytes, bytes + descriptor.bytes);
    return true;
}

std::optional<Virtqueue::Chain> Virtqueue::pop() {
    if (!enabled_ || broken_) return std::nullopt;
    const std::byte* const available = at(available_, kRingBytes + 2 * std::uint64_t{size_});
    const std::byte* const table = at(descriptors_, kDescriptorBytes * size_);
    if (available == nullptr || table == nullptr) return give_up();
    const auto waiting = static_cast<std::uint16_t>(load16(available + 2) - next_);
    if (waiting == 0) return std::nullopt;
    if (waiting > size_) return give_up();

    std::atomic_thread_fence(std::memory_order_acquire);  // the index was written last
    Chain chain;
    chain.head = load16(available + kRingBytes + 2 * (next_ % size_));
    std::uint32_t index = chain.head;
    for (std::uint32_t length = 0; length < size_; ++length) {
        if (index >= size_) return give_up();
        Descriptor descriptor;
        static_assert(sizeof descriptor == kDescriptorBytes);
        std::memcpy(&descriptor, table + kDescriptorBytes * index, sizeof descriptor);
        if (!add(descriptor, chain)) return give_up();
        if ((descriptor.flags & kFlagNext) == 0) {
            ++next_;
            return chain;
        }
        index = descriptor.next;
    }
    return give_up();  // a circle
}

void Virtqueue::push(const Chain& chain, std::uint32_t written) {
    std::byte* const used = at(used_, kRingBytes + kUsedBytes * size_);
    if (used == nullptr) {
        broken_ = true;
        return;
    }
    const UsedElement element{chain.head, written};
    std::memcpy(used + kRingBytes + kUsedBytes * (used_index_ % size_), &element, sizeof element);
    std::atomic_thread_fence(std::memory_order_release);
    ++used_index_;
    std::memcpy(used + 2, &used_index_, sizeof used_index_);
}

void Virtqueue::suppress_kicks() {
    if (std::byte* const used = at(used_, kRingBytes); used != nullptr)
        std::memcpy(used, &kUsedNoNotify, sizeof kUsedNoNotify);
}

std::size_t Virtqueue::Chain::room() const {
    std::size_t sum = 0;
    for (const Part& part : writable) sum += part.bytes;
    return sum;
}

void Virtqueue::Chain::write(const std::uint8_t* data, std::size_t bytes) const {
    for (const Part& part : writable) {
        const std::size_t count = std::min<std::size_t>(part.bytes, bytes);
        std::memcpy(part.data, data, count);
        data += count;
        bytes -= count;
    }
}

}  // namespace platform::uml
