// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd_file.h"

#include <memory>
#include <stdexcept>

#include <gtest/gtest.h>

#include "models/observe/vcd_trace.h"
#include "tests/sim/observe/scenario.h"
#include "tests/sim/observe/vcd_document.h"

namespace nvme::test {
namespace {

class WaveFile : public SimTest {
protected:
    WaveFile() { sc_core::sc_trace(vcd->file(), level, "top.level", 16); }

    void count_to_three() {
        for (int i = 0; i < 3; ++i) {
            sc_core::wait(5, sc_core::SC_NS);
            ++level;
        }
    }
    void expect_complete() {
        VcdDocument document(path.path());
        EXPECT_EQ(document.problems, std::vector<std::string>{});
        EXPECT_EQ(document.timescale, "1ps");
        const auto& signal = document["SystemC.top.level"];
        EXPECT_EQ(signal.times(), (std::vector<std::uint64_t>{0, 5'000, 10'000, 15'000}));
        EXPECT_EQ(signal.at(15'000), 3u);
    }

    TemporaryFile path{"file.vcd"};
    std::unique_ptr<observe::VcdFile> vcd{new observe::VcdFile("vcd", path.path())};
    std::uint16_t level = 0;
};

// The kernel writes values before time advances, and after sc_stop() it does not advance: the
// change that a script made right before it stopped was not in the file.
TEST_F(WaveFile, HoldsTheValuesOfTheLastInstantAsSoonAsTheSimulationIsStopped) {
    simulate([this] { count_to_three(); });
    EXPECT_EQ(vcd->file(), nullptr);
    expect_complete();
}

TEST_F(WaveFile, IsCompleteAfterItsDestructorWhenNobodyStopsTheSimulation) {
    sc_core::sc_spawn([this] { count_to_three(); }, "count");
    sc_core::sc_start();
    EXPECT_NE(vcd->file(), nullptr);
    vcd.reset();
    expect_complete();
}

TEST_F(WaveFile, IsValidWhenTheSimulationNeverStarts) {
    vcd.reset();
    VcdDocument document(path.path());
    EXPECT_EQ(document.problems, std::vector<std::string>{});
    EXPECT_EQ(document.signals.size(), 1u);
}

std::string refusal(const std::string& path) {
    try {
        const observe::VcdFile file("refused", path);
    } catch (const std::runtime_error& e) {
        return e.what();
    }
    return "";
}

// The kernel's own check comes after the start, and ends the program.
TEST_F(WaveFile, ThatCannotBeWrittenIsRefusedBeforeTheSimulation) {
    EXPECT_EQ(refusal("/no/such/folder/run.vcd"),
              "/no/such/folder/run.vcd: No such file or directory");
    EXPECT_EQ(refusal("/"), "'/': the name of a VCD file must end in .vcd");
    EXPECT_EQ(refusal("run.wave"), "'run.wave': the name of a VCD file must end in .vcd");
    EXPECT_EQ(refusal(".vcd"), "'.vcd': the name of a VCD file must end in .vcd");
    EXPECT_EQ(refusal(""), "'': the name of a VCD file must end in .vcd");
}

// The kernel writes into the file what it is given: "nvme 0" became a scope of two words, "$end"
// one of none, and no viewer opened the file.
TEST_F(WaveFile, AScopeThatAViewerCouldNotReadIsRefused) {
    for (const char* scope :
         {"", "nvme 0", "$end", "a/b:c", "x..y", ".x", "x.", "0", "x.0", "nvme-0", "nvme[0]",
          "a\tb", "a\nb", "\xc3\xa9", "$scope", "x.$end"}) {
        std::string refused;
        try {
            const observe::VcdTrace wave("wave", *vcd, {scope, 1});
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
    EXPECT_EQ(document.signals.size(), 1u) << "of the refused ones nothing is in the file";
}

TEST_F(WaveFile, ProbesOfOneFileHaveScopesOfTheirOwn) {
    {
        const observe::VcdTrace first("first", *vcd, {"top.nvme_0", 1});
        const observe::VcdTrace second("second", *vcd, {"top.nvme_1", 1});
        EXPECT_THROW(observe::VcdTrace("third", *vcd, {"top.nvme_1", 1}), std::runtime_error);
    }
    VcdDocument document(path.path());
    EXPECT_EQ(document["SystemC.top.nvme_0.cc.en"].width, 1u);
    EXPECT_EQ(document["SystemC.top.nvme_1.io1.sq.tail"].width, 16u);
    EXPECT_EQ(document.problems, std::vector<std::string>{});
}

}  // namespace
}  // namespace nvme::test
