// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "platform/vfio_user/client_fd.h"
#include "platform/vfio_user/protocol.h"

namespace platform::vfio_user {

/// What the device offers under one interrupt index.
struct IrqDescription {
    std::uint32_t count = 0;
    std::uint32_t flags = 0;
};
using IrqDescriptions = std::array<IrqDescription, kIrqs>;

/// The eventfds by which a client hears of interrupts. Index kIntx is a level: it is signalled once
/// and then masked until the client unmasks it, when it is signalled again if it still stands. A
/// signal that the client has not seen when the level falls is taken back.
class IrqTable {
public:
    explicit IrqTable(const IrqDescriptions& descriptions);

    /// DEVICE_SET_IRQS; `data` follows the structure in the message. Returns 0 or an errno: then
    /// nothing has changed.
    [[nodiscard]] int set(const SetIrqs& request, const std::uint8_t* data, std::size_t bytes,
                          std::vector<ClientFd>& fds);

    /// An edge. False: nobody listens, or there is no such interrupt.
    bool signal(IrqIndex index, std::uint32_t number);
    void set_intx_level(bool level);
    [[nodiscard]] bool armed(IrqIndex index, std::uint32_t number) const;

    /// The client is gone.
    void clear();

private:
    [[nodiscard]] int check(const SetIrqs& request, std::size_t bytes,
                            const std::vector<ClientFd>& fds) const;
    void trigger(const SetIrqs& request, const std::uint8_t* data, std::vector<ClientFd>& fds);
    void mask(const SetIrqs& request, const std::uint8_t* data, bool masked);
    [[nodiscard]] std::vector<ClientFd>& fds_of(IrqIndex index) {
        return fds_[static_cast<std::size_t>(index)];
    }
    void update_intx();

    const IrqDescriptions descriptions_;
    std::array<std::vector<ClientFd>, kIrqs> fds_;
    bool intx_level_ = false;
    bool intx_masked_ = false;     // by the client
    bool intx_signalled_ = false;  // until the client unmasks it
};

}  // namespace platform::vfio_user
