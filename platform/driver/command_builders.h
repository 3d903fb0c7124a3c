// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>

#include "models/nvme/spec/entries.h"
#include "models/nvme/spec/features.h"
#include "models/nvme/spec/identify.h"
#include "models/nvme/spec/logs.h"
#include "models/nvme/spec/opcodes.h"
#include "models/nvme/spec/reservations.h"

/// Submission queue entries without data pointer and command identifier, which the driver adds.
/// Counts are in plain numbers here; the zero-based fields are made inside.
namespace platform::commands {

namespace spec = nvme::spec;

[[nodiscard]] spec::SubmissionEntry make(spec::AdminOpcode opcode, std::uint32_t nsid = 0);
[[nodiscard]] spec::SubmissionEntry make(spec::NvmOpcode opcode, std::uint32_t nsid);

[[nodiscard]] spec::SubmissionEntry identify(spec::Cns cns, std::uint32_t nsid = 0,
                                             spec::Csi csi = spec::Csi::kNvm,
                                             std::uint16_t cntid = 0);

/// `bytes` is a multiple of 4, not 0.
struct LogRequest {
    spec::LogId lid;
    std::uint64_t bytes = 0;
    std::uint64_t offset = 0;
    std::uint32_t nsid = spec::kNsidBroadcast;
    bool retain_event = false;
    std::uint8_t specific = 0;
    std::uint8_t csi = 0;
};
[[nodiscard]] spec::SubmissionEntry get_log_page(const LogRequest& request);

[[nodiscard]] spec::SubmissionEntry set_features(spec::FeatureId fid, std::uint32_t cdw11,
                                                 bool save = false, std::uint32_t nsid = 0);
[[nodiscard]] spec::SubmissionEntry get_features(
    spec::FeatureId fid, spec::FeatureSelect select = spec::FeatureSelect::kCurrent,
    std::uint32_t cdw11 = 0, std::uint32_t nsid = 0);

[[nodiscard]] spec::SubmissionEntry abort(std::uint16_t sqid, std::uint16_t cid);

/// `blocks` is 1 to 65536.
[[nodiscard]] spec::SubmissionEntry read(std::uint32_t nsid, std::uint64_t slba,
                                         std::uint32_t blocks, bool fua = false);
[[nodiscard]] spec::SubmissionEntry write(std::uint32_t nsid, std::uint64_t slba,
                                          std::uint32_t blocks, bool fua = false);
[[nodiscard]] spec::SubmissionEntry compare(std::uint32_t nsid, std::uint64_t slba,
                                            std::uint32_t blocks, bool fua = false);
[[nodiscard]] spec::SubmissionEntry verify(std::uint32_t nsid, std::uint64_t slba,
                                           std::uint32_t blocks);
[[nodiscard]] spec::SubmissionEntry write_zeroes(std::uint32_t nsid, std::uint64_t slba,
                                                 std::uint32_t blocks, bool deallocate = false,
                                                 bool fua = false);
[[nodiscard]] spec::SubmissionEntry flush(std::uint32_t nsid);
/// `ranges` is 1 to 256; the ranges themselves are the data of the command.
[[nodiscard]] spec::SubmissionEntry dataset_management(std::uint32_t nsid, unsigned ranges,
                                                       bool deallocate = true);

// Reservations. The keys are the data of the commands.
[[nodiscard]] spec::SubmissionEntry reservation_register(
    std::uint32_t nsid, spec::ReservationRegisterAction action, bool ignore_key = false,
    spec::ChangePtpl ptpl = spec::ChangePtpl::kNoChange);
[[nodiscard]] spec::SubmissionEntry reservation_acquire(std::uint32_t nsid,
                                                        spec::ReservationAcquireAction action,
                                                        spec::ReservationType type);
[[nodiscard]] spec::SubmissionEntry reservation_release(
    std::uint32_t nsid, spec::ReservationReleaseAction action,
    spec::ReservationType type = spec::ReservationType::kNone);
/// `bytes` is a multiple of 4, not 0.
[[nodiscard]] spec::SubmissionEntry reservation_report(std::uint32_t nsid, std::uint64_t bytes,
                                                       bool extended);

}  // namespace platform::commands
