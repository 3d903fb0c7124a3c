// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "models/nvme/spec/location.h"
#include "models/util/bits.h"

/// Queue entries common to all command sets.
namespace nvme::spec {

using util::Bits;
using util::RegisterOf;
using util::tiles;

/// CDW0.FUSE.
inline constexpr std::uint32_t kFuseNormal = 0;
inline constexpr std::uint32_t kFuseFirst = 1;
inline constexpr std::uint32_t kFuseSecond = 2;

/// CDW0.PSDT: how DPTR and MPTR are to be read.
inline constexpr std::uint32_t kPsdtPrp = 0;
inline constexpr std::uint32_t kPsdtSglContiguousMetadata = 1;
inline constexpr std::uint32_t kPsdtSglMetadataSgl = 2;

/// Namespace identifier that means every namespace.
inline constexpr std::uint32_t kNsidBroadcast = 0xFFFF'FFFF;

/// Command Dword 0.
struct Cdw0 : CommandDword<Cdw0, 0> {
    using Opcode = Bits<0, 8, std::uint8_t>;
    using Fuse = Bits<8, 2>;
    using Rsvd10 = Bits<10, 4>;
    using Psdt = Bits<14, 2>;
    using Cid = Bits<16, 16, std::uint16_t>;
};
static_assert(
    tiles<std::uint32_t, Cdw0::Opcode, Cdw0::Fuse, Cdw0::Rsvd10, Cdw0::Psdt, Cdw0::Cid>());
// Identify, command identifier 1234h, SGLs: the dword as a bus trace shows it.
static_assert(Cdw0{}.with<Cdw0::Opcode>(0x06).with<Cdw0::Psdt>(1).with<Cdw0::Cid>(0x1234).raw ==
              0x1234'4006);
// Byte 1 bit 6.
static_assert(Cdw0::at<Cdw0::Psdt>().raw() == 0x0601);

/// Submission queue entry. prp1 and prp2 together are DPTR.
struct SubmissionEntry {
    std::uint32_t cdw0;
    std::uint32_t nsid;
    std::uint32_t cdw2;
    std::uint32_t cdw3;
    std::uint64_t mptr;
    std::uint64_t prp1;
    std::uint64_t prp2;
    std::uint32_t cdw10;
    std::uint32_t cdw11;
    std::uint32_t cdw12;
    std::uint32_t cdw13;
    std::uint32_t cdw14;
    std::uint32_t cdw15;
};
static_assert(sizeof(SubmissionEntry) == 64);
static_assert(offsetof(SubmissionEntry, mptr) == 16);
static_assert(offsetof(SubmissionEntry, prp1) == 24);
static_assert(offsetof(SubmissionEntry, prp2) == 32);
static_assert(offsetof(SubmissionEntry, cdw10) == 40);
static_assert(std::is_trivially_copyable_v<SubmissionEntry>);

/// Fields of every command that take whole dwords.
struct Nsid : CommandField<1> {};
struct Prp1 : CommandField<6, 2> {};
struct Prp2 : CommandField<8, 2> {};
static_assert(Nsid::kFirstByte == offsetof(SubmissionEntry, nsid));
static_assert(Prp1::kFirstByte == offsetof(SubmissionEntry, prp1));
static_assert(Prp2::kFirstByte == offsetof(SubmissionEntry, prp2));

/// Completion queue entry.
struct CompletionEntry {
    std::uint32_t dw0;     ///< Command specific.
    std::uint32_t dw1;     ///< Command specific.
    std::uint16_t sqhd;    ///< Submission queue head pointer at the time of completion.
    std::uint16_t sqid;    ///< Submission queue that the command came from.
    std::uint16_t cid;     ///< Command identifier.
    std::uint16_t status;  ///< See CompletionStatus.
};
static_assert(sizeof(CompletionEntry) == 16);
static_assert(offsetof(CompletionEntry, sqhd) == 8);
static_assert(offsetof(CompletionEntry, cid) == 12);
static_assert(offsetof(CompletionEntry, status) == 14);
static_assert(std::is_trivially_copyable_v<CompletionEntry>);

/// The upper half of completion dword 3: phase tag and status field.
struct CompletionStatus : RegisterOf<CompletionStatus, std::uint16_t> {
    using P = Bits<0, 1, bool>;
    using Sc = Bits<1, 8>;    ///< Status Code.
    using Sct = Bits<9, 3>;   ///< Status Code Type.
    using Crd = Bits<12, 2>;  ///< Command Retry Delay: which CRDT of Identify Controller.
    using M = Bits<14, 1, bool>;
    using Dnr = Bits<15, 1, bool>;
};
static_assert(tiles<std::uint16_t, CompletionStatus::P, CompletionStatus::Sc, CompletionStatus::Sct,
                    CompletionStatus::Crd, CompletionStatus::M, CompletionStatus::Dnr>());
// "Invalid Field in Command, do not retry" is 4002h to a host that drops the phase bit.
static_assert(
    CompletionStatus{}.with<CompletionStatus::Sc>(2).with<CompletionStatus::Dnr>(true).raw >> 1 ==
    0x4002);

}  // namespace nvme::spec
