// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/spec/location.h"

#include <cstdint>
#include <iterator>
#include <type_traits>

#include <gtest/gtest.h>
#include <nvme/types.h>

#include "models/nvme/ports/result.h"
#include "models/nvme/spec/commands.h"
#include "models/nvme/spec/entries.h"
#include "models/nvme/spec/features.h"
#include "models/nvme/spec/reservations.h"

// Places used to be numbers in the code that refuses a command, and half of them were those of the
// dword and not of the field. They come from the layout now; here are the specification's numbers.
namespace nvme::spec {
namespace {

struct PlaceRow {
    const char* name;
    Location ours;
    unsigned byte, bit;
};

#define NVME_AT(Dword, Field, byte, bit) \
    { #Dword "." #Field, Dword::at < Dword::Field>(), byte, bit }

constexpr PlaceRow kPlaces[] = {
    NVME_AT(Cdw0, Opcode, 0, 0),
    NVME_AT(Cdw0, Fuse, 1, 0),
    NVME_AT(Cdw0, Psdt, 1, 6),
    {"NSID", Nsid::at(), 4, 0},
    {"PRP1", Prp1::at(), 24, 0},
    {"PRP2", Prp2::at(), 32, 0},
    {"SLBA", Slba::at(), 40, 0},
    {"LPO", Lpo::at(), 48, 0},
    NVME_AT(CreateQueueCdw10, Qid, 40, 0),
    NVME_AT(CreateQueueCdw10, Qsize, 42, 0),
    NVME_AT(CreateIoSqCdw11, Pc, 44, 0),
    NVME_AT(CreateIoSqCdw11, Qprio, 44, 1),
    NVME_AT(CreateIoSqCdw11, Cqid, 46, 0),
    NVME_AT(CreateIoSqCdw12, Nvmsetid, 48, 0),
    NVME_AT(CreateIoCqCdw11, Pc, 44, 0),
    NVME_AT(CreateIoCqCdw11, Ien, 44, 1),
    NVME_AT(CreateIoCqCdw11, Iv, 46, 0),
    NVME_AT(DeleteQueueCdw10, Qid, 40, 0),
    NVME_AT(IdentifyCdw10, Cns, 40, 0),
    NVME_AT(IdentifyCdw10, Cntid, 42, 0),
    NVME_AT(IdentifyCdw11, CnsSpecificId, 44, 0),
    NVME_AT(IdentifyCdw11, Csi, 47, 0),
    NVME_AT(UuidIndexCdw14, UuidIndex, 56, 0),
    NVME_AT(GetLogPageCdw10, Lid, 40, 0),
    NVME_AT(GetLogPageCdw10, Lsp, 41, 0),
    NVME_AT(GetLogPageCdw10, Rae, 41, 7),
    NVME_AT(GetLogPageCdw10, Numdl, 42, 0),
    NVME_AT(GetLogPageCdw11, Numdu, 44, 0),
    NVME_AT(GetLogPageCdw11, Lsi, 46, 0),
    NVME_AT(GetLogPageCdw14, UuidIndex, 56, 0),
    NVME_AT(GetLogPageCdw14, Ot, 58, 7),
    NVME_AT(GetLogPageCdw14, Csi, 59, 0),
    NVME_AT(GetFeaturesCdw10, Fid, 40, 0),
    NVME_AT(GetFeaturesCdw10, Sel, 41, 0),
    NVME_AT(SetFeaturesCdw10, Fid, 40, 0),
    NVME_AT(SetFeaturesCdw10, Sv, 43, 7),
    NVME_AT(AbortCdw10, Sqid, 40, 0),
    NVME_AT(AbortCdw10, Cid, 42, 0),
    NVME_AT(HostIdentifierCdw11, Exhid, 44, 0),
    NVME_AT(IoCommandSetProfileCdw11, Iocsci, 44, 0),
    NVME_AT(ReadWriteCdw12, Nlb, 48, 0),
    NVME_AT(ReadWriteCdw12, Dtype, 50, 4),
    NVME_AT(ReadWriteCdw12, Prinfo, 51, 2),
    NVME_AT(VerifyCdw12, Pract, 51, 5),
    NVME_AT(WriteZeroesCdw12, Deac, 51, 1),
    NVME_AT(ReadWriteCdw13, Dspec, 54, 0),
    NVME_AT(DsmCdw10, Nr, 40, 0),
    NVME_AT(DsmCdw11, Ad, 44, 2),
    NVME_AT(ReservationRegisterCdw10, Rrega, 40, 0),
    NVME_AT(ReservationRegisterCdw10, Cptpl, 43, 6),
    NVME_AT(ReservationAcquireCdw10, Racqa, 40, 0),
    NVME_AT(ReservationAcquireCdw10, Iekey, 40, 3),
    NVME_AT(ReservationAcquireCdw10, Rtype, 41, 0),
    NVME_AT(ReservationReleaseCdw10, Rtype, 41, 0),
    NVME_AT(ReservationReportCdw10, Numd, 40, 0),
    NVME_AT(ReservationReportCdw11, Eds, 44, 0),
};

// Command Dword 11 begins with byte 44; the shift inside it is libnvme's.
#define NVME_FEATURE(Dword, Field, PREFIX) \
    { #Dword "." #Field, Dword::at < Dword::Field>(), 44 + PREFIX##_SHIFT / 8, PREFIX##_SHIFT % 8 }

constexpr PlaceRow kFeatures[] = {
    NVME_FEATURE(ArbitrationCdw11, Ab, NVME_FEAT_ARBITRATION_BURST),
    NVME_FEATURE(ArbitrationCdw11, Lpw, NVME_FEAT_ARBITRATION_LPW),
    NVME_FEATURE(ArbitrationCdw11, Mpw, NVME_FEAT_ARBITRATION_MPW),
    NVME_FEATURE(ArbitrationCdw11, Hpw, NVME_FEAT_ARBITRATION_HPW),
    NVME_FEATURE(PowerManagementCdw11, Ps, NVME_FEAT_PWRMGMT_PS),
    NVME_FEATURE(PowerManagementCdw11, Wh, NVME_FEAT_PWRMGMT_WH),
    NVME_FEATURE(TemperatureThresholdCdw11, Tmpth, NVME_FEAT_TT_TMPTH),
    NVME_FEATURE(TemperatureThresholdCdw11, Tmpsel, NVME_FEAT_TT_TMPSEL),
    NVME_FEATURE(TemperatureThresholdCdw11, Thsel, NVME_FEAT_TT_THSEL),
    NVME_FEATURE(ErrorRecoveryCdw11, Tler, NVME_FEAT_ERROR_RECOVERY_TLER),
    NVME_FEATURE(ErrorRecoveryCdw11, Dulbe, NVME_FEAT_ERROR_RECOVERY_DULBE),
    NVME_FEATURE(VolatileWriteCacheCdw11, Wce, NVME_FEAT_VWC_WCE),
    NVME_FEATURE(NumberOfQueuesCdw11, Nsqr, NVME_FEAT_NRQS_NSQR),
    NVME_FEATURE(NumberOfQueuesCdw11, Ncqr, NVME_FEAT_NRQS_NCQR),
    NVME_FEATURE(InterruptCoalescingCdw11, Thr, NVME_FEAT_IRQC_THR),
    NVME_FEATURE(InterruptCoalescingCdw11, Time, NVME_FEAT_IRQC_TIME),
    NVME_FEATURE(InterruptVectorConfigCdw11, Iv, NVME_FEAT_ICFG_IV),
    NVME_FEATURE(InterruptVectorConfigCdw11, Cd, NVME_FEAT_ICFG_CD),
    NVME_FEATURE(WriteAtomicityNormalCdw11, Dn, NVME_FEAT_WA_DN),
    NVME_FEATURE(AsyncEventConfigCdw11, SmartCriticalWarnings, NVME_FEAT_AE_SMART),
    NVME_FEATURE(AsyncEventConfigCdw11, NamespaceAttribute, NVME_FEAT_AE_NAN),
    NVME_FEATURE(AsyncEventConfigCdw11, FirmwareActivation, NVME_FEAT_AE_FW),
    NVME_FEATURE(AsyncEventConfigCdw11, EnduranceGroup, NVME_FEAT_AE_EGA),
    NVME_FEATURE(AutonomousTransitionCdw11, Apste, NVME_FEAT_APST_APSTE),
    NVME_FEATURE(SoftwareProgressMarkerCdw11, Pbslc, NVME_FEAT_SPM_PBSLC),
    NVME_FEATURE(HostIdentifierCdw11, Exhid, NVME_FEAT_HOSTID_EXHID),
    NVME_FEATURE(ReservationNotificationMaskCdw11, Regpre, NVME_FEAT_RM_REGPRE),
    NVME_FEATURE(ReservationNotificationMaskCdw11, Resrel, NVME_FEAT_RM_RESREL),
    NVME_FEATURE(ReservationNotificationMaskCdw11, Respre, NVME_FEAT_RM_RESPRE),
    NVME_FEATURE(ReservationPersistenceCdw11, Ptpl, NVME_FEAT_RP_PTPL),
    NVME_FEATURE(IoCommandSetProfileCdw11, Iocsci, NVME_FEAT_IOCSP_IOCSCI),
};

void expect_places(const PlaceRow* begin, const PlaceRow* end) {
    for (const PlaceRow* row = begin; row != end; ++row) {
        EXPECT_EQ(row->ours.raw() & 0xffu, row->byte) << row->name;
        EXPECT_EQ(row->ours.raw() >> 8, row->bit) << row->name;
    }
}

TEST(Locations, FieldsOfCommandsAreAtTheByteAndBitThatTheSpecificationPrints) {
    expect_places(std::begin(kPlaces), std::end(kPlaces));
}

TEST(Locations, FieldsOfFeaturesAreWhereLibnvmeShiftsThem) {
    expect_places(std::begin(kFeatures), std::end(kFeatures));
}

TEST(Locations, NoFieldIsAllOnes) {
    EXPECT_EQ(Location{}.raw(), 0xffff);
    EXPECT_EQ(CommandError{}.parameter.raw(), 0xffff);
}

TEST(Locations, ANumberIsNone) {
    EXPECT_FALSE((std::is_constructible_v<Location, int>));
    EXPECT_FALSE((std::is_convertible_v<std::uint16_t, Location>));
}

}  // namespace
}  // namespace nvme::spec
