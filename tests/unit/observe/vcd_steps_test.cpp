// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_steps.h"

#include <set>
#include <string_view>

#include <gtest/gtest.h>

#include "models/nvme/commands/nvm_commands.h"

namespace observe {
namespace {

constexpr std::uint8_t kWrite = 0x01, kRead = 0x02;

TEST(VcdSteps, SayWhatACommandWaitsFor) {
    EXPECT_EQ(vcd_step_before("start", kRead), VcdStep::kDecode);
    EXPECT_EQ(vcd_step_before("read.media", kRead), VcdStep::kDecode);
    EXPECT_EQ(vcd_step_before("read.send", kRead), VcdStep::kMedia);
    EXPECT_EQ(vcd_step_before("post", kRead), VcdStep::kData);
    EXPECT_EQ(vcd_step_before("write.place", kWrite), VcdStep::kData);
    EXPECT_EQ(vcd_step_before("post", kWrite), VcdStep::kMedia);
    EXPECT_EQ(vcd_step_before("end", kWrite), VcdStep::kCompletion);
    EXPECT_EQ(vcd_step_before("a vendor's", 0xc0), VcdStep::kDecode);
}

// A step that is renamed would silently become decoding.
TEST(VcdSteps, AreThoseOfTheCommands) {
    std::set<std::string_view> names;
    for (unsigned opcode = 0; opcode < 256; ++opcode)
        if (const auto* info = nvme::find_nvm_command(static_cast<std::uint8_t>(opcode)))
            for (const auto& step : info->steps)
                if (!step.name.empty()) names.insert(step.name);
    for (const std::string_view name :
         {"read.send", "read.passed", "write.place", "write.passed", "flush.end", "compare.fetch",
          "compare.data", "compare.passed", "verify.check", "verify.passed", "copy.write",
          "copy.passed"}) {
        EXPECT_EQ(names.count(name), 1u) << name;
        EXPECT_NE(vcd_step_before(name, kRead), VcdStep::kDecode) << name;
    }
}

}  // namespace
}  // namespace observe
