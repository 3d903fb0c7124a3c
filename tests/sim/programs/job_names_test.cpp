// SPDX-License-Identifier: Apache-2.0
// What the key `filename` of a job file names. Each of these used to run on namespace 1 without a
// word, unless it was exactly nvme0n2 or /dev/nvme0n2: a job for /dev/ng0n2 overwrote namespace 1.
#include "tests/sim/programs/program.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

class JobNames : public ProgramTest {
protected:
    JobNames() {
        write("one.img", std::string(1 << 20, '\0'));
        write("two.img", std::string(1 << 20, '\0'));
    }
    /// A job that writes 64 KiB, on a controller with two namespaces.
    Outcome run(const std::string& keys, const std::vector<std::string>& options = {}) {
        write("j.fio", "[j]\n" + keys + "rw=write\nsize=64k\n");
        std::vector<std::string> arguments{
            "run", "--job", "j.fio", "--namespace", "file:one.img", "--namespace", "file:two.img"};
        arguments.insert(arguments.end(), options.begin(), options.end());
        return nvme_vp(arguments);
    }
    /// How far from its start a namespace has been written.
    [[nodiscard]] std::size_t written(const std::string& image) const {
        return read(image).find_last_not_of('\0') + 1;
    }
};

TEST_F(JobNames, ANamespaceCanBeNamedAsLinuxAndAsSpdkNameIt) {
    for (const char* name : {"/dev/nvme0n2", "ng0n2", "/dev/ng0n2", "Nvme0n2",
                             "trtype=PCIe traddr=0000.00.00.0 ns=2"}) {
        write("two.img", std::string(1 << 20, '\0'));
        const Outcome outcome = run("filename=" + std::string{name} + "\n");
        EXPECT_EQ(outcome.code, 0) << name << outcome.err;
        EXPECT_EQ(written("one.img"), 0u) << name;
        EXPECT_EQ(written("two.img"), 65536u) << name;
    }
}

TEST_F(JobNames, ASectionNamedAsADeviceRunsOnIt) {
    write("j.fio", "[/dev/nvme0n2]\nrw=write\nsize=64k\n");
    EXPECT_EQ(nvme_vp({"run", "--job", "j.fio", "--namespace", "file:one.img", "--namespace",
                       "file:two.img"})
                  .code,
              0);
    EXPECT_EQ(written("one.img"), 0u);
    EXPECT_EQ(written("two.img"), 65536u);
}

TEST_F(JobNames, WhatLooksLikeADeviceButIsNoneIsRefusedAndNothingIsWritten) {
    for (const char* name :
         {"/dev/nvme0n1p2", "nvme0n02", "nvme0c1n1", "/dev/sda", "0000\\:04\\:00.0",
          "0000\\:00\\:00.0", "${DISK}", "trtype=TCP traddr=10.0.0.1 ns=1", "nvme0n3"}) {
        const Outcome outcome = run("filename=" + std::string{name} + "\n");
        EXPECT_EQ(outcome.code, 2) << name;
        EXPECT_TRUE(has(outcome.err, {"j.fio:1: [j]: filename=",
                                      "must be one of nvme0n1, nvme0n2, or be overruled by the "
                                      "option nsid"}))
            << name;
        EXPECT_EQ(written("one.img") + written("two.img"), 0u) << name;
    }
    EXPECT_TRUE(has(run("filename=0000:04:00.0\n").err, "have to be escaped"));
    EXPECT_TRUE(has(run("filename=0000\\:00\\:00.0\n").err,
                    "filename=0000:00:00.0: is a controller with several namespaces"));
    EXPECT_EQ(run("filename=/dev/nvme0n1p2\n", {"--nsid", "2"}).code, 0);
    EXPECT_EQ(written("one.img"), 0u);
    EXPECT_EQ(written("two.img"), 65536u);
}

