// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>

#include "platform/driver/driver_types.h"

namespace platform {

/// Which doorbells the driver keeps in host memory, once the controller has agreed to it.
enum class ShadowedQueues : std::uint8_t {
    kNone,
    kIo,  ///< as Linux does: the admin queue's doorbells are rung as ever
    kAll,
};

/// How the driver decides whether a doorbell has to be rung all the same.
enum class RingRule : std::uint8_t {
    kModulo65536,  ///< as Linux does
    kModuloDepth,  ///< [NVMe-Base-2.0 B.5.2 Example Algorithm for Controller Doorbell Property
                   ///< Updates]
};

/// The host's side of the Shadow Doorbell and EventIdx buffers. A doorbell is known by its place
/// among all doorbells: 2 * queue for a tail, one more for a head.
class ShadowBuffers {
public:
    ShadowBuffers() = default;
    ShadowBuffers(const DmaBuffer& shadow, const DmaBuffer& event_idx, RingRule rule)
        : shadow_(shadow), event_idx_(event_idx), rule_(rule) {}

    explicit operator bool() const { return static_cast<bool>(shadow_); }
    [[nodiscard]] const DmaBuffer& shadow() const { return shadow_; }
    [[nodiscard]] const DmaBuffer& event_idx() const { return event_idx_; }

    /// Gives the doorbell its new value. True: the doorbell in BAR 0 has to be rung with it.
    bool update(std::size_t doorbell, std::uint32_t value, std::uint32_t depth);

    [[nodiscard]] std::uint32_t shadow_value(std::size_t doorbell) const;
    [[nodiscard]] std::uint32_t event_value(std::size_t doorbell) const;

private:
    DmaBuffer shadow_, event_idx_;
    RingRule rule_ = RingRule::kModulo65536;
};

}  // namespace platform
