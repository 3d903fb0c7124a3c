// SPDX-License-Identifier: Apache-2.0
// What other tools are given of a run is the run.
#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>

#include <sqlite3.h>

#include "tests/sim/programs/trace_analysis.h"

namespace nvme_vp::test {
namespace {

using nlohmann::json;

class TraceExport : public TraceAnalysis {
protected:
    using Rows = std::vector<std::vector<std::string>>;

    /// The answer of a query; numbers as SQLite writes them.
    Rows query(const std::string& database, const std::string& text) {
        sqlite3* opened = nullptr;
        EXPECT_EQ(sqlite3_open_v2(path(database).c_str(), &opened, SQLITE_OPEN_READONLY, nullptr),
                  SQLITE_OK);
        Rows rows;
        char* wrong = nullptr;
        const auto add = [](void* to, int count, char** values, char**) {
            std::vector<std::string> row;
            for (int i = 0; i < count; ++i) row.emplace_back(values[i] != nullptr ? values[i] : "");
            static_cast<Rows*>(to)->push_back(std::move(row));
            return 0;
        };
        sqlite3_exec(opened, text.c_str(), add, &rows, &wrong);
        EXPECT_EQ(wrong, nullptr) << text << ": " << wrong;
        sqlite3_free(wrong);
        sqlite3_close(opened);
        return rows;
    }
    std::vector<std::string> lines(const std::string& file) {
        std::istringstream text(read(file));
        std::vector<std::string> all;
        for (std::string line; std::getline(text, line);) all.push_back(line);
        return all;
    }
};

TEST_F(TraceExport, OfADatabaseEachNumberIsTheRuns) {
    run({"--trace_detail", "all"});
    ASSERT_EQ(nvme_trace({"convert", "t.bin", "--to", "sqlite", "-o", "run.db"}).code, 0);
    std::size_t compared = 0;
    const json theirs = read_json("r.json");
    for (const json& opcode : theirs["served"]["opcodes"]) {
        const Rows rows =
            query("run.db",
                  "SELECT count(*), sum(status != 0), min(end_ps - fetched_ps), "
                  "max(end_ps - fetched_ps) FROM command WHERE end_ps IS NOT NULL AND sqid " +
                      std::string(opcode["queue"] == "io" ? "> 0" : "= 0") + " AND name = '" +
                      opcode["name"].get<std::string>() + "'");
        const json& latency = opcode["latency_ps"];
        EXPECT_EQ(rows[0],
                  (std::vector<std::string>{opcode["count"].dump(), opcode["errors"].dump(),
                                            latency["min"].dump(), latency["max"].dump()}));
        ++compared;
    }
    EXPECT_GE(compared, 4u);
    const json ours = report("t.bin");
    EXPECT_EQ(query("run.db", "SELECT count(*) FROM sample")[0][0],
              std::to_string(ours["series"]["iops"].size()));
    EXPECT_EQ(query("run.db", "SELECT sum(doorbells) FROM queue WHERE sqid = 1")[0][0],
              ours["queues"][1]["doorbells"].dump());
    EXPECT_EQ(query("run.db",
                    "SELECT max(abs(latency_ns - fetch_ns - decode_ns - media_ns - "
                    "data_ns - completion_ns)) < 0.1 FROM command")[0][0],
              "1");
    EXPECT_EQ(query("run.db", "PRAGMA integrity_check")[0][0], "ok");
}

/// The queries of docs/analysis.md: each has an answer.
TEST_F(TraceExport, QueriesOfTheDocumentationHaveAnswers) {
    run({"--trace_detail", "all"});
    ASSERT_EQ(nvme_trace({"convert", "t.bin", "--to", "sqlite", "-o", "run.db"}).code, 0);
    std::ifstream docs(project("docs/analysis.md"));
    std::size_t queries = 0;
    std::string statement;
    bool within = false;
    for (std::string line; std::getline(docs, line);) {
        if (line == "```sql") {
            within = true;
        } else if (line == "```") {
            within = false;
        } else if (within) {
            statement += line + "\n";
            if (line.back() != ';') continue;
            EXPECT_FALSE(query("run.db", statement).empty()) << statement;
            statement.clear();
            ++queries;
        }
    }
    EXPECT_GE(queries, 5u);
}

TEST_F(TraceExport, OfAWaveformWhatIsNotKnownIsNull) {
    run({"--trace_detail", "all", "--vcd", "t.vcd"});
    ASSERT_EQ(nvme_trace({"convert", "t.vcd", "--to", "sqlite", "-o", "run.db"}).code, 0);
    EXPECT_EQ(query("run.db",
                    "SELECT count(*), count(interrupt_ns), count(media_ns) FROM command "
                    "WHERE sqid > 0")[0],
              (std::vector<std::string>{"3000", "0", "3000"}));
    EXPECT_EQ(query("run.db", "SELECT count(*), count(cqid) FROM queue")[0],
              (std::vector<std::string>{"3", "0"}));
}

TEST_F(TraceExport, FioLogsAreOfTheForm) {
    run({"--trace_detail", "all"});
    ASSERT_EQ(nvme_trace({"convert", "t.bin", "--to", "fio", "-o", "log"}).code, 0);
    const std::regex form("[0-9]+, [0-9]+, [01], 4096, [0-9]+, 0");
    for (const char* what : {"lat", "slat", "clat", "bw", "iops"})
        for (const char* queue : {"1", "2"}) {
            const auto all = lines("log_" + std::string(what) + "." + queue + ".log");
            EXPECT_EQ(all.size(), 1500u);
            for (const std::string& line : all) ASSERT_TRUE(std::regex_match(line, form)) << line;
        }
    double sum = 0;
    for (const char* queue : {"1", "2"})
        for (const std::string& line : lines("log_clat." + std::string(queue) + ".log"))
            sum += std::stod(line.substr(line.find(' ')));
    EXPECT_NEAR(sum / 3000, group(report("t.bin"), "all", "I/O")["mean_ns"].get<double>(), 1)
        << "whole nanoseconds";
}

TEST_F(TraceExport, BlkparseLinesAreInTheOrderOfTime) {
    run({"--trace_detail", "all"});
    ASSERT_EQ(nvme_trace({"convert", "t.bin", "--to", "blkparse", "-o", "b.txt"}).code, 0);
    const auto all = lines("b.txt");
    EXPECT_EQ(all.size(), 9000u);
    const std::regex form(
        " *259,0 +[01] +[0-9]+ +[0-9]+\\.[0-9]{9} +0  [QDC]   [RW] [0-9]+ \\+ 8 \\[.*\\]");
    std::string before;
    for (const std::string& line : all) {
        ASSERT_TRUE(std::regex_match(line, form)) << line;
        const std::string at = line.substr(20, 15);
        EXPECT_LE(before, at);
        before = at;
    }
    for (const char action : {'Q', 'D', 'C'})
        EXPECT_EQ(std::count_if(all.begin(), all.end(),
                                [action](const std::string& line) { return line[43] == action; }),
                  3000);
}

}  // namespace
}  // namespace nvme_vp::test
