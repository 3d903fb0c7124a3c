// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include "tests/sim/programs/program.h"

namespace nvme_vp::test {

/// nvme-trace, on what nvme-vp has written.
class TraceAnalysis : public ProgramTest {
protected:
    Outcome nvme_trace(const std::vector<std::string>& arguments) {
        std::string command = shell_word(NVME_TRACE);
        for (const std::string& argument : arguments) command += " " + shell_word(argument);
        return shell(command);
    }
    /// A job on two queues, with text, binary trace and report.
    void run(const std::vector<std::string>& more = {}) {
        write("j.fio", "[a]\nrw=randrw\nbs=4k\niodepth=16\nnumjobs=2\nnumber_ios=1500\nsize=16m\n");
        std::vector<std::string> arguments{"run",     "--job",    "j.fio",    "--trace",
                                           "t.trace", "--report", "r.json",   "--trace_binary",
                                           "t.bin",   "--host",   "realistic"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const Outcome outcome = nvme_vp(arguments);
        ASSERT_EQ(outcome.code, 0) << outcome.err;
    }
    nlohmann::json report(const std::string& trace) {
        const Outcome outcome = nvme_trace({"report", trace, "-o", "a.json"});
        EXPECT_EQ(outcome.code, 0) << outcome.err;
        EXPECT_EQ(outcome.err, "");
        return read_json("a.json");
    }
    /// A group of the analysis has what the run has counted of the same commands itself.
    static void expect_counted(const nlohmann::json& group, const nlohmann::json& counted) {
        const nlohmann::json& latency = counted["latency_ps"];
        EXPECT_EQ(group["count"], counted["count"]);
        EXPECT_EQ(group["errors"], counted["errors"]);
        EXPECT_EQ(group["min_ns"].get<double>() * 1e3, latency["min"].get<double>());
        EXPECT_EQ(group["max_ns"].get<double>() * 1e3, latency["max"].get<double>());
        EXPECT_NEAR(group["mean_ns"].get<double>() * 1e3, latency["mean"].get<double>(), 1);
    }
    static nlohmann::json group(const nlohmann::json& report, const std::string& by,
                                const std::string& key) {
        for (const nlohmann::json& each : report["groups"])
            if (each["by"] == by && each["key"] == key) return each;
        ADD_FAILURE() << "no group " << by << " " << key;
        return {};
    }
};

}  // namespace nvme_vp::test
