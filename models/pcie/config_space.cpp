// SPDX-License-Identifier: Apache-2.0
#include "models/pcie/config_space.h"

#include <stdexcept>

#include "models/pcie/config_registers.h"

namespace pcie {
namespace {

using util::is_power_of_two;

constexpr std::uint32_t kAllOnes = ~0u;

}  // namespace

std::vector<std::string> validate(const FunctionParams& params) {
    std::vector<std::string> problems;
    const auto require = [&](bool good, const char* problem) {
        if (!good) problems.emplace_back(problem);
    };
    const auto good_bar = [](std::uint64_t size) {
        return size == 0 || (size >= 16 && is_power_of_two(size));
    };
    require(params.class_code <= 0xff'ffff, "class_code: has 24 bits");
    require(good_bar(params.bar0_size), "bar0_size: must be 0 or a power of two from 16");
    require(good_bar(params.bar4_size), "bar4_size: must be 0 or a power of two from 16");
    require(params.msix_vectors <= 2048, "msix_vectors: must be at most 2048");
    require(params.msix_table_offset % 8 == 0, "msix_table_offset: must be a multiple of 8");
    require(params.msix_pba_offset % 8 == 0, "msix_pba_offset: must be a multiple of 8");
    const std::uint64_t vectors = params.msix_vectors;
    require(vectors == 0 || (params.msix_table_offset + vectors * 16 <= params.bar4_size &&
                             params.msix_pba_offset + (vectors + 63) / 64 * 8 <= params.bar4_size),
            "bar4_size: the MSI-X table and pending bits do not fit");
    require(params.link_gen >= 1 && params.link_gen <= 6, "link_gen: must be 1 to 6");
    require(is_power_of_two(params.link_lanes) && params.link_lanes <= 16,
            "link_lanes: must be 1, 2, 4, 8 or 16");
    require(is_power_of_two(params.max_payload_bytes) && params.max_payload_bytes >= 128 &&
                params.max_payload_bytes <= 4096,
            "max_payload_bytes: must be a power of two from 128 to 4096");
    return problems;
}

ConfigSpace::ConfigSpace(const FunctionParams& params, ConfigEvents& events)
    : last_link_(reg::kCapabilitiesPointer), events_(events) {
    const std::vector<std::string> problems = validate(params);
    if (!problems.empty()) throw std::invalid_argument(problems.front());
    build_header(params);
    build_power_management();
    if (params.msix_vectors != 0) build_msix(params);
    build_express(params);
    build_serial_number(params);
    reset();
}

void ConfigSpace::build_header(const FunctionParams& params) {
    define(reg::kVendorId, 2, params.vendor_id, 0);
    define(reg::kDeviceId, 2, params.device_id, 0);
    define(reg::kCommand, 2, 0,
           reg::kCommandMemorySpace | reg::kCommandBusMaster | reg::kCommandParityErrorResponse |
               reg::kCommandSerrEnable | reg::kCommandInterruptDisable);
    define(reg::kStatus, 2, reg::kStatusCapabilitiesList, 0);
    define(reg::kRevisionAndClass, 4, params.class_code << 8 | params.revision_id, 0);
    define(reg::kCacheLineSize, 1, 0, 0xff);  // no effect; writable for old software
    build_bar(reg::kBar0, params.bar0_size);
    build_bar(reg::kBar4, params.bar4_size);
    define(reg::kSubsystemVendorId, 2, params.subsystem_vendor_id, 0);
    define(reg::kSubsystemId, 2, params.subsystem_id, 0);
    define(reg::kInterruptLine, 1, 0, 0xff);  // a note pad of the host's
    define(reg::kInterruptPin, 1, params.intx_pin ? 1 : 0, 0);
}

void ConfigSpace::build_bar(std::uint16_t offset, std::uint64_t size) {
    if (size == 0) return;
    // Address bits below the size are hardwired to 0: the host finds the size by writing all ones.
    const std::uint64_t address_bits = ~(size - 1);
    define(offset, 4, reg::kBarMemory64, static_cast<std::uint32_t>(address_bits));
    define(offset + 4u, 4, 0, static_cast<std::uint32_t>(address_bits >> 32));
}

void ConfigSpace::link_capability(std::uint16_t offset, std::uint8_t id) {
    define(last_link_, 1, offset, 0);
    define(offset, 1, id, 0);
    last_link_ = offset + 1u;
}

void ConfigSpace::build_power_management() {
    link_capability(kPowerManagement, reg::kCapPowerManagement);
    define(kPowerManagement + reg::kPmCapabilities, 2, reg::kPmVersion3, 0);
    define(kPowerManagement + reg::kPmControlStatus, 2, reg::kPmNoSoftReset, reg::kPmPowerState);
}

void ConfigSpace::build_msix(const FunctionParams& params) {
    link_capability(kMsix, reg::kCapMsix);
    define(kMsix + reg::kMsixControl, 2, params.msix_vectors - 1u,
           reg::kMsixEnable | reg::kMsixFunctionMask);
    define(kMsix + reg::kMsixTable, 4, params.msix_table_offset | reg::kMsixBir, 0);
    define(kMsix + reg::kMsixPba, 4, params.msix_pba_offset | reg::kMsixBir, 0);
}

void ConfigSpace::build_serial_number(const FunctionParams& params) {
    constexpr std::uint32_t kVersion1 = 1u << 16;
    const std::uint64_t serial = params.device_serial_number;
    define(kSerialNumber, 4, reg::kExtCapSerialNumber | kVersion1, 0);
    define(kSerialNumber + 4, 4, static_cast<std::uint32_t>(serial), 0);
    define(kSerialNumber + 8, 4, static_cast<std::uint32_t>(serial >> 32), 0);
}

void ConfigSpace::define(std::uint16_t offset, unsigned size, std::uint32_t value,
                         std::uint32_t writable) {
    for (unsigned i = 0; i < size; ++i) {
        reset_value_[offset + i] = static_cast<std::uint8_t>(value >> 8 * i);
        writable_[offset + i] = static_cast<std::uint8_t>(writable >> 8 * i);
    }
}

void ConfigSpace::keep_over_function_level_reset(std::uint16_t offset, std::uint16_t bits) {
    kept_[offset] = static_cast<std::uint8_t>(bits);
    kept_[offset + 1u] = static_cast<std::uint8_t>(bits >> 8);
}

bool ConfigSpace::access_ok(std::uint64_t offset, unsigned size) {
    return (size == 1 || size == 2 || size == 4) && offset % size == 0 && offset < kSize;
}

std::uint32_t ConfigSpace::read(std::uint16_t offset, unsigned size) const {
    if (!access_ok(offset, size)) return kAllOnes;
    std::uint32_t value = 0;
    for (unsigned i = 0; i < size; ++i) {
        value |= static_cast<std::uint32_t>(value_[offset + i]) << 8 * i;
    }
    return value;
}

void ConfigSpace::write(std::uint16_t offset, unsigned size, std::uint32_t value) {
    switch (store(offset, size, value)) {
        case Edge::kFunctionLevelReset:
            return events_.on_function_level_reset();
        case Edge::kConfigChanged:
            return events_.on_config_changed();
        case Edge::kNone:
            return;
    }
}

ConfigSpace::Edge ConfigSpace::store(std::uint16_t offset, unsigned size, std::uint32_t value) {
    if (!access_ok(offset, size)) return Edge::kNone;
    const auto observed = [this] {
        return std::array{read(reg::kCommand, 2), read(kPowerManagement + reg::kPmControlStatus, 2),
                          read(kMsix + reg::kMsixControl, 2), std::uint32_t{aspm_control()}};
    };
    constexpr std::size_t kPowerByte = kPowerManagement + reg::kPmControlStatus;
    constexpr std::size_t kResetByte = kExpress + reg::kDeviceControl + 1;
    const auto before = observed();
    bool function_level_reset = false;
    for (unsigned i = 0; i < size; ++i) {
        const std::size_t at = offset + i;
        const auto byte = static_cast<std::uint8_t>(value >> 8 * i);
        const unsigned state = byte & reg::kPmPowerState;
        // D1 and D2 do not exist here: the write completes and the state stays.
        if (at == kPowerByte && (state == 1 || state == 2)) continue;
        value_[at] =
            static_cast<std::uint8_t>((value_[at] & ~writable_[at]) | (byte & writable_[at]));
        if (at == kResetByte && (byte & reg::kInitiateFunctionLevelReset >> 8) != 0) {
            function_level_reset = true;
        }
    }
    refresh();
    if (function_level_reset) {
        reset(ResetKind::kFunctionLevel);
        return Edge::kFunctionLevelReset;
    }
    return observed() != before ? Edge::kConfigChanged : Edge::kNone;
}

void ConfigSpace::refresh() {
    const std::uint32_t command = read(reg::kCommand, 2);
    const std::uint32_t control = read(kMsix + reg::kMsixControl, 2);
    live_.power = static_cast<PowerState>(read(kPowerManagement + reg::kPmControlStatus, 2) &
                                          reg::kPmPowerState);
    const bool d0 = live_.power == PowerState::kD0;
    live_.memory = d0 && (command & reg::kCommandMemorySpace) != 0;
    live_.bus_master = d0 && (command & reg::kCommandBusMaster) != 0;
    live_.intx_disabled = (command & reg::kCommandInterruptDisable) != 0;
    live_.msix = (control & reg::kMsixEnable) != 0;
    live_.msix_masked = (control & reg::kMsixFunctionMask) != 0;
}

std::uint64_t ConfigSpace::bar_address(unsigned bar) const {
    if (bar != 0 && bar != 4) return 0;
    const std::uint16_t offset = bar == 0 ? reg::kBar0 : reg::kBar4;
    const std::uint64_t high = read(offset + 4u, 4);
    return high << 32 | (read(offset, 4) & ~0xfu);
}

void ConfigSpace::set_interrupt_status(bool pending) {
    const auto others = static_cast<std::uint8_t>(value_[reg::kStatus] & ~reg::kStatusInterrupt);
    value_[reg::kStatus] =
        static_cast<std::uint8_t>(others | (pending ? reg::kStatusInterrupt : 0));
}

void ConfigSpace::reset(ResetKind kind) {
    for (std::size_t i = 0; i < kSize; ++i) {
        const unsigned keep = kind == ResetKind::kFunctionLevel ? kept_[i] : 0;
        value_[i] = static_cast<std::uint8_t>((value_[i] & keep) | (reset_value_[i] & ~keep));
    }
    refresh();
}

}  // namespace pcie
