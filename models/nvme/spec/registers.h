// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/util/bits.h"

/// Controller properties of the NVM Express Base Specification 2.0. A field bears the acronym that
/// the specification gives it.
namespace nvme::spec {

using util::Bits;
using util::RegisterOf;
using util::tiles;

/// Byte offsets of the properties in BAR0.
namespace offset {
inline constexpr std::uint32_t kCap = 0x00;
inline constexpr std::uint32_t kVs = 0x08;
inline constexpr std::uint32_t kIntms = 0x0c;
inline constexpr std::uint32_t kIntmc = 0x10;
inline constexpr std::uint32_t kCc = 0x14;
inline constexpr std::uint32_t kCsts = 0x1c;
inline constexpr std::uint32_t kNssr = 0x20;
inline constexpr std::uint32_t kAqa = 0x24;
inline constexpr std::uint32_t kAsq = 0x28;
inline constexpr std::uint32_t kAcq = 0x30;
inline constexpr std::uint32_t kCmbloc = 0x38;
inline constexpr std::uint32_t kCmbsz = 0x3c;
inline constexpr std::uint32_t kBpinfo = 0x40;
inline constexpr std::uint32_t kBprsel = 0x44;
inline constexpr std::uint32_t kBpmbl = 0x48;
inline constexpr std::uint32_t kCmbmsc = 0x50;
inline constexpr std::uint32_t kCmbsts = 0x58;
inline constexpr std::uint32_t kCmbebs = 0x5c;
inline constexpr std::uint32_t kCmbswtp = 0x60;
inline constexpr std::uint32_t kNssd = 0x64;
inline constexpr std::uint32_t kCrto = 0x68;
inline constexpr std::uint32_t kPmrcap = 0xe00;
inline constexpr std::uint32_t kPmrctl = 0xe04;
inline constexpr std::uint32_t kPmrsts = 0xe08;
inline constexpr std::uint32_t kPmrebs = 0xe0c;
inline constexpr std::uint32_t kPmrswtp = 0xe10;
inline constexpr std::uint32_t kPmrmscl = 0xe14;
inline constexpr std::uint32_t kPmrmscu = 0xe18;
/// First doorbell: the tail of the Admin Submission Queue.
inline constexpr std::uint32_t kDoorbells = 0x1000;
}  // namespace offset

/// CC.CSS: which command sets the host selects.
inline constexpr std::uint32_t kCssNvm = 0;
inline constexpr std::uint32_t kCssAllSupported = 6;
inline constexpr std::uint32_t kCssAdminOnly = 7;

/// Bits inside CAP.CSS: what CC.CSS may select.
inline constexpr std::uint32_t kCapCssNvm = 1u << 0;
inline constexpr std::uint32_t kCapCssIoCommandSets = 1u << 6;
inline constexpr std::uint32_t kCapCssAdminOnly = 1u << 7;

/// CAP.AMS: arbitration mechanisms beside round robin, a bit each.
inline constexpr std::uint32_t kCapAmsWeightedRoundRobin = 1;
/// CC.AMS: arbitration mechanism.
inline constexpr std::uint32_t kAmsRoundRobin = 0;
inline constexpr std::uint32_t kAmsWeightedRoundRobin = 1;
inline constexpr std::uint32_t kAmsVendorSpecific = 7;

/// CC.SHN: shutdown notification by the host.
enum class Shn : std::uint8_t { kNone = 0, kNormal = 1, kAbrupt = 2, kReserved = 3 };

/// CSTS.SHST: how far the shutdown is.
enum class Shst : std::uint8_t {
    kNormalOperation = 0,
    kOccurring = 1,
    kComplete = 2,
    kReserved = 3
};

/// Controller Capabilities.
struct Cap : RegisterOf<Cap, std::uint64_t> {
    using Mqes = Bits<0, 16>;  ///< Largest I/O queue, entries, zero-based.
    using Cqr = Bits<16, 1, bool>;
    using Ams = Bits<17, 2>;
    using Rsvd19 = Bits<19, 5>;
    using To = Bits<24, 8>;     ///< Worst case of CSTS.RDY, units of 500 ms.
    using Dstrd = Bits<32, 4>;  ///< Doorbell stride is 2^(2 + DSTRD) bytes.
    using Nssrs = Bits<36, 1, bool>;
    using Css = Bits<37, 8>;
    using Bps = Bits<45, 1, bool>;
    using Cps = Bits<46, 2>;
    using Mpsmin = Bits<48, 4>;  ///< Smallest memory page is 2^(12 + MPSMIN) bytes.
    using Mpsmax = Bits<52, 4>;  ///< Largest memory page is 2^(12 + MPSMAX) bytes.
    using Pmrs = Bits<56, 1, bool>;
    using Cmbs = Bits<57, 1, bool>;
    using Nsss = Bits<58, 1, bool>;
    using Crwms = Bits<59, 1, bool>;  ///< CRMS bit 0: Controller Ready With Media Support.
    using Crims = Bits<60, 1, bool>;  ///< CRMS bit 1: Controller Ready Independent of Media.
    using Rsvd61 = Bits<61, 3>;
};
static_assert(tiles<std::uint64_t, Cap::Mqes, Cap::Cqr, Cap::Ams, Cap::Rsvd19, Cap::To, Cap::Dstrd,
                    Cap::Nssrs, Cap::Css, Cap::Bps, Cap::Cps, Cap::Mpsmin, Cap::Mpsmax, Cap::Pmrs,
                    Cap::Cmbs, Cap::Nsss, Cap::Crwms, Cap::Crims, Cap::Rsvd61>());
// What an emulated drive with 256-entry, contiguous queues and the NVM command set announces.
static_assert(Cap{}
                  .with<Cap::Mqes>(255)
                  .with<Cap::Cqr>(true)
                  .with<Cap::To>(255)
                  .with<Cap::Css>(kCapCssNvm)
                  .raw == 0x0000'0020'FF01'00FF);

/// Version.
struct Vs : RegisterOf<Vs, std::uint32_t> {
    using Ter = Bits<0, 8>;
    using Mnr = Bits<8, 8>;
    using Mjr = Bits<16, 16>;
};
static_assert(tiles<std::uint32_t, Vs::Ter, Vs::Mnr, Vs::Mjr>());
static_assert(Vs{}.with<Vs::Mjr>(2).raw == 0x0002'0000);

/// Controller Configuration.
struct Cc : RegisterOf<Cc, std::uint32_t> {
    using En = Bits<0, 1, bool>;
    using Rsvd1 = Bits<1, 3>;
    using Css = Bits<4, 3>;
    using Mps = Bits<7, 4>;  ///< Memory page is 2^(12 + MPS) bytes.
    using Ams = Bits<11, 3>;
    using Shn = Bits<14, 2, spec::Shn>;
    using Iosqes = Bits<16, 4>;  ///< I/O submission queue entry is 2^IOSQES bytes.
    using Iocqes = Bits<20, 4>;  ///< I/O completion queue entry is 2^IOCQES bytes.
    using Crime = Bits<24, 1, bool>;
    using Rsvd25 = Bits<25, 7>;
};
static_assert(tiles<std::uint32_t, Cc::En, Cc::Rsvd1, Cc::Css, Cc::Mps, Cc::Ams, Cc::Shn,
                    Cc::Iosqes, Cc::Iocqes, Cc::Crime, Cc::Rsvd25>());
// What a Linux host writes to enable a controller with 4 KiB pages.
static_assert(Cc{}.with<Cc::En>(true).with<Cc::Iosqes>(6).with<Cc::Iocqes>(4).raw == 0x0046'0001);

/// Controller Status.
struct Csts : RegisterOf<Csts, std::uint32_t> {
    using Rdy = Bits<0, 1, bool>;
    using Cfs = Bits<1, 1, bool>;
    using Shst = Bits<2, 2, spec::Shst>;
    using Nssro = Bits<4, 1, bool>;  ///< Written with 1 to clear.
    using Pp = Bits<5, 1, bool>;
    using St = Bits<6, 1, bool>;
    using Rsvd7 = Bits<7, 25>;
};
static_assert(tiles<std::uint32_t, Csts::Rdy, Csts::Cfs, Csts::Shst, Csts::Nssro, Csts::Pp,
                    Csts::St, Csts::Rsvd7>());
// Ready and shutdown processing complete, as a host polls for it.
static_assert(Csts{}.with<Csts::Rdy>(true).with<Csts::Shst>(Shst::kComplete).raw == 0x9);

/// The value of NSSR that starts an NVM Subsystem Reset: "NVMe" in ASCII.
inline constexpr std::uint32_t kNssrReset = 0x4E56'4D65;

/// Admin Queue Attributes.
struct Aqa : RegisterOf<Aqa, std::uint32_t> {
    using Asqs = Bits<0, 12>;  ///< Entries of the Admin Submission Queue, zero-based.
    using Rsvd12 = Bits<12, 4>;
    using Acqs = Bits<16, 12>;  ///< Entries of the Admin Completion Queue, zero-based.
    using Rsvd28 = Bits<28, 4>;
};
static_assert(tiles<std::uint32_t, Aqa::Asqs, Aqa::Rsvd12, Aqa::Acqs, Aqa::Rsvd28>());
// What a Linux host writes for an admin queue of depth 32.
static_assert(Aqa{}.with<Aqa::Asqs>(31).with<Aqa::Acqs>(31).raw == 0x001F'001F);

/// Admin queue base addresses are 4 KiB aligned: bits 11:0 of ASQ and ACQ are reserved.
inline constexpr std::uint64_t kAdminQueueBaseMask = ~std::uint64_t{0xfff};

/// Controller Ready Timeouts, both in units of 500 ms.
struct Crto : RegisterOf<Crto, std::uint32_t> {
    using Crwmt = Bits<0, 16>;
    using Crimt = Bits<16, 16>;
};
static_assert(tiles<std::uint32_t, Crto::Crwmt, Crto::Crimt>());
static_assert(Crto{}.with<Crto::Crwmt>(0x3c).with<Crto::Crimt>(1).raw == 0x0001'003C);

/// Bytes from one doorbell to the next.
inline constexpr std::uint32_t doorbell_stride(std::uint32_t dstrd) {
    return 4u << (dstrd & 0xf);
}

}  // namespace nvme::spec
