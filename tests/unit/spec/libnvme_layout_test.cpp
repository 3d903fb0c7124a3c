// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>

#include <gtest/gtest.h>
#include <nvme/types.h>

#include "models/nvme/spec/entries.h"
#include "models/nvme/spec/features.h"
#include "models/nvme/spec/identify.h"
#include "models/nvme/spec/logs.h"
#include "models/nvme/spec/media_logs.h"
#include "models/nvme/spec/nvm_commands.h"
#include "models/nvme/spec/reservations.h"
#include "models/nvme/spec/self_test.h"

namespace nvme::spec {
namespace {

struct SizeRow {
    const char* name;
    std::size_t ours;
    std::size_t theirs;
};

struct FieldRow {
    const char* name;
    std::size_t offset;
    std::size_t size;
    std::size_t their_offset;
    std::size_t their_size;
};

// offsetof and the names that a failure prints need the preprocessor.
#define NVME_SIZE(Ours, theirs) \
    { #Ours, sizeof(Ours), sizeof(theirs) }
#define NVME_FIELD(Ours, field, theirs, their_field)                   \
    FieldRow {                                                         \
#Ours "." #field, offsetof(Ours, field), sizeof(Ours::field),  \
            offsetof(theirs, their_field), sizeof(theirs::their_field) \
    }

constexpr SizeRow kSizes[] = {
    NVME_SIZE(PowerStateDescriptor, nvme_id_psd),
    NVME_SIZE(IdentifyController, nvme_id_ctrl),
    NVME_SIZE(IdentifyControllerNvm, nvme_id_ctrl_nvm),
    NVME_SIZE(IdentifyNamespace, nvme_id_ns),
    NVME_SIZE(IdentifyNamespaceIndependent, nvme_id_independent_id_ns),
    NVME_SIZE(IdentifyNamespaceNvm, nvme_nvm_id_ns),
    NVME_SIZE(NamespaceIdDescriptor, nvme_ns_id_desc),
    NVME_SIZE(NamespaceList, nvme_ns_list),
    NVME_SIZE(ControllerList, nvme_ctrl_list),
    NVME_SIZE(IdentifyIoCommandSets, nvme_id_iocs),
    NVME_SIZE(SupportedLogPages, nvme_supported_log_pages),
    NVME_SIZE(ErrorLogEntry, nvme_error_log_page),
    NVME_SIZE(SmartLog, nvme_smart_log),
    NVME_SIZE(EnduranceGroupLog, nvme_endurance_group_log),
    NVME_SIZE(FirmwareSlotLog, nvme_firmware_slot),
    NVME_SIZE(ChangedNamespaceList, nvme_ns_list),
    NVME_SIZE(CommandEffectsLog, nvme_cmd_effects_log),
    NVME_SIZE(FeatureEffectsLog, nvme_fid_supported_effects_log),
    NVME_SIZE(MiCommandEffectsLog, nvme_mi_cmd_supported_effects_log),
    NVME_SIZE(TimestampData, nvme_timestamp),
    NVME_SIZE(AutonomousTransitions, nvme_feat_auto_pst),
    NVME_SIZE(HostBehaviorSupport, nvme_feat_host_behavior),
    NVME_SIZE(DsmRange, nvme_dsm_range),
    NVME_SIZE(CopyRange, nvme_copy_range),
    NVME_SIZE(RegisteredController, nvme_registered_ctrl),
    NVME_SIZE(RegisteredControllerExtended, nvme_registered_ctrl_ext),
    NVME_SIZE(ReservationStatusExtended, nvme_resv_status),
    NVME_SIZE(ReservationNotificationLog, nvme_resv_notification_log),
    NVME_SIZE(SelfTestEntry, nvme_st_result),
    NVME_SIZE(DeviceSelfTestLog, nvme_self_test_log),
};

constexpr FieldRow kFields[] = {
    NVME_FIELD(PowerStateDescriptor, mp, nvme_id_psd, mp),
    NVME_FIELD(PowerStateDescriptor, rsvd2, nvme_id_psd, rsvd2),
    NVME_FIELD(PowerStateDescriptor, flags, nvme_id_psd, flags),
    NVME_FIELD(PowerStateDescriptor, enlat, nvme_id_psd, enlat),
    NVME_FIELD(PowerStateDescriptor, exlat, nvme_id_psd, exlat),
    NVME_FIELD(PowerStateDescriptor, rrt, nvme_id_psd, rrt),
    NVME_FIELD(PowerStateDescriptor, rrl, nvme_id_psd, rrl),
    NVME_FIELD(PowerStateDescriptor, rwt, nvme_id_psd, rwt),
    NVME_FIELD(PowerStateDescriptor, rwl, nvme_id_psd, rwl),
    NVME_FIELD(PowerStateDescriptor, idlp, nvme_id_psd, idlp),
    NVME_FIELD(PowerStateDescriptor, ips, nvme_id_psd, ips),
    NVME_FIELD(PowerStateDescriptor, rsvd19, nvme_id_psd, rsvd19),
    NVME_FIELD(PowerStateDescriptor, actp, nvme_id_psd, actp),
    NVME_FIELD(PowerStateDescriptor, apws, nvme_id_psd, apws),
    NVME_FIELD(PowerStateDescriptor, rsvd23, nvme_id_psd, rsvd23),
    NVME_FIELD(IdentifyController, vid, nvme_id_ctrl, vid),
    NVME_FIELD(IdentifyController, ssvid, nvme_id_ctrl, ssvid),
    NVME_FIELD(IdentifyController, sn, nvme_id_ctrl, sn),
    NVME_FIELD(IdentifyController, mn, nvme_id_ctrl, mn),
    NVME_FIELD(IdentifyController, fr, nvme_id_ctrl, fr),
    NVME_FIELD(IdentifyController, rab, nvme_id_ctrl, rab),
    NVME_FIELD(IdentifyController, ieee, nvme_id_ctrl, ieee),
    NVME_FIELD(IdentifyController, cmic, nvme_id_ctrl, cmic),
    NVME_FIELD(IdentifyController, mdts, nvme_id_ctrl, mdts),
    NVME_FIELD(IdentifyController, cntlid, nvme_id_ctrl, cntlid),
    NVME_FIELD(IdentifyController, ver, nvme_id_ctrl, ver),
    NVME_FIELD(IdentifyController, rtd3r, nvme_id_ctrl, rtd3r),
    NVME_FIELD(IdentifyController, rtd3e, nvme_id_ctrl, rtd3e),
    NVME_FIELD(IdentifyController, oaes, nvme_id_ctrl, oaes),
    NVME_FIELD(IdentifyController, ctratt, nvme_id_ctrl, ctratt),
    NVME_FIELD(IdentifyController, rrls, nvme_id_ctrl, rrls),
    NVME_FIELD(IdentifyController, rsvd102, nvme_id_ctrl, rsvd102),
    NVME_FIELD(IdentifyController, cntrltype, nvme_id_ctrl, cntrltype),
    NVME_FIELD(IdentifyController, fguid, nvme_id_ctrl, fguid),
    NVME_FIELD(IdentifyController, crdt1, nvme_id_ctrl, crdt1),
    NVME_FIELD(IdentifyController, crdt2, nvme_id_ctrl, crdt2),
    NVME_FIELD(IdentifyController, crdt3, nvme_id_ctrl, crdt3),
    NVME_FIELD(IdentifyController, rsvd134, nvme_id_ctrl, rsvd134),
    NVME_FIELD(IdentifyController, nvmsr, nvme_id_ctrl, nvmsr),
    NVME_FIELD(IdentifyController, vwci, nvme_id_ctrl, vwci),
    NVME_FIELD(IdentifyController, mec, nvme_id_ctrl, mec),
    NVME_FIELD(IdentifyController, oacs, nvme_id_ctrl, oacs),
    NVME_FIELD(IdentifyController, acl, nvme_id_ctrl, acl),
    NVME_FIELD(IdentifyController, aerl, nvme_id_ctrl, aerl),
    NVME_FIELD(IdentifyController, frmw, nvme_id_ctrl, frmw),
    NVME_FIELD(IdentifyController, lpa, nvme_id_ctrl, lpa),
    NVME_FIELD(IdentifyController, elpe, nvme_id_ctrl, elpe),
    NVME_FIELD(IdentifyController, npss, nvme_id_ctrl, npss),
    NVME_FIELD(IdentifyController, avscc, nvme_id_ctrl, avscc),
    NVME_FIELD(IdentifyController, apsta, nvme_id_ctrl, apsta),
    NVME_FIELD(IdentifyController, wctemp, nvme_id_ctrl, wctemp),
    NVME_FIELD(IdentifyController, cctemp, nvme_id_ctrl, cctemp),
    NVME_FIELD(IdentifyController, mtfa, nvme_id_ctrl, mtfa),
    NVME_FIELD(IdentifyController, hmpre, nvme_id_ctrl, hmpre),
    NVME_FIELD(IdentifyController, hmmin, nvme_id_ctrl, hmmin),
    NVME_FIELD(IdentifyController, tnvmcap, nvme_id_ctrl, tnvmcap),
    NVME_FIELD(IdentifyController, unvmcap, nvme_id_ctrl, unvmcap),
    NVME_FIELD(IdentifyController, rpmbs, nvme_id_ctrl, rpmbs),
    NVME_FIELD(IdentifyController, edstt, nvme_id_ctrl, edstt),
    NVME_FIELD(IdentifyController, dsto, nvme_id_ctrl, dsto),
    NVME_FIELD(IdentifyController, fwug, nvme_id_ctrl, fwug),
    NVME_FIELD(IdentifyController, kas, nvme_id_ctrl, kas),
    NVME_FIELD(IdentifyController, hctma, nvme_id_ctrl, hctma),
    NVME_FIELD(IdentifyController, mntmt, nvme_id_ctrl, mntmt),
    NVME_FIELD(IdentifyController, mxtmt, nvme_id_ctrl, mxtmt),
    NVME_FIELD(IdentifyController, sanicap, nvme_id_ctrl, sanicap),
    NVME_FIELD(IdentifyController, hmminds, nvme_id_ctrl, hmminds),
    NVME_FIELD(IdentifyController, hmmaxd, nvme_id_ctrl, hmmaxd),
    NVME_FIELD(IdentifyController, nsetidmax, nvme_id_ctrl, nsetidmax),
    NVME_FIELD(IdentifyController, endgidmax, nvme_id_ctrl, endgidmax),
    NVME_FIELD(IdentifyController, anatt, nvme_id_ctrl, anatt),
    NVME_FIELD(IdentifyController, anacap, nvme_id_ctrl, anacap),
    NVME_FIELD(IdentifyController, anagrpmax, nvme_id_ctrl, anagrpmax),
    NVME_FIELD(IdentifyController, nanagrpid, nvme_id_ctrl, nanagrpid),
    NVME_FIELD(IdentifyController, pels, nvme_id_ctrl, pels),
    NVME_FIELD(IdentifyController, domainid, nvme_id_ctrl, domainid),
    NVME_FIELD(IdentifyController, rsvd358, nvme_id_ctrl, rsvd358),
    NVME_FIELD(IdentifyController, megcap, nvme_id_ctrl, megcap),
    NVME_FIELD(IdentifyController, rsvd384, nvme_id_ctrl, rsvd384),
    NVME_FIELD(IdentifyController, sqes, nvme_id_ctrl, sqes),
    NVME_FIELD(IdentifyController, cqes, nvme_id_ctrl, cqes),
    NVME_FIELD(IdentifyController, maxcmd, nvme_id_ctrl, maxcmd),
    NVME_FIELD(IdentifyController, nn, nvme_id_ctrl, nn),
    NVME_FIELD(IdentifyController, oncs, nvme_id_ctrl, oncs),
    NVME_FIELD(IdentifyController, fuses, nvme_id_ctrl, fuses),
    NVME_FIELD(IdentifyController, fna, nvme_id_ctrl, fna),
    NVME_FIELD(IdentifyController, vwc, nvme_id_ctrl, vwc),
    NVME_FIELD(IdentifyController, awun, nvme_id_ctrl, awun),
    NVME_FIELD(IdentifyController, awupf, nvme_id_ctrl, awupf),
    NVME_FIELD(IdentifyController, icsvscc, nvme_id_ctrl, icsvscc),
    NVME_FIELD(IdentifyController, nwpc, nvme_id_ctrl, nwpc),
    NVME_FIELD(IdentifyController, acwu, nvme_id_ctrl, acwu),
    NVME_FIELD(IdentifyController, ocfs, nvme_id_ctrl, ocfs),
    NVME_FIELD(IdentifyController, sgls, nvme_id_ctrl, sgls),
    NVME_FIELD(IdentifyController, mnan, nvme_id_ctrl, mnan),
    NVME_FIELD(IdentifyController, maxdna, nvme_id_ctrl, maxdna),
    NVME_FIELD(IdentifyController, maxcna, nvme_id_ctrl, maxcna),
    NVME_FIELD(IdentifyController, rsvd564, nvme_id_ctrl, rsvd564),
    NVME_FIELD(IdentifyController, subnqn, nvme_id_ctrl, subnqn),
    NVME_FIELD(IdentifyController, rsvd1024, nvme_id_ctrl, rsvd1024),
    NVME_FIELD(IdentifyController, ioccsz, nvme_id_ctrl, ioccsz),
    NVME_FIELD(IdentifyController, iorcsz, nvme_id_ctrl, iorcsz),
    NVME_FIELD(IdentifyController, icdoff, nvme_id_ctrl, icdoff),
    NVME_FIELD(IdentifyController, fcatt, nvme_id_ctrl, fcatt),
    NVME_FIELD(IdentifyController, msdbd, nvme_id_ctrl, msdbd),
    NVME_FIELD(IdentifyController, ofcs, nvme_id_ctrl, ofcs),
    NVME_FIELD(IdentifyController, dctype, nvme_id_ctrl, dctype),
    NVME_FIELD(IdentifyController, rsvd1807, nvme_id_ctrl, rsvd1807),
    NVME_FIELD(IdentifyController, psd, nvme_id_ctrl, psd),
    NVME_FIELD(IdentifyController, vs, nvme_id_ctrl, vs),
    NVME_FIELD(IdentifyControllerNvm, vsl, nvme_id_ctrl_nvm, vsl),
    NVME_FIELD(IdentifyControllerNvm, wzsl, nvme_id_ctrl_nvm, wzsl),
    NVME_FIELD(IdentifyControllerNvm, wusl, nvme_id_ctrl_nvm, wusl),
    NVME_FIELD(IdentifyControllerNvm, dmrl, nvme_id_ctrl_nvm, dmrl),
    NVME_FIELD(IdentifyControllerNvm, dmrsl, nvme_id_ctrl_nvm, dmrsl),
    NVME_FIELD(IdentifyControllerNvm, dmsl, nvme_id_ctrl_nvm, dmsl),
    NVME_FIELD(IdentifyControllerNvm, rsvd16, nvme_id_ctrl_nvm, rsvd16),
    NVME_FIELD(IdentifyNamespace, nsze, nvme_id_ns, nsze),
    NVME_FIELD(IdentifyNamespace, ncap, nvme_id_ns, ncap),
    NVME_FIELD(IdentifyNamespace, nuse, nvme_id_ns, nuse),
    NVME_FIELD(IdentifyNamespace, nsfeat, nvme_id_ns, nsfeat),
    NVME_FIELD(IdentifyNamespace, nlbaf, nvme_id_ns, nlbaf),
    NVME_FIELD(IdentifyNamespace, flbas, nvme_id_ns, flbas),
    NVME_FIELD(IdentifyNamespace, mc, nvme_id_ns, mc),
    NVME_FIELD(IdentifyNamespace, dpc, nvme_id_ns, dpc),
    NVME_FIELD(IdentifyNamespace, dps, nvme_id_ns, dps),
    NVME_FIELD(IdentifyNamespace, nmic, nvme_id_ns, nmic),
    NVME_FIELD(IdentifyNamespace, rescap, nvme_id_ns, rescap),
    NVME_FIELD(IdentifyNamespace, fpi, nvme_id_ns, fpi),
    NVME_FIELD(IdentifyNamespace, dlfeat, nvme_id_ns, dlfeat),
    NVME_FIELD(IdentifyNamespace, nawun, nvme_id_ns, nawun),
    NVME_FIELD(IdentifyNamespace, nawupf, nvme_id_ns, nawupf),
    NVME_FIELD(IdentifyNamespace, nacwu, nvme_id_ns, nacwu),
    NVME_FIELD(IdentifyNamespace, nabsn, nvme_id_ns, nabsn),
    NVME_FIELD(IdentifyNamespace, nabo, nvme_id_ns, nabo),
    NVME_FIELD(IdentifyNamespace, nabspf, nvme_id_ns, nabspf),
    NVME_FIELD(IdentifyNamespace, noiob, nvme_id_ns, noiob),
    NVME_FIELD(IdentifyNamespace, nvmcap, nvme_id_ns, nvmcap),
    NVME_FIELD(IdentifyNamespace, npwg, nvme_id_ns, npwg),
    NVME_FIELD(IdentifyNamespace, npwa, nvme_id_ns, npwa),
    NVME_FIELD(IdentifyNamespace, npdg, nvme_id_ns, npdg),
    NVME_FIELD(IdentifyNamespace, npda, nvme_id_ns, npda),
    NVME_FIELD(IdentifyNamespace, nows, nvme_id_ns, nows),
    NVME_FIELD(IdentifyNamespace, mssrl, nvme_id_ns, mssrl),
    NVME_FIELD(IdentifyNamespace, mcl, nvme_id_ns, mcl),
    NVME_FIELD(IdentifyNamespace, msrc, nvme_id_ns, msrc),
    NVME_FIELD(IdentifyNamespace, rsvd81, nvme_id_ns, rsvd81),
    NVME_FIELD(IdentifyNamespace, nulbaf, nvme_id_ns, nulbaf),
    NVME_FIELD(IdentifyNamespace, rsvd83, nvme_id_ns, rsvd83),
    NVME_FIELD(IdentifyNamespace, anagrpid, nvme_id_ns, anagrpid),
    NVME_FIELD(IdentifyNamespace, rsvd96, nvme_id_ns, rsvd96),
    NVME_FIELD(IdentifyNamespace, nsattr, nvme_id_ns, nsattr),
    NVME_FIELD(IdentifyNamespace, nvmsetid, nvme_id_ns, nvmsetid),
    NVME_FIELD(IdentifyNamespace, endgid, nvme_id_ns, endgid),
    NVME_FIELD(IdentifyNamespace, nguid, nvme_id_ns, nguid),
    NVME_FIELD(IdentifyNamespace, eui64, nvme_id_ns, eui64),
    NVME_FIELD(IdentifyNamespace, lbaf, nvme_id_ns, lbaf),
    NVME_FIELD(IdentifyNamespaceIndependent, nsfeat, nvme_id_independent_id_ns, nsfeat),
    NVME_FIELD(IdentifyNamespaceIndependent, nmic, nvme_id_independent_id_ns, nmic),
    NVME_FIELD(IdentifyNamespaceIndependent, rescap, nvme_id_independent_id_ns, rescap),
    NVME_FIELD(IdentifyNamespaceIndependent, fpi, nvme_id_independent_id_ns, fpi),
    NVME_FIELD(IdentifyNamespaceIndependent, anagrpid, nvme_id_independent_id_ns, anagrpid),
    NVME_FIELD(IdentifyNamespaceIndependent, nsattr, nvme_id_independent_id_ns, nsattr),
    NVME_FIELD(IdentifyNamespaceIndependent, rsvd9, nvme_id_independent_id_ns, rsvd9),
    NVME_FIELD(IdentifyNamespaceIndependent, nvmsetid, nvme_id_independent_id_ns, nvmsetid),
    NVME_FIELD(IdentifyNamespaceIndependent, endgid, nvme_id_independent_id_ns, endgid),
    NVME_FIELD(IdentifyNamespaceIndependent, nstat, nvme_id_independent_id_ns, nstat),
    NVME_FIELD(IdentifyNamespaceIndependent, rsvd15, nvme_id_independent_id_ns, rsvd15),
    NVME_FIELD(IdentifyNamespaceNvm, lbstm, nvme_nvm_id_ns, lbstm),
    NVME_FIELD(IdentifyNamespaceNvm, pic, nvme_nvm_id_ns, pic),
    NVME_FIELD(IdentifyNamespaceNvm, rsvd9, nvme_nvm_id_ns, rsvd9),
    NVME_FIELD(IdentifyNamespaceNvm, elbaf, nvme_nvm_id_ns, elbaf),
    NVME_FIELD(IdentifyNamespaceNvm, rsvd268, nvme_nvm_id_ns, rsvd268),
    NVME_FIELD(NamespaceIdDescriptor, nidt, nvme_ns_id_desc, nidt),
    NVME_FIELD(NamespaceIdDescriptor, nidl, nvme_ns_id_desc, nidl),
    NVME_FIELD(NamespaceIdDescriptor, rsvd2, nvme_ns_id_desc, rsvd),
    NVME_FIELD(NamespaceList, nsid, nvme_ns_list, ns),
    NVME_FIELD(ControllerList, num, nvme_ctrl_list, num),
    NVME_FIELD(ControllerList, cntlid, nvme_ctrl_list, identifier),
    NVME_FIELD(IdentifyIoCommandSets, iocsc, nvme_id_iocs, iocsc),
    NVME_FIELD(SupportedLogPages, lids, nvme_supported_log_pages, lid_support),
    NVME_FIELD(ErrorLogEntry, error_count, nvme_error_log_page, error_count),
    NVME_FIELD(ErrorLogEntry, sqid, nvme_error_log_page, sqid),
    NVME_FIELD(ErrorLogEntry, cid, nvme_error_log_page, cmdid),
    NVME_FIELD(ErrorLogEntry, status, nvme_error_log_page, status_field),
    NVME_FIELD(ErrorLogEntry, parameter_error_location, nvme_error_log_page, parm_error_location),
    NVME_FIELD(ErrorLogEntry, lba, nvme_error_log_page, lba),
    NVME_FIELD(ErrorLogEntry, nsid, nvme_error_log_page, nsid),
    NVME_FIELD(ErrorLogEntry, vsia, nvme_error_log_page, vs),
    NVME_FIELD(ErrorLogEntry, trtype, nvme_error_log_page, trtype),
    NVME_FIELD(ErrorLogEntry, rsvd30, nvme_error_log_page, rsvd),
    NVME_FIELD(ErrorLogEntry, command_specific, nvme_error_log_page, cs),
    NVME_FIELD(ErrorLogEntry, transport_specific, nvme_error_log_page, trtype_spec_info),
    NVME_FIELD(ErrorLogEntry, rsvd42, nvme_error_log_page, rsvd2),
    NVME_FIELD(SmartLog, critical_warning, nvme_smart_log, critical_warning),
    NVME_FIELD(SmartLog, composite_temperature, nvme_smart_log, temperature),
    NVME_FIELD(SmartLog, available_spare, nvme_smart_log, avail_spare),
    NVME_FIELD(SmartLog, available_spare_threshold, nvme_smart_log, spare_thresh),
    NVME_FIELD(SmartLog, percentage_used, nvme_smart_log, percent_used),
    NVME_FIELD(SmartLog, endurance_group_warnings, nvme_smart_log, endu_grp_crit_warn_sumry),
    NVME_FIELD(SmartLog, rsvd7, nvme_smart_log, rsvd7),
    NVME_FIELD(SmartLog, data_units_read, nvme_smart_log, data_units_read),
    NVME_FIELD(SmartLog, data_units_written, nvme_smart_log, data_units_written),
    NVME_FIELD(SmartLog, host_read_commands, nvme_smart_log, host_reads),
    NVME_FIELD(SmartLog, host_write_commands, nvme_smart_log, host_writes),
    NVME_FIELD(SmartLog, controller_busy_time, nvme_smart_log, ctrl_busy_time),
    NVME_FIELD(SmartLog, power_cycles, nvme_smart_log, power_cycles),
    NVME_FIELD(SmartLog, power_on_hours, nvme_smart_log, power_on_hours),
    NVME_FIELD(SmartLog, unsafe_shutdowns, nvme_smart_log, unsafe_shutdowns),
    NVME_FIELD(SmartLog, media_errors, nvme_smart_log, media_errors),
    NVME_FIELD(SmartLog, error_log_entries, nvme_smart_log, num_err_log_entries),
    NVME_FIELD(SmartLog, warning_temperature_time, nvme_smart_log, warning_temp_time),
    NVME_FIELD(SmartLog, critical_temperature_time, nvme_smart_log, critical_comp_time),
    NVME_FIELD(SmartLog, temperature_sensor, nvme_smart_log, temp_sensor),
    NVME_FIELD(SmartLog, tmt1_transitions, nvme_smart_log, thm_temp1_trans_count),
    NVME_FIELD(SmartLog, tmt2_transitions, nvme_smart_log, thm_temp2_trans_count),
    NVME_FIELD(SmartLog, tmt1_time, nvme_smart_log, thm_temp1_total_time),
    NVME_FIELD(SmartLog, tmt2_time, nvme_smart_log, thm_temp2_total_time),
    NVME_FIELD(SmartLog, rsvd232, nvme_smart_log, rsvd232),
    NVME_FIELD(EnduranceGroupLog, critical_warning, nvme_endurance_group_log, critical_warning),
    NVME_FIELD(EnduranceGroupLog, rsvd1, nvme_endurance_group_log, rsvd1),
    NVME_FIELD(EnduranceGroupLog, available_spare, nvme_endurance_group_log, avl_spare),
    NVME_FIELD(EnduranceGroupLog, available_spare_threshold, nvme_endurance_group_log,
               avl_spare_threshold),
    NVME_FIELD(EnduranceGroupLog, percentage_used, nvme_endurance_group_log, percent_used),
    NVME_FIELD(EnduranceGroupLog, rsvd6, nvme_endurance_group_log, rsvd6),
    NVME_FIELD(EnduranceGroupLog, endurance_estimate, nvme_endurance_group_log, endurance_estimate),
    NVME_FIELD(EnduranceGroupLog, data_units_read, nvme_endurance_group_log, data_units_read),
    NVME_FIELD(EnduranceGroupLog, data_units_written, nvme_endurance_group_log, data_units_written),
    NVME_FIELD(EnduranceGroupLog, media_units_written, nvme_endurance_group_log,
               media_units_written),
    NVME_FIELD(EnduranceGroupLog, host_read_commands, nvme_endurance_group_log, host_read_cmds),
    NVME_FIELD(EnduranceGroupLog, host_write_commands, nvme_endurance_group_log, host_write_cmds),
    NVME_FIELD(EnduranceGroupLog, media_errors, nvme_endurance_group_log, media_data_integrity_err),
    NVME_FIELD(EnduranceGroupLog, error_log_entries, nvme_endurance_group_log,
               num_err_info_log_entries),
    NVME_FIELD(EnduranceGroupLog, rsvd160, nvme_endurance_group_log, rsvd160),
    NVME_FIELD(FirmwareSlotLog, afi, nvme_firmware_slot, afi),
    NVME_FIELD(FirmwareSlotLog, rsvd1, nvme_firmware_slot, rsvd1),
    NVME_FIELD(FirmwareSlotLog, frs, nvme_firmware_slot, frs),
    NVME_FIELD(FirmwareSlotLog, rsvd64, nvme_firmware_slot, rsvd2),
    NVME_FIELD(ChangedNamespaceList, nsid, nvme_ns_list, ns),
    NVME_FIELD(CommandEffectsLog, acs, nvme_cmd_effects_log, acs),
    NVME_FIELD(CommandEffectsLog, iocs, nvme_cmd_effects_log, iocs),
    NVME_FIELD(CommandEffectsLog, rsvd2048, nvme_cmd_effects_log, rsvd),
    NVME_FIELD(FeatureEffectsLog, fids, nvme_fid_supported_effects_log, fid_support),
    NVME_FIELD(MiCommandEffectsLog, cmds, nvme_mi_cmd_supported_effects_log, mi_cmd_support),
    NVME_FIELD(MiCommandEffectsLog, rsvd1024, nvme_mi_cmd_supported_effects_log, reserved1),
    NVME_FIELD(TimestampData, timestamp, nvme_timestamp, timestamp),
    NVME_FIELD(TimestampData, attr, nvme_timestamp, attr),
    NVME_FIELD(TimestampData, rsvd7, nvme_timestamp, rsvd),
    NVME_FIELD(HostBehaviorSupport, acre, nvme_feat_host_behavior, acre),
    NVME_FIELD(DsmRange, cattr, nvme_dsm_range, cattr),
    NVME_FIELD(DsmRange, nlb, nvme_dsm_range, nlb),
    NVME_FIELD(DsmRange, slba, nvme_dsm_range, slba),
    NVME_FIELD(CopyRange, rsvd0, nvme_copy_range, rsvd0),
    NVME_FIELD(CopyRange, slba, nvme_copy_range, slba),
    NVME_FIELD(CopyRange, nlb, nvme_copy_range, nlb),
    NVME_FIELD(CopyRange, rsvd18, nvme_copy_range, rsvd18),
    NVME_FIELD(CopyRange, eilbrt, nvme_copy_range, eilbrt),
    NVME_FIELD(RegisteredController, cntlid, nvme_registered_ctrl, cntlid),
    NVME_FIELD(RegisteredController, rcsts, nvme_registered_ctrl, rcsts),
    NVME_FIELD(RegisteredController, rsvd3, nvme_registered_ctrl, rsvd3),
    NVME_FIELD(RegisteredController, hostid, nvme_registered_ctrl, hostid),
    NVME_FIELD(RegisteredController, rkey, nvme_registered_ctrl, rkey),
    NVME_FIELD(RegisteredControllerExtended, cntlid, nvme_registered_ctrl_ext, cntlid),
    NVME_FIELD(RegisteredControllerExtended, rcsts, nvme_registered_ctrl_ext, rcsts),
    NVME_FIELD(RegisteredControllerExtended, rsvd3, nvme_registered_ctrl_ext, rsvd3),
    NVME_FIELD(RegisteredControllerExtended, rkey, nvme_registered_ctrl_ext, rkey),
    NVME_FIELD(RegisteredControllerExtended, hostid, nvme_registered_ctrl_ext, hostid),
    NVME_FIELD(RegisteredControllerExtended, rsvd32, nvme_registered_ctrl_ext, rsvd32),
    NVME_FIELD(ReservationStatus, gen, nvme_resv_status, gen),
    NVME_FIELD(ReservationStatus, rtype, nvme_resv_status, rtype),
    NVME_FIELD(ReservationStatus, regctl, nvme_resv_status, regctl),
    NVME_FIELD(ReservationStatus, rsvd7, nvme_resv_status, rsvd7),
    NVME_FIELD(ReservationStatus, ptpls, nvme_resv_status, ptpls),
    NVME_FIELD(ReservationStatus, rsvd10, nvme_resv_status, rsvd10),
    NVME_FIELD(ReservationStatusExtended, rsvd24, nvme_resv_status, rsvd24),
    NVME_FIELD(ReservationNotificationLog, lpc, nvme_resv_notification_log, lpc),
    NVME_FIELD(ReservationNotificationLog, rnlpt, nvme_resv_notification_log, rnlpt),
    NVME_FIELD(ReservationNotificationLog, nalp, nvme_resv_notification_log, nalp),
    NVME_FIELD(ReservationNotificationLog, rsvd10, nvme_resv_notification_log, rsvd9),
    NVME_FIELD(ReservationNotificationLog, nsid, nvme_resv_notification_log, nsid),
    NVME_FIELD(ReservationNotificationLog, rsvd16, nvme_resv_notification_log, rsvd16),
    NVME_FIELD(SelfTestEntry, status, nvme_st_result, dsts),
    NVME_FIELD(SelfTestEntry, segment, nvme_st_result, seg),
    NVME_FIELD(SelfTestEntry, valid, nvme_st_result, vdi),
    NVME_FIELD(SelfTestEntry, power_on_hours, nvme_st_result, poh),
    NVME_FIELD(SelfTestEntry, nsid, nvme_st_result, nsid),
    NVME_FIELD(SelfTestEntry, failing_lba, nvme_st_result, flba),
    NVME_FIELD(SelfTestEntry, status_code_type, nvme_st_result, sct),
    NVME_FIELD(SelfTestEntry, status_code, nvme_st_result, sc),
    NVME_FIELD(SelfTestEntry, vendor, nvme_st_result, vs),
    NVME_FIELD(DeviceSelfTestLog, operation, nvme_self_test_log, current_operation),
    NVME_FIELD(DeviceSelfTestLog, completion, nvme_self_test_log, completion),
    NVME_FIELD(DeviceSelfTestLog, results, nvme_self_test_log, result),
};

TEST(LibnvmeLayout, StructuresHaveTheSameSize) {
    for (const SizeRow& row : kSizes) {
        EXPECT_EQ(row.ours, row.theirs) << row.name;
    }
}

TEST(LibnvmeLayout, FieldsHaveTheSameOffsetAndSize) {
    for (const FieldRow& row : kFields) {
        EXPECT_EQ(row.offset, row.their_offset) << row.name;
        EXPECT_EQ(row.size, row.their_size) << row.name;
    }
}

// Where libnvme 1.3 and the specification differ, the specification decides.

// libnvme swaps the two tags. [NVM-Command-Set-1.0 3.2.2 Copy command]
TEST(LibnvmeLayout, CopyRangeHasTheApplicationTagBeforeItsMask) {
    EXPECT_EQ(offsetof(CopyRange, elbat), 28u);
    EXPECT_EQ(offsetof(CopyRange, elbatm), 30u);
}

// libnvme puts LBSTM in front of them, which the ratified text has in CNS 05h only.
// [NVM-Command-Set-1.0 4.1.5.1]
TEST(LibnvmeLayout, VendorBytesOfIdentifyNamespaceFollowTheFormats) {
    EXPECT_EQ(offsetof(IdentifyNamespace, vs), 384u);
    EXPECT_EQ(sizeof(IdentifyNamespace::vs), 3712u);
}

// libnvme knows ACRE alone. [NVM-Command-Set-1.0 4.1.3.4 Host Behavior Support]
TEST(LibnvmeLayout, HostBehaviorHasLbaFormatExtensionEnableInByteTwo) {
    EXPECT_EQ(offsetof(HostBehaviorSupport, lbafee), 2u);
}

// libnvme has no queue entries; it hands commands to the kernel.
TEST(LibnvmeLayout, QueueEntriesHaveTheSizesThatCcIosqesSixAndIocqesFourSelect) {
    EXPECT_EQ(sizeof(SubmissionEntry), std::size_t{1} << 6);
    EXPECT_EQ(sizeof(CompletionEntry), std::size_t{1} << 4);
}

}  // namespace
}  // namespace nvme::spec
