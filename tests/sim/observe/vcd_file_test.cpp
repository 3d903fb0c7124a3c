// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd_file.h"

#include <memory>
#include <stdexcept>

#include <gtest/gtest.h>

#include "models/observe/vcd/vcd_trace.h"
#include "tests/sim/observe/scenario.h"
#include "tests/sim/observe/vcd_document.h"

namespace nvme::test {
namespace {

/// A file with signals of the test's own.
class WaveFile : public SimTest {
protected:
    WaveFile() {
        vcd->trace(level, "top.level");
        vcd->trace(ready, "top.ready");
        vcd->trace(small, "top.small");
    }

    void count_to_three() {
        for (std::uint16_t i = 1; i <= 3; ++i) {
            sc_core::wait(5, sc_core::SC_NS);
            level.write(i);
            ready.write(i == 2);
            small.write(i);
        }
        sc_core::wait(sc_core::SC_ZERO_TIME);
    }
    void expect_complete() {
        VcdDocument document(path.path());
        EXPECT_EQ(document.problems, std::vector<std::string>{});
        EXPECT_EQ(document.timescale, "1ps");
        const auto& signal = document["top.level"];
        EXPECT_EQ(signal.width, 16u);
        EXPECT_EQ(signal.times(), (std::vector<std::uint64_t>{0, 5'000, 10'000, 15'000}));
        EXPECT_EQ(signal.at(15'000), 3u);
        EXPECT_EQ(document["top.ready"].width, 1u);
        EXPECT_EQ(document["top.ready"].first(1), 10'000u);
        EXPECT_EQ(document["top.small"].width, 2u);
        EXPECT_EQ(document["top.small"].at(15'000), 3u);
        EXPECT_EQ(document.end, 15'000u);
    }

    TemporaryFile path{"file.vcd"};
    std::unique_ptr<observe::VcdFile> vcd{new observe::VcdFile("vcd", path.path())};
    sc_core::sc_signal<std::uint16_t> level{"level"};
    sc_core::sc_signal<bool> ready{"ready"};
    sc_core::sc_signal<sc_dt::sc_uint<2>> small{"small"};
};

TEST_F(WaveFile, HoldsTheValuesOfTheLastInstantAsSoonAsTheSimulationIsStopped) {
    simulate([this] { count_to_three(); });
    EXPECT_TRUE(vcd->writer().closed());
    expect_complete();
}

TEST_F(WaveFile, IsCompleteAfterItsDestructorWhenNobodyStopsTheSimulation) {
    sc_core::sc_spawn([this] { count_to_three(); }, "count");
    sc_core::sc_start();
    EXPECT_FALSE(vcd->writer().closed());
    vcd.reset();
    expect_complete();
}

TEST_F(WaveFile, IsValidWhenTheSimulationNeverStarts) {
    vcd.reset();
    VcdDocument document(path.path());
    EXPECT_EQ(document.problems, std::vector<std::string>{});
    EXPECT_EQ(document.signals.size(), 3u);
}

std::string refusal(const std::string& path) {
    try {
        const observe::VcdFile file("refused", path);
    } catch (const std::runtime_error& e) {
        return e.what();
    }
    return "";
}

TEST_F(WaveFile, ThatCannotBeWrittenIsRefusedBeforeTheSimulation) {
    EXPECT_EQ(refusal("/no/such/folder/run.vcd"),
              "/no/such/folder/run.vcd: No such file or directory");
    EXPECT_EQ(refusal("/"), "'/': the name of a VCD file must end in .vcd");
    EXPECT_EQ(refusal("run.wave"), "'run.wave': the name of a VCD file must end in .vcd");
    EXPECT_EQ(refusal(".vcd"), "'.vcd': the name of a VCD file must end in .vcd");
    EXPECT_EQ(refusal(""), "'': the name of a VCD file must end in .vcd");
}

// "nvme 0" would be a scope of two words, "$end" one of none, and no viewer would open the file.
TEST_F(WaveFile, AScopeThatAViewerCouldNotReadIsRefused) {
    for (const char* scope :
         {"", "nvme 0", "$end", "a/b:c", "x..y", ".x", "x.", "0", "x.0", "nvme-0", "nvme[0]",
          "a\tb", "a\nb", "\xc3\xa9", "$scope", "x.$end"}) {
        std::string refused;
        try {
            const observe::VcdTrace wave(vcd->writer(), {scope, 1});
        } catch (const std::runtime_error& e) {
            refused = e.what();
        }
        EXPECT_EQ(refused,
                  path.path() + ": scope \"" + scope +
                      "\": must be names of letters, digits and _ that do not begin with a "
                      "digit, separated by dots");
    }
    vcd.reset();
    VcdDocument document(path.path());
    EXPECT_EQ(document.problems, std::vector<std::string>{});
    EXPECT_EQ(document.signals.size(), 3u) << "of the refused ones nothing is in the file";
}

TEST_F(WaveFile, ProbesOfOneFileHaveScopesOfTheirOwn) {
    {
        const observe::VcdTrace first(vcd->writer(), {"top.nvme_0", 1});
        const observe::VcdTrace second(vcd->writer(), {"top.nvme_1", 1});
        EXPECT_THROW(observe::VcdTrace(vcd->writer(), {"top.nvme_1", 1}), std::runtime_error);
    }
    vcd.reset();
    VcdDocument document(path.path());
    EXPECT_EQ(document["top.nvme_0.cc.en"].width, 1u);
    EXPECT_EQ(document["top.nvme_1.queues.io1.sq.tail"].width, 16u);
    EXPECT_EQ(document.problems, std::vector<std::string>{});
}

TEST_F(WaveFile, HasASignalOnce) {
    EXPECT_THROW(vcd->trace(level, "top.level"), std::runtime_error);
    EXPECT_THROW(vcd->trace(level, "top level"), std::runtime_error);
}

}  // namespace
}  // namespace nvme::test
