// SPDX-License-Identifier: Apache-2.0
#include "platform/driver/pci_function.h"

namespace platform {

namespace {

constexpr std::uint32_t kVendorId = 0x00;
constexpr std::uint32_t kCommand = 0x04;
constexpr std::uint32_t kStatus = 0x06;
constexpr std::uint32_t kRevisionAndClass = 0x08;
constexpr std::uint32_t kFirstBar = 0x10;
constexpr std::uint32_t kCapabilitiesPointer = 0x34;
constexpr std::uint16_t kStatusCapabilities = 1u << 4;

constexpr std::uint32_t kBarIsIo = 1;
constexpr std::uint32_t kBarTypeMask = 0x6;
constexpr std::uint32_t kBarType64 = 0x4;
constexpr std::uint32_t kBarAddress = 0xFFFF'FFF0;

constexpr std::uint32_t kMsixControl = 2;
constexpr std::uint32_t kMsixTable = 4;
constexpr std::uint16_t kMsixTableSizeMask = 0x7ff;
constexpr std::uint16_t kMsixFunctionMask = 1u << 14;
constexpr std::uint16_t kMsixEnable = 1u << 15;
constexpr std::uint32_t kMsixBirMask = 0x7;
constexpr std::uint32_t kMsixEntryBytes = 16;

constexpr std::uint32_t kExpressDeviceCapabilities = 4;
constexpr std::uint32_t kExpressDeviceControl = 8;
constexpr std::uint32_t kFlrCapable = 1u << 28;
constexpr std::uint16_t kInitiateFlr = 1u << 15;

/// There are 48 dwords for capabilities after the header: a longer list is a loop.
constexpr unsigned kMaxCapabilities = 48;

/// How long software leaves a function alone after a Function Level Reset.
constexpr int kResetQuietMs = 100;

std::uint32_t bar_register(unsigned index) {
    return kFirstBar + 4 * index;
}

}  // namespace

PciFunction::PciFunction(MmioPort& cpu, unsigned device, std::uint64_t window,
                         std::uint64_t window_bytes)
    : cpu_(cpu), device_(device), window_end_(window + window_bytes), next_free_(window) {}

DriverError PciFunction::enumerate() {
    if (cpu_.config_read<std::uint16_t>(device_, kVendorId) == 0xFFFF)
        return DriverError::kNoDevice;
    class_code_ = cpu_.config_read<std::uint32_t>(device_, kRevisionAndClass) >> 8;

    // While a BAR holds the mask of its size, it must not decode anything.
    set_command_bits(kMemorySpace | kBusMaster, false);
    for (unsigned index = 0; index < kBars; index += size_bar(index)) {
        if (!place_bar(index)) return DriverError::kNoResources;
    }
    find_capabilities();
    find_msix();
    set_command_bits(kMemorySpace | kBusMaster, true);
    return DriverError::kNone;
}

void PciFunction::set_command_bits(std::uint16_t bits, bool on) {
    const auto command = cpu_.config_read<std::uint16_t>(device_, kCommand);
    const int changed = on ? command | bits : command & ~bits;
    cpu_.config_write<std::uint16_t>(device_, kCommand, static_cast<std::uint16_t>(changed));
}

unsigned PciFunction::size_bar(unsigned index) {
    const auto low = cpu_.config_read<std::uint32_t>(device_, bar_register(index));
    const bool wide = (low & kBarIsIo) == 0 && (low & kBarTypeMask) == kBarType64;
    return wide && index + 1 < kBars ? 2 : 1;
}

bool PciFunction::place_bar(unsigned index) {
    const std::uint32_t reg = bar_register(index);
    const bool wide = size_bar(index) == 2;
    cpu_.config_write<std::uint32_t>(device_, reg, ~0u);
    if (wide) cpu_.config_write<std::uint32_t>(device_, reg + 4, ~0u);
    const auto low = cpu_.config_read<std::uint32_t>(device_, reg);
    const auto high = wide ? cpu_.config_read<std::uint32_t>(device_, reg + 4) : ~0u;
    const std::uint64_t mask = std::uint64_t{high} << 32 | (low & kBarAddress);

    Bar& bar = bars_[index];
    if ((low & kBarAddress) == 0 || (low & kBarIsIo) != 0) {  // none, or one for I/O ports
        cpu_.config_write<std::uint32_t>(device_, reg, 0);
        return true;
    }
    bar.bytes = ~mask + 1;
    if (bar.base == 0) {
        const std::uint64_t base = (next_free_ + bar.bytes - 1) & mask;
        if (base < next_free_ || base >= window_end_ || bar.bytes > window_end_ - base)
            return false;
        bar.base = base;
        next_free_ = base + bar.bytes;
    }
    cpu_.config_write<std::uint32_t>(device_, reg, static_cast<std::uint32_t>(bar.base));
    if (wide)
        cpu_.config_write<std::uint32_t>(device_, reg + 4,
                                         static_cast<std::uint32_t>(bar.base >> 32));
    return true;
}

void PciFunction::find_capabilities() {
    capabilities_.fill(0);
    if ((cpu_.config_read<std::uint16_t>(device_, kStatus) & kStatusCapabilities) == 0) return;
    unsigned offset = cpu_.config_read<std::uint8_t>(device_, kCapabilitiesPointer) & 0xfcu;
    for (unsigned seen = 0; offset >= 0x40 && seen < kMaxCapabilities; ++seen) {
        const auto header = cpu_.config_read<std::uint16_t>(device_, offset);
        std::uint8_t& place = capabilities_[header & 0xff];
        if (place == 0) place = static_cast<std::uint8_t>(offset);
        offset = header >> 8 & 0xfcu;
    }
}

void PciFunction::find_msix() {
    msix_entries_ = 0;
    const std::uint32_t msix = capability(kCapabilityMsix);
    if (msix == 0) return;
    const auto table = cpu_.config_read<std::uint32_t>(device_, msix + kMsixTable);
    const unsigned bir = table & kMsixBirMask;
    if (bir >= kBars || bars_[bir].base == 0) return;
    const auto control = cpu_.config_read<std::uint16_t>(device_, msix + kMsixControl);
    msix_entries_ = (control & kMsixTableSizeMask) + 1u;
    msix_table_ = bars_[bir].base + (table & ~kMsixBirMask);
}

std::uint8_t PciFunction::capability(std::uint8_t id) const {
    return capabilities_[id];
}

void PciFunction::set_msix_entry(unsigned entry, std::uint64_t address, std::uint32_t data,
                                 bool masked) {
    if (entry >= msix_entries_) return;
    const std::uint64_t place = msix_table_ + std::uint64_t{entry} * kMsixEntryBytes;
    cpu_.write32(place + 0, static_cast<std::uint32_t>(address));
    cpu_.write32(place + 4, static_cast<std::uint32_t>(address >> 32));
    cpu_.write32(place + 8, data);
    cpu_.write32(place + 12, masked ? 1 : 0);
}

void PciFunction::set_msix(bool enable, bool function_mask) {
    const std::uint32_t msix = capability(kCapabilityMsix);
    if (msix == 0) return;
    const int control = (enable ? kMsixEnable : 0) | (function_mask ? kMsixFunctionMask : 0);
    cpu_.config_write<std::uint16_t>(device_, msix + kMsixControl,
                                     static_cast<std::uint16_t>(control));
}

DriverError PciFunction::function_level_reset() {
    const std::uint32_t express = capability(kCapabilityPciExpress);
    if (express == 0) return DriverError::kUnsupported;
    const auto capabilities =
        cpu_.config_read<std::uint32_t>(device_, express + kExpressDeviceCapabilities);
    if ((capabilities & kFlrCapable) == 0) return DriverError::kUnsupported;
    const auto control = cpu_.config_read<std::uint16_t>(device_, express + kExpressDeviceControl);
    cpu_.config_write<std::uint16_t>(device_, express + kExpressDeviceControl,
                                     static_cast<std::uint16_t>(control | kInitiateFlr));
    sc_core::wait(kResetQuietMs, sc_core::SC_MS);
    return DriverError::kNone;
}

}  // namespace platform
