// SPDX-License-Identifier: Apache-2.0
// Events of Linux's NVMe driver, and of SPDK.
#include "tests/unit/platform/recording_test_support.h"

namespace platform::test {
namespace {

using Texts = std::vector<std::string>;

std::string only_damage(std::string_view format, const std::string& text) {
    const Said said = read_text(format, text);
    EXPECT_EQ(said.damage.size(), 1u) << text;
    return said.damage.empty() ? "" : said.damage.front();
}

const std::string kFio = "  fio-1200    [002] .....  5401.123459: ";

TEST(Ftrace, ReadsCommandsOfEveryKindAndTheirCompletions) {
    const std::string command =
        "nvme_setup_cmd: nvme3: disk=nvme3n2, qid=5, cmdid=20487, nsid=2, flags=0x0, meta=0x0, "
        "cmd=(";
    const Said said = read_text(
        "ftrace",
        "# tracer: nop\n" + kFio + command +
            "nvme_cmd_write slba=50336, len=31, ctrl=0x0, dsmgmt=0, reftag=0)\n" + kFio + command +
            "nvme_cmd_flush cdw10=00 00)\n" + kFio + command +
            "nvme_cmd_dsm nr=1, attributes=4)\n" + kFio + command +
            "nvme_cmd_write_zeroes slba=8, len=0, ctrl=0x200, dsmgmt=0, reftag=0)\n" + kFio +
            command + "nvme_cmd_resv_report cdw10=00 00)\n" + kFio +
            "nvme_setup_cmd: nvme3: qid=0, cmdid=1, nsid=0, flags=0x0, meta=0x0, "
            "cmd=(nvme_admin_identify cns=1, ctrlid=0)\n" +
            kFio + "nvme_sq: nvme3: disk=nvme3n2, qid=5, head=1, tail=2\n" +
            " <idle>-0    [002] d.h1.  5401.123559: nvme_complete_rq: nvme3: disk=nvme3n2, qid=5, "
            "cmdid=7, res=0x0, retries=0, flags=0x0, status=0x0\n");
    EXPECT_TRUE(said.damage.empty()) << said.damage.front();
    ASSERT_EQ(said.requests.size(), 3u);
    EXPECT_EQ(said.requests[0].op, Op::kWrite);
    EXPECT_EQ(said.requests[0].time_ns, 5'401'123'459'000u);
    EXPECT_EQ(said.requests[0].offset, 50'336u * 512);
    EXPECT_EQ(said.requests[0].length, 32u * 512);
    EXPECT_EQ(said.requests[0].cpu, 2u);
    EXPECT_EQ(said.requests[0].process, 1200u);
    EXPECT_EQ(said.requests[1].op, Op::kFlush);
    EXPECT_EQ(said.requests[2].op, Op::kWriteZeroes);
    EXPECT_EQ(said.requests[2].length, 512u);
    EXPECT_EQ(said.devices, Texts{"nvme3n2"});
    ASSERT_EQ(said.completions.size(), 1u);
    EXPECT_EQ(said.completions[0].key, said.requests[0].key) << "the generation does not count";
    EXPECT_EQ(said.left_out,
              (Texts{"1 a Dataset Management command, of which the ranges are not recorded",
                     "1 another command", "1 an event of an admin command", "1 another event"}));
}

TEST(Ftrace, ReadsWhatOtherKernelsAndProgramsPrint) {
    // The first kernels; trace-cmd report with nanoseconds; perf script; record-tgid.
    const Said said = read_text(
        "ftrace",
        "  kworker/0:1H-8     [000] ....   123.456789: nvme_setup_nvm_cmd: qid=1, nsid=1, cmdid=5, "
        "flags=0x0, meta=0x0, cmd=(nvme_cmd_read slba=0, len=7, ctrl=0x0, dsmgmt=0, reftag=0)\n"
        "           fio-1210  [001]   124.456789123: nvme_setup_cmd:       nvme0: disk=nvme0n1, "
        "qid=2, cmdid=5, nsid=1, flags=0x0, meta=0x0, cmd=(nvme_cmd_read slba=8, len=7, ctrl=0x0)\n"
        "fio  1211 [003]   125.1:         nvme:nvme_setup_cmd: nvme0: disk=nvme0n1, qid=4, "
        "cmdid=5, "
        "nsid=1, flags=0x0, meta=0x0, cmd=(nvme_cmd_read slba=16, len=7, ctrl=0x0)\n"
        "  a b-c-1212    (   1200) [004] ..... 126.0: nvme_setup_cmd: nvme1: qid=4, cmdid=5, "
        "nsid=3, flags=0x0, meta=0x0, cmd=(nvme_cmd_read slba=24, len=7, ctrl=0x0)\n");
    EXPECT_TRUE(said.damage.empty()) << said.damage.front();
    ASSERT_EQ(said.requests.size(), 4u);
    EXPECT_EQ(said.requests[0].process, 8u);
    EXPECT_EQ(said.requests[1].time_ns, 124'456'789'123u);
    EXPECT_EQ(said.requests[1].process, 1210u);
    EXPECT_EQ(said.requests[2].time_ns, 125'100'000'000u);
    EXPECT_EQ(said.requests[2].process, 1211u);
    EXPECT_EQ(said.requests[2].cpu, 3u);
    EXPECT_EQ(said.requests[3].process, 1212u);
    EXPECT_EQ(said.devices, (Texts{"nvme0n1", "nvme1n3"}));
}

TEST(Ftrace, CountsInTheBlocksThatTheUserNames) {
    FormatOptions options;
    options.block_bytes = 4096;
    const Said said = read_text("ftrace",
                                kFio +
                                    "nvme_setup_cmd: nvme0: disk=nvme0n1, qid=1, cmdid=5, nsid=1, "
                                    "flags=0x0, meta=0x0, cmd=(nvme_cmd_read slba=2, len=3, c=0)\n",
                                options);
    ASSERT_EQ(said.requests.size(), 1u);
    EXPECT_EQ(said.requests[0].offset, 8192u);
    EXPECT_EQ(said.requests[0].length, 16'384u);
}

TEST(Ftrace, WhatIsWrongInAnEventIsNamed) {
    const std::string setup = kFio + "nvme_setup_cmd: nvme0: qid=1, cmdid=5, nsid=1, ";
    const std::pair<std::string, const char*> cases[]{
        {kFio + "nvme_setup_cmd: nvme0: cmdid=5, nsid=1\n", "file:1: qid = ''"},
        {kFio + "nvme_setup_cmd: nvme0: qid=1, nsid=1\n", "cmdid = ''"},
        {setup + "flags=0x0\n", "names no command; allowed: cmd=(...)"},
        {setup + "cmd=(nvme_cmd_read slba=x, len=7)\n", "slba = 'x'"},
        {setup + "cmd=(nvme_cmd_read slba=0)\n", "len = ''"},
        {setup + "cmd=(nvme_cmd_read slba=0, len=65536)\n", "len = 65536; allowed: 0 to 65535"},
        {setup + "cmd=(nvme_cmd_read slba=0, len=36028797018963967)\n", "allowed: 0 to 65535"},
        {setup + "cmd=(nvme_cmd_read slba=36028797018963967, len=7)\n", "are of no disk"},
        {setup + "cmd=(nvme_cmd_read slba=99999999999999999999, len=7)\n", "slba = '9999"},
        {setup + "cmd=(\n", "another"},
        {" soon: nvme_setup_cmd: nvme0: qid=1, cmdid=5, nsid=1, cmd=(x)\n", "time = 'soon'"},
    };
    for (const auto& [text, wanted] : cases) {
        if (std::string_view{wanted} == "another") {
            EXPECT_EQ(read_text("ftrace", text).left_out, Texts{"1 another command"});
            continue;
        }
        EXPECT_NE(only_damage("ftrace", text).find(wanted), std::string::npos)
            << only_damage("ftrace", text);
    }
}

TEST(Spdk, ReadsStartsAndEndsAndTheMoreExactTime) {
    const Said said = read_text(
        "spdk",
        "TSC Rate: 2000000000\n"
        "Trace Size of lcore (0): 2\n"
        "reactor_0   0:    180.850 (   361701) Nvme0n1    BDEV_IO_START   size:    128 "
        "id:    i7    type:  2      ctx:   0x2000003e0000   offset:1000      qd:    1\n"
        "reactor_0   0:    190.850 (   381701) Nvme0n1    BDEV_IO_DONE                 "
        "id:    i7    time:  10.000  ctx:   0x2000003e0000   qd:    0\n"
        " 3:    200.000    b01 BDEV_IO_START  id:    i8   type:  9   ctx: 0x1  offset:8 len: 16\n"
        " 3:    201.000    b01 BDEV_IO_START  size: 8 id:    i9   type:  4   ctx: 0x1  offset:0\n"
        " 3:    202.000    b01 BDEV_IO_START  size: 8 id:    i10   type:  5   ctx: 0x1  offset:0\n"
        " 3:    203.000        BDEV_IO_DONE  id:    N/A  ctx: 0x1\n"
        " 3:    204.000        BDEV_IO_START  size: 1 id:    i11   type:  3   ctx: 0x1  "
        "offset:9\n");
    EXPECT_TRUE(said.damage.empty()) << said.damage.front();
    ASSERT_EQ(said.requests.size(), 4u);
    EXPECT_EQ(said.requests[0].op, Op::kWrite);
    EXPECT_EQ(said.requests[0].time_ns, 180'850u);
    EXPECT_EQ(said.requests[0].offset, 512'000u);
    EXPECT_EQ(said.requests[0].length, 65'536u);
    EXPECT_EQ(said.completions[0].key, said.requests[0].key);
    EXPECT_EQ(said.requests[1].op, Op::kWriteZeroes);
    EXPECT_EQ(said.requests[1].length, 8192u);
    EXPECT_EQ(said.requests[1].cpu, 3u);
    EXPECT_EQ(said.requests[2].op, Op::kFlush);
    EXPECT_EQ(said.requests[2].length, 0u);
    EXPECT_EQ(said.requests[3].op, Op::kTrim);
    EXPECT_EQ(said.devices, (Texts{"Nvme0n1", "b01", "bdev"}));
    EXPECT_EQ(said.left_out, (Texts{"1 a line that is no request", "1 a request of another type"}));
}

TEST(Spdk, WhatIsWrongInALineIsNamed) {
    const std::string head = "r 0: 1.000 (2500) N BDEV_IO_START ";
    const std::pair<std::string, const char*> cases[]{
        {"TSC Rate: fast\n", "TSC Rate = 'fast'"},
        {"r x: 1.000 N BDEV_IO_START\n", "lcore = 'x'"},
        {"r 0: soon N BDEV_IO_START\n", "time = 'soon'"},
        {"r 0: 1.0 (many) N BDEV_IO_START\n", "ticks = 'many'"},
        {"BDEV_IO_START\n", "lcore = ''"},
        {head + "size: 8 offset: 0\n", "type = ''"},
        {head + "size: 8 type: 1\n", "offset = ''"},
        {head + "size: -8 type: 1 offset: 0\n", "size = '-8'"},
        {head + "size: 8 type: 1 offset: 36028797018963968\n", "offset = '36028797018963968'"},
    };
    for (const auto& [text, wanted] : cases)
        EXPECT_NE(only_damage("spdk", text).find(wanted), std::string::npos)
            << only_damage("spdk", text);
}

TEST(SpdkJson, SaysWhatTheTextSays) {
    const Said json = read_example("spdk_json", "spdk.json");
    const Said text = read_example("spdk", "spdk.txt");
    ASSERT_EQ(json.requests.size(), text.requests.size());
    EXPECT_EQ(json.completions.size(), text.completions.size());
    EXPECT_EQ(json.devices.size(), 2u);
    for (std::size_t i = 0; i < json.requests.size(); ++i) {
        EXPECT_EQ(json.requests[i].op, text.requests[i].op);
        EXPECT_EQ(json.requests[i].offset, text.requests[i].offset);
        EXPECT_EQ(json.requests[i].length, text.requests[i].length);
        EXPECT_EQ(json.requests[i].cpu, text.requests[i].cpu);
        EXPECT_EQ(json.devices[json.requests[i].device], text.devices[text.requests[i].device]);
        EXPECT_EQ(json.requests[i].time_ns - json.requests[0].time_ns,
                  text.requests[i].time_ns - text.requests[0].time_ns);
    }
}

TEST(SpdkJson, WhatIsWrongIsSaidWithItsByte) {
    const std::string head =
        R"({"tsc_rate":1000000000,"tpoints":[{"name":"BDEV_IO_START","id":9,)"
        R"("args":[{"name":"type"},{"name":"ctx"},{"name":"offset"}]}],"entries":[)";
    const std::pair<std::string, const char*> cases[]{
        {head + R"({"tpoint":9,"tsc":1,"lcore":0,"args":[1,2]}]})",
         "the argument offset is missing"},
        {head + R"({"tpoint":9,"tsc":-1,"lcore":0,"args":[1,2,0]}]})", "tsc is missing, or no num"},
        {head + R"({"tpoint":9,"tsc":1,"lcore":0,"args":[1,0,9e30]}]})",
         "offset is missing, or no"},
        {head + R"({"tpoint":9,"tsc":1,"lcore":0,"size":8,"args":[1,0,36028797018963968]}]})",
         "block 36028797018963968 is of no disk"},
        {head + R"({"lcore":0}]})", "tpoint is missing"},
        {head + R"({"tpoint":}]})", "is no JSON object"},
        {head + R"({"tpoint":9,"tsc":1)", "an object is too long, or has no end"},
        {head + R"({"a":")" + std::string(100'000, 'a') + "\"}]}", "too long, or has no end"},
        {head + "{\"a\":" + std::string(30'000, '[') + std::string(30'000, ']') + "}]}",
         "tpoint is missing"},
        {head, "the file ends within its object"},
        {"hello", "byte 0: is no JSON object"},
        {std::string(200, '{'), "too long, or has no end"},
    };
    for (const auto& [text, wanted] : cases)
        EXPECT_NE(only_damage("spdk_json", text).find(wanted), std::string::npos)
            << only_damage("spdk_json", text);
    // What else may stand in the object is passed over.
    const Said other = read_text(
        "spdk_json", R"({ "a": [1, "{", [2, "]"], null], "b": {"c": ["}"]}, "d": true,)" +
                         head.substr(1) + R"({"tpoint":9,"tsc":1,"lcore":0,"args":[1,2,0]}]})");
    EXPECT_TRUE(other.damage.empty());
    EXPECT_EQ(other.requests.size(), 1u);
    const std::string no_rate =
        R"({"tpoints":[{"name":"BDEV_IO_START","id":9}],"entries":[{"tpoint":9,"tsc":1}]})";
    EXPECT_NE(only_damage("spdk_json", no_rate).find("tsc_rate is missing"), std::string::npos);
    const std::string fraction = "{\"tsc_rate\":2.5e9," + no_rate.substr(1);
    EXPECT_NE(only_damage("spdk_json", fraction).find("tsc_rate is missing"), std::string::npos);
}

}  // namespace
}  // namespace platform::test
