// SPDX-License-Identifier: Apache-2.0
#include "platform/driver/command_builders.h"

#include "models/nvme/spec/commands.h"

namespace platform::commands {

namespace {

spec::SubmissionEntry with_opcode(std::uint8_t opcode, std::uint32_t nsid) {
    spec::SubmissionEntry entry{};
    entry.cdw0 = spec::Cdw0{}.with<spec::Cdw0::Opcode>(opcode).raw;
    entry.nsid = nsid;
    return entry;
}

/// SLBA and NLB are in the same place in all commands that have them.
spec::SubmissionEntry block_command(spec::NvmOpcode opcode, std::uint32_t nsid, std::uint64_t slba,
                                    std::uint32_t blocks, bool fua) {
    using Cdw12 = spec::ReadWriteCdw12;
    spec::SubmissionEntry entry = make(opcode, nsid);
    entry.cdw10 = static_cast<std::uint32_t>(slba);
    entry.cdw11 = static_cast<std::uint32_t>(slba >> 32);
    entry.cdw12 = Cdw12{}.with<Cdw12::Nlb>(blocks - 1).with<Cdw12::Fua>(fua).raw;
    return entry;
}

}  // namespace

spec::SubmissionEntry make(spec::AdminOpcode opcode, std::uint32_t nsid) {
    return with_opcode(static_cast<std::uint8_t>(opcode), nsid);
}

spec::SubmissionEntry make(spec::NvmOpcode opcode, std::uint32_t nsid) {
    return with_opcode(static_cast<std::uint8_t>(opcode), nsid);
}

spec::SubmissionEntry identify(spec::Cns cns, std::uint32_t nsid, spec::Csi csi,
                               std::uint16_t cntid) {
    using Cdw10 = spec::IdentifyCdw10;
    using Cdw11 = spec::IdentifyCdw11;
    spec::SubmissionEntry entry = make(spec::AdminOpcode::kIdentify, nsid);
    entry.cdw10 =
        Cdw10{}.with<Cdw10::Cns>(static_cast<std::uint8_t>(cns)).with<Cdw10::Cntid>(cntid).raw;
    entry.cdw11 = Cdw11{}.with<Cdw11::Csi>(static_cast<std::uint8_t>(csi)).raw;
    return entry;
}

spec::SubmissionEntry get_log_page(const LogRequest& request) {
    using Cdw10 = spec::GetLogPageCdw10;
    using Cdw11 = spec::GetLogPageCdw11;
    using Cdw14 = spec::GetLogPageCdw14;
    const std::uint64_t dwords_z = request.bytes / 4 - 1;
    spec::SubmissionEntry entry = make(spec::AdminOpcode::kGetLogPage, request.nsid);
    entry.cdw10 = Cdw10{}
                      .with<Cdw10::Lid>(static_cast<std::uint8_t>(request.lid))
                      .with<Cdw10::Lsp>(request.specific)
                      .with<Cdw10::Rae>(request.retain_event)
                      .with<Cdw10::Numdl>(static_cast<std::uint32_t>(dwords_z & 0xffff))
                      .raw;
    entry.cdw11 =
        Cdw11{}.with<Cdw11::Numdu>(static_cast<std::uint32_t>((dwords_z >> 16) & 0xffff)).raw;
    entry.cdw12 = static_cast<std::uint32_t>(request.offset);
    entry.cdw13 = static_cast<std::uint32_t>(request.offset >> 32);
    entry.cdw14 = Cdw14{}.with<Cdw14::Csi>(request.csi).raw;
    return entry;
}

spec::SubmissionEntry set_features(spec::FeatureId fid, std::uint32_t cdw11, bool save,
                                   std::uint32_t nsid) {
    using Cdw10 = spec::SetFeaturesCdw10;
    spec::SubmissionEntry entry = make(spec::AdminOpcode::kSetFeatures, nsid);
    entry.cdw10 =
        Cdw10{}.with<Cdw10::Fid>(static_cast<std::uint8_t>(fid)).with<Cdw10::Sv>(save).raw;
    entry.cdw11 = cdw11;
    return entry;
}

spec::SubmissionEntry get_features(spec::FeatureId fid, spec::FeatureSelect select,
                                   std::uint32_t cdw11, std::uint32_t nsid) {
    using Cdw10 = spec::GetFeaturesCdw10;
    spec::SubmissionEntry entry = make(spec::AdminOpcode::kGetFeatures, nsid);
    entry.cdw10 = Cdw10{}
                      .with<Cdw10::Fid>(static_cast<std::uint8_t>(fid))
                      .with<Cdw10::Sel>(static_cast<std::uint32_t>(select))
                      .raw;
    entry.cdw11 = cdw11;
    return entry;
}

spec::SubmissionEntry abort(std::uint16_t sqid, std::uint16_t cid) {
    using Cdw10 = spec::AbortCdw10;
    spec::SubmissionEntry entry = make(spec::AdminOpcode::kAbort);
    entry.cdw10 = Cdw10{}.with<Cdw10::Sqid>(sqid).with<Cdw10::Cid>(cid).raw;
    return entry;
}

spec::SubmissionEntry read(std::uint32_t nsid, std::uint64_t slba, std::uint32_t blocks, bool fua) {
    return block_command(spec::NvmOpcode::kRead, nsid, slba, blocks, fua);
}

spec::SubmissionEntry write(std::uint32_t nsid, std::uint64_t slba, std::uint32_t blocks,
                            bool fua) {
    return block_command(spec::NvmOpcode::kWrite, nsid, slba, blocks, fua);
}

spec::SubmissionEntry compare(std::uint32_t nsid, std::uint64_t slba, std::uint32_t blocks,
                              bool fua) {
    return block_command(spec::NvmOpcode::kCompare, nsid, slba, blocks, fua);
}

spec::SubmissionEntry verify(std::uint32_t nsid, std::uint64_t slba, std::uint32_t blocks) {
    return block_command(spec::NvmOpcode::kVerify, nsid, slba, blocks, false);
}

spec::SubmissionEntry write_zeroes(std::uint32_t nsid, std::uint64_t slba, std::uint32_t blocks,
                                   bool deallocate, bool fua) {
    using Cdw12 = spec::WriteZeroesCdw12;
    spec::SubmissionEntry entry =
        block_command(spec::NvmOpcode::kWriteZeroes, nsid, slba, blocks, fua);
    entry.cdw12 = Cdw12::from(entry.cdw12).with<Cdw12::Deac>(deallocate).raw;
    return entry;
}

spec::SubmissionEntry flush(std::uint32_t nsid) {
    return make(spec::NvmOpcode::kFlush, nsid);
}

spec::SubmissionEntry dataset_management(std::uint32_t nsid, unsigned ranges, bool deallocate) {
    spec::SubmissionEntry entry = make(spec::NvmOpcode::kDatasetManagement, nsid);
    entry.cdw10 = spec::DsmCdw10{}.with<spec::DsmCdw10::Nr>(ranges - 1).raw;
    entry.cdw11 = spec::DsmCdw11{}.with<spec::DsmCdw11::Ad>(deallocate).raw;
    return entry;
}

spec::SubmissionEntry reservation_register(std::uint32_t nsid,
                                           spec::ReservationRegisterAction action, bool ignore_key,
                                           spec::ChangePtpl ptpl) {
    using Cdw10 = spec::ReservationRegisterCdw10;
    spec::SubmissionEntry entry = make(spec::NvmOpcode::kReservationRegister, nsid);
    entry.cdw10 = Cdw10{}
                      .with<Cdw10::Rrega>(action)
                      .with<Cdw10::Iekey>(ignore_key)
                      .with<Cdw10::Cptpl>(ptpl)
                      .raw;
    return entry;
}

spec::SubmissionEntry reservation_acquire(std::uint32_t nsid, spec::ReservationAcquireAction action,
                                          spec::ReservationType type) {
    using Cdw10 = spec::ReservationAcquireCdw10;
    spec::SubmissionEntry entry = make(spec::NvmOpcode::kReservationAcquire, nsid);
    entry.cdw10 = Cdw10{}.with<Cdw10::Racqa>(action).with<Cdw10::Rtype>(type).raw;
    return entry;
}

spec::SubmissionEntry reservation_release(std::uint32_t nsid, spec::ReservationReleaseAction action,
                                          spec::ReservationType type) {
    using Cdw10 = spec::ReservationReleaseCdw10;
    spec::SubmissionEntry entry = make(spec::NvmOpcode::kReservationRelease, nsid);
    entry.cdw10 = Cdw10{}.with<Cdw10::Rrela>(action).with<Cdw10::Rtype>(type).raw;
    return entry;
}

spec::SubmissionEntry reservation_report(std::uint32_t nsid, std::uint64_t bytes, bool extended) {
    using Cdw11 = spec::ReservationReportCdw11;
    spec::SubmissionEntry entry = make(spec::NvmOpcode::kReservationReport, nsid);
    entry.cdw10 = static_cast<std::uint32_t>(bytes / 4 - 1);
    entry.cdw11 = Cdw11{}.with<Cdw11::Eds>(extended).raw;
    return entry;
}

}  // namespace platform::commands
