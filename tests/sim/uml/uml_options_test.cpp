// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/programs/program.h"

namespace nvme_vp::test {
namespace {

struct Usage {
    const char* name;
    std::vector<std::string> words;
    const char* line;
};
void PrintTo(const Usage& usage, std::ostream* to) {
    *to << usage.name;
}
class UmlUsage : public ProgramTest, public ::testing::WithParamInterface<Usage> {};

TEST_P(UmlUsage, IsToldInOneLine) {
    const Outcome outcome = nvme_vp(GetParam().words);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err.rfind(std::string{"nvme-vp: "} + GetParam().line + "\n", 0), 0u)
        << outcome.err;
}
INSTANTIATE_TEST_SUITE_P(
    All, UmlUsage,
    ::testing::Values(
        Usage{"no_kernel", {"uml"}, "uml needs --kernel LINUX"},
        Usage{"missing_kernel",
              {"uml", "--kernel", "nowhere"},
              "nowhere: cannot be read: No such file or directory"},
        Usage{"missing_initrd",
              {"uml", "--kernel", FAKE_KERNEL, "--initrd", "nowhere"},
              "nowhere: cannot be read: No such file or directory"},
        Usage{"no_program",
              {"uml", "--kernel", "/etc/passwd", "--console", "c"},
              "/etc/passwd: cannot be started: Permission denied"},
        Usage{"words",
              {"uml", "linux", "--kernel", FAKE_KERNEL},
              "\"linux\": uml takes options only"},
        Usage{"until",
              {"uml", "--kernel", FAKE_KERNEL, "--until", "soon"},
              "until = \"soon\": must be exit, or a time such as 10s"},
        Usage{"until_zero",
              {"uml", "--kernel", FAKE_KERNEL, "--until", "0"},
              "until = \"0\": must be exit, or a time such as 10s"},
        Usage{"ending",
              {"uml", "--kernel", FAKE_KERNEL, "--ending", "power_cut"},
              "ending = \"power_cut\": needs until, the time of it"},
        Usage{"console",
              {"uml", "--kernel", FAKE_KERNEL, "--console", "no/such/folder"},
              "no/such/folder: No such file or directory"},
        Usage{"patience",
              {"uml", "--kernel", FAKE_KERNEL, "--guest_patience_s", "0"},
              "--guest_patience_s = \"0\": must be 1 to 86400"},
        Usage{"job",
              {"uml", "--kernel", FAKE_KERNEL, "--job", "x"},
              "uml excludes job and copy: the guest has its own"},
        Usage{"pace",
              {"uml", "--kernel", FAKE_KERNEL, "--pace", "realtime"},
              "pace = \"realtime\": is for serve"},
        Usage{"of_run", {"run", "--kernel", FAKE_KERNEL}, "kernel is for uml, explore"}),
    [](const auto& usage) { return usage.param.name; });

using UmlProcessor = ProgramTest;
TEST_F(UmlProcessor, MustBeThere) {
    const Outcome outcome = nvme_vp({"uml", "--kernel", FAKE_KERNEL, "--processor", "1023"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.err.rfind("nvme-vp: processor = 1023: must be one of ", 0), 0u)
        << outcome.err;
}

}  // namespace
}  // namespace nvme_vp::test
