// SPDX-License-Identifier: Apache-2.0
// --report x.html: the page of a run, made by the run itself.
#include <string>

#include "tests/sim/programs/program.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

class PageReport : public ProgramTest {
protected:
    PageReport() { write("r.fio", "[r]\nrw=randread\nbs=4k\nnumber_ios=100\n"); }

    /// What the page shows.
    [[nodiscard]] nlohmann::json data_of(const std::string& name) const {
        const std::string page = read(name);
        const std::string begin = "id=\"report\">";
        const std::size_t from = page.find(begin) + begin.size();
        return nlohmann::json::parse(page.substr(from, page.find("</script>", from) - from));
    }
};

TEST_F(PageReport, HoldsEachCommandOfTheRunAndLeavesNoOtherFile) {
    const Outcome run = nvme_vp({"run", "--job", "r.fio", "--report", "run.html"});
    ASSERT_EQ(run.code, 0) << run.err;
    EXPECT_EQ(files(), (std::vector<std::string>{"r.fio", "run.html"}));
    const nlohmann::json data = data_of("run.html");
    EXPECT_EQ(data["meta"]["file"], "run.html");
    EXPECT_EQ(data["meta"]["details"], true);
    for (const auto& group : data["groups"]) {
        if (group["by"] == "opcode") {
            EXPECT_EQ(group["key"], "Read");
            EXPECT_EQ(group["count"], 100);
        }
    }
    EXPECT_EQ(data["slowest"].size(), 20u);
    EXPECT_FALSE(data["slowest"][0]["story"].empty());
}

TEST_F(PageReport, IsThatOfTheTrace) {
    const Outcome run = nvme_vp({"run", "--job", "r.fio", "--report", "run.html", "--trace_binary",
                                 "run.bin", "--trace_detail", "all"});
    ASSERT_EQ(run.code, 0) << run.err;
    const Outcome made = shell(shell_word(NVME_TRACE) + " report run.bin -o trace.html");
    ASSERT_EQ(made.code, 0) << made.err;
    nlohmann::json of_run = data_of("run.html"), of_trace = data_of("trace.html");
    of_run["meta"]["file"] = of_trace["meta"]["file"] = "";
    EXPECT_EQ(of_run.dump(), of_trace.dump());
}

TEST_F(PageReport, EachOfSeveralControllersHasItsOwn) {
    write("two.json",
          R"({"subsystems": [{"namespaces": ["ram:8M"]}, {"namespaces": ["ram:8M"]}]})");
    const Outcome run =
        nvme_vp({"run", "--config", "two.json", "--job", "r.fio", "--report", "run.html"});
    ASSERT_EQ(run.code, 0) << run.err;
    EXPECT_EQ(files(),
              (std::vector<std::string>{"r.fio", "run.nvme0.html", "run.nvme1.html", "two.json"}));
}

TEST_F(PageReport, TakesNoFileAwayThatIsThereAndSaysWhatIsWrong) {
    write("run.html.events", "mine");
    const Outcome run = nvme_vp({"run", "--job", "r.fio", "--report", "run.html"});
    EXPECT_EQ(run.code, 2);
    EXPECT_TRUE(has(run.err, "report = \"run.html\": \"run.html.events\" is there"));
    EXPECT_EQ(read("run.html.events"), "mine");
    EXPECT_FALSE(exists("run.html"));
    EXPECT_EQ(nvme_vp({"run", "--job", "r.fio", "--report", "no/run.html"}).code, 2);
}

}  // namespace
}  // namespace nvme_vp::test
