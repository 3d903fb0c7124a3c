// SPDX-License-Identifier: Apache-2.0
#include "models/observe/refusal_rules.h"

#include <gtest/gtest.h>

#include "models/nvme/spec/opcodes.h"

namespace observe {
namespace {

using nvme::spec::AdminOpcode;
using nvme::spec::NvmOpcode;
using nvme::spec::StatusCode;
using Rule = std::optional<LintRule>;

constexpr std::uint16_t kNsid = 4, kCdw10 = 40, kSel = 41, kIdentifyCsi = 47;

Rule admin(AdminOpcode opcode, StatusCode status, std::uint16_t location) {
    return broken_rule({0, 0, 1, static_cast<std::uint8_t>(opcode), status, "", 0, location});
}
Rule io(NvmOpcode opcode, StatusCode status, std::uint16_t location = 0xffff) {
    return broken_rule({0, 1, 1, static_cast<std::uint8_t>(opcode), status, "", 0, location});
}

// nvme-cli and SPDK find out in this way what a controller has.
TEST(RefusalRules, AskingForWhatIsNotOfferedIsAHint) {
    const auto field = StatusCode::kInvalidField;
    for (const Rule rule :
         {admin(AdminOpcode::kIdentify, field, kCdw10),
          admin(AdminOpcode::kIdentify, field, kIdentifyCsi),
          admin(AdminOpcode::kGetFeatures, field, kCdw10),
          admin(AdminOpcode::kSetFeatures, field, kCdw10),
          admin(AdminOpcode::kGetLogPage, StatusCode::kInvalidLogPage, kCdw10),
          admin(AdminOpcode::kGetLogPage, StatusCode::kIoCommandSetNotSupported, 59)})
        EXPECT_EQ(rule, LintRule::kNotOffered);
    EXPECT_TRUE(lint_rule(LintRule::kNotOffered).hint);
}

TEST(RefusalRules, AskingWrongIsAFinding) {
    const auto field = StatusCode::kInvalidField;
    EXPECT_EQ(admin(AdminOpcode::kGetFeatures, field, kSel), LintRule::kFieldInvalid);
    EXPECT_EQ(admin(AdminOpcode::kGetLogPage, field, kCdw10), LintRule::kFieldInvalid);
    EXPECT_EQ(io(NvmOpcode::kRead, field, kCdw10), LintRule::kFieldInvalid);
    EXPECT_FALSE(lint_rule(LintRule::kFieldInvalid).hint);
}

TEST(RefusalRules, ANamespaceThatIsNotThereIsNamedWhateverTheStatus) {
    EXPECT_EQ(io(NvmOpcode::kRead, StatusCode::kInvalidField, kNsid), LintRule::kNsidInvalid);
    EXPECT_EQ(io(NvmOpcode::kRead, StatusCode::kInvalidNamespaceOrFormat), LintRule::kNsidInvalid);
    EXPECT_EQ(admin(AdminOpcode::kIdentify, StatusCode::kInvalidField, kNsid),
              LintRule::kNsidInvalid);
}

TEST(RefusalRules, WhatHappensToGoodDriversIsNone) {
    for (const StatusCode status : {StatusCode::kUnrecoveredReadError, StatusCode::kAbortRequested,
                                    StatusCode::kReservationConflict})
        EXPECT_EQ(io(NvmOpcode::kRead, status), std::nullopt);
}

}  // namespace
}  // namespace observe
