// SPDX-License-Identifier: Apache-2.0
// What the client does to the device, as transactions.
#include <algorithm>
#include <cstring>
#include <iomanip>
#include <sstream>

#include "models/pcie/config_registers.h"
#include "platform/modules/payload.h"
#include "platform/vfio_user/bridge.h"

namespace platform {

using vfio_user::IrqIndex;
using vfio_user::RegionIndex;

namespace {

constexpr std::uint32_t kBar0 = static_cast<std::uint32_t>(RegionIndex::kBar0);
constexpr std::uint32_t kBar4 = static_cast<std::uint32_t>(RegionIndex::kBar4);
constexpr std::uint32_t kConfig = static_cast<std::uint32_t>(RegionIndex::kConfig);

/// One entry of an MSI-X table, as PCI Express lays it out.
struct MsixEntry {
    std::uint64_t address;
    std::uint32_t data;
    std::uint32_t control;  // bit 0: masked
};
static_assert(sizeof(MsixEntry) == 16);

/// Messages are told apart by their data; the address only has to be one.
constexpr std::uint64_t kMessageAddress = 0xfee0'0000;

}  // namespace

bool VfioUserBridge::transfer(tlm::tlm_command command, std::uint32_t region, std::uint64_t offset,
                              std::uint8_t* data, std::uint32_t count) {
    tlm::tlm_generic_payload trans;
    prepare(trans, command, offset, data, count);
    sc_core::sc_time delay;
    switch (static_cast<RegionIndex>(region)) {
        case RegionIndex::kBar0:
            bar0->b_transport(trans, delay);
            break;
        case RegionIndex::kBar4:
            bar4->b_transport(trans, delay);
            break;
        default:
            config->b_transport(trans, delay);
            break;
    }
    return trans.is_response_ok();
}

/// Any access as a series of those that a device has to understand: a bus would not let others
/// through either. A long series lasts for several turns.
void VfioUserBridge::access(tlm::tlm_command command, std::uint32_t region, std::uint64_t offset,
                            std::uint8_t* data, std::uint32_t count) {
    const std::uint32_t widest = region == kConfig ? 4 : 8;
    while (count != 0) {
        if (turn_is_over()) continue_in_next_turn();
        const std::uint32_t size = aligned_piece(offset, count, widest);
        const bool good = transfer(command, region, offset, data, size);
        if (!good) explain_refusal(command, region, offset, size);
        if (!good && command == tlm::TLM_READ_COMMAND) std::fill_n(data, size, std::uint8_t{0xff});
        offset += size;
        data += size;
        count -= size;
    }
}

/// Why, as far as a client could have known.
void VfioUserBridge::explain_refusal(tlm::tlm_command command, std::uint32_t region,
                                     std::uint64_t offset, std::uint32_t count) {
    using Cause = vfio_user::Complaints::Cause;
    if (region == kConfig) return;
    const std::uint16_t enabled = command_register();
    const bool decoded = (enabled & pcie::reg::kCommandMemorySpace) != 0;
    const Cause cause = decoded ? Cause::kNotTaken : Cause::kMemorySpace;
    if (!complaints_.wanted(cause)) return;
    std::ostringstream text;
    text << "a client's " << (command == tlm::TLM_READ_COMMAND ? "read" : "write") << " of "
         << count << " bytes at " << std::hex << offset << "h of BAR " << region << " is refused: ";
    if (decoded)
        text << "the device takes aligned accesses of 4 or 8 bytes to what is there, in D0, while "
                "it is plugged in and has power";
    else
        text << "Memory Space Enable is 0 (Command register " << std::setfill('0') << std::setw(4)
             << enabled << "h; resets clear it)";
    complaints_.add(cause, text.str());
}

void VfioUserBridge::outside(const vfio_user::RegionAccess& access) {
    using Cause = vfio_user::Complaints::Cause;
    if (!complaints_.wanted(Cause::kOutside)) return;
    std::ostringstream text;
    text << "a client's access of " << access.count << " bytes at " << std::hex << access.offset
         << "h of region " << std::dec << access.region
         << " is refused: it is not inside of the region";
    complaints_.add(Cause::kOutside, text.str());
}

void VfioUserBridge::read_region(std::uint32_t region, std::uint64_t offset, std::uint8_t* data,
                                 std::uint32_t count) {
    access(tlm::TLM_READ_COMMAND, region, offset, data, count);
}

void VfioUserBridge::write_region(std::uint32_t region, std::uint64_t offset,
                                  const std::uint8_t* data, std::uint32_t count) {
    // The table belongs to the bridge. What the client wants to say by it, it says by SET_IRQS.
    if (region == kBar4 && offset < std::uint64_t{params_.msix_vectors} * sizeof(MsixEntry)) return;
    access(tlm::TLM_WRITE_COMMAND, region, offset, const_cast<std::uint8_t*>(data), count);
    if (region == kConfig) program_msix();
    if (region == kBar0 && intx.read()) await_intx();
}

/// What takes the line down has done so before the client goes on, and unmasks it. With doorbells
/// in memory (Doorbell Buffer Config) the controller has to read it first, which takes a moment of
/// simulated time. Bounded: a line may stand for other reasons.
void VfioUserBridge::await_intx() {
    settle();
    for (int us = 0; us < 5 && intx.read(); ++us) wait(sc_core::sc_time(1, sc_core::SC_US));
}

/// A change of a signal reaches the device, and what it does about it comes back.
void VfioUserBridge::settle() {
    for (int deltas = 0; deltas < 3; ++deltas) wait(sc_core::SC_ZERO_TIME);
}

void VfioUserBridge::pulse_perst() {
    perst_n.write(false);
    settle();
    perst_n.write(true);
    settle();
    if (doorbells_) doorbells_->clear();
}

/// The device answers at its BARs afterwards if it did before, as when an operating system resets a
/// function for a driver in user space and restores what it had set up. QEMU disables memory space
/// before it asks for a reset, so a guest finds the register of a function that was just reset.
void VfioUserBridge::reset() {
    const bool decoded = (command_register() & pcie::reg::kCommandMemorySpace) != 0;
    pulse_perst();
    if (!decoded) return;
    hand_over();
    program_msix();
}

/// Nobody sees the look.
std::uint16_t VfioUserBridge::command_register() {
    std::uint16_t value = 0;
    tlm::tlm_generic_payload look;
    prepare(look, tlm::TLM_READ_COMMAND, pcie::reg::kCommand, &value, sizeof value);
    return config->transport_dbg(look) == sizeof value ? value : std::uint16_t{0};
}

void VfioUserBridge::hand_over() {
    std::uint16_t value = command_register() | pcie::reg::kCommandMemorySpace;
    (void)transfer(tlm::TLM_WRITE_COMMAND, kConfig, pcie::reg::kCommand,
                   reinterpret_cast<std::uint8_t*>(&value), sizeof value);
}

void VfioUserBridge::irqs_changed(IrqIndex index) {
    if (index == IrqIndex::kMsix) program_msix();
}

/// Brings the device's table to what the client listens to. Called whenever either may have
/// changed: resets of any kind clear the table, and while memory space is disabled it cannot be
/// written.
void VfioUserBridge::program_msix() {
    for (std::uint32_t vector = 0; vector < params_.msix_vectors; ++vector) {
        const std::uint64_t offset = std::uint64_t{vector} * sizeof(MsixEntry);
        const bool armed = session_->irqs().armed(IrqIndex::kMsix, vector);
        MsixEntry wanted{kMessageAddress, vector, armed ? 0u : 1u};
        MsixEntry there{};
        tlm::tlm_generic_payload look;
        prepare(look, tlm::TLM_READ_COMMAND, offset, &there, sizeof there);
        if (bar4->transport_dbg(look) == sizeof there &&
            std::memcmp(&there, &wanted, sizeof wanted) == 0)
            continue;
        std::uint8_t bytes[sizeof wanted];
        std::memcpy(bytes, &wanted, sizeof wanted);
        if (!transfer(tlm::TLM_WRITE_COMMAND, kBar4, offset, bytes, 8)) return;
        (void)transfer(tlm::TLM_WRITE_COMMAND, kBar4, offset + 8, bytes + 8, 8);
    }
}

}  // namespace platform
