// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/programs/program.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

/// Namespaces that come and go while a job runs.
class ConfiguredEvents : public ProgramTest {};

TEST_F(ConfiguredEvents, HappenAtTheirTimesWhileTheJobGoesOn) {
    write("c.json", R"({"namespaces": ["ram:64M"], "trace": "t.txt", "report": "r.json",
        "events": [{"at_ns": 7000000, "action": "add", "namespace": "ram:1M,nsid=7"},
                   {"at_ns": 8000000, "action": "resize", "nsid": 7, "size": "2M"},
                   {"at_ns": 9000000, "action": "remove", "nsid": 7}]})");
    const Outcome run = nvme_vp({"run", "--config", "c.json"});
    EXPECT_EQ(run.code, 0) << run.out << run.err;
    // The driver keeps no Asynchronous Event Request outstanding; the configuration is in the
    // report.
    EXPECT_EQ(read_json("r.json")["configuration"]["events"].size(), 3u);
    EXPECT_EQ(read_json("r.json")["good"], true);
}

TEST_F(ConfiguredEvents, ThatCannotHappenFailTheRun) {
    write("c.json", R"({"events": [{"at_ns": 1000, "action": "resize", "nsid": 1, "size": 100}]})");
    const Outcome run = nvme_vp({"run", "--config", "c.json"});
    EXPECT_EQ(run.code, 1);
    EXPECT_TRUE(has(run.err, "at 1000 ns: nsid = 1: must keep at least one block"));
    write("c.json", R"({"events": [{"at_ns": 1000, "action": "remove", "nsid": 3}]})");
    EXPECT_EQ(nvme_vp({"run", "--config", "c.json"}).code, 2);
    write("c.json", R"({"events": [{"at_ns": 1, "action": "add",
                                    "namespace": "file:missing.img,nsid=3"}]})");
    EXPECT_EQ(nvme_vp({"run", "--config", "c.json"}).code, 2);
}

}  // namespace
}  // namespace nvme_vp::test