TEST_F(JobNames, AFileThatIsNoDeviceRunsOnTheFirstNamespaceWhichIsSaid) {
    Outcome outcome = run("filename=test.dat\n");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_TRUE(has(outcome.out,
                    "note: j.fio: no namespace is named test.dat: what should run "
                    "there runs on nvme0n1\n"));
    EXPECT_EQ(written("one.img"), 65536u);
    EXPECT_EQ(written("two.img"), 0u);

    outcome = run("filename=test.dat\n[k]\nfilename=/mnt/other\n[l]\nfilename=test.dat\n");
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_TRUE(has(outcome.out, "is named test.dat, /mnt/other: what"));

    outcome = run("filename=test.dat\n", {"--report", "-"});
    EXPECT_TRUE(has(outcome.err, "note: "));
    EXPECT_FALSE(has(run("filename=nvme0n1\n").out, "note: "));
    EXPECT_FALSE(has(run("").out, "note: "));
}

TEST_F(JobNames, SeveralNamesAddUpAndShareTheSize) {
    for (const char* keys :
         {"filename=nvme0n1\nfilename=nvme0n2\n", "filename=nvme0n1:nvme0n2\n"}) {
        write("one.img", std::string(1 << 20, '\0'));
        write("two.img", std::string(1 << 20, '\0'));
        const Outcome outcome = run(std::string{keys} + "verify=crc32c\niodepth=4\nend_fsync=1\n",
                                    {"--report", "r.json"});
        EXPECT_EQ(outcome.code, 0) << outcome.err;
        EXPECT_EQ(written("one.img"), 32768u);
        EXPECT_EQ(written("two.img"), 32768u);
        const auto report = read_json("r.json");
        EXPECT_EQ(report["jobs"][0]["io"]["write"]["ios"], 16);
        EXPECT_EQ(report["jobs"][0]["io"]["flush"]["ios"], 2);
        EXPECT_EQ(report["jobs"][0]["verify"]["read"]["ios"], 16);
        EXPECT_EQ(report["streams"].size(), 1u);
    }
}

TEST_F(JobNames, NamesThatCannotBeUsedSideBySideAreRefused) {
    EXPECT_TRUE(has(run("filename=nvme0n1:test.dat\n").err,
                    "filename=test.dat: is a file, and only namespaces can be used side by side"));
    EXPECT_TRUE(
        has(run("filename=nvme0n1:/dev/ng0n1\n").err, "filename=/dev/ng0n1: is named twice"));
    std::string often = "numjobs=1000\nfilename=nvme0n1";
    for (int i = 0; i < 999; ++i) often += ":nvme0n1";
    const Outcome refused = run(often + "\n");
    EXPECT_EQ(refused.code, 2);
    EXPECT_EQ(refused.err.find("is named twice"), refused.err.rfind("is named twice"));
    write("c.json", R"({"job": "j.fio", "subsystems": [{"controllers": [{}]}, {}]})");
    write("j.fio", "[j]\nfilename=nvme0n1:nvme1n1\nrw=write\nsize=64k\n");
    const Outcome outcome = nvme_vp({"run", "--config", "c.json"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_TRUE(has(outcome.err,
                    "filename=nvme1n1: a job has one queue pair, so all its "
                    "namespaces must be of one controller"));
}

TEST_F(JobNames, APciAddressIsThatOfAController) {
    write("c.json", R"({"job": "j.fio", "report": "r.json", "subsystems": [{}, {}]})");
    write("j.fio", "[j]\nfilename=0000\\:00\\:01.0\nrw=write\nsize=64k\n");
    const Outcome outcome = nvme_vp({"run", "--config", "c.json"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(read_json("r.json")["streams"][0]["controller"], 1);
}

TEST_F(JobNames, AMixWithARatePerDirectionHasBothRatesExactly) {
    // It used to be as slow as the slower of the two.
    write("j.fio", "[db]\nrw=randrw\nsize=1m\nrate_iops=5000,2000\ntime_based\nruntime=100ms\n");
    ASSERT_EQ(nvme_vp({"run", "--job", "j.fio", "--report", "r.json"}).code, 0);
    const auto io = read_json("r.json")["jobs"][0]["io"];
    EXPECT_EQ(io["read"]["ios"], 500);
    EXPECT_EQ(io["write"]["ios"], 200);
}

}  // namespace
}  // namespace nvme_vp::test
