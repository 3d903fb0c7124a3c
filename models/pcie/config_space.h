// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/pcie/link_params.h"
#include "models/pcie/wire_time.h"

namespace pcie {

/// What a function is, and what it tells about itself in configuration space.
struct FunctionParams {
    std::uint16_t vendor_id = 0;
    std::uint16_t device_id = 0;
    std::uint16_t subsystem_vendor_id = 0;
    std::uint16_t subsystem_id = 0;
    std::uint8_t revision_id = 0;
    std::uint32_t class_code = 0;         ///< 24 bits: base class, sub-class, programming interface
    std::uint64_t bar0_size = 0;          ///< bytes, a power of two from 16; 0 = no BAR0
    std::uint64_t bar4_size = 0;          ///< bytes, a power of two from 16; 0 = no BAR4
    std::uint16_t msix_vectors = 0;       ///< up to 2048; 0 = no MSI-X capability
    std::uint32_t msix_table_offset = 0;  ///< bytes in BAR4, a multiple of 8
    std::uint32_t msix_pba_offset = 0;    ///< bytes in BAR4, a multiple of 8
    bool intx_pin = false;                ///< the function has INTA
    unsigned link_gen = LinkParams{}.gen;      ///< 1 .. 6
    unsigned link_lanes = LinkParams{}.lanes;  ///< 1, 2, 4, 8 or 16
    unsigned max_payload_bytes =
        LinkParams{}.max_payload;  ///< supported: 128 .. 4096, a power of two
    /// How long the link takes to leave L0s and L1; absent: it has no such state.
    std::optional<std::uint64_t> l0s_exit_ns, l1_exit_ns;
    std::uint64_t device_serial_number = 0;  ///< an EUI-64
    std::uint16_t requester_id = 0;          ///< bus << 8 | device << 3 | function
    /// Offset in BAR 0: a register from here on keeps the order in which it is written, whatever
    /// the delays of the hosts.
    std::uint32_t bar0_ordered_from = ~0u;
};

/// What is wrong with the parameters, one line each; empty when they can be used.
[[nodiscard]] std::vector<std::string> validate(const FunctionParams& params);

/// The edges that leave configuration space. Called at the end of the write that causes them, when
/// all queries give the new state already.
class ConfigEvents {
public:
    virtual ~ConfigEvents() = default;
    /// Initiate Function Level Reset was written. Configuration space is in its reset state; the
    /// rest of the function has to follow.
    virtual void on_function_level_reset() = 0;
    /// The Command register, the power state, MSI-X Message Control or ASPM Control changed, but
    /// not by a reset.
    virtual void on_config_changed() = 0;
};

enum class PowerState : std::uint8_t { kD0 = 0, kD3hot = 3 };

enum class ResetKind : std::uint8_t {
    kConventional,   ///< power-on, PERST#, hot reset: everything
    kFunctionLevel,  ///< all but what belongs to the link: see ConfigSpace::reset()
};

/// The 4 KiB type-0 configuration space of one PCI Express endpoint function.
///
/// Holds a value and a write mask for each bit, so a guest can write anything anywhere.
/// Capabilities: Power Management (40h), MSI-X (50h), PCI Express version 2 (60h), Device Serial
/// Number (100h). Not modelled: error reporting (the error bits of Status and Device Status stay 0,
/// no AER), PME, D1 and D2, Secondary PCI Express (lane equalization).
class ConfigSpace {
public:
    static constexpr std::size_t kSize = 4096;

    /// Offsets of the capabilities. A driver has to find them by walking the list.
    static constexpr std::uint16_t kPowerManagement = 0x40;
    static constexpr std::uint16_t kMsix = 0x50;
    static constexpr std::uint16_t kExpress = 0x60;
    static constexpr std::uint16_t kSerialNumber = 0x100;

    /// `events` must outlive this object. Throws std::invalid_argument when validate() finds a
    /// problem.
    ConfigSpace(const FunctionParams& params, ConfigEvents& events);

    /// 1, 2 or 4 bytes, naturally aligned, within the 4 KiB.
    [[nodiscard]] static bool access_ok(std::uint64_t offset, unsigned size);
    /// An access that is not access_ok() reads as all ones, as an unsupported request does.
    [[nodiscard]] std::uint32_t read(std::uint16_t offset, unsigned size) const;
    /// An access that is not access_ok() does nothing. Bits of `value` beyond `size` are ignored.
    void write(std::uint16_t offset, unsigned size, std::uint32_t value);
    /// The same without an event: on a copy, to see what a write will have done.
    void write_unheard(std::uint16_t offset, unsigned size, std::uint32_t value) {
        (void)store(offset, size, value);
    }

    /// Memory Space Enable, and in D0: the function answers accesses to its BARs.
    [[nodiscard]] bool memory_enabled() const { return live_.memory; }
    /// Bus Master Enable, and in D0: the function may send DMA and messages.
    [[nodiscard]] bool bus_master_enabled() const { return live_.bus_master; }
    [[nodiscard]] bool msix_enabled() const { return live_.msix; }
    [[nodiscard]] bool msix_function_masked() const { return live_.msix_masked; }
    /// Command.Interrupt Disable: the function must not assert INTx.
    [[nodiscard]] bool intx_disabled() const { return live_.intx_disabled; }
    [[nodiscard]] PowerState power_state() const { return live_.power; }
    /// Link Control: what of Active State Power Management the host has enabled, bit 0 L0s, bit 1
    /// L1, whether the link has it or not.
    [[nodiscard]] unsigned aspm_control() const;
    /// The link runs at this speed from now on, over resets.
    void set_link_speed(LinkSpeed speed);
    /// The base that the host programmed into BAR 0 or 4; 0 for any other number.
    [[nodiscard]] std::uint64_t bar_address(unsigned bar) const;
    /// Status.Interrupt Status: the function has a pin interrupt to signal, disabled or not.
    void set_interrupt_status(bool pending);

    /// A Function Level Reset leaves alone what software set up for the link as a whole:
    /// Max_Payload_Size, Link Control and the sticky Target Link Speed. No event is sent.
    void reset(ResetKind kind = ResetKind::kConventional);

private:
    void build_header(const FunctionParams& params);
    void build_power_management();
    void build_msix(const FunctionParams& params);
    void build_express(const FunctionParams& params);
    void build_serial_number(const FunctionParams& params);
    void build_bar(std::uint16_t offset, std::uint64_t size);
    void link_capability(std::uint16_t offset, std::uint8_t id);

    /// Defines a register: its value after reset and the bits that software can write.
    void define(std::uint16_t offset, unsigned size, std::uint32_t value, std::uint32_t writable);
    void keep_over_function_level_reset(std::uint16_t offset, std::uint16_t bits);

    void refresh();

    enum class Edge : std::uint8_t { kNone, kConfigChanged, kFunctionLevelReset };
    /// Does what a write does in here; says what the owner has to hear about it.
    [[nodiscard]] Edge store(std::uint16_t offset, unsigned size, std::uint32_t value);

    /// What the owner asks at every access, decoded once a write.
    struct Live {
        bool memory = false, bus_master = false, msix = false, msix_masked = false;
        bool intx_disabled = false;
        PowerState power = PowerState::kD0;
    };
    Live live_;
    using Space = std::array<std::uint8_t, kSize>;
    Space value_{};
    Space reset_value_{};
    Space writable_{};
    Space kept_{};             // bits that a Function Level Reset does not touch
    std::uint16_t last_link_;  // where the offset of the next capability goes
    ConfigEvents& events_;
};

}  // namespace pcie
