// SPDX-License-Identifier: Apache-2.0
// Runs with several controllers and subsystems in one host.
#include "tests/sim/programs/program.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

class SeveralControllers : public ProgramTest {
protected:
    /// Two controllers share a namespace, a third one has another.
    void configure(const std::string& faults = "[]") {
        write("c.json", R"({"job": "j.fio", "report": "r.json", "trace": "t.txt",
            "subsystems": [
                {"namespaces": ["ram:8M"], "controllers": [{}, {"faults": )" +
                            faults + R"(}]},
                {"namespaces": ["ram:8M,lba=4096"], "controller": {"media_read_ns": 1000000}}]})");
    }
};

TEST_F(SeveralControllers, EachJobRunsOnTheNamespaceThatItNames) {
    configure();
    write("j.fio",
          "[global]\nrw=randread\nsize=1m\nnumber_ios=100\n"
          "[a]\nfilename=/dev/nvme0n1\n[b]\nfilename=nvme1n1\n[c]\nfilename=nvme2n1\nnumjobs=2\n"
          "[d]\nfilename=somewhere/else\n");
    const Outcome run = nvme_vp({"run", "--config", "c.json"});
    ASSERT_EQ(run.code, 0) << run.out << run.err;
    const auto report = read_json("r.json");
    ASSERT_EQ(report.at("devices").size(), 3u);
    EXPECT_EQ(report["devices"][1]["controller_id"], 1);
    EXPECT_EQ(report["devices"][1]["namespaces"][0]["nguid"],
              report["devices"][0]["namespaces"][0]["nguid"]);
    EXPECT_NE(report["devices"][2]["nqn"], report["devices"][0]["nqn"]);
    std::vector<std::pair<int, int>> queues;
    for (const auto& stream : report.at("streams"))
        queues.emplace_back(stream["controller"], stream["queue"]);
    EXPECT_EQ(queues, (std::vector<std::pair<int, int>>{{0, 1}, {1, 1}, {2, 1}, {2, 2}, {0, 2}}));
    EXPECT_EQ(report.at("lint").size(), 3u);
    EXPECT_EQ(report.at("served").size(), 3u);
    for (const char* trace : {"t.txt.nvme0", "t.txt.nvme1", "t.txt.nvme2"})
        EXPECT_TRUE(has(read(trace), " complete ")) << trace;
    // The slow one is slow, and nobody waits for it.
    const auto mean = [&](int job) {
        return report["jobs"][job]["io"]["read"]["latency_ps"]["mean"].get<double>();
    };
    EXPECT_GT(mean(2), 1e9);
    EXPECT_LT(mean(0), 1e9);
    EXPECT_LT(mean(1), 1e9);
}

TEST_F(SeveralControllers, WhatOneWritesTheOtherReads) {
    configure();
    write("j.fio",
          "[w]\nfilename=nvme0n1\nrw=write\nsize=1m\nverify=crc32c\ndo_verify=0\n"
          "[r]\nstonewall\nfilename=nvme1n1\nrw=read\nsize=1m\nverify=crc32c\n");
    const Outcome run = nvme_vp({"run", "--config", "c.json", "--strict"});
    EXPECT_EQ(run.code, 0) << run.out << run.err;
    EXPECT_EQ(read_json("r.json")["errors"]["verification"], 0);
}

TEST_F(SeveralControllers, AFaultIsThatOfOneController) {
    configure(R"([{"name": "bad", "action": "complete", "queues": "io", "opcode": 2, "count": 1,
                   "sct": 2, "sc": 129}])");
    write("j.fio",
          "[a]\nfilename=nvme0n1\nrw=read\nsize=64k\n"
          "[b]\nfilename=nvme1n1\nrw=read\nsize=64k\n");
    const Outcome run = nvme_vp({"run", "--config", "c.json"});
    EXPECT_EQ(run.code, 1);
    const auto report = read_json("r.json");
    ASSERT_EQ(report.at("faults").size(), 1u);
    EXPECT_EQ(report["faults"][0]["name"], "nvme1/bad");
    EXPECT_EQ(report["faults"][0]["applied"], 1);
    EXPECT_EQ(report["jobs"][0]["io"]["read"]["errors"], 0);
    EXPECT_EQ(report["jobs"][1]["io"]["read"]["errors"], 1);
    EXPECT_FALSE(has(read("t.txt.nvme0"), " fault "));
    EXPECT_TRUE(has(read("t.txt.nvme1"), " fault "));
}

