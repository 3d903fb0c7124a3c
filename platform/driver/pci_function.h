// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>

#include "platform/driver/driver_types.h"
#include "platform/modules/mmio_port.h"

namespace platform {

/// What bus software does with one PCI Express function: find it, give it addresses, program MSI-X,
/// reset it. Knows nothing of NVMe. Called from SC_THREADs.
class PciFunction {
public:
    static constexpr unsigned kBars = 6;
    static constexpr std::uint8_t kCapabilityPowerManagement = 0x01;
    static constexpr std::uint8_t kCapabilityPciExpress = 0x10;
    static constexpr std::uint8_t kCapabilityMsix = 0x11;

    /// BARs are placed in [window, window + window_bytes).
    PciFunction(MmioPort& cpu, unsigned device, std::uint64_t window, std::uint64_t window_bytes);

    /// Sizes and places the BARs, finds the capabilities, and sets Memory Space Enable and Bus
    /// Master Enable. May be repeated after a reset: the BARs return to where they were.
    [[nodiscard]] DriverError enumerate();

    /// Bus address of a BAR, 0 when the function has none.
    [[nodiscard]] std::uint64_t bar(unsigned index) const { return bars_.at(index).base; }
    [[nodiscard]] std::uint64_t bar_bytes(unsigned index) const { return bars_.at(index).bytes; }
    [[nodiscard]] std::uint32_t class_code() const { return class_code_; }
    /// Offset of a capability in configuration space, 0 when the function lacks it.
    [[nodiscard]] std::uint8_t capability(std::uint8_t id) const;

    void set_bus_master(bool on) { set_command_bits(kBusMaster, on); }
    void set_memory_space(bool on) { set_command_bits(kMemorySpace, on); }
    /// Switches wired interrupts off (true) or on.
    void set_intx_disable(bool off) { set_command_bits(kIntxDisable, off); }

    /// Entries of the MSI-X table, 0 without MSI-X.
    [[nodiscard]] unsigned msix_entries() const { return msix_entries_; }
    void set_msix_entry(unsigned entry, std::uint64_t address, std::uint32_t data, bool masked);
    void set_msix(bool enable, bool function_mask);

    /// Function Level Reset, and the time that software has to leave the function alone after it.
    /// Everything that enumerate() set up is lost. kUnsupported when the function lacks it.
    [[nodiscard]] DriverError function_level_reset();

private:
    static constexpr std::uint16_t kMemorySpace = 1u << 1;
    static constexpr std::uint16_t kBusMaster = 1u << 2;
    static constexpr std::uint16_t kIntxDisable = 1u << 10;
    struct Bar {
        std::uint64_t base = 0;
        std::uint64_t bytes = 0;
    };

    void set_command_bits(std::uint16_t bits, bool on);
    [[nodiscard]] unsigned size_bar(unsigned index);  // returns the registers it takes: 1 or 2
    [[nodiscard]] bool place_bar(unsigned index);
    void find_capabilities();
    void find_msix();

    MmioPort& cpu_;
    const unsigned device_;
    const std::uint64_t window_end_;
    std::uint64_t next_free_;
    std::uint32_t class_code_ = 0;
    std::array<Bar, kBars> bars_{};
    std::array<std::uint8_t, 256> capabilities_{};  // id -> offset
    unsigned msix_entries_ = 0;
    std::uint64_t msix_table_ = 0;
};

}  // namespace platform
