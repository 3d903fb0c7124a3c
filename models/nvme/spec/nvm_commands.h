// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "models/nvme/spec/location.h"
#include "models/util/bits.h"

/// Command Dwords 10 to 15 of the NVM command set.
namespace nvme::spec {

using util::Bits;
using util::RegisterOf;
using util::tiles;

/// Starting LBA, 64 bits.
struct Slba : CommandField<10, 2> {};

/// Read, Write and Compare; DTYPE is of Write only, and reserved in the others.
/// [NVM-Command-Set-1.0 3.2.4 Read command, 3.2.6 Write command, 3.2.1 Compare command]
struct ReadWriteCdw12 : CommandDword<ReadWriteCdw12, 12> {
    using Nlb = Bits<0, 16>;  ///< Logical blocks, zero-based.
    using Rsvd16 = Bits<16, 4>;
    using Dtype = Bits<20, 4>;
    using Stc = Bits<24, 1, bool>;  ///< Storage tag check.
    using Rsvd25 = Bits<25, 1>;
    using Prinfo =
        Bits<26, 4>;  ///< Bit 3 action, bits 2:0 guard, application tag, reference tag check.
    using Fua = Bits<30, 1, bool>;
    using Lr = Bits<31, 1, bool>;
};
static_assert(tiles<std::uint32_t, ReadWriteCdw12::Nlb, ReadWriteCdw12::Rsvd16,
                    ReadWriteCdw12::Dtype, ReadWriteCdw12::Stc, ReadWriteCdw12::Rsvd25,
                    ReadWriteCdw12::Prinfo, ReadWriteCdw12::Fua, ReadWriteCdw12::Lr>());
// 4 KiB with 512-byte blocks, Force Unit Access.
static_assert(ReadWriteCdw12{}.with<ReadWriteCdw12::Nlb>(7).with<ReadWriteCdw12::Fua>(true).raw ==
              0x4000'0007);

/// DSPEC is of Write only.
struct ReadWriteCdw13 : CommandDword<ReadWriteCdw13, 13> {
    using AccessFrequency = Bits<0, 4>;
    using AccessLatency = Bits<4, 2>;
    using SequentialRequest = Bits<6, 1, bool>;
    using Incompressible = Bits<7, 1, bool>;
    using Rsvd8 = Bits<8, 8>;
    using Dspec = Bits<16, 16>;
};
static_assert(tiles<std::uint32_t, ReadWriteCdw13::AccessFrequency, ReadWriteCdw13::AccessLatency,
                    ReadWriteCdw13::SequentialRequest, ReadWriteCdw13::Incompressible,
                    ReadWriteCdw13::Rsvd8, ReadWriteCdw13::Dspec>());

/// [NVM-Command-Set-1.0 3.2.5 Verify command]
struct VerifyCdw12 : CommandDword<VerifyCdw12, 12> {
    using Nlb = Bits<0, 16>;
    using Rsvd16 = Bits<16, 8>;
    using Stc = Bits<24, 1, bool>;
    using Rsvd25 = Bits<25, 1>;
    using Prinfo = Bits<26, 4>;
    using Pract = Bits<29, 1, bool>;  ///< Protection Information Action: bit 3 of PRINFO.
    using Fua = Bits<30, 1, bool>;
    using Lr = Bits<31, 1, bool>;
};
static_assert(tiles<std::uint32_t, VerifyCdw12::Nlb, VerifyCdw12::Rsvd16, VerifyCdw12::Stc,
                    VerifyCdw12::Rsvd25, VerifyCdw12::Prinfo, VerifyCdw12::Fua, VerifyCdw12::Lr>());
// Byte 51 bit 5.
static_assert(VerifyCdw12::at<VerifyCdw12::Pract>().raw() == 0x0533);

/// [NVM-Command-Set-1.0 3.2.8 Write Zeroes command]
struct WriteZeroesCdw12 : CommandDword<WriteZeroesCdw12, 12> {
    using Nlb = Bits<0, 16>;
    using Rsvd16 = Bits<16, 8>;
    using Stc = Bits<24, 1, bool>;
    using Deac = Bits<25, 1, bool>;  ///< Deallocate.
    using Prinfo = Bits<26, 4>;
    using Fua = Bits<30, 1, bool>;
    using Lr = Bits<31, 1, bool>;
};
static_assert(tiles<std::uint32_t, WriteZeroesCdw12::Nlb, WriteZeroesCdw12::Rsvd16,
                    WriteZeroesCdw12::Stc, WriteZeroesCdw12::Deac, WriteZeroesCdw12::Prinfo,
                    WriteZeroesCdw12::Fua, WriteZeroesCdw12::Lr>());
// Linux zeroes with the deallocate bit.
static_assert(
    WriteZeroesCdw12{}.with<WriteZeroesCdw12::Nlb>(0xff).with<WriteZeroesCdw12::Deac>(true).raw ==
    0x0200'00FF);

/// [NVM-Command-Set-1.0 3.2.7 Write Uncorrectable command]
struct WriteUncorrectableCdw12 : CommandDword<WriteUncorrectableCdw12, 12> {
    using Nlb = Bits<0, 16>;
    using Rsvd16 = Bits<16, 16>;
};
static_assert(
    tiles<std::uint32_t, WriteUncorrectableCdw12::Nlb, WriteUncorrectableCdw12::Rsvd16>());

/// [NVM-Command-Set-1.0 3.2.3 Dataset Management command]
struct DsmCdw10 : CommandDword<DsmCdw10, 10> {
    using Nr = Bits<0, 8>;  ///< Ranges, zero-based.
    using Rsvd8 = Bits<8, 24>;
};
static_assert(tiles<std::uint32_t, DsmCdw10::Nr, DsmCdw10::Rsvd8>());

struct DsmCdw11 : CommandDword<DsmCdw11, 11> {
    using Idr = Bits<0, 1, bool>;  ///< Integral dataset for read.
    using Idw = Bits<1, 1, bool>;  ///< Integral dataset for write.
    using Ad = Bits<2, 1, bool>;   ///< Deallocate.
    using Rsvd3 = Bits<3, 29>;
};
static_assert(tiles<std::uint32_t, DsmCdw11::Idr, DsmCdw11::Idw, DsmCdw11::Ad, DsmCdw11::Rsvd3>());
// A discard of a host.
static_assert(DsmCdw11{}.with<DsmCdw11::Ad>(true).raw == 0x4);

/// One of up to 256 ranges in the data of Dataset Management.
struct DsmRange {
    std::uint32_t cattr;  ///< Context attributes.
    std::uint32_t nlb;    ///< Logical blocks, not zero-based.
    std::uint64_t slba;
};
static_assert(sizeof(DsmRange) == 16);
static_assert(offsetof(DsmRange, slba) == 8);
static_assert(std::is_trivially_copyable_v<DsmRange>);

/// [NVM-Command-Set-1.0 3.2.2 Copy command]
struct CopyCdw12 : CommandDword<CopyCdw12, 12> {
    using Nr = Bits<0, 8>;  ///< Source ranges, zero-based.
    using Df = Bits<8, 4>;  ///< Descriptor format.
    using Prinfor = Bits<12, 4>;
    using Rsvd16 = Bits<16, 4>;
    using Dtype = Bits<20, 4>;
    using Stcw = Bits<24, 1, bool>;
    using Rsvd25 = Bits<25, 1>;
    using Prinfow = Bits<26, 4>;
    using Fua = Bits<30, 1, bool>;
    using Lr = Bits<31, 1, bool>;
};
static_assert(tiles<std::uint32_t, CopyCdw12::Nr, CopyCdw12::Df, CopyCdw12::Prinfor,
                    CopyCdw12::Rsvd16, CopyCdw12::Dtype, CopyCdw12::Stcw, CopyCdw12::Rsvd25,
                    CopyCdw12::Prinfow, CopyCdw12::Fua, CopyCdw12::Lr>());

/// Source range of Copy, descriptor format 0h.
struct CopyRange {
    std::uint64_t rsvd0;
    std::uint64_t slba;
    std::uint16_t nlb;  ///< Logical blocks, zero-based.
    std::uint8_t rsvd18[6];
    std::uint32_t eilbrt;
    std::uint16_t elbat;
    std::uint16_t elbatm;
};
static_assert(sizeof(CopyRange) == 32);
static_assert(offsetof(CopyRange, slba) == 8);
static_assert(offsetof(CopyRange, eilbrt) == 24);
static_assert(std::is_trivially_copyable_v<CopyRange>);

}  // namespace nvme::spec
