// SPDX-License-Identifier: Apache-2.0
// Lines are those that fio 3.33 and blkparse 1.2.0 print.
#include <gtest/gtest.h>

#include "tests/unit/traces/made_trace.h"
#include "traces/analysis/analyser.h"
#include "traces/export/blkparse.h"
#include "traces/export/fio_logs.h"

namespace analysis {
namespace {

Analysis two_commands() {
    Analyser analyser;
    MadeTrace trace(analyser);
    trace.bring_up();
    trace.read(10'000, 3, 1);
    trace.tail(2'000'000, 2);
    trace.fetch(2'000'100, 4, 1, 16);
    trace.complete(2'004'100, 4, 2'000'100, 1);
    trace.tail(3'000'000, 3);
    trace.fetch(3'000'100, 5, 0);  // a Flush moves nothing
    trace.complete(3'004'100, 5, 3'000'100, 0);
    trace.tail(4'000'000, 4);
    trace.fetch(4'000'100, 6);  // never completes
    return analyser.finish();
}

TEST(FioLogs, HaveALineForEachReadAndWrite) {
    Analysis analysis = two_commands();
    analysis.commands[3].bytes = 4096;  // the trace has buffers, but this one has none
    const auto logs = fio_logs(analysis, "run", 512);
    ASSERT_EQ(logs.size(), 5u);
    EXPECT_EQ(logs[0].name, "run_lat.1.log");
    EXPECT_EQ(logs[0].text, "0, 7650, 0, 4096, 0, 0\n1, 4100, 1, 4096, 8192, 0\n");
    EXPECT_EQ(logs[1].name, "run_slat.1.log");
    EXPECT_EQ(logs[1].text, "0, 100, 0, 4096, 0, 0\n1, 100, 1, 4096, 8192, 0\n");
    EXPECT_EQ(logs[2].name, "run_clat.1.log");
    EXPECT_EQ(logs[2].text, "0, 7550, 0, 4096, 0, 0\n1, 4000, 1, 4096, 8192, 0\n");
    EXPECT_EQ(logs[3].name, "run_bw.1.log");
    EXPECT_EQ(logs[3].text, "0, 542516, 0, 4096, 0, 0\n1, 1024000, 1, 4096, 8192, 0\n");
    EXPECT_EQ(logs[4].name, "run_iops.1.log");
    EXPECT_EQ(logs[4].text, "0, 1, 0, 4096, 0, 0\n1, 1, 1, 4096, 8192, 0\n");
}

TEST(Blkparse, HasThreeLinesForEachReadAndWrite) {
    EXPECT_EQ(blkparse_text(two_commands(), 512),
              "259,0    0        1     0.000000000     0  Q   R 0 + 8 [nvme-vp]\n"
              "259,0    0        2     0.000000100     0  D   R 0 + 8 [nvme-vp]\n"
              "259,0    0        3     0.000007650     0  C   R 0 + 8 [0]\n"
              "259,0    0        4     0.001990000     0  Q   W 16 + 8 [nvme-vp]\n"
              "259,0    0        5     0.001990100     0  D   W 16 + 8 [nvme-vp]\n"
              "259,0    0        6     0.001994100     0  C   W 16 + 8 [0]\n");
}

/// Whatever the blocks are, a sector has 512 bytes.
TEST(Blkparse, CountsSectorsOfLargeBlocks) {
    const std::string text = blkparse_text(two_commands(), 4096);
    EXPECT_NE(text.find("  Q   W 128 + 64 [nvme-vp]\n"), text.npos) << text;
}

}  // namespace
}  // namespace analysis
