// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <type_traits>
#include <utility>

#include "platform/modules/interconnect.h"
#include "platform/modules/interrupt_controller.h"
#include "platform/modules/memory.h"
#include "platform/modules/mmio_port.h"
#include "platform/modules/root_complex.h"

namespace platform {

struct HostPlatformParams {
    MemoryParams memory;                           ///< at address 0; at most 3 GiB
    RootComplexParams root_complex;                ///< also says how many endpoints can be attached
    std::uint64_t interrupt_window = 0xFEE0'0000;  ///< where MSI and MSI-X messages go
    unsigned interrupt_vectors = 256;              ///< of the host, shared by all endpoints
};

/// A small host: RAM, interrupt controller, root complex and a CPU port. Endpoints reach RAM and
/// the interrupt window; there is no traffic from one endpoint to another. The CPU port reaches
/// configuration space and BARs; software uses `memory` directly, as a CPU uses its cache.
class HostPlatform : public sc_core::sc_module {
public:
    static constexpr std::uint64_t kMaxRamBytes = 0xC000'0000;
    /// A device drives its line from its own processes and, when the host writes a register, from
    /// those of the host, even in one delta cycle: SC_MANY_WRITERS would refuse that.
    using Line = sc_core::sc_signal<bool, sc_core::SC_UNCHECKED_WRITERS>;

    explicit HostPlatform(const sc_core::sc_module_name& name,
                          const HostPlatformParams& params = {});
    ~HostPlatform() override;

    Memory memory;
    Interconnect interconnect;
    InterruptController interrupts;
    RootComplex root_complex;
    MmioPort cpu;
    sc_core::sc_vector<Line> perst_n;  ///< fundamental reset of each slot, low = in reset
    sc_core::sc_vector<Line> intx;     ///< wired interrupt of each slot, true = asserted

    /// Binds the sockets `config`, `bar0`, `bar4` and `dma` of an endpoint to the next free slot,
    /// and its ports `perst_n` and `intx` where it has them. Returns the slot, which is the device
    /// number. SC_ERROR (/nvme/config) when all slots are taken.
    template <typename Endpoint>
    unsigned attach(Endpoint& endpoint) {
        const unsigned slot = take_slot();
        root_complex.config[slot].bind(endpoint.config);
        root_complex.bar0[slot].bind(endpoint.bar0);
        root_complex.bar4[slot].bind(endpoint.bar4);
        endpoint.dma.bind(root_complex.upstream[slot]);
        if constexpr (HasPerst<Endpoint>::value) endpoint.perst_n.bind(perst_n[slot]);
        if constexpr (HasIntx<Endpoint>::value) endpoint.intx.bind(intx[slot]);
        return slot;
    }

private:
    template <typename T, typename = void>
    struct HasPerst : std::false_type {};
    template <typename T>
    struct HasPerst<T, std::void_t<decltype(std::declval<T&>().perst_n)>> : std::true_type {};
    template <typename T, typename = void>
    struct HasIntx : std::false_type {};
    template <typename T>
    struct HasIntx<T, std::void_t<decltype(std::declval<T&>().intx)>> : std::true_type {};

    [[nodiscard]] unsigned take_slot();

    unsigned slots_taken_ = 0;
};

}  // namespace platform
