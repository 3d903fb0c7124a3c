// SPDX-License-Identifier: Apache-2.0
#include "platform/driver/shadow_buffers.h"

#include <cstring>

namespace platform {

namespace {

std::uint32_t load(const DmaBuffer& buffer, std::size_t doorbell) {
    std::uint32_t value = 0;
    std::memcpy(&value, buffer.data + 4 * doorbell, sizeof value);
    return value;
}

/// Steps from `from` forward to `to` in a ring of `size`.
std::uint32_t steps(std::uint32_t from, std::uint32_t to, std::uint32_t size) {
    return (to + size - from % size) % size;
}

}  // namespace

std::uint32_t ShadowBuffers::shadow_value(std::size_t doorbell) const {
    return load(shadow_, doorbell);
}

std::uint32_t ShadowBuffers::event_value(std::size_t doorbell) const {
    return load(event_idx_, doorbell);
}

bool ShadowBuffers::update(std::size_t doorbell, std::uint32_t value, std::uint32_t depth) {
    const std::uint32_t old = load(shadow_, doorbell);
    std::memcpy(shadow_.data + 4 * doorbell, &value, sizeof value);
    // From here on the order matters: the controller writes EventIdx, then reads the shadow.
    const std::uint32_t event = load(event_idx_, doorbell);
    if (rule_ == RingRule::kModuloDepth)
        return steps(event, value, depth) <= steps(old, value, depth);
    const auto past_event = static_cast<std::uint16_t>(value - event - 1);
    return past_event < static_cast<std::uint16_t>(value - old);
}

}  // namespace platform
