// SPDX-License-Identifier: Apache-2.0
// The worked cases of docs/analysis.md: whoever types the commands sees what stands there.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/sim/programs/program.h"

namespace nvme_vp::test {
namespace {

struct Typed {
    std::string command;
    std::vector<std::string> prints;  ///< "...": any lines
};

/// One case, from its heading on.
struct Case {
    std::string name;
    std::vector<Typed> typed;
};

/// Those of the section: indented blocks, in which commands begin with "$ " and may go on behind a
/// backslash.
std::vector<Case> cases_of(std::istream& document) {
    std::vector<Case> cases;
    bool inside = false, goes_on = false;
    for (std::string line; std::getline(document, line);) {
        if (line.rfind("## ", 0) == 0) inside = line == "## Three cases";
        if (!inside) continue;
        if (line.rfind("### ", 0) == 0) cases.push_back({line.substr(4), {}});
        if (line.rfind("    ", 0) != 0 || cases.empty()) continue;
        line.erase(0, 4);
        std::vector<Typed>& typed = cases.back().typed;
        if (goes_on)
            typed.back().command += "\n" + line;
        else if (line.rfind("$ ", 0) == 0)
            typed.push_back({line.substr(2), {}});
        else if (!typed.empty())
            typed.back().prints.push_back(line);
        goes_on = (goes_on || line.rfind("$ ", 0) == 0) && line.back() == '\\';
    }
    return cases;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

/// Empty, or the first line of `expected` that is not there.
std::string missing(const std::vector<std::string>& expected,
                    const std::vector<std::string>& printed) {
    auto at = printed.begin();
    bool any = false;
    for (const std::string& line : expected) {
        if (line == "...") {
            any = true;
            continue;
        }
        at = any ? std::find(at, printed.end(), line) : at;
        if (at == printed.end() || *at != line) return line;
        ++at;
        any = false;
    }
    return any || at == printed.end() ? std::string() : "the end, and not: " + *at;
}

class WorkedCases : public ProgramTest {
protected:
    WorkedCases() {
        const auto link = [this](const std::string& to, const std::string& name) {
            EXPECT_EQ(shell("ln -s " + shell_word(to) + " " + name).code, 0);
        };
        link(project("docs"), "docs");
        link(NVME_VP, "nvme-vp");
        link(NVME_TRACE, "nvme-trace");
    }
    void run(const std::string& name) {
        std::ifstream document(project("docs/analysis.md"));
        const std::vector<Case> cases = cases_of(document);
        ASSERT_EQ(cases.size(), 3u);
        const auto found = std::find_if(cases.begin(), cases.end(),
                                        [&name](const Case& c) { return c.name == name; });
        ASSERT_NE(found, cases.end()) << name;
        EXPECT_GT(found->typed.size(), 3u);
        EXPECT_LT(found->typed.size(), 10u);
        for (const Typed& typed : found->typed) {
            const Outcome outcome = shell("PATH=\"$PWD:$PATH\"\n" + typed.command);
            EXPECT_EQ(outcome.code, 0) << typed.command << "\n" << outcome.err;
            EXPECT_EQ(missing(typed.prints, lines_of(outcome.out)), "") << typed.command << "\n"
                                                                        << outcome.out;
        }
    }
};

TEST_F(WorkedCases, ADriverThatIsSlow) {
    run("A driver that is slow");
}

TEST_F(WorkedCases, ADriveThatCollectsGarbage) {
    run("A drive that collects garbage");
}

TEST_F(WorkedCases, ALinkThatIsFull) {
    run("A link that is full");
}

}  // namespace
}  // namespace nvme_vp::test
