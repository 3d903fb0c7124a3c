// SPDX-License-Identifier: Apache-2.0
#include "platform/uml/guest_process.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace platform::uml {
namespace {

/// As waitpid() returns them.
constexpr int exited(int code) {
    return code << 8;
}
constexpr int kAborted = 6;

TEST(GuestProcess, GivesEachControllerASocketOfItsOwn) {
    const auto words = kernel_arguments({"/any/linux", "/any/initrd", " steps=a  quiet ", 2, ""});
    EXPECT_EQ(words.front(), "linux");
    const auto has = [&](const char* word) {
        return std::count(words.begin(), words.end(), word) == 1;
    };
    EXPECT_TRUE(has("virtio_uml.device=nv0:1234"));
    EXPECT_TRUE(has("virtio_uml.device=nv1:1234"));
    EXPECT_TRUE(has("initrd=initrd")) << "a name of the host would be in the guest's random seed";
    EXPECT_TRUE(has("steps=a"));
    EXPECT_EQ(words.back(), "quiet") << "what the user says counts more";
    EXPECT_EQ(std::count_if(words.begin(), words.end(),
                            [](const auto& word) { return word.find("any") != word.npos; }),
              0);
}

TEST(GuestEnd, IsGoodWhenTheGuestHasSwitchedItselfOff) {
    const auto end = judge_end(exited(0), "reboot: System halted\n");
    EXPECT_EQ(end.code, 0);
    EXPECT_EQ(end.problem, "");
}

TEST(GuestEnd, HasTheExitCodeOfInit) {
    const auto end = judge_end(
        kAborted,
        "x\nKernel panic - not syncing: Attempted to kill init! exitcode=0x00000500\nCPU");
    EXPECT_EQ(end.code, 5);
    EXPECT_EQ(end.problem, "");
    EXPECT_EQ(judge_end(kAborted, "Attempted to kill init! exitcode=0x00000000\n").code, 0);
}

TEST(GuestEnd, TellsOfASignalThatEndedInit) {
    const auto end = judge_end(kAborted, "Attempted to kill init! exitcode=0x0000000b");
    EXPECT_EQ(end.code, 128 + 11);
    EXPECT_EQ(end.problem, "the guest's init was ended by signal 11");
}

TEST(GuestEnd, TellsOfAKernelThatHasPanicked) {
    const auto end =
        judge_end(exited(1), "Kernel panic - not syncing: VFS: Unable to mount root fs\r\nCPU: 0");
    EXPECT_EQ(end.code, 1);
    EXPECT_EQ(end.problem, "the guest's kernel has panicked: VFS: Unable to mount root fs");
}

TEST(GuestEnd, TellsOfAKernelThatSaysNothing) {
    EXPECT_EQ(judge_end(9, "").problem, "the guest's kernel was ended by signal 9");
    EXPECT_EQ(judge_end(exited(3), "").problem, "the guest's kernel has ended with exit code 3");
}

TEST(GuestProcess, TellsWhatCannotBeStarted) {
    GuestProcess guest;
    EXPECT_NE(guest.start({"/dev/null", "", "", 1, ""}), "");
}

}  // namespace
}  // namespace platform::uml
