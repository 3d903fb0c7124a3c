// SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include <gtest/gtest.h>
#include <nvme/types.h>

#include "models/nvme/spec/commands.h"
#include "models/nvme/spec/entries.h"
#include "models/nvme/spec/features.h"
#include "models/nvme/spec/identify.h"
#include "models/nvme/spec/logs.h"
#include "models/nvme/spec/registers.h"
#include "models/nvme/spec/reservations.h"
#include "models/nvme/spec/self_test.h"

namespace nvme::spec {
namespace {

struct MaskRow {
    const char* name;
    std::uint64_t ours;
    std::uint64_t theirs;
};

// Enumerators of a C header may be negative (bit 31): sign extension must not reach bit 32.
template <typename T>
constexpr std::uint64_t widen(T mask) {
    return sizeof(T) == 8 ? static_cast<std::uint64_t>(mask) : static_cast<std::uint32_t>(mask);
}

// The names that a failure prints, and libnvme's pairs of names, need the preprocessor.
#define NVME_MASK(Field, mask) \
    { #Field, Field::kMask, widen(mask) }
#define NVME_FIELD(Field, PREFIX) \
    { #Field, Field::kMask, static_cast < std::uint64_t>(PREFIX##_MASK) << PREFIX##_SHIFT }

constexpr auto kPrinfo = NVME_IO_PRINFO_PRACT | NVME_IO_PRINFO_PRCHK_GUARD |
                         NVME_IO_PRINFO_PRCHK_APP | NVME_IO_PRINFO_PRCHK_REF;

constexpr MaskRow kShifted[] = {
    NVME_FIELD(Cap::Mqes, NVME_CAP_MQES),
    NVME_FIELD(Cap::Cqr, NVME_CAP_CQR),
    NVME_FIELD(Cap::Ams, NVME_CAP_AMS),
    NVME_FIELD(Cap::To, NVME_CAP_TO),
    NVME_FIELD(Cap::Dstrd, NVME_CAP_DSTRD),
    NVME_FIELD(Cap::Css, NVME_CAP_CSS),
    NVME_FIELD(Cap::Bps, NVME_CAP_BPS),
    NVME_FIELD(Cap::Mpsmin, NVME_CAP_MPSMIN),
    NVME_FIELD(Cap::Mpsmax, NVME_CAP_MPSMAX),
    NVME_FIELD(Cap::Pmrs, NVME_CAP_PMRS),
    NVME_FIELD(Cap::Cmbs, NVME_CAP_CMBS),
    NVME_FIELD(Cap::Nssrs, NVME_CAP_NSSRC),
    NVME_FIELD(Vs::Ter, NVME_VS_TER),
    NVME_FIELD(Vs::Mnr, NVME_VS_MNR),
    NVME_FIELD(Vs::Mjr, NVME_VS_MJR),
    NVME_FIELD(Cc::En, NVME_CC_EN),
    NVME_FIELD(Cc::Css, NVME_CC_CSS),
    NVME_FIELD(Cc::Mps, NVME_CC_MPS),
    NVME_FIELD(Cc::Ams, NVME_CC_AMS),
    NVME_FIELD(Cc::Shn, NVME_CC_SHN),
    NVME_FIELD(Cc::Iosqes, NVME_CC_IOSQES),
    NVME_FIELD(Cc::Iocqes, NVME_CC_IOCQES),
    NVME_FIELD(Cc::Crime, NVME_CC_CRIME),
    NVME_FIELD(Csts::Rdy, NVME_CSTS_RDY),
    NVME_FIELD(Csts::Cfs, NVME_CSTS_CFS),
    NVME_FIELD(Csts::Shst, NVME_CSTS_SHST),
    NVME_FIELD(Csts::Nssro, NVME_CSTS_NSSRO),
    NVME_FIELD(Csts::Pp, NVME_CSTS_PP),
    NVME_FIELD(Aqa::Asqs, NVME_AQA_ASQS),
    NVME_FIELD(Aqa::Acqs, NVME_AQA_ACQS),
    NVME_FIELD(ArbitrationCdw11::Ab, NVME_FEAT_ARBITRATION_BURST),
    NVME_FIELD(ArbitrationCdw11::Lpw, NVME_FEAT_ARBITRATION_LPW),
    NVME_FIELD(ArbitrationCdw11::Mpw, NVME_FEAT_ARBITRATION_MPW),
    NVME_FIELD(ArbitrationCdw11::Hpw, NVME_FEAT_ARBITRATION_HPW),
    NVME_FIELD(PowerManagementCdw11::Ps, NVME_FEAT_PWRMGMT_PS),
    NVME_FIELD(PowerManagementCdw11::Wh, NVME_FEAT_PWRMGMT_WH),
    NVME_FIELD(TemperatureThresholdCdw11::Tmpth, NVME_FEAT_TT_TMPTH),
    NVME_FIELD(TemperatureThresholdCdw11::Tmpsel, NVME_FEAT_TT_TMPSEL),
    NVME_FIELD(TemperatureThresholdCdw11::Thsel, NVME_FEAT_TT_THSEL),
    NVME_FIELD(ErrorRecoveryCdw11::Tler, NVME_FEAT_ERROR_RECOVERY_TLER),
    NVME_FIELD(ErrorRecoveryCdw11::Dulbe, NVME_FEAT_ERROR_RECOVERY_DULBE),
    NVME_FIELD(VolatileWriteCacheCdw11::Wce, NVME_FEAT_VWC_WCE),
    NVME_FIELD(NumberOfQueuesCdw11::Nsqr, NVME_FEAT_NRQS_NSQR),
    NVME_FIELD(NumberOfQueuesCdw11::Ncqr, NVME_FEAT_NRQS_NCQR),
    NVME_FIELD(InterruptCoalescingCdw11::Thr, NVME_FEAT_IRQC_THR),
    NVME_FIELD(InterruptCoalescingCdw11::Time, NVME_FEAT_IRQC_TIME),
    NVME_FIELD(InterruptVectorConfigCdw11::Iv, NVME_FEAT_ICFG_IV),
    NVME_FIELD(InterruptVectorConfigCdw11::Cd, NVME_FEAT_ICFG_CD),
    NVME_FIELD(WriteAtomicityNormalCdw11::Dn, NVME_FEAT_WA_DN),
    NVME_FIELD(AsyncEventConfigCdw11::SmartCriticalWarnings, NVME_FEAT_AE_SMART),
    NVME_FIELD(AsyncEventConfigCdw11::NamespaceAttribute, NVME_FEAT_AE_NAN),
    NVME_FIELD(AsyncEventConfigCdw11::FirmwareActivation, NVME_FEAT_AE_FW),
    NVME_FIELD(AsyncEventConfigCdw11::TelemetryLog, NVME_FEAT_AE_TELEM),
    NVME_FIELD(AsyncEventConfigCdw11::AnaChange, NVME_FEAT_AE_ANA),
    NVME_FIELD(AsyncEventConfigCdw11::PredictableLatency, NVME_FEAT_AE_PLA),
    NVME_FIELD(AsyncEventConfigCdw11::LbaStatus, NVME_FEAT_AE_LBAS),
    NVME_FIELD(AsyncEventConfigCdw11::EnduranceGroup, NVME_FEAT_AE_EGA),
    NVME_FIELD(HostIdentifierCdw11::Exhid, NVME_FEAT_HOSTID_EXHID),
    NVME_FIELD(FeatureEffects::Fsp, NVME_FID_SUPPORTED_EFFECTS_SCOPE),
    NVME_FIELD(MiCommandEffects::Csp, NVME_MI_CMD_SUPPORTED_EFFECTS_SCOPE),
};

constexpr MaskRow kFlags[] = {
    NVME_MASK(Crto::Crwmt, NVME_CRTO_CRWMT_MASK),
    NVME_MASK(Crto::Crimt, NVME_CRTO_CRIMT_MASK),
    NVME_MASK(AsyncEventConfigCdw11::DiscoveryLog, NVME_FEATURE_AENCFG_NOTICE_DISCOVERY_CHANGE),
    NVME_MASK(Cmic::SeveralPorts, NVME_CTRL_CMIC_MULTI_PORT),
    NVME_MASK(Cmic::SeveralControllers, NVME_CTRL_CMIC_MULTI_CTRL),
    NVME_MASK(Cmic::VirtualFunction, NVME_CTRL_CMIC_MULTI_SRIOV),
    NVME_MASK(Cmic::AnaReporting, NVME_CTRL_CMIC_MULTI_ANA_REPORTING),
    NVME_MASK(Oaes::NamespaceAttribute, NVME_CTRL_OAES_NA),
    NVME_MASK(Oaes::FirmwareActivation, NVME_CTRL_OAES_FA),
    NVME_MASK(Oaes::AnaChange, NVME_CTRL_OAES_ANA),
    NVME_MASK(Oaes::PredictableLatency, NVME_CTRL_OAES_PLEA),
    NVME_MASK(Oaes::LbaStatus, NVME_CTRL_OAES_LBAS),
    NVME_MASK(Oaes::EnduranceGroup, NVME_CTRL_OAES_EGE),
    NVME_MASK(Oaes::NormalSubsystemShutdown, NVME_CTRL_OAES_NS),
    NVME_MASK(Oaes::ZoneDescriptorChanged, NVME_CTRL_OAES_ZD),
    NVME_MASK(Oaes::DiscoveryLog, NVME_CTRL_OAES_DL),
    NVME_MASK(Ctratt::Hids, NVME_CTRL_CTRATT_128_ID),
    NVME_MASK(Ctratt::Nopspm, NVME_CTRL_CTRATT_NON_OP_PSP),
    NVME_MASK(Ctratt::Nsets, NVME_CTRL_CTRATT_NVM_SETS),
    NVME_MASK(Ctratt::Rrlvls, NVME_CTRL_CTRATT_READ_RECV_LVLS),
    NVME_MASK(Ctratt::Egs, NVME_CTRL_CTRATT_ENDURANCE_GROUPS),
    NVME_MASK(Ctratt::Plm, NVME_CTRL_CTRATT_PREDICTABLE_LAT),
    NVME_MASK(Ctratt::Tbkas, NVME_CTRL_CTRATT_TBKAS),
    NVME_MASK(Ctratt::Ng, NVME_CTRL_CTRATT_NAMESPACE_GRANULARITY),
    NVME_MASK(Ctratt::Sqa, NVME_CTRL_CTRATT_SQ_ASSOCIATIONS),
    NVME_MASK(Ctratt::Ulist, NVME_CTRL_CTRATT_UUID_LIST),
    NVME_MASK(Ctratt::Mds, NVME_CTRL_CTRATT_MDS),
    NVME_MASK(Ctratt::Fcm, NVME_CTRL_CTRATT_FIXED_CAP),
    NVME_MASK(Ctratt::Vcm, NVME_CTRL_CTRATT_VARIABLE_CAP),
    NVME_MASK(Ctratt::Deg, NVME_CTRL_CTRATT_DEL_ENDURANCE_GROUPS),
    NVME_MASK(Ctratt::Dnvms, NVME_CTRL_CTRATT_DEL_NVM_SETS),
    NVME_MASK(Ctratt::Elbas, NVME_CTRL_CTRATT_ELBAS),
    NVME_MASK(SelfTestValid::Nsid, NVME_ST_VALID_DIAG_INFO_NSID),
    NVME_MASK(SelfTestValid::FailingLba, NVME_ST_VALID_DIAG_INFO_FLBA),
    NVME_MASK(SelfTestValid::StatusCodeType, NVME_ST_VALID_DIAG_INFO_SCT),
    NVME_MASK(SelfTestValid::StatusCode, NVME_ST_VALID_DIAG_INFO_SC),
    NVME_MASK(Oacs::Security, NVME_CTRL_OACS_SECURITY),
    NVME_MASK(Oacs::FormatNvm, NVME_CTRL_OACS_FORMAT),
    NVME_MASK(Oacs::Firmware, NVME_CTRL_OACS_FW),
    NVME_MASK(Oacs::NamespaceManagement, NVME_CTRL_OACS_NS_MGMT),
    NVME_MASK(Oacs::DeviceSelfTest, NVME_CTRL_OACS_SELF_TEST),
    NVME_MASK(Oacs::Directives, NVME_CTRL_OACS_DIRECTIVES),
    NVME_MASK(Oacs::NvmeMi, NVME_CTRL_OACS_NVME_MI),
    NVME_MASK(Oacs::Virtualization, NVME_CTRL_OACS_VIRT_MGMT),
    NVME_MASK(Oacs::DoorbellBufferConfig, NVME_CTRL_OACS_DBBUF_CFG),
    NVME_MASK(Oacs::GetLbaStatus, NVME_CTRL_OACS_LBA_STATUS),
    NVME_MASK(Oacs::Lockdown, NVME_CTRL_OACS_CMD_FEAT_LD),
    NVME_MASK(Frmw::FirstSlotReadOnly, NVME_CTRL_FRMW_1ST_RO),
    NVME_MASK(Frmw::ActivationWithoutReset, NVME_CTRL_FRMW_FW_ACT_NO_RESET),
    NVME_MASK(Frmw::OverlapDetection, NVME_CTRL_FRMW_MP_UP_DETECTION),
    NVME_MASK(Lpa::SmartPerNamespace, NVME_CTRL_LPA_SMART_PER_NS),
    NVME_MASK(Lpa::CommandEffects, NVME_CTRL_LPA_CMD_EFFECTS),
    NVME_MASK(Lpa::ExtendedData, NVME_CTRL_LPA_EXTENDED),
    NVME_MASK(Lpa::Telemetry, NVME_CTRL_LPA_TELEMETRY),
    NVME_MASK(Lpa::PersistentEvent, NVME_CTRL_LPA_PERSETENT_EVENT),
    NVME_MASK(Lpa::EffectsAndSupportedLogs, NVME_CTRL_LPA_LI0_LI5_LI12_LI13),
    NVME_MASK(Lpa::TelemetryArea4, NVME_CTRL_LPA_DA4_TELEMETRY),
    NVME_MASK(QueueEntrySizes::Min, NVME_CTRL_SQES_MIN),
    NVME_MASK(QueueEntrySizes::Max, NVME_CTRL_SQES_MAX),
    NVME_MASK(QueueEntrySizes::Min, NVME_CTRL_CQES_MIN),
    NVME_MASK(QueueEntrySizes::Max, NVME_CTRL_CQES_MAX),
    NVME_MASK(Oncs::Compare, NVME_CTRL_ONCS_COMPARE),
    NVME_MASK(Oncs::WriteUncorrectable, NVME_CTRL_ONCS_WRITE_UNCORRECTABLE),
    NVME_MASK(Oncs::DatasetManagement, NVME_CTRL_ONCS_DSM),
    NVME_MASK(Oncs::WriteZeroes, NVME_CTRL_ONCS_WRITE_ZEROES),
    NVME_MASK(Oncs::SaveAndSelect, NVME_CTRL_ONCS_SAVE_FEATURES),
    NVME_MASK(Oncs::Reservations, NVME_CTRL_ONCS_RESERVATIONS),
    NVME_MASK(Oncs::Timestamp, NVME_CTRL_ONCS_TIMESTAMP),
    NVME_MASK(Oncs::Verify, NVME_CTRL_ONCS_VERIFY),
    NVME_MASK(Oncs::Copy, NVME_CTRL_ONCS_COPY),
    NVME_MASK(Fuses::CompareAndWrite, NVME_CTRL_FUSES_COMPARE_AND_WRITE),
    NVME_MASK(Fna::FormatAllNamespaces, NVME_CTRL_FNA_FMT_ALL_NAMESPACES),
    NVME_MASK(Fna::EraseAllNamespaces, NVME_CTRL_FNA_SEC_ALL_NAMESPACES),
    NVME_MASK(Fna::CryptographicErase, NVME_CTRL_FNA_CRYPTO_ERASE),
    NVME_MASK(Fna::NoBroadcastNsid, NVME_CTRL_FNA_NSID_FFFFFFFF),
    NVME_MASK(Vwc::Present, NVME_CTRL_VWC_PRESENT),
    NVME_MASK(Vwc::FlushBroadcast, NVME_CTRL_VWC_FLUSH),
    NVME_MASK(Sgls::Supported, NVME_CTRL_SGLS_SUPPORTED),
    NVME_MASK(Sgls::Keyed, NVME_CTRL_SGLS_KEYED),
    NVME_MASK(Sgls::BitBucket, NVME_CTRL_SGLS_BIT_BUCKET),
    NVME_MASK(Sgls::ContiguousMetadata, NVME_CTRL_SGLS_MPTR_BYTE_ALIGNED),
    NVME_MASK(Sgls::Oversized, NVME_CTRL_SGLS_OVERSIZE),
    NVME_MASK(Sgls::MetadataSgl, NVME_CTRL_SGLS_MPTR_SGL),
    NVME_MASK(Sgls::OffsetAddress, NVME_CTRL_SGLS_OFFSET),
    NVME_MASK(Sgls::TransportDataBlock, NVME_CTRL_SGLS_TPORT),
    NVME_MASK(Nsfeat::Thinp, NVME_NS_FEAT_THIN),
    NVME_MASK(Nsfeat::Nsabp, NVME_NS_FEAT_NATOMIC),
    NVME_MASK(Nsfeat::Dae, NVME_NS_FEAT_DULBE),
    NVME_MASK(Nsfeat::Uidreuse, NVME_NS_FEAT_ID_REUSE),
    NVME_MASK(Nsfeat::Optperf, NVME_NS_FEAT_IO_OPT),
    NVME_MASK(Flbas::IndexLow, NVME_NS_FLBAS_LOWER_MASK),
    NVME_MASK(Flbas::ExtendedMetadata, NVME_NS_FLBAS_META_EXT),
    NVME_MASK(Flbas::IndexHigh, NVME_NS_FLBAS_HIGHER_MASK),
    NVME_MASK(Nmic::Shared, NVME_NS_NMIC_SHARED),
    NVME_MASK(Rescap::Ptpl, NVME_NS_RESCAP_PTPL),
    NVME_MASK(Rescap::WriteExclusive, NVME_NS_RESCAP_WE),
    NVME_MASK(Rescap::ExclusiveAccess, NVME_NS_RESCAP_EA),
    NVME_MASK(Rescap::WriteExclusiveRegistrantsOnly, NVME_NS_RESCAP_WERO),
    NVME_MASK(Rescap::ExclusiveAccessRegistrantsOnly, NVME_NS_RESCAP_EARO),
    NVME_MASK(Rescap::WriteExclusiveAllRegistrants, NVME_NS_RESCAP_WEAR),
    NVME_MASK(Rescap::ExclusiveAccessAllRegistrants, NVME_NS_RESCAP_EAAR),
    NVME_MASK(Rescap::Iekey13, NVME_NS_RESCAP_IEK_13),
    NVME_MASK(ReservationNotificationMaskCdw11::Regpre, NVME_FEAT_RESV_NOTIFY_REGPRE),
    NVME_MASK(ReservationNotificationMaskCdw11::Resrel, NVME_FEAT_RESV_NOTIFY_RESREL),
    NVME_MASK(ReservationNotificationMaskCdw11::Respre, NVME_FEAT_RESV_NOTIFY_RESPRE),
    NVME_MASK(Fpi::Remaining, NVME_NS_FPI_REMAINING),
    NVME_MASK(Fpi::Supported, NVME_NS_FPI_SUPPORTED),
    NVME_MASK(Dlfeat::ReadBehavior, NVME_NS_DLFEAT_RB),
    NVME_MASK(Dlfeat::WriteZeroesDeallocates, NVME_NS_DLFEAT_WRITE_ZEROES),
    NVME_MASK(Dlfeat::GuardIsCrc, NVME_NS_DLFEAT_CRC_GUARD),
    NVME_MASK(ExtendedLbaFormat::Sts, NVME_NVM_ELBAF_STS_MASK),
    NVME_MASK(ExtendedLbaFormat::Pif, NVME_NVM_ELBAF_PIF_MASK),
    NVME_MASK(CriticalWarning::SpareBelowThreshold, NVME_SMART_CRIT_SPARE),
    NVME_MASK(CriticalWarning::Temperature, NVME_SMART_CRIT_TEMPERATURE),
    NVME_MASK(CriticalWarning::ReliabilityDegraded, NVME_SMART_CRIT_DEGRADED),
    NVME_MASK(CriticalWarning::MediaReadOnly, NVME_SMART_CRIT_MEDIA),
    NVME_MASK(CriticalWarning::VolatileBackupFailed, NVME_SMART_CRIT_VOLATILE_MEMORY),
    NVME_MASK(CriticalWarning::PmrUnreliable, NVME_SMART_CRIT_PMR_RO),
    NVME_MASK(CommandEffects::Csupp, NVME_CMD_EFFECTS_CSUPP),
    NVME_MASK(CommandEffects::Lbcc, NVME_CMD_EFFECTS_LBCC),
    NVME_MASK(CommandEffects::Ncc, NVME_CMD_EFFECTS_NCC),
    NVME_MASK(CommandEffects::Nic, NVME_CMD_EFFECTS_NIC),
    NVME_MASK(CommandEffects::Ccc, NVME_CMD_EFFECTS_CCC),
    NVME_MASK(CommandEffects::Uss, NVME_CMD_EFFECTS_UUID_SEL),
    NVME_MASK(FeatureEffects::Fsupp, NVME_FID_SUPPORTED_EFFECTS_FSUPP),
    NVME_MASK(FeatureEffects::Udcc, NVME_FID_SUPPORTED_EFFECTS_UDCC),
    NVME_MASK(FeatureEffects::Ncc, NVME_FID_SUPPORTED_EFFECTS_NCC),
    NVME_MASK(FeatureEffects::Nic, NVME_FID_SUPPORTED_EFFECTS_NIC),
    NVME_MASK(FeatureEffects::Ccc, NVME_FID_SUPPORTED_EFFECTS_CCC),
    NVME_MASK(FeatureEffects::Uss, NVME_FID_SUPPORTED_EFFECTS_UUID_SEL),
    NVME_MASK(MiCommandEffects::Csupp, NVME_MI_CMD_SUPPORTED_EFFECTS_CSUPP),
    NVME_MASK(MiCommandEffects::Udcc, NVME_MI_CMD_SUPPORTED_EFFECTS_UDCC),
    NVME_MASK(MiCommandEffects::Ncc, NVME_MI_CMD_SUPPORTED_EFFECTS_NCC),
    NVME_MASK(MiCommandEffects::Nic, NVME_MI_CMD_SUPPORTED_EFFECTS_NIC),
    NVME_MASK(MiCommandEffects::Ccc, NVME_MI_CMD_SUPPORTED_EFFECTS_CCC),
    NVME_MASK(DsmCdw11::Idr, NVME_DSMGMT_IDR),
    NVME_MASK(DsmCdw11::Idw, NVME_DSMGMT_IDW),
    NVME_MASK(DsmCdw11::Ad, NVME_DSMGMT_AD),
    // The io_control flags are the upper half of Command Dword 12.
    NVME_MASK(ReadWriteCdw12::Stc, std::uint64_t{NVME_IO_STC} << 16),
    NVME_MASK(ReadWriteCdw12::Fua, std::uint64_t{NVME_IO_FUA} << 16),
    NVME_MASK(ReadWriteCdw12::Lr, std::uint64_t{NVME_IO_LR} << 16),
    NVME_MASK(WriteZeroesCdw12::Stc, std::uint64_t{NVME_IO_STC} << 16),
    NVME_MASK(WriteZeroesCdw12::Deac, std::uint64_t{NVME_IO_DEAC} << 16),
    NVME_MASK(WriteZeroesCdw12::Fua, std::uint64_t{NVME_IO_FUA} << 16),
    NVME_MASK(WriteZeroesCdw12::Lr, std::uint64_t{NVME_IO_LR} << 16),
    NVME_MASK(VerifyCdw12::Stc, std::uint64_t{NVME_IO_STC} << 16),
    NVME_MASK(VerifyCdw12::Fua, std::uint64_t{NVME_IO_FUA} << 16),
    NVME_MASK(VerifyCdw12::Lr, std::uint64_t{NVME_IO_LR} << 16),
    NVME_MASK(CopyCdw12::Stcw, std::uint64_t{NVME_IO_STC} << 16),
    NVME_MASK(CopyCdw12::Fua, std::uint64_t{NVME_IO_FUA} << 16),
    NVME_MASK(CopyCdw12::Lr, std::uint64_t{NVME_IO_LR} << 16),
    NVME_MASK(ReadWriteCdw12::Prinfo, std::uint64_t{kPrinfo} << 16),
    NVME_MASK(WriteZeroesCdw12::Prinfo, std::uint64_t{kPrinfo} << 16),
    NVME_MASK(VerifyCdw12::Prinfo, std::uint64_t{kPrinfo} << 16),
    NVME_MASK(CopyCdw12::Prinfow, std::uint64_t{kPrinfo} << 16),
    NVME_MASK(ReadWriteCdw13::Incompressible, NVME_IO_DSM_COMPRESSED),
    NVME_MASK(ReadWriteCdw13::SequentialRequest, NVME_IO_DSM_SEQ_REQ),
    NVME_MASK(ReadWriteCdw13::AccessLatency, NVME_IO_DSM_LATENCY_LOW),
    // The status field of libnvme starts at bit 1 of ours, above the phase tag.
    NVME_MASK(CompletionStatus::Sc, NVME_SC_MASK << 1),
    NVME_MASK(CompletionStatus::Sct, NVME_SCT_MASK << NVME_SCT_SHIFT << 1),
    NVME_MASK(CompletionStatus::Crd, NVME_SC_CRD << 1),
    NVME_MASK(CompletionStatus::M, NVME_SC_MORE << 1),
    NVME_MASK(CompletionStatus::Dnr, NVME_SC_DNR << 1),
    NVME_MASK(AutonomousTransition::Itps, NVME_APST_ENTRY_ITPS_MASK << NVME_APST_ENTRY_ITPS_SHIFT),
    NVME_MASK(AutonomousTransition::Itpt, NVME_APST_ENTRY_ITPT_MASK << NVME_APST_ENTRY_ITPT_SHIFT),
    NVME_MASK(AutonomousTransitionCdw11::Apste, NVME_FEAT_APST_APSTE_MASK),
    NVME_MASK(LbaFormat::Rp, NVME_LBAF_RP_MASK << 24),
    NVME_MASK(Cap::Crwms, std::uint64_t{NVME_CAP_CRWMS} << NVME_CAP_CRMS_SHIFT),
    NVME_MASK(Cap::Crims, std::uint64_t{NVME_CAP_CRIMS} << NVME_CAP_CRMS_SHIFT),
};

// Where libnvme 1.3 has no mask or a wrong one: the bits that the specification prints.
constexpr MaskRow kBySpecification[] = {
    // libnvme stops before bit 58.
    NVME_MASK(Cap::Nsss, std::uint64_t{1} << 58),
    NVME_MASK(Cap::Cps, std::uint64_t{3} << 46),
    NVME_MASK(Csts::St, 1u << 6),
    // libnvme has two bits of three.
    NVME_MASK(CommandEffects::Cse, 0x0007'0000u),
    NVME_MASK(Frmw::Slots, 0x0eu),
    NVME_MASK(CommandEffects::Cser, 0x0000'c000u),
    NVME_MASK(CommandEffects::Csp, 0xfff0'0000u),
    // libnvme has eight bits of nine.
    NVME_MASK(IoCommandSetProfileCdw11::Iocsci, 0x1ffu),
    // libnvme has half of each.
    NVME_MASK(ParameterErrorLocation::Byte, 0x00ffu),
    NVME_MASK(ParameterErrorLocation::Bit, 0x0700u),
    NVME_MASK(AsyncEventConfigCdw11::NormalSubsystemShutdown, 1u << 15),
    NVME_MASK(AsyncEventConfigCdw11::ZoneDescriptorChanged, 1u << 27),
    NVME_MASK(KeepAliveTimerCdw11::Kato, 0xffff'ffffu),
    NVME_MASK(SoftwareProgressMarkerCdw11::Pbslc, 0xffu),
    NVME_MASK(LogSupport::Lsupp, 1u << 0),
    NVME_MASK(LogSupport::Ios, 1u << 1),
    NVME_MASK(LogSupport::Lidsp, 0xffff'0000u),
    NVME_MASK(Afi::ActiveSlot, 0x07u),
    NVME_MASK(Afi::NextSlot, 0x70u),
    NVME_MASK(Sgls::Sdt, 0xff00u),
    NVME_MASK(LbaFormat::Ms, 0x0000'ffffu),
    NVME_MASK(LbaFormat::Lbads, 0x00ff'0000u),
    NVME_MASK(NsfeatIndependent::Uidreuse, 1u << 3),
    NVME_MASK(NsfeatIndependent::Rmedia, 1u << 4),
    NVME_MASK(Nstat::Nrdy, 1u << 0),
    NVME_MASK(TimestampAttributes::Synch, 1u << 0),
    NVME_MASK(TimestampAttributes::Origin, 0x0eu),
    NVME_MASK(FeatureCapabilities::Saveable, 1u << 0),
    NVME_MASK(FeatureCapabilities::NsSpecific, 1u << 1),
    NVME_MASK(FeatureCapabilities::Changeable, 1u << 2),
    NVME_MASK(IoCommandSetVector::Nvm, std::uint64_t{1} << 0),
    NVME_MASK(IoCommandSetVector::KeyValue, std::uint64_t{1} << 1),
    NVME_MASK(IoCommandSetVector::ZonedNamespace, std::uint64_t{1} << 2),
};

TEST(LibnvmeBits, ShiftAndMaskPairsSelectTheSameBits) {
    for (const MaskRow& row : kShifted) {
        EXPECT_EQ(row.ours, row.theirs) << row.name;
    }
}

TEST(LibnvmeBits, FlagsAndMasksAreTheSameBits) {
    for (const MaskRow& row : kFlags) {
        EXPECT_EQ(row.ours, row.theirs) << row.name;
    }
}

TEST(LibnvmeBits, FieldsWithoutCounterpartAreWhereTheSpecificationPutsThem) {
    for (const MaskRow& row : kBySpecification) {
        EXPECT_EQ(row.ours, row.theirs) << row.name;
    }
}

}  // namespace
}  // namespace nvme::spec
