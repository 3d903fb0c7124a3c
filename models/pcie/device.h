// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/pcie/config_space.h"
#include "models/pcie/msix.h"

namespace pcie {

/// The device behind a function, as far as the function knows it. Its registers are accessed, and
/// its requests are made, by sockets.
class Device {
public:
    virtual ~Device() = default;
    /// Without power the function answers nothing.
    [[nodiscard]] virtual bool powered() const = 0;
    /// The function has been reset: configuration space and MSI-X table are as after it.
    virtual void on_reset(ResetKind kind) = 0;
    /// Whether requests may be sent, or how interrupts are signalled, may have changed; not by a
    /// reset.
    virtual void on_config_changed() = 0;
    /// The host has enabled other states of Active State Power Management, or a reset has disabled
    /// them: ASPM Control of the Link Control register.
    virtual void on_aspm_control(unsigned control) = 0;
    /// The device has something for which the pin is to be asserted.
    [[nodiscard]] virtual bool interrupt_level() const = 0;
    /// A write to BAR 0 that takes effect later is answered now. False: it will not be one that the
    /// device knows.
    [[nodiscard]] virtual bool accepts_write(std::uint32_t offset, unsigned size) = 0;
    /// The host accessed BAR 0 while Memory Space Enable was 0.
    virtual void on_access_refused(std::uint32_t offset, unsigned size, bool write) = 0;
    /// The host has written configuration space; what comes of it has happened.
    virtual void on_config_written(std::uint16_t offset, unsigned size, std::uint32_t value) = 0;
    /// Vectors `first` to `end` - 1, as far as there are so many, may be masked or pending now, or
    /// no longer.
    virtual void on_vectors_changed(unsigned first, unsigned end) = 0;
    /// An interrupt on `vector` is due, and nothing can tell the host now. If a mask is all that is
    /// in the way, its message follows.
    virtual void on_interrupt_held(std::uint16_t vector) = 0;
    /// The message is sent next.
    virtual void on_message(const Msix::Message& message) = 0;
};

}  // namespace pcie
