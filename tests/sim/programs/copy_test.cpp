// SPDX-License-Identifier: Apache-2.0

#include "tests/sim/programs/program.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

/// A real file system, made by the tools of the operating system, with files in it.
class Copy : public ProgramTest {
protected:
    void make_disk() {
        const Outcome made = shell(
            "mkdir -p tree/sub && for i in 1 2 3 4 5; do\n"
            "  head -c $((i * 40001)) /dev/urandom >tree/sub/file$i; done\n"
            "ln -s sub/file1 tree/link && mkfs.ext4 -q -d tree disk.img 8M");
        ASSERT_EQ(made.code, 0) << "mkfs.ext4 (Debian: e2fsprogs) is needed: " << made.err;
    }
};

TEST_F(Copy, AFileSystemCopiedThroughTheControllerIsIntact) {
    make_disk();
    const std::string before = shell("sha256sum <disk.img").out;
    const Outcome run = nvme_vp({"run", "--namespace", "file:disk.img,ro", "--namespace",
                                 "file:copy.img,size=8M", "--copy", "1:2", "--report", "r.json"});
    ASSERT_EQ(run.code, 0) << run.out << run.err;
    EXPECT_EQ(shell("sha256sum <disk.img").out, before);
    EXPECT_EQ(shell("sha256sum <copy.img").out, before);
    EXPECT_EQ(read_json("r.json")["jobs"][0]["io"]["write"]["bytes"], 8 << 20);

    const Outcome check = shell("e2fsck -fn copy.img");
    EXPECT_EQ(check.code, 0) << check.out;
    ASSERT_EQ(shell("mkdir out && debugfs -R 'rdump /sub out' copy.img").code, 0);
    const Outcome compared = shell("diff -r tree/sub out/sub");
    EXPECT_EQ(compared.code, 0) << compared.out;
}

// Somebody's disk must not be overwritten because no job was named.
TEST_F(Copy, TheBuiltInJobOnlyReadsAnImageThatWasThereBefore) {
    make_disk();
    const std::string before = shell("sha256sum <disk.img").out;
    for (const char* spec : {"file:disk.img", "file:disk.img,ro"}) {
        const Outcome run = nvme_vp({"run", "--namespace", spec});
        EXPECT_EQ(run.code, 0) << run.out << run.err;
        EXPECT_TRUE(has(run.out, "random-read"));
        EXPECT_EQ(shell("sha256sum <disk.img").out, before) << spec;
    }
    const Outcome created = nvme_vp({"run", "--namespace", "file:new.img,size=32M"});
    EXPECT_EQ(created.code, 0) << created.out << created.err;
    EXPECT_TRUE(has(created.out, "random-write"));
}

TEST_F(Copy, BlockSizesOfSourceAndTargetMayDiffer) {
    make_disk();
    const Outcome run =
        nvme_vp({"run", "--namespace", "file:disk.img,ro", "--namespace",
                 "file:copy.img,size=9M,lba=4096,nsid=7", "--copy", "1:7", "--depth", "1"});
    ASSERT_EQ(run.code, 0) << run.out << run.err;
    EXPECT_EQ(shell("cmp -n $((8 << 20)) disk.img copy.img").code, 0);
}

TEST_F(Copy, CopiesThatCannotWorkAreUsageErrors) {
    struct Case {
        std::vector<std::string> options;
        const char* message;
    };
    for (const Case& c :
         {Case{{"--copy", "1:2"}, "there is no namespace 2"},
          Case{{"--copy", "1:1"}, "two different"}, Case{{"--copy", "1"}, "must be FROM:TO"},
          Case{{"--copy", "1:0"}, "must be FROM:TO"},
          Case{{"--copy", "1:99999999999999999999"}, "must be FROM:TO"},
          Case{{"--copy", "1:2", "--namespace", "ram:2M", "--namespace", "ram:1M"},
               "the target has 1048576 bytes"},
          Case{{"--copy", "1:2", "--namespace", "ram:2560", "--namespace", "ram:1M,lba=4096"},
               "no multiple of the target's block size"},
          Case{{"--copy", "1:2", "--job", "x"}, "exclude each other"}}) {
        std::vector<std::string> arguments{"run"};
        arguments.insert(arguments.end(), c.options.begin(), c.options.end());
        const Outcome run = nvme_vp(arguments);
        EXPECT_EQ(run.code, 2) << c.message;
        EXPECT_TRUE(has(run.err, c.message));
    }
}

}  // namespace
}  // namespace nvme_vp::test