// Of the root complex, that is: two links of 7.2 GB/s each, or one of them alone.
TEST_F(SeveralControllers, ShareTheBandwidthOfTheRootComplex) {
    write("c.json", R"({"job": "j.fio", "report": "r.json",
        "controller": {"media": "none", "firmware_per_command_ns": 0},
        "subsystems": [{"namespaces": ["ram:64M"]}, {"namespaces": ["ram:64M"]}]})");
    const auto rates = [&](const std::string& jobs, const std::string& bandwidth) {
        write("j.fio", jobs);
        const Outcome run =
            nvme_vp({"run", "--config", "c.json", "--root_complex_bandwidth", bandwidth});
        EXPECT_EQ(run.code, 0) << run.out << run.err;
        std::vector<double> found;
        const auto report = read_json("r.json");
        for (const auto& job : report.at("jobs"))
            for (const auto& op : {"read", "write"})
                if (job["io"].contains(op)) found.push_back(job["io"][op]["bytes_per_s"]);
        return found;
    };
    for (const char* rw : {"randread", "randwrite"}) {
        const std::string a = std::string{"[global]\nbs=64k\nsize=32m\niodepth=16\nrw="} + rw +
                              "\n[a]\nfilename=nvme0n1\n";
        const auto both = rates(a + "[b]\nfilename=nvme1n1\n", "6000000000");
        ASSERT_EQ(both.size(), 2u);
        EXPECT_NEAR(both[0] + both[1], 6e9, 6e9 * 0.02) << rw;
        EXPECT_NEAR(both[0], both[1], both[0] * 0.03) << rw;
        const auto alone = rates(a, "8000000000"), unlimited = rates(a, "0");
        EXPECT_NEAR(alone.at(0), unlimited.at(0), unlimited.at(0) * 0.01) << rw;
        EXPECT_NEAR(rates(a, "2000000000").at(0), 2e9, 2e9 * 0.02) << rw;
    }
}

TEST_F(SeveralControllers, SharedBytesAreNotVerifiedWhileTheOtherControllerChangesThem) {
    configure();
    write("j.fio",
          "[a]\nfilename=nvme0n1\nrw=write\nsize=1m\nverify=crc32c\n"
          "[b]\nfilename=nvme1n1\nrw=write\nsize=1m\n");
    const Outcome shared = nvme_vp({"run", "--config", "c.json"});
    EXPECT_EQ(shared.code, 2);
    EXPECT_TRUE(has(shared.err, "run at the same time and share a region"));
    write("j.fio",
          "[a]\nfilename=nvme0n1\nrw=write\nsize=1m\nverify=crc32c\n"
          "[b]\nfilename=nvme2n1\nrw=write\nsize=1m\n");
    EXPECT_EQ(nvme_vp({"run", "--config", "c.json"}).code, 0);
}

TEST_F(SeveralControllers, NamesThatAreNotThereAndOptionsThatDoNotFitAreListed) {
    configure();
    write("j.fio", "[a]\nfilename=/dev/nvme3n1\n[b]\nfilename=nvme0n2\n");
    const Outcome run = nvme_vp({"run", "--config", "c.json"});
    EXPECT_EQ(run.code, 2);
    EXPECT_TRUE(has(run.err, {"j.fio:1: [a]: filename=/dev/nvme3n1: must be one of nvme0n1, "
                              "nvme1n1, nvme2n1, or be overruled by the option nsid",
                              "j.fio:3: [b]: filename=nvme0n2: must be one of"}));
    EXPECT_EQ(nvme_vp({"run", "--config", "c.json", "--nsid", "1"}).code, 0);
    const Outcome space = nvme_vp({"run", "--config", "c.json", "--namespace", "ram:1M"});
    EXPECT_EQ(space.code, 2);
    EXPECT_TRUE(has(space.err, "--namespace: is for one subsystem, the configuration has 2"));
    EXPECT_FALSE(exists("t.txt"));
}

TEST_F(SeveralControllers, InterruptByPinsWhereEachHasOne) {
    write("c.json", R"({"interrupts": "intx", "job": "j.fio", "subsystems": [
        {"namespaces": ["ram:8M"], "controller": {"intx": true}, "controllers": [{}, {}]}]})");
    write("j.fio",
          "[a]\nfilename=nvme0n1\nrw=randread\nsize=1m\nnumber_ios=50\n"
          "[b]\nfilename=nvme1n1\nrw=randread\nsize=1m\nnumber_ios=50\n");
    EXPECT_EQ(nvme_vp({"run", "--config", "c.json", "--strict"}).code, 0);
    write("c.json", R"({"interrupts": "intx", "subsystems": [
        {"controllers": [{"intx": true}, {}]}]})");
    const Outcome run = nvme_vp({"run", "--config", "c.json"});
    EXPECT_EQ(run.code, 2);
    EXPECT_TRUE(has(run.err, "interrupts = \"intx\": needs controller/intx = true"));
}

TEST_F(SeveralControllers, JobsOfOneControllerChooseNamespacesTheSameWay) {
    write("j.fio",
          "[a]\nfilename=nvme0n1\nrw=write\nsize=64k\n"
          "[b]\nfilename=nvme0n2\nrw=write\nsize=32k\nbs=4k\n");
    const Outcome run = nvme_vp({"run", "--job", "j.fio", "--namespace", "ram:1M", "--namespace",
                                 "file:two.img,size=1M", "--report", "r.json"});
    ASSERT_EQ(run.code, 0) << run.err;
    const std::string image = read("two.img");
    EXPECT_NE(image.find_first_not_of('\0'), std::string::npos);
    EXPECT_EQ(image.find_first_not_of('\0', 32768), std::string::npos);
}

}  // namespace
}  // namespace nvme_vp::test
