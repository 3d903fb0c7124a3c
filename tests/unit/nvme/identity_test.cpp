// SPDX-License-Identifier: Apache-2.0
#include "models/nvme/controller/identity.h"

#include <regex>

#include <gtest/gtest.h>

namespace nvme {
namespace {

TEST(Identity, IsMadeFromTheNameAndTheSameInEveryRun) {
    const ControllerParams a = with_identity({}, "top.nvme0"), b = with_identity({}, "top.nvme1");
    EXPECT_TRUE(std::regex_match(
        a.subsystem_nqn, std::regex("nqn\\.2014-08\\.org\\.nvmexpress:uuid:[0-9a-f]{8}-[0-9a-f]{4}-"
                                    "8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")))
        << a.subsystem_nqn;
    EXPECT_TRUE(std::regex_match(a.serial_number, std::regex("[0-9a-f]{16}"))) << a.serial_number;
    EXPECT_LE(a.controller_id, kMaxControllerId);
    EXPECT_NE(a.subsystem_nqn, b.subsystem_nqn);
    EXPECT_NE(a.serial_number, b.serial_number);
    EXPECT_NE(a.controller_id, b.controller_id);
    EXPECT_EQ(with_identity({}, "top.nvme0").subsystem_nqn, a.subsystem_nqn);
    EXPECT_EQ(with_identity({}, "top.nvme0").controller_id, a.controller_id);
}

TEST(Identity, LeavesAloneWhatWasSet) {
    ControllerParams set;
    set.subsystem_nqn = "nqn.x";
    set.serial_number = "S";
    set.controller_id = 0;
    const ControllerParams p = with_identity(set, "name");
    EXPECT_EQ(p.subsystem_nqn, "nqn.x");
    EXPECT_EQ(p.serial_number, "S");
    EXPECT_EQ(p.controller_id, 0);
}

TEST(Identity, OfAMemberIsThatOfItsSubsystem) {
    SubsystemParams config;
    config.subsystem_nqn = "nqn.shared";
    config.serial_number = "SHARED";
    const Subsystem subsystem(config);
    const ControllerParams p = with_identity({}, "a", &subsystem);
    EXPECT_EQ(p.subsystem_nqn, "nqn.shared");
    EXPECT_EQ(p.serial_number, "SHARED");
}

}  // namespace
}  // namespace nvme
