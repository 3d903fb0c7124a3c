// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include <tlm>

#include "models/util/time.h"

namespace pcie {

/// What a PCI Express request carries beside address and data, for an IOMMU or interrupt
/// translation model behind the `dma` socket. Ignorable: a plain memory need not know it.
struct DmaExtension : tlm::tlm_extension<DmaExtension> {
    enum class Kind : std::uint8_t {
        kMemory,   ///< a memory read or write
        kMessage,  ///< an MSI-X message: a 4-byte memory write to an interrupt controller
    };
    std::uint16_t requester_id = 0;  ///< bus << 8 | device << 3 | function
    Kind kind = Kind::kMemory;
    /// When the transfer that it is a part of is on the function's link, in simulated time: before
    /// the transaction or after it. What is behind the link may take bytes as they come, and the
    /// function itself waits until they have crossed. Both 0: not told.
    util::TimePs on_link_from = 0, on_link_until = 0;

    tlm::tlm_extension_base* clone() const override { return new DmaExtension(*this); }
    void copy_from(const tlm::tlm_extension_base& other) override {
        *this = static_cast<const DmaExtension&>(other);
    }
};

}  // namespace pcie
