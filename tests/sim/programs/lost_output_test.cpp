// SPDX-License-Identifier: Apache-2.0
// Output that does not arrive: a full disk, a closed or full standard output, a reader that has
// gone. The program used to end with exit code 0, or by a signal and without a word.
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "tests/sim/programs/program.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

class LostOutput : public ProgramTest {
protected:
    LostOutput() {
        write("short.fio", "[j]\nrw=randread\nbs=4k\nnumber_ios=2000\n");
        write("t.iolog", "fio version 2 iolog\na add\na open\na read 0 4096\n");
    }
    /// The program in a shell, in which files can have `blocks` of 512 bytes; 0: as many as they
    /// like.
    Outcome limited(unsigned blocks, const std::string& arguments) {
        const std::string limit = blocks == 0 ? "" : "ulimit -f " + std::to_string(blocks) + " && ";
        return shell("sh -c " + shell_word(limit + shell_word(NVME_VP) + " " + arguments));
    }
    static constexpr std::array<const char*, 9> kCommands{
        "--help",         "--version",         "--list-parameters",   "--list-presets",
        "--print-schema", "run --dump-config", "run --job short.fio", "replay t.iolog",
        "run --report -"};
};

TEST_F(LostOutput, OnAFullStandardOutputIsAnErrorOfEveryCommand) {
    for (const char* command : kCommands) {
        const Outcome run = limited(0, std::string{command} + " >/dev/full");
        EXPECT_EQ(run.code, 1) << command;
        EXPECT_TRUE(has(run.err, "standard output: cannot write: No space left on device"))
            << command;
    }
}

TEST_F(LostOutput, OnAClosedStandardOutputIsAnErrorOfEveryCommand) {
    for (const char* command : kCommands) {
        const Outcome run = limited(0, std::string{command} + " >&-");
        EXPECT_EQ(run.code, 1) << command;
        EXPECT_TRUE(has(run.err, "standard output: cannot write: Bad file descriptor")) << command;
    }
}

// What the program said went into whatever was opened first: that was the image.
TEST_F(LostOutput, OnAClosedStandardOutputNeverGoesIntoAnImage) {
    ASSERT_EQ(shell("truncate -s 1M disk.img && cp disk.img before.img").code, 0);
    EXPECT_EQ(limited(0, "run --job short.fio --namespace file:disk.img >&-").code, 1);
    EXPECT_EQ(limited(0, "run --job short.fio --namespace file:disk.img 2>&- <&-").code, 0);
    EXPECT_EQ(shell("cmp disk.img before.img").code, 0);
}

TEST_F(LostOutput, ToAReaderThatHasGoneIsAnErrorAndNotTheEndByASignal) {
    for (const char* command : {"--help", "run"}) {
        int ends[2] = {-1, -1};
        ASSERT_EQ(::pipe(ends), 0);
        ::close(ends[0]);
        const pid_t child = ::fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            ::dup2(ends[1], STDOUT_FILENO);
            std::FILE* const err = std::freopen(path("err").c_str(), "w", stderr);
            ::execl(NVME_VP, "nvme-vp", command, nullptr);
            ::_exit(err == nullptr ? 126 : 127);
        }
        ::close(ends[1]);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFEXITED(status)) << command << ", signal " << WTERMSIG(status);
        EXPECT_EQ(WEXITSTATUS(status), 1) << command;
        EXPECT_TRUE(has(read("err"), "standard output: cannot write: Broken pipe")) << command;
    }
}

TEST_F(LostOutput, InAFileThatIsFullIsNamedWithTheFile) {
    for (const char* file : {"w.vcd", "t.txt", "r.json"}) {
        const std::string option = std::string{file} == "w.vcd"   ? "--vcd "
                                   : std::string{file} == "t.txt" ? "--trace "
                                                                  : "--report ";
        const Outcome run = limited(8, "run --job short.fio " + option + file);
        EXPECT_EQ(run.code, 1) << file;
        EXPECT_TRUE(has(run.err, std::string{file} + ": ")) << file;
    }
    EXPECT_FALSE(exists("r.json")) << "half a report that looks like one";
    // Large enough for the report, too small for the waveform: the report is there.
    const Outcome run = limited(64, "run --job short.fio --report r.json --vcd w.vcd");
    EXPECT_EQ(run.code, 1);
    EXPECT_TRUE(has(run.err, "w.vcd: could not be written completely"));
    EXPECT_EQ(read_json("r.json")["good"], true);
}

TEST_F(LostOutput, InADeviceThatIsFullIsAnErrorToo) {
    ASSERT_EQ(shell("ln -s /dev/full full.vcd && ln -s /dev/null null.vcd").code, 0);
    for (const char* option : {"--vcd full.vcd", "--trace /dev/full", "--report /dev/full"}) {
        const Outcome run = limited(0, std::string{"run --job short.fio "} + option);
        EXPECT_EQ(run.code, 1) << option;
        EXPECT_TRUE(has(run.err, "No space left on device")) << option;
    }
    EXPECT_EQ(limited(0, "run --job short.fio --vcd null.vcd").code, 0);
}

TEST_F(LostOutput, OfASessionIsAnErrorOfTheServer) {
    const Outcome full = shell(shell_word(NVME_VP) +
                               " serve --socket s --record /dev/full >log & pid=$!\n"
                               "until grep -q listening log; do sleep 0.05; done\n"
                               "kill -TERM $pid; wait $pid");
    EXPECT_EQ(full.code, 1) << full.err;
    EXPECT_TRUE(has(full.err, "/dev/full: could not be written completely"));
    const Outcome out = shell(shell_word(NVME_VP) +
                              " serve --socket s >/dev/full & pid=$!\n"
                              "until grep -q 'cannot write' .err; do sleep 0.05; done\n"
                              "kill -TERM $pid; wait $pid");
    EXPECT_EQ(out.code, 1) << out.err;
}

TEST_F(LostOutput, OfAnImageIsAFailedCommandThatTheHostMayRepeat) {
    ASSERT_EQ(shell("truncate -s 1M disk.img").code, 0);
    write("w.fio", "[w]\nrw=write\nbs=4k\nsize=1m\nend_fsync=1\n");
    for (const char* cache : {"0", "64K", "16M"}) {
        const Outcome run = limited(256,
                                    "run --job w.fio --namespace file:disk.img --set "
                                    "write_cache_bytes=" +
                                        std::string{cache});
        EXPECT_EQ(run.code, 1) << cache;
        EXPECT_TRUE(has(run.out, "Write Fault")) << cache;
    }
    EXPECT_EQ(limited(0, "run --job w.fio --namespace file:disk.img").code, 0);
}

}  // namespace
}  // namespace nvme_vp::test
