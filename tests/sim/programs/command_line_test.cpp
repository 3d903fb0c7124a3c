// SPDX-License-Identifier: Apache-2.0

#include "tests/sim/programs/program.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

class CommandLine : public ProgramTest {};

TEST_F(CommandLine, HelpNamesBothCommandsAndEveryOption) {
    const Outcome help = nvme_vp({"--help"});
    EXPECT_EQ(help.code, 0);
    EXPECT_EQ(help.err, "");
    for (const char* text : {"nvme-vp run",    "nvme-vp replay FILE",
                             "nvme-vp sweep",  "nvme-vp uml",
                             "--config",       "--namespace",
                             "--job",          "--copy",
                             "--nsid",         "--depth",
                             "--pace",         "--interrupts",
                             "--vcd",          "--trace",
                             "--report",       "--set",
                             "--dump-config",  "--list-parameters",
                             "--list-presets", "--version",
                             "Exit codes"})
        EXPECT_TRUE(has(help.out, text));
    EXPECT_EQ(nvme_vp({"run", "--help"}).out, help.out);
}

TEST_F(CommandLine, VersionIsTheOnlyThingPrintedWithoutABannerOfTheKernel) {
    const Outcome version = nvme_vp({"--version"});
    EXPECT_EQ(version.code, 0);
    EXPECT_EQ(version.out.rfind("nvme-vp ", 0), 0u) << version.out;
    EXPECT_EQ(version.err, "");
}

TEST_F(CommandLine, CommandsThatAreMissingOrUnknownAreUsageErrors) {
    for (const std::vector<std::string>& arguments : {std::vector<std::string>{},
                                                      {"walk"},
                                                      {"replay"},
                                                      {"sweep"},
                                                      {"replay", "a", "b"},
                                                      {"run", "x"},
                                                      {"run", "--job"},
                                                      {"run", "--report", "a", "--report", "b"}}) {
        const Outcome outcome = nvme_vp(arguments);
        EXPECT_EQ(outcome.code, 2);
        EXPECT_EQ(outcome.out, "");
        EXPECT_TRUE(has(outcome.err, {"nvme-vp: ", "--help"}));
    }
}

