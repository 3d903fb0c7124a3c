// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "models/nvme/spec/uint128.h"
#include "models/util/bits.h"

/// Identify data structures of a namespace of the NVM command set.
namespace nvme::spec {

using util::Bits;
using util::RegisterOf;
using util::tiles;

/// One LBA format.
struct LbaFormat : RegisterOf<LbaFormat, std::uint32_t> {
    using Ms = Bits<0, 16>;  ///< Metadata bytes a block.
    using Lbads =
        Bits<16, 8>;  ///< Block is 2^LBADS bytes; 0 is not available, 1 to 8 are not allowed.
    using Rp = Bits<24, 2>;  ///< Relative performance, 0 is best.
    using Rsvd26 = Bits<26, 6>;
};
static_assert(
    tiles<std::uint32_t, LbaFormat::Ms, LbaFormat::Lbads, LbaFormat::Rp, LbaFormat::Rsvd26>());
// 4 KiB blocks without metadata, second best.
static_assert(LbaFormat{}.with<LbaFormat::Lbads>(12).with<LbaFormat::Rp>(1).raw == 0x010C'0000);

/// Namespace features in IdentifyNamespace.
struct Nsfeat : RegisterOf<Nsfeat, std::uint8_t> {
    using Thinp = Bits<0, 1, bool>;
    using Nsabp = Bits<1, 1, bool>;     ///< The NAWUN, NAWUPF and NACWU fields are valid.
    using Dae = Bits<2, 1, bool>;       ///< The deallocated block error can be enabled.
    using Uidreuse = Bits<3, 1, bool>;  ///< Identifiers are never used again.
    using Optperf = Bits<4, 1, bool>;   ///< The NPWG to NOWS fields are valid.
    using Rsvd5 = Bits<5, 3>;
};
static_assert(tiles<std::uint8_t, Nsfeat::Thinp, Nsfeat::Nsabp, Nsfeat::Dae, Nsfeat::Uidreuse,
                    Nsfeat::Optperf, Nsfeat::Rsvd5>());

/// Format in use.
struct Flbas : RegisterOf<Flbas, std::uint8_t> {
    using IndexLow = Bits<0, 4>;
    using ExtendedMetadata = Bits<4, 1, bool>;
    using IndexHigh = Bits<5, 2>;
    using Rsvd7 = Bits<7, 1>;
};
static_assert(tiles<std::uint8_t, Flbas::IndexLow, Flbas::ExtendedMetadata, Flbas::IndexHigh,
                    Flbas::Rsvd7>());

/// Multi-path I/O and namespace sharing.
struct Nmic : RegisterOf<Nmic, std::uint8_t> {
    using Shared = Bits<0, 1, bool>;
    using Rsvd1 = Bits<1, 7>;
};
static_assert(tiles<std::uint8_t, Nmic::Shared, Nmic::Rsvd1>());

/// Format progress.
struct Fpi : RegisterOf<Fpi, std::uint8_t> {
    using Remaining = Bits<0, 7>;  ///< Percent left to format.
    using Supported = Bits<7, 1, bool>;
};
static_assert(tiles<std::uint8_t, Fpi::Remaining, Fpi::Supported>());

/// Deallocated logical blocks.
struct Dlfeat : RegisterOf<Dlfeat, std::uint8_t> {
    using ReadBehavior = Bits<0, 3>;  ///< 0 not reported, 1 reads zeroes, 2 reads FFh.
    using WriteZeroesDeallocates = Bits<3, 1, bool>;
    using GuardIsCrc = Bits<4, 1, bool>;
    using Rsvd5 = Bits<5, 3>;
};
static_assert(tiles<std::uint8_t, Dlfeat::ReadBehavior, Dlfeat::WriteZeroesDeallocates,
                    Dlfeat::GuardIsCrc, Dlfeat::Rsvd5>());

/// Identify Namespace of the NVM command set, CNS 00h. Logical blocks where no unit is given.
/// [NVM-Command-Set-1.0 4.1.5.1]
struct IdentifyNamespace {
    std::uint64_t nsze;
    std::uint64_t ncap;
    std::uint64_t nuse;
    std::uint8_t nsfeat;  ///< See Nsfeat.
    std::uint8_t nlbaf;   ///< Valid formats, zero-based.
    std::uint8_t flbas;   ///< See Flbas.
    std::uint8_t mc;
    std::uint8_t dpc;
    std::uint8_t dps;
    std::uint8_t nmic;  ///< See Nmic.
    std::uint8_t rescap;
    std::uint8_t fpi;     ///< See Fpi.
    std::uint8_t dlfeat;  ///< See Dlfeat.
    std::uint16_t nawun;
    std::uint16_t nawupf;
    std::uint16_t nacwu;
    std::uint16_t nabsn;
    std::uint16_t nabo;
    std::uint16_t nabspf;
    std::uint16_t noiob;
    Uint128Le nvmcap;  ///< Bytes.
    std::uint16_t npwg;
    std::uint16_t npwa;
    std::uint16_t npdg;
    std::uint16_t npda;
    std::uint16_t nows;
    std::uint16_t mssrl;
    std::uint32_t mcl;
    std::uint8_t msrc;
    std::uint8_t rsvd81;
    std::uint8_t nulbaf;
    std::uint8_t rsvd83[9];
    std::uint32_t anagrpid;
    std::uint8_t rsvd96[3];
    std::uint8_t nsattr;  ///< Bit 0: write protected.
    std::uint16_t nvmsetid;
    std::uint16_t endgid;
    std::uint8_t nguid[16];
    std::uint8_t eui64[8];
    LbaFormat lbaf[64];
    std::uint8_t vs[3712];
};
static_assert(sizeof(IdentifyNamespace) == 4096);
static_assert(offsetof(IdentifyNamespace, ncap) == 8);
static_assert(offsetof(IdentifyNamespace, nuse) == 16);
static_assert(offsetof(IdentifyNamespace, nsfeat) == 24);
static_assert(offsetof(IdentifyNamespace, nlbaf) == 25);
static_assert(offsetof(IdentifyNamespace, flbas) == 26);
static_assert(offsetof(IdentifyNamespace, mc) == 27);
static_assert(offsetof(IdentifyNamespace, dpc) == 28);
static_assert(offsetof(IdentifyNamespace, dps) == 29);
static_assert(offsetof(IdentifyNamespace, nmic) == 30);
static_assert(offsetof(IdentifyNamespace, rescap) == 31);
static_assert(offsetof(IdentifyNamespace, fpi) == 32);
static_assert(offsetof(IdentifyNamespace, dlfeat) == 33);
static_assert(offsetof(IdentifyNamespace, nawun) == 34);
static_assert(offsetof(IdentifyNamespace, nawupf) == 36);
static_assert(offsetof(IdentifyNamespace, nacwu) == 38);
static_assert(offsetof(IdentifyNamespace, nabsn) == 40);
static_assert(offsetof(IdentifyNamespace, nabo) == 42);
static_assert(offsetof(IdentifyNamespace, nabspf) == 44);
static_assert(offsetof(IdentifyNamespace, noiob) == 46);
static_assert(offsetof(IdentifyNamespace, nvmcap) == 48);
static_assert(offsetof(IdentifyNamespace, npwg) == 64);
static_assert(offsetof(IdentifyNamespace, npwa) == 66);
static_assert(offsetof(IdentifyNamespace, npdg) == 68);
static_assert(offsetof(IdentifyNamespace, npda) == 70);
static_assert(offsetof(IdentifyNamespace, nows) == 72);
static_assert(offsetof(IdentifyNamespace, mssrl) == 74);
static_assert(offsetof(IdentifyNamespace, mcl) == 76);
static_assert(offsetof(IdentifyNamespace, msrc) == 80);
static_assert(offsetof(IdentifyNamespace, rsvd81) == 81);
static_assert(offsetof(IdentifyNamespace, nulbaf) == 82);
static_assert(offsetof(IdentifyNamespace, rsvd83) == 83);
static_assert(offsetof(IdentifyNamespace, anagrpid) == 92);
static_assert(offsetof(IdentifyNamespace, rsvd96) == 96);
static_assert(offsetof(IdentifyNamespace, nsattr) == 99);
static_assert(offsetof(IdentifyNamespace, nvmsetid) == 100);
static_assert(offsetof(IdentifyNamespace, endgid) == 102);
static_assert(offsetof(IdentifyNamespace, nguid) == 104);
static_assert(offsetof(IdentifyNamespace, eui64) == 120);
static_assert(offsetof(IdentifyNamespace, lbaf) == 128);
static_assert(offsetof(IdentifyNamespace, vs) == 384);
static_assert(std::is_trivially_copyable_v<IdentifyNamespace>);

/// Namespace features in IdentifyNamespaceIndependent.
struct NsfeatIndependent : RegisterOf<NsfeatIndependent, std::uint8_t> {
    using Rsvd0 = Bits<0, 3>;
    using Uidreuse = Bits<3, 1, bool>;
    using Rmedia = Bits<4, 1, bool>;  ///< Rotational media.
    using Rsvd5 = Bits<5, 3>;
};
static_assert(tiles<std::uint8_t, NsfeatIndependent::Rsvd0, NsfeatIndependent::Uidreuse,
                    NsfeatIndependent::Rmedia, NsfeatIndependent::Rsvd5>());

/// Namespace status.
struct Nstat : RegisterOf<Nstat, std::uint8_t> {
    using Nrdy = Bits<0, 1, bool>;  ///< Ready for commands that access media.
    using Rsvd1 = Bits<1, 7>;
};
static_assert(tiles<std::uint8_t, Nstat::Nrdy, Nstat::Rsvd1>());

/// I/O command set independent Identify Namespace, CNS 08h.
struct IdentifyNamespaceIndependent {
    std::uint8_t nsfeat;  ///< See NsfeatIndependent.
    std::uint8_t nmic;    ///< See Nmic.
    std::uint8_t rescap;
    std::uint8_t fpi;  ///< See Fpi.
    std::uint32_t anagrpid;
    std::uint8_t nsattr;  ///< Bit 0: write protected.
    std::uint8_t rsvd9;
    std::uint16_t nvmsetid;
    std::uint16_t endgid;
    std::uint8_t nstat;  ///< See Nstat.
    std::uint8_t rsvd15[4081];
};
static_assert(sizeof(IdentifyNamespaceIndependent) == 4096);
static_assert(offsetof(IdentifyNamespaceIndependent, nmic) == 1);
static_assert(offsetof(IdentifyNamespaceIndependent, rescap) == 2);
static_assert(offsetof(IdentifyNamespaceIndependent, fpi) == 3);
static_assert(offsetof(IdentifyNamespaceIndependent, anagrpid) == 4);
static_assert(offsetof(IdentifyNamespaceIndependent, nsattr) == 8);
static_assert(offsetof(IdentifyNamespaceIndependent, rsvd9) == 9);
static_assert(offsetof(IdentifyNamespaceIndependent, nvmsetid) == 10);
static_assert(offsetof(IdentifyNamespaceIndependent, endgid) == 12);
static_assert(offsetof(IdentifyNamespaceIndependent, nstat) == 14);
static_assert(offsetof(IdentifyNamespaceIndependent, rsvd15) == 15);
static_assert(std::is_trivially_copyable_v<IdentifyNamespaceIndependent>);

/// Protection information of the LBA format with the same index.
struct ExtendedLbaFormat : RegisterOf<ExtendedLbaFormat, std::uint32_t> {
    using Sts = Bits<0, 7>;  ///< Storage tag bits.
    using Pif = Bits<7, 2>;  ///< Guard of 0: 16, 1: 32, 2: 64 bits.
    using Rsvd9 = Bits<9, 23>;
};
static_assert(tiles<std::uint32_t, ExtendedLbaFormat::Sts, ExtendedLbaFormat::Pif,
                    ExtendedLbaFormat::Rsvd9>());

/// I/O command set specific Identify Namespace of the NVM command set, CNS 05h with CSI 0.
/// [NVM-Command-Set-1.0 4.1.5.3]
struct IdentifyNamespaceNvm {
    std::uint64_t lbstm;
    std::uint8_t pic;
    std::uint8_t rsvd9[3];
    std::uint32_t elbaf[64];  ///< See ExtendedLbaFormat.
    std::uint8_t rsvd268[3828];
};
static_assert(sizeof(IdentifyNamespaceNvm) == 4096);
static_assert(offsetof(IdentifyNamespaceNvm, pic) == 8);
static_assert(offsetof(IdentifyNamespaceNvm, rsvd9) == 9);
static_assert(offsetof(IdentifyNamespaceNvm, elbaf) == 12);
static_assert(offsetof(IdentifyNamespaceNvm, rsvd268) == 268);
static_assert(std::is_trivially_copyable_v<IdentifyNamespaceNvm>);

}  // namespace nvme::spec
