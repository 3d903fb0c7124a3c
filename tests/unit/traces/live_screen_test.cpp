// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/live_screen.h"

#include <gtest/gtest.h>

#include "tests/unit/traces/made_trace.h"
#include "traces/analysis/analyser.h"

namespace analysis {
namespace {

TEST(LiveScreen, ShowsAPartAndCountsAll) {
    Analyser analyser;
    MadeTrace trace(analyser);
    LiveScreen screen("run.bin");
    trace.bring_up();
    EXPECT_EQ(
        screen.show(analyser.cut()),
        "run.bin: 300 ns of the simulation, 300 ns of them shown here; 0 I/O commands so far, "
        "0 errors\n"
        "no I/O command has completed\n"
        "  queue  entries  in flight  most     IOPS     mean      p99      max\n"
        "  sq 0        32          0     1  6666667  50.0 ns  50.0 ns  50.0 ns\n"
        "  sq 1        64          0     0        -        -        -        -\n");
    trace.read(10'000, 3, 1);
    trace.tail(20'000, 2);
    trace.fetch(20'300, 4);
    const std::string second = screen.show(analyser.cut());
    EXPECT_EQ(second.substr(0, second.find("limit: ")),
              "run.bin: 20.3 us of the simulation, 20.0 us of them shown here; 1 I/O commands so "
              "far, 0 errors\n"
              "IOPS 50000  read 204.8 MB/s  write 0.0 MB/s  depth 0.7\n"
              "latency: mean 7.55 us, p50 7.55 us, p99 7.55 us, p99.99 7.55 us, max 7.55 us\n"
              "  queue  entries  in flight  most   IOPS     mean      p99      max\n"
              "  sq 0        32          0     0      -        -        -        -\n"
              "  sq 1        64          1     1  50000  7.55 us  7.55 us  7.55 us\n");
}

}  // namespace
}  // namespace analysis