TEST_F(CommandLine, AnUnknownOptionIsRefusedWithTheNearestOne) {
    const Outcome outcome = nvme_vp({"run", "--reprot", "x"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_TRUE(has(outcome.err, {"--reprot", "did you mean \"report\""}));
    // An abbreviation that is unique today may be ambiguous tomorrow: scripts would break.
    EXPECT_EQ(nvme_vp({"run", "--rep", "x"}).code, 2);
}

TEST_F(CommandLine, AllProblemsOfFileAndOptionsAreListedAtOnce) {
    write("bad.json", R"({"controller": {"mdts": 99, "mtds": 1}, "pace": "fast", "jbo": "x"})");
    const Outcome outcome = nvme_vp({"run", "--config", "bad.json", "--set", "link_gen=9",
                                     "--namespace", "rom:1M", "--depth", "0"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.out, "");
    for (const char* text :
         {"bad.json: /controller/mdts = 99: must be 1 to 10",
          "bad.json: /controller/mtds: no such key; did you mean \"mdts\"?",
          "bad.json: /pace = \"fast\": must be recorded, asap, realtime or eager",
          "bad.json: /jbo: no such key; did you mean \"job\"?",
          "--set link_gen = \"9\": must be 0 to 6", "--namespace rom:1M: expected ram:SIZE",
          "--depth = \"0\": must be 1 to 65534", "7 problems"})
        EXPECT_TRUE(has(outcome.err, text));
}

TEST_F(CommandLine, DumpedConfigurationReadsBackToItself) {
    const std::vector<std::string> options{"--namespace",  "ram:1M,lba=4096,nsid=3",
                                           "--namespace",  "file:a,b.img,ro",
                                           "--set",        "model_number=A \"quoted\" name",
                                           "--set",        "write_cache_bytes=1M",
                                           "--interrupts", "polled"};
    // A comma ends the path of a short description: such a file can be named in JSON only.
    std::vector<std::string> first{"run", "--dump-config"};
    first.insert(first.end(), options.begin(), options.end());
    EXPECT_EQ(nvme_vp(first).code, 2);
    first[5] = "file:a.img,ro";
    const Outcome dumped = nvme_vp(first);
    ASSERT_EQ(dumped.code, 0) << dumped.err;
    write("config.json", dumped.out);
    const Outcome again = nvme_vp({"run", "--config", "config.json", "--dump-config"});
    EXPECT_EQ(again.code, 0) << again.err;
    EXPECT_EQ(again.out, dumped.out);
    EXPECT_EQ(nlohmann::json::parse(again.out)["namespaces"][0]["nsid"], 3);
}

TEST_F(CommandLine, TheCommandLineHasPriorityOverTheFile) {
    write("config.json",
          R"({// comments are welcome
             "depth": 4, "pace": "asap", "controller": {"mdts": 3}, "namespaces": ["ram:1M"]})");
    const Outcome outcome = nvme_vp({"run", "--config", "config.json", "--depth", "8", "--set",
                                     "mdts=4", "--namespace", "ram:2M", "--dump-config"});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    const auto config = nlohmann::json::parse(outcome.out);
    EXPECT_EQ(config["depth"], 8);
    EXPECT_EQ(config["pace"], "asap");
    EXPECT_EQ(config["controller"]["mdts"], 4);
    ASSERT_EQ(config["namespaces"].size(), 1u);
    EXPECT_EQ(config["namespaces"][0]["size"], 2 << 20);
}

TEST_F(CommandLine, OutputsThatCannotBeWrittenAreFoundBeforeTheSimulation) {
    for (const char* option : {"--report", "--trace", "--vcd"}) {
        const Outcome outcome = nvme_vp({"run", option, "no/such/folder/x.vcd"});
        EXPECT_EQ(outcome.code, 2) << option;
        EXPECT_EQ(outcome.out, "");
        EXPECT_TRUE(has(outcome.err, "no/such/folder/x.vcd"));
    }
    EXPECT_EQ(nvme_vp({"run", "--vcd", "waves.txt"}).code, 2);
}

TEST_F(CommandLine, AnOutputNeverReplacesAnInputOrAnotherOutput) {
    write("disk.img", std::string(1 << 20, 'd'));
    const std::string disk = read("disk.img");
    EXPECT_EQ(nvme_vp({"run", "--namespace", "file:disk.img", "--report", "./disk.img"}).code, 2);
    EXPECT_EQ(read("disk.img"), disk);
    const Outcome twice = nvme_vp({"run", "--trace", "x", "--report", "x"});
    EXPECT_EQ(twice.code, 2);
    EXPECT_TRUE(has(twice.err, "the same file as trace"));
    EXPECT_FALSE(exists("x"));
}

TEST_F(CommandLine, NamespacesThatCannotBeOpenedAreUsageErrors) {
    write("small.img", "x");
    const Outcome outcome = nvme_vp({"run", "--namespace", "file:missing.img", "--namespace",
                                     "file:small.img", "--namespace", "file:."});
    EXPECT_EQ(outcome.code, 2);
    for (const char* text :
         {"missing.img: cannot open", "small.img: holds not even one block", "namespace 3"})
        EXPECT_TRUE(has(outcome.err, text));
    EXPECT_EQ(files(), (std::vector<std::string>{"small.img"}));
    EXPECT_EQ(nvme_vp({"run", "--namespace", "ram:1M,nsid=2", "--namespace", "ram:1M,nsid=2"}).code,
              2);
}

TEST_F(CommandLine, JobsThatTheDeviceCannotRunAreUsageErrors) {
    write("wide.fio", "[a]\nrw=randread\nbs=4k\nnumjobs=3\niodepth=64\n");
    const Outcome wide = nvme_vp(
        {"run", "--job", "wide.fio", "--set", "max_io_queues=2", "--set", "max_queue_entries=64"});
    EXPECT_EQ(wide.code, 2);
    EXPECT_TRUE(has(wide.err, {"max_io_queues is 2", "max_queue_entries of at least 65"}));
    write("huge.fio", "[a]\nrw=read\nbs=1g\nsize=1g\niodepth=4\n");
    EXPECT_TRUE(has(nvme_vp({"run", "--job", "huge.fio", "--namespace", "ram:2G"}).err,
                    "MiB of host memory"));
    write("odd.fio", "[a]\nrw=read\nbs=512\nfrobnicate=1\n");
    EXPECT_TRUE(has(nvme_vp({"run", "--job", "odd.fio"}).err, "odd.fio:4: "));
    EXPECT_TRUE(has(nvme_vp({"run", "--job", "none.fio"}).err, "none.fio: cannot be read"));
    EXPECT_TRUE(has(nvme_vp({"run", "--nsid", "7"}).err, "there is no namespace 7"));
    write("ro.img", std::string(1 << 20, '\0'));
    write("write.fio", "[a]\nrw=write\nbs=4k\nsize=64k\n");
    EXPECT_TRUE(has(nvme_vp({"run", "--namespace", "file:ro.img,ro", "--job", "write.fio"}).err,
                    "is read-only"));
}

TEST_F(CommandLine, EveryParameterIsInTheDocumentation) {
    const Outcome listed = nvme_vp({"--list-parameters"});
    EXPECT_EQ(listed.code, 0);
    const Outcome documentation = shell("cat " + shell_word(project("docs/configuration.md")));
    EXPECT_TRUE(has(documentation.out, listed.out))
        << "docs/configuration.md is out of date: replace its tables by the output of "
           "nvme-vp --list-parameters";
}

TEST_F(CommandLine, TheSchemaThatShipsIsTheOneOfTheProgram) {
    const Outcome printed = nvme_vp({"--print-schema"});
    EXPECT_EQ(printed.code, 0);
    const Outcome shipped = shell("cat " + shell_word(project("docs/nvme-vp.schema.json")));
    EXPECT_EQ(printed.out, shipped.out)
        << "docs/nvme-vp.schema.json is out of date: replace it by nvme-vp --print-schema";
}

}  // namespace
}  // namespace nvme_vp::test
