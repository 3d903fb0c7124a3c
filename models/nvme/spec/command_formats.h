// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

#include "models/nvme/spec/entries.h"
#include "models/nvme/spec/opcodes.h"

/// What the specifications say of each command's entry, once: its name, and which bits of it mean
/// something. The direction of its data is in the opcode (data_transfer).
/// [NVMe-Base-2.0 5 Admin Command Set, 7 I/O Commands], [NVM-1.0 3.2 NVM Command Set Commands]
namespace nvme::spec {

struct CommandFormat {
    std::uint8_t opcode;
    std::string_view name;
    bool nsid;
    bool blocks;  ///< CDW10 and CDW11 are SLBA, CDW12 bits 15:0 NLB
    bool prp1, prp2;
    std::uint32_t cdw2, cdw3, cdw10, cdw11, cdw12, cdw13, cdw14, cdw15;  ///< bits that are defined
};

namespace formats {

constexpr std::uint8_t op(AdminOpcode o) {
    return static_cast<std::uint8_t>(o);
}
constexpr std::uint8_t op(NvmOpcode o) {
    return static_cast<std::uint8_t>(o);
}
inline constexpr std::uint32_t kAll = 0xffff'ffff;

// clang-format off
inline constexpr CommandFormat kAdmin[] = {
    // opcode                         name                            nsid   blocks prp1   prp2   cdw2  cdw3  cdw10    cdw11        cdw12   cdw13  cdw14     cdw15
    {op(AdminOpcode::kDeleteIoSq),        "Delete I/O Submission Queue", false, false, false, false, 0, 0, 0xffff,      0,           0,      0,    0,           0},
    {op(AdminOpcode::kCreateIoSq),        "Create I/O Submission Queue", false, false, true,  false, 0, 0, kAll,        0xffff'0007, 0xffff, 0,    0,           0},
    {op(AdminOpcode::kGetLogPage),        "Get Log Page",                true,  false, true,  true,  0, 0, kAll,        kAll,        kAll,   kAll, 0xff80'007f, 0},
    {op(AdminOpcode::kDeleteIoCq),        "Delete I/O Completion Queue", false, false, false, false, 0, 0, 0xffff,      0,           0,      0,    0,           0},
    {op(AdminOpcode::kCreateIoCq),        "Create I/O Completion Queue", false, false, true,  false, 0, 0, kAll,        0xffff'0003, 0,      0,    0,           0},
    {op(AdminOpcode::kIdentify),          "Identify",                    true,  false, true,  true,  0, 0, 0xffff'00ff, 0xff00'ffff, 0,      0,    0x7f,        0},
    {op(AdminOpcode::kAbort),             "Abort",                       false, false, false, false, 0, 0, kAll,        0,           0,      0,    0,           0},
    {op(AdminOpcode::kSetFeatures),       "Set Features",                true,  false, true,  true,  0, 0, 0x8000'00ff, kAll,        kAll,   kAll, 0x7f,        kAll},
    {op(AdminOpcode::kGetFeatures),       "Get Features",                true,  false, true,  true,  0, 0, 0x7ff,       kAll,        0,      0,    0x7f,        0},
    {op(AdminOpcode::kAsyncEventRequest), "Asynchronous Event Request",  false, false, false, false, 0, 0, 0,           0,           0,      0,    0,           0},
    {op(AdminOpcode::kDeviceSelfTest),    "Device Self-test",            true,  false, false, false, 0, 0, 0xf,         0,           0,      0,    0,           0},
    {op(AdminOpcode::kKeepAlive),         "Keep Alive",                  false, false, false, false, 0, 0, 0,           0,           0,      0,    0,           0},
    {op(AdminOpcode::kDoorbellBufferConfig), "Doorbell Buffer Config",   false, false, true,  true,  0, 0, 0,           0,           0,      0,    0,           0},
};
// Reference tags of protection information may stand in CDW2, CDW3, CDW14 and CDW15.
inline constexpr CommandFormat kNvm[] = {
    {op(NvmOpcode::kFlush),               "Flush",                true, false, false, false, 0,    0,    0,           0,    0,           0,           0,    0},
    {op(NvmOpcode::kWrite),               "Write",                true, true,  true,  true,  kAll, kAll, kAll,        kAll, 0xfdf0'ffff, 0xffff'00ff, kAll, kAll},
    {op(NvmOpcode::kRead),                "Read",                 true, true,  true,  true,  kAll, kAll, kAll,        kAll, 0xfd00'ffff, 0xff,        kAll, kAll},
    {op(NvmOpcode::kWriteUncorrectable),  "Write Uncorrectable",  true, true,  false, false, 0,    0,    kAll,        kAll, 0xffff,      0,           0,    0},
    {op(NvmOpcode::kCompare),             "Compare",              true, true,  true,  true,  kAll, kAll, kAll,        kAll, 0xfd00'ffff, 0,           kAll, kAll},
    {op(NvmOpcode::kWriteZeroes),         "Write Zeroes",         true, true,  false, false, kAll, kAll, kAll,        kAll, 0xff00'ffff, 0,           kAll, kAll},
    {op(NvmOpcode::kDatasetManagement),   "Dataset Management",   true, false, true,  true,  0,    0,    0xff,        0x7,  0,           0,           0,    0},
    {op(NvmOpcode::kVerify),              "Verify",               true, true,  false, false, kAll, kAll, kAll,        kAll, 0xfd00'ffff, 0,           kAll, kAll},
    {op(NvmOpcode::kReservationRegister), "Reservation Register", true, false, true,  true,  0,    0,    0xc000'000f, 0,    0,           0,           0,    0},
    {op(NvmOpcode::kReservationReport),   "Reservation Report",   true, false, true,  true,  0,    0,    kAll,        0x1,  0,           0,           0,    0},
    {op(NvmOpcode::kReservationAcquire),  "Reservation Acquire",  true, false, true,  true,  0,    0,    0xff0f,      0,    0,           0,           0,    0},
    {op(NvmOpcode::kReservationRelease),  "Reservation Release",  true, false, true,  true,  0,    0,    0xff0f,      0,    0,           0,           0,    0},
    {op(NvmOpcode::kCopy),                "Copy",                 true, false, true,  true,  kAll, kAll, kAll,        kAll, 0xfdf0'ffff, 0xffff'0000, kAll, kAll},
};
// clang-format on

/// Opcode -> row + 1; 0: there is none.
template <std::size_t N>
constexpr std::array<std::uint8_t, 256> index_of(const CommandFormat (&table)[N]) {
    std::array<std::uint8_t, 256> index{};
    for (std::size_t i = 0; i < N; ++i) index[table[i].opcode] = static_cast<std::uint8_t>(i + 1);
    return index;
}
inline constexpr auto kAdminIndex = index_of(kAdmin);
inline constexpr auto kNvmIndex = index_of(kNvm);

}  // namespace formats

/// Null: a command that is not described here, vendor specific or unknown.
constexpr const CommandFormat* admin_format(std::uint8_t opcode) {
    const auto row = formats::kAdminIndex[opcode];
    return row == 0 ? nullptr : &formats::kAdmin[row - 1];
}
constexpr const CommandFormat* nvm_format(std::uint8_t opcode) {
    const auto row = formats::kNvmIndex[opcode];
    return row == 0 ? nullptr : &formats::kNvm[row - 1];
}
/// Of a command of this queue; 0 is the admin queue.
constexpr const CommandFormat* format_of(std::uint16_t sqid, std::uint8_t opcode) {
    return sqid == 0 ? admin_format(opcode) : nvm_format(opcode);
}
static_assert(nvm_format(0x02)->name == "Read" && admin_format(0x06)->name == "Identify");

/// For people.
constexpr std::string_view command_name(std::uint16_t sqid, std::uint8_t opcode) {
    if (const CommandFormat* format = format_of(sqid, opcode)) return format->name;
    const auto first = sqid == 0 ? kFirstVendorAdminOpcode : kFirstVendorIoOpcode;
    return opcode >= first ? "Vendor Specific" : "Unsupported";
}

/// The logical blocks that an entry of an I/O queue names.
constexpr bool names_blocks(std::uint8_t opcode) {
    const CommandFormat* format = nvm_format(opcode);
    return format != nullptr && format->blocks;
}
constexpr std::uint64_t slba_of(const SubmissionEntry& sqe) {
    return sqe.cdw10 | std::uint64_t{sqe.cdw11} << 32;
}
constexpr std::uint32_t blocks_of(const SubmissionEntry& sqe) {
    return (sqe.cdw12 & 0xffff) + 1;  // NLB is zero-based
}

}  // namespace nvme::spec
