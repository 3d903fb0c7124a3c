// SPDX-License-Identifier: Apache-2.0
// Formats of one request a line.
#include "tests/unit/platform/recording_test_support.h"

namespace platform::test {
namespace {

using Texts = std::vector<std::string>;

/// What is said of the line, behind one that is good.
std::string damage_of(std::string_view format, const std::string& good, const std::string& line) {
    const Said said = read_text(format, good + "\n" + line + "\n" + good + "\n");
    EXPECT_EQ(said.requests.size(), 2u) << line;
    return said.damage.size() == 1 ? said.damage.front() : std::to_string(said.damage.size());
}

TEST(MsrTraces, HaveTheTimeInTicksOfWindowsAndTheResponse) {
    const Said said = read_text("msr",
                                "128166372003061629,hm,1,Read,383496192,32768,413\n"
                                "128166372016382155,prxy,0,Write,2822144,4096,0\n");
    ASSERT_EQ(said.requests.size(), 2u);
    EXPECT_EQ(said.devices, (Texts{"hm_1", "prxy_0"}));
    EXPECT_EQ(said.requests[0].time_ns, 12'816'637'200'306'162'900u);
    EXPECT_EQ(said.requests[0].op, Op::kRead);
    EXPECT_EQ(said.requests[0].offset, 383'496'192u);
    EXPECT_EQ(said.requests[0].length, 32'768u);
    EXPECT_EQ(said.requests[0].latency_ns, 41'300u);
    EXPECT_EQ(said.requests[1].op, Op::kWrite);
    EXPECT_EQ(said.requests[1].device, 1u);
}

TEST(MsrTraces, WhatIsWrongIsNamedWithItsColumn) {
    const std::string good = "128166372003061629,hm,1,Read,0,512,0";
    const std::pair<const char*, const char*> cases[]{
        {"128166372003061629,hm,1,Read,0,512", "file:2: has 6 columns; allowed: Timestamp,Hostn"},
        {"128166372003061629,hm,1,Erase,0,512,0", "Type = 'Erase'; allowed: Read or Write"},
        {"x,hm,1,Read,0,512,0", "Timestamp = 'x' is no number that can be meant; allowed: 0 to 1"},
        {"-1,hm,1,Read,0,512,0", "Timestamp = '-1'"},
        {"1,hm,1,Read,1e9,512,0", "Offset = '1e9'"},
        {"1,hm,1,Read,99999999999999999999,512,0", "Offset = '99999999999999999999'"},
        {"1,hm,1,Read,0,4294967296,0", "offset 0 and length 4294967296 are of no disk"},
        {"1,hm,1,Read,18446744073709551615,2,0", "are of no disk"},
        {"1,hm,1,Read,0,512,", "ResponseTime = ''"},
        {"1,hm,one,Read,0,512,0", "DiskNumber = 'one'"},
        {"1,\xff\x1b,1,Read,,512,0", "Offset = ''"},
    };
    for (const auto& [line, said] : cases)
        EXPECT_NE(damage_of("msr", good, line).find(said), std::string::npos)
            << line << ": " << damage_of("msr", good, line);
}

TEST(SystorTraces, HaveSecondsWithFractionsAndSometimesNoResponse) {
    const Said said = read_text("systor",
                                "Timestamp,Response,IOType,LUN,Offset,Size\n"
                                "1456171201.008402000,0.001131000,W,0,91830984704,4096\n"
                                "1456171201.1,,R,3,512,1024\n"
                                "1456171202,0.5,,3,512,1024\n");
    EXPECT_TRUE(said.damage.empty());
    ASSERT_EQ(said.requests.size(), 2u);
    EXPECT_EQ(said.requests[0].time_ns, 1'456'171'201'008'402'000u);
    EXPECT_EQ(said.requests[0].latency_ns, 1'131'000u);
    EXPECT_EQ(said.requests[0].op, Op::kWrite);
    EXPECT_EQ(said.requests[1].time_ns, 1'456'171'201'100'000'000u);
    EXPECT_FALSE(said.requests[1].latency_ns);
    EXPECT_EQ(said.devices, (Texts{"0", "3"}));
    EXPECT_EQ(said.left_out, Texts{"1 a request without a type"});
    const std::string good = "1,0,R,0,0,512";
    EXPECT_NE(damage_of("systor", good, "1.x,0,R,0,0,512").find("Timestamp = '1.x'"),
              std::string::npos);
    EXPECT_NE(damage_of("systor", good, "20000000000,0,R,0,0,512")
                  .find("allowed: 0 to 18446744073, with a fraction or without"),
              std::string::npos);
    EXPECT_NE(damage_of("systor", good, "1,0,X,0,0,512").find("IOType = 'X'"), std::string::npos);
}

TEST(AlibabaTraces, HaveMicrosecondsAndBytes) {
    const Said said = read_text("alibaba", "419,W,8792731648,16384,1577808144360767\n");
    ASSERT_EQ(said.requests.size(), 1u);
    EXPECT_EQ(said.requests[0].time_ns, 1'577'808'144'360'767'000u);
    EXPECT_EQ(said.requests[0].offset, 8'792'731'648u);
    EXPECT_EQ(said.requests[0].length, 16'384u);
    EXPECT_EQ(said.devices, Texts{"419"});
    EXPECT_NE(damage_of("alibaba", "1,R,0,512,0", "1,r,0,512,0").find("opcode = 'r'; allowed: R"),
              std::string::npos);
}

TEST(TencentTraces, HaveSecondsAndSectors) {
    const Said said = read_text("tencent",
                                "1538323200,12910952,128,0,1063\n"
                                "1538323201,0,8,1,1323\n");
    ASSERT_EQ(said.requests.size(), 2u);
    EXPECT_EQ(said.requests[0].time_ns, 1'538'323'200'000'000'000u);
    EXPECT_EQ(said.requests[0].offset, 12'910'952ull * 512);
    EXPECT_EQ(said.requests[0].length, 65'536u);
    EXPECT_EQ(said.requests[0].op, Op::kRead);
    EXPECT_EQ(said.requests[1].op, Op::kWrite);
    EXPECT_EQ(said.devices, (Texts{"1063", "1323"}));
    const std::string good = "1538323200,0,8,0,1";
    EXPECT_NE(damage_of("tencent", good, "1538323200,0,8,2,1").find("IOType = '2'"),
              std::string::npos);
    EXPECT_NE(damage_of("tencent", good, "1538323200,36028797018963968,8,0,1")
                  .find("allowed: 0 to 36028797018963967"),
              std::string::npos);
}

TEST(DisksimTraces, HaveMillisecondsSectorsAndFlagsInHexadecimal) {
    const Said said = read_text("disksim",
                                "13.191135 30 0 5 1\n"
                                "  17.829285\t20  576560 6 0x10\n"
                                "18 20 8 2 11\n");
    EXPECT_TRUE(said.damage.empty());
    ASSERT_EQ(said.requests.size(), 3u);
    EXPECT_EQ(said.requests[0].time_ns, 13'191'135u);
    EXPECT_EQ(said.requests[0].length, 2560u);
    EXPECT_EQ(said.requests[0].op, Op::kRead);
    EXPECT_EQ(said.requests[1].op, Op::kWrite);
    EXPECT_EQ(said.requests[1].offset, 576'560u * 512);
    EXPECT_EQ(said.requests[2].op, Op::kRead);
    EXPECT_EQ(said.devices, (Texts{"30", "20"}));
    const std::string good = "1.0 0 0 8 1";
    EXPECT_NE(damage_of("disksim", good, "1.0 0 0 8").find("has 4 columns"), std::string::npos);
    EXPECT_NE(damage_of("disksim", good, "1.0 0 0 8 g").find("flags = 'g'"), std::string::npos);
    EXPECT_NE(damage_of("disksim", good, "1.0 0 0 8 100000000").find("0 to ffffffff"),
              std::string::npos);
    EXPECT_NE(damage_of("disksim", good, "-1 0 0 8 1").find("time = '-1'"), std::string::npos);
}

// All were made of the same requests.
TEST(CsvExamples, HoldTheSameRequests) {
    const Said msr = read_example("msr", "msr.csv");
    const Said disksim = read_example("disksim", "disksim.trace");
    ASSERT_EQ(msr.requests.size(), 36u);
    for (const auto& [format, name, units] :
         {std::tuple{"systor", "systor.csv", 1u}, std::tuple{"alibaba", "alibaba.csv", 1000u}}) {
        const Said said = read_example(format, name);
        ASSERT_EQ(said.requests.size(), msr.requests.size()) << name;
        for (std::size_t i = 0; i < said.requests.size(); ++i) {
            const Recorded& one = said.requests[i];
            const Recorded& other = disksim.requests[i];
            EXPECT_EQ(one.op, other.op);
            EXPECT_EQ(one.length, other.length);
            EXPECT_EQ(one.offset - said.requests[0].offset,
                      other.offset - disksim.requests[0].offset);
            const std::uint64_t since = one.time_ns - said.requests[0].time_ns;
            const std::uint64_t wanted = other.time_ns - disksim.requests[0].time_ns;
            EXPECT_LE(since > wanted ? since - wanted : wanted - since, units);
        }
    }
}

}  // namespace
}  // namespace platform::test
