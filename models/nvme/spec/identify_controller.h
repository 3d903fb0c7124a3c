// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "models/nvme/spec/uint128.h"
#include "models/util/bits.h"

/// Identify data structures of the controller. Where revision 2.0 only numbers the bits of a field,
/// they bear names of our own.
namespace nvme::spec {

using util::Bits;
using util::RegisterOf;
using util::tiles;

/// CNTRLTYPE.
enum class ControllerType : std::uint8_t {
    kNotReported = 0,
    kIo = 1,
    kDiscovery = 2,
    kAdministrative = 3,
};

/// Multi-path I/O and namespace sharing capabilities.
struct Cmic : RegisterOf<Cmic, std::uint8_t> {
    using SeveralPorts = Bits<0, 1, bool>;
    using SeveralControllers = Bits<1, 1, bool>;
    using VirtualFunction = Bits<2, 1, bool>;
    using AnaReporting = Bits<3, 1, bool>;
    using Rsvd4 = Bits<4, 4>;
};
static_assert(tiles<std::uint8_t, Cmic::SeveralPorts, Cmic::SeveralControllers,
                    Cmic::VirtualFunction, Cmic::AnaReporting, Cmic::Rsvd4>());

/// Optional asynchronous events supported. The host enables them by AsyncEventConfigCdw11.
struct Oaes : RegisterOf<Oaes, std::uint32_t> {
    using Rsvd0 = Bits<0, 8>;
    using NamespaceAttribute = Bits<8, 1, bool>;
    using FirmwareActivation = Bits<9, 1, bool>;
    using Rsvd10 = Bits<10, 1>;
    using AnaChange = Bits<11, 1, bool>;
    using PredictableLatency = Bits<12, 1, bool>;
    using LbaStatus = Bits<13, 1, bool>;
    using EnduranceGroup = Bits<14, 1, bool>;
    using NormalSubsystemShutdown = Bits<15, 1, bool>;
    using Rsvd16 = Bits<16, 11>;
    using ZoneDescriptorChanged = Bits<27, 1, bool>;
    using Rsvd28 = Bits<28, 3>;
    using DiscoveryLog = Bits<31, 1, bool>;
};
static_assert(tiles<std::uint32_t, Oaes::Rsvd0, Oaes::NamespaceAttribute, Oaes::FirmwareActivation,
                    Oaes::Rsvd10, Oaes::AnaChange, Oaes::PredictableLatency, Oaes::LbaStatus,
                    Oaes::EnduranceGroup, Oaes::NormalSubsystemShutdown, Oaes::Rsvd16,
                    Oaes::ZoneDescriptorChanged, Oaes::Rsvd28, Oaes::DiscoveryLog>());

/// Controller attributes.
struct Ctratt : RegisterOf<Ctratt, std::uint32_t> {
    using Hids = Bits<0, 1, bool>;    ///< 128-bit host identifier.
    using Nopspm = Bits<1, 1, bool>;  ///< Non-operational power state permissive mode.
    using Nsets = Bits<2, 1, bool>;   ///< NVM sets.
    using Rrlvls = Bits<3, 1, bool>;  ///< Read recovery levels.
    using Egs = Bits<4, 1, bool>;     ///< Endurance groups.
    using Plm = Bits<5, 1, bool>;     ///< Predictable latency mode.
    using Tbkas = Bits<6, 1, bool>;   ///< Traffic based keep alive.
    using Ng = Bits<7, 1, bool>;      ///< Namespace granularity.
    using Sqa = Bits<8, 1, bool>;     ///< Submission queue associations.
    using Ulist = Bits<9, 1, bool>;   ///< UUID list.
    using Mds = Bits<10, 1, bool>;    ///< Multi-domain subsystem.
    using Fcm = Bits<11, 1, bool>;    ///< Fixed capacity management.
    using Vcm = Bits<12, 1, bool>;    ///< Variable capacity management.
    using Deg = Bits<13, 1, bool>;    ///< Delete endurance group.
    using Dnvms = Bits<14, 1, bool>;  ///< Delete NVM set.
    using Elbas = Bits<15, 1, bool>;  ///< Extended LBA formats.
    using Rsvd16 = Bits<16, 16>;
};
static_assert(
    tiles<std::uint32_t, Ctratt::Hids, Ctratt::Nopspm, Ctratt::Nsets, Ctratt::Rrlvls, Ctratt::Egs,
          Ctratt::Plm, Ctratt::Tbkas, Ctratt::Ng, Ctratt::Sqa, Ctratt::Ulist, Ctratt::Mds,
          Ctratt::Fcm, Ctratt::Vcm, Ctratt::Deg, Ctratt::Dnvms, Ctratt::Elbas, Ctratt::Rsvd16>());

/// Optional Admin commands.
struct Oacs : RegisterOf<Oacs, std::uint16_t> {
    using Security = Bits<0, 1, bool>;
    using FormatNvm = Bits<1, 1, bool>;
    using Firmware = Bits<2, 1, bool>;
    using NamespaceManagement = Bits<3, 1, bool>;
    using DeviceSelfTest = Bits<4, 1, bool>;
    using Directives = Bits<5, 1, bool>;
    using NvmeMi = Bits<6, 1, bool>;
    using Virtualization = Bits<7, 1, bool>;
    using DoorbellBufferConfig = Bits<8, 1, bool>;
    using GetLbaStatus = Bits<9, 1, bool>;
    using Lockdown = Bits<10, 1, bool>;
    using Rsvd11 = Bits<11, 5>;
};
static_assert(
    tiles<std::uint16_t, Oacs::Security, Oacs::FormatNvm, Oacs::Firmware, Oacs::NamespaceManagement,
          Oacs::DeviceSelfTest, Oacs::Directives, Oacs::NvmeMi, Oacs::Virtualization,
          Oacs::DoorbellBufferConfig, Oacs::GetLbaStatus, Oacs::Lockdown, Oacs::Rsvd11>());

/// Firmware updates.
struct Frmw : RegisterOf<Frmw, std::uint8_t> {
    using FirstSlotReadOnly = Bits<0, 1, bool>;
    using Slots = Bits<1, 3>;  ///< 1 to 7.
    using ActivationWithoutReset = Bits<4, 1, bool>;
    using OverlapDetection = Bits<5, 1, bool>;
    using Rsvd6 = Bits<6, 2>;
};
static_assert(tiles<std::uint8_t, Frmw::FirstSlotReadOnly, Frmw::Slots,
                    Frmw::ActivationWithoutReset, Frmw::OverlapDetection, Frmw::Rsvd6>());

/// Log page attributes.
struct Lpa : RegisterOf<Lpa, std::uint8_t> {
    using SmartPerNamespace = Bits<0, 1, bool>;
    using CommandEffects = Bits<1, 1, bool>;
    using ExtendedData = Bits<2, 1, bool>;  ///< NUMDU, LPOL and LPOU of Get Log Page are honoured.
    using Telemetry = Bits<3, 1, bool>;
    using PersistentEvent = Bits<4, 1, bool>;
    using EffectsAndSupportedLogs =
        Bits<5, 1, bool>;  ///< Log pages 00h, 12h and 13h, and scopes in 05h.
    using TelemetryArea4 = Bits<6, 1, bool>;
    using Rsvd7 = Bits<7, 1>;
};
static_assert(tiles<std::uint8_t, Lpa::SmartPerNamespace, Lpa::CommandEffects, Lpa::ExtendedData,
                    Lpa::Telemetry, Lpa::PersistentEvent, Lpa::EffectsAndSupportedLogs,
                    Lpa::TelemetryArea4, Lpa::Rsvd7>());

/// SQES and CQES: sizes are powers of two.
struct QueueEntrySizes : RegisterOf<QueueEntrySizes, std::uint8_t> {
    using Min = Bits<0, 4>;  ///< Required size, log2 of bytes.
    using Max = Bits<4, 4>;  ///< Largest size, log2 of bytes.
};
static_assert(tiles<std::uint8_t, QueueEntrySizes::Min, QueueEntrySizes::Max>());
// 64-byte submission queue entries and nothing else.
static_assert(QueueEntrySizes{}.with<QueueEntrySizes::Min>(6).with<QueueEntrySizes::Max>(6).raw ==
              0x66);

/// Optional NVM commands.
struct Oncs : RegisterOf<Oncs, std::uint16_t> {
    using Compare = Bits<0, 1, bool>;
    using WriteUncorrectable = Bits<1, 1, bool>;
    using DatasetManagement = Bits<2, 1, bool>;
    using WriteZeroes = Bits<3, 1, bool>;
    using SaveAndSelect = Bits<4, 1, bool>;
    using Reservations = Bits<5, 1, bool>;
    using Timestamp = Bits<6, 1, bool>;
    using Verify = Bits<7, 1, bool>;
    using Copy = Bits<8, 1, bool>;
    using Rsvd9 = Bits<9, 7>;
};
static_assert(tiles<std::uint16_t, Oncs::Compare, Oncs::WriteUncorrectable, Oncs::DatasetManagement,
                    Oncs::WriteZeroes, Oncs::SaveAndSelect, Oncs::Reservations, Oncs::Timestamp,
                    Oncs::Verify, Oncs::Copy, Oncs::Rsvd9>());

/// Fused operations.
struct Fuses : RegisterOf<Fuses, std::uint16_t> {
    using CompareAndWrite = Bits<0, 1, bool>;
    using Rsvd1 = Bits<1, 15>;
};
static_assert(tiles<std::uint16_t, Fuses::CompareAndWrite, Fuses::Rsvd1>());

/// Format NVM attributes.
struct Fna : RegisterOf<Fna, std::uint8_t> {
    using FormatAllNamespaces = Bits<0, 1, bool>;
    using EraseAllNamespaces = Bits<1, 1, bool>;
    using CryptographicErase = Bits<2, 1, bool>;
    using NoBroadcastNsid = Bits<3, 1, bool>;
    using Rsvd4 = Bits<4, 4>;
};
static_assert(tiles<std::uint8_t, Fna::FormatAllNamespaces, Fna::EraseAllNamespaces,
                    Fna::CryptographicErase, Fna::NoBroadcastNsid, Fna::Rsvd4>());

/// Volatile write cache.
struct Vwc : RegisterOf<Vwc, std::uint8_t> {
    using Present = Bits<0, 1, bool>;
    using FlushBroadcast =
        Bits<1, 2>;  ///< What Flush with NSID FFFFFFFFh does: 2 rejected, 3 flushes all namespaces.
    using Rsvd3 = Bits<3, 5>;
};
static_assert(tiles<std::uint8_t, Vwc::Present, Vwc::FlushBroadcast, Vwc::Rsvd3>());

/// Scatter gather lists.
struct Sgls : RegisterOf<Sgls, std::uint32_t> {
    using Supported = Bits<0, 2>;  ///< 0 none, 1 byte granularity, 2 dword granularity.
    using Keyed = Bits<2, 1, bool>;
    using Rsvd3 = Bits<3, 5>;
    using Sdt = Bits<8, 8>;  ///< Descriptors a command should not exceed, 0 is no recommendation.
    using BitBucket = Bits<16, 1, bool>;
    using ContiguousMetadata = Bits<17, 1, bool>;
    using Oversized = Bits<18, 1, bool>;
    using MetadataSgl = Bits<19, 1, bool>;
    using OffsetAddress = Bits<20, 1, bool>;
    using TransportDataBlock = Bits<21, 1, bool>;
    using Rsvd22 = Bits<22, 10>;
};
static_assert(tiles<std::uint32_t, Sgls::Supported, Sgls::Keyed, Sgls::Rsvd3, Sgls::Sdt,
                    Sgls::BitBucket, Sgls::ContiguousMetadata, Sgls::Oversized, Sgls::MetadataSgl,
                    Sgls::OffsetAddress, Sgls::TransportDataBlock, Sgls::Rsvd22>());

struct PowerStateDescriptor {
    std::uint16_t mp;  ///< Maximum power, 10 mW, or 0.1 mW with flag bit 0.
    std::uint8_t rsvd2;
    std::uint8_t flags;   ///< Bit 0 MXPS: scale of mp. Bit 1 NOPS: no I/O in this state.
    std::uint32_t enlat;  ///< Entry latency, microseconds.
    std::uint32_t exlat;  ///< Exit latency, microseconds.
    std::uint8_t rrt;
    std::uint8_t rrl;
    std::uint8_t rwt;
    std::uint8_t rwl;
    std::uint16_t idlp;
    std::uint8_t ips;
    std::uint8_t rsvd19;
    std::uint16_t actp;
    std::uint8_t apws;
    std::uint8_t rsvd23[9];
};
static_assert(sizeof(PowerStateDescriptor) == 32);
static_assert(offsetof(PowerStateDescriptor, rsvd2) == 2);
static_assert(offsetof(PowerStateDescriptor, flags) == 3);
static_assert(offsetof(PowerStateDescriptor, enlat) == 4);
static_assert(offsetof(PowerStateDescriptor, exlat) == 8);
static_assert(offsetof(PowerStateDescriptor, rrt) == 12);
static_assert(offsetof(PowerStateDescriptor, rrl) == 13);
static_assert(offsetof(PowerStateDescriptor, rwt) == 14);
static_assert(offsetof(PowerStateDescriptor, rwl) == 15);
static_assert(offsetof(PowerStateDescriptor, idlp) == 16);
static_assert(offsetof(PowerStateDescriptor, ips) == 18);
static_assert(offsetof(PowerStateDescriptor, rsvd19) == 19);
static_assert(offsetof(PowerStateDescriptor, actp) == 20);
static_assert(offsetof(PowerStateDescriptor, apws) == 22);
static_assert(offsetof(PowerStateDescriptor, rsvd23) == 23);
static_assert(std::is_trivially_copyable_v<PowerStateDescriptor>);

/// Identify Controller data structure, CNS 01h. Text is ASCII, left justified, padded with spaces.
struct IdentifyController {
    std::uint16_t vid;
    std::uint16_t ssvid;
    char sn[20];
    char mn[40];
    char fr[8];
    std::uint8_t rab;
    std::uint8_t ieee[3];
    std::uint8_t cmic;  ///< See Cmic.
    std::uint8_t mdts;  ///< Largest transfer is 2^MDTS minimum memory pages, 0 is no limit.
    std::uint16_t cntlid;
    std::uint32_t ver;
    std::uint32_t rtd3r;   ///< Microseconds.
    std::uint32_t rtd3e;   ///< Microseconds.
    std::uint32_t oaes;    ///< See Oaes.
    std::uint32_t ctratt;  ///< See Ctratt.
    std::uint16_t rrls;
    std::uint8_t rsvd102[9];
    std::uint8_t cntrltype;  ///< See ControllerType.
    std::uint8_t fguid[16];
    std::uint16_t crdt1;  ///< 100 ms.
    std::uint16_t crdt2;
    std::uint16_t crdt3;
    std::uint8_t rsvd134[119];
    std::uint8_t nvmsr;
    std::uint8_t vwci;
    std::uint8_t mec;
    std::uint16_t oacs;  ///< See Oacs.
    std::uint8_t acl;    ///< Concurrent Abort commands, zero-based.
    std::uint8_t aerl;   ///< Outstanding Asynchronous Event Requests, zero-based.
    std::uint8_t frmw;   ///< See Frmw.
    std::uint8_t lpa;    ///< See Lpa.
    std::uint8_t elpe;   ///< Error log entries, zero-based.
    std::uint8_t npss;   ///< Power states, zero-based.
    std::uint8_t avscc;
    std::uint8_t apsta;
    std::uint16_t wctemp;  ///< Kelvin.
    std::uint16_t cctemp;  ///< Kelvin.
    std::uint16_t mtfa;    ///< 100 ms.
    std::uint32_t hmpre;   ///< 4 KiB.
    std::uint32_t hmmin;   ///< 4 KiB.
    Uint128Le tnvmcap;     ///< Bytes.
    Uint128Le unvmcap;     ///< Bytes.
    std::uint32_t rpmbs;
    std::uint16_t edstt;  ///< Minutes.
    std::uint8_t dsto;
    std::uint8_t fwug;  ///< 4 KiB.
    std::uint16_t kas;  ///< 100 ms.
    std::uint16_t hctma;
    std::uint16_t mntmt;  ///< Kelvin.
    std::uint16_t mxtmt;  ///< Kelvin.
    std::uint32_t sanicap;
    std::uint32_t hmminds;
    std::uint16_t hmmaxd;
    std::uint16_t nsetidmax;
    std::uint16_t endgidmax;
    std::uint8_t anatt;  ///< Seconds.
    std::uint8_t anacap;
    std::uint32_t anagrpmax;
    std::uint32_t nanagrpid;
    std::uint32_t pels;  ///< 64 KiB.
    std::uint16_t domainid;
    std::uint8_t rsvd358[10];
    Uint128Le megcap;  ///< Bytes.
    std::uint8_t rsvd384[128];
    std::uint8_t sqes;  ///< See QueueEntrySizes.
    std::uint8_t cqes;  ///< See QueueEntrySizes.
    std::uint16_t maxcmd;
    std::uint32_t nn;     ///< Largest valid NSID.
    std::uint16_t oncs;   ///< See Oncs.
    std::uint16_t fuses;  ///< See Fuses.
    std::uint8_t fna;     ///< See Fna.
    std::uint8_t vwc;     ///< See Vwc.
    std::uint16_t awun;   ///< Logical blocks, zero-based.
    std::uint16_t awupf;  ///< Logical blocks, zero-based.
    std::uint8_t icsvscc;
    std::uint8_t nwpc;
    std::uint16_t acwu;  ///< Logical blocks, zero-based.
    std::uint16_t ocfs;  ///< Copy descriptor formats.
    std::uint32_t sgls;  ///< See Sgls.
    std::uint32_t mnan;
    Uint128Le maxdna;
    std::uint32_t maxcna;
    std::uint8_t rsvd564[204];
    char subnqn[256];  ///< UTF-8, terminated by a null.
    std::uint8_t rsvd1024[768];
    std::uint32_t ioccsz;  ///< Fabrics only, as are the following fields up to psd.
    std::uint32_t iorcsz;
    std::uint16_t icdoff;
    std::uint8_t fcatt;
    std::uint8_t msdbd;
    std::uint16_t ofcs;
    std::uint8_t dctype;
    std::uint8_t rsvd1807[241];
    PowerStateDescriptor psd[32];
    std::uint8_t vs[1024];
};
static_assert(sizeof(IdentifyController) == 4096);
static_assert(offsetof(IdentifyController, ssvid) == 2);
static_assert(offsetof(IdentifyController, sn) == 4);
static_assert(offsetof(IdentifyController, mn) == 24);
static_assert(offsetof(IdentifyController, fr) == 64);
static_assert(offsetof(IdentifyController, rab) == 72);
static_assert(offsetof(IdentifyController, ieee) == 73);
static_assert(offsetof(IdentifyController, cmic) == 76);
static_assert(offsetof(IdentifyController, mdts) == 77);
static_assert(offsetof(IdentifyController, cntlid) == 78);
static_assert(offsetof(IdentifyController, ver) == 80);
static_assert(offsetof(IdentifyController, rtd3r) == 84);
static_assert(offsetof(IdentifyController, rtd3e) == 88);
static_assert(offsetof(IdentifyController, oaes) == 92);
static_assert(offsetof(IdentifyController, ctratt) == 96);
static_assert(offsetof(IdentifyController, rrls) == 100);
static_assert(offsetof(IdentifyController, rsvd102) == 102);
static_assert(offsetof(IdentifyController, cntrltype) == 111);
static_assert(offsetof(IdentifyController, fguid) == 112);
static_assert(offsetof(IdentifyController, crdt1) == 128);
static_assert(offsetof(IdentifyController, crdt2) == 130);
static_assert(offsetof(IdentifyController, crdt3) == 132);
static_assert(offsetof(IdentifyController, rsvd134) == 134);
static_assert(offsetof(IdentifyController, nvmsr) == 253);
static_assert(offsetof(IdentifyController, vwci) == 254);
static_assert(offsetof(IdentifyController, mec) == 255);
static_assert(offsetof(IdentifyController, oacs) == 256);
static_assert(offsetof(IdentifyController, acl) == 258);
static_assert(offsetof(IdentifyController, aerl) == 259);
static_assert(offsetof(IdentifyController, frmw) == 260);
static_assert(offsetof(IdentifyController, lpa) == 261);
static_assert(offsetof(IdentifyController, elpe) == 262);
static_assert(offsetof(IdentifyController, npss) == 263);
static_assert(offsetof(IdentifyController, avscc) == 264);
static_assert(offsetof(IdentifyController, apsta) == 265);
static_assert(offsetof(IdentifyController, wctemp) == 266);
static_assert(offsetof(IdentifyController, cctemp) == 268);
static_assert(offsetof(IdentifyController, mtfa) == 270);
static_assert(offsetof(IdentifyController, hmpre) == 272);
static_assert(offsetof(IdentifyController, hmmin) == 276);
static_assert(offsetof(IdentifyController, tnvmcap) == 280);
static_assert(offsetof(IdentifyController, unvmcap) == 296);
static_assert(offsetof(IdentifyController, rpmbs) == 312);
static_assert(offsetof(IdentifyController, edstt) == 316);
static_assert(offsetof(IdentifyController, dsto) == 318);
static_assert(offsetof(IdentifyController, fwug) == 319);
static_assert(offsetof(IdentifyController, kas) == 320);
static_assert(offsetof(IdentifyController, hctma) == 322);
static_assert(offsetof(IdentifyController, mntmt) == 324);
static_assert(offsetof(IdentifyController, mxtmt) == 326);
static_assert(offsetof(IdentifyController, sanicap) == 328);
static_assert(offsetof(IdentifyController, hmminds) == 332);
static_assert(offsetof(IdentifyController, hmmaxd) == 336);
static_assert(offsetof(IdentifyController, nsetidmax) == 338);
static_assert(offsetof(IdentifyController, endgidmax) == 340);
static_assert(offsetof(IdentifyController, anatt) == 342);
static_assert(offsetof(IdentifyController, anacap) == 343);
static_assert(offsetof(IdentifyController, anagrpmax) == 344);
static_assert(offsetof(IdentifyController, nanagrpid) == 348);
static_assert(offsetof(IdentifyController, pels) == 352);
static_assert(offsetof(IdentifyController, domainid) == 356);
static_assert(offsetof(IdentifyController, rsvd358) == 358);
static_assert(offsetof(IdentifyController, megcap) == 368);
static_assert(offsetof(IdentifyController, rsvd384) == 384);
static_assert(offsetof(IdentifyController, sqes) == 512);
static_assert(offsetof(IdentifyController, cqes) == 513);
static_assert(offsetof(IdentifyController, maxcmd) == 514);
static_assert(offsetof(IdentifyController, nn) == 516);
static_assert(offsetof(IdentifyController, oncs) == 520);
static_assert(offsetof(IdentifyController, fuses) == 522);
static_assert(offsetof(IdentifyController, fna) == 524);
static_assert(offsetof(IdentifyController, vwc) == 525);
static_assert(offsetof(IdentifyController, awun) == 526);
static_assert(offsetof(IdentifyController, awupf) == 528);
static_assert(offsetof(IdentifyController, icsvscc) == 530);
static_assert(offsetof(IdentifyController, nwpc) == 531);
static_assert(offsetof(IdentifyController, acwu) == 532);
static_assert(offsetof(IdentifyController, ocfs) == 534);
static_assert(offsetof(IdentifyController, sgls) == 536);
static_assert(offsetof(IdentifyController, mnan) == 540);
static_assert(offsetof(IdentifyController, maxdna) == 544);
static_assert(offsetof(IdentifyController, maxcna) == 560);
static_assert(offsetof(IdentifyController, rsvd564) == 564);
static_assert(offsetof(IdentifyController, subnqn) == 768);
static_assert(offsetof(IdentifyController, rsvd1024) == 1024);
static_assert(offsetof(IdentifyController, ioccsz) == 1792);
static_assert(offsetof(IdentifyController, iorcsz) == 1796);
static_assert(offsetof(IdentifyController, icdoff) == 1800);
static_assert(offsetof(IdentifyController, fcatt) == 1802);
static_assert(offsetof(IdentifyController, msdbd) == 1803);
static_assert(offsetof(IdentifyController, ofcs) == 1804);
static_assert(offsetof(IdentifyController, dctype) == 1806);
static_assert(offsetof(IdentifyController, rsvd1807) == 1807);
static_assert(offsetof(IdentifyController, psd) == 2048);
static_assert(offsetof(IdentifyController, vs) == 3072);
static_assert(std::is_trivially_copyable_v<IdentifyController>);

/// I/O command set specific Identify Controller of the NVM command set, CNS 06h with CSI 0.
/// The three size limits are as MDTS: 2^n minimum memory pages, 0 is no limit.
/// [NVM-Command-Set-1.0 4.1.5.4]
struct IdentifyControllerNvm {
    std::uint8_t vsl;
    std::uint8_t wzsl;
    std::uint8_t wusl;
    std::uint8_t dmrl;    ///< Ranges.
    std::uint32_t dmrsl;  ///< Logical blocks in a range.
    std::uint64_t dmsl;   ///< Logical blocks in a command.
    std::uint8_t rsvd16[4080];
};
static_assert(sizeof(IdentifyControllerNvm) == 4096);
static_assert(offsetof(IdentifyControllerNvm, wzsl) == 1);
static_assert(offsetof(IdentifyControllerNvm, wusl) == 2);
static_assert(offsetof(IdentifyControllerNvm, dmrl) == 3);
static_assert(offsetof(IdentifyControllerNvm, dmrsl) == 4);
static_assert(offsetof(IdentifyControllerNvm, dmsl) == 8);
static_assert(offsetof(IdentifyControllerNvm, rsvd16) == 16);
static_assert(std::is_trivially_copyable_v<IdentifyControllerNvm>);

}  // namespace nvme::spec
