// SPDX-License-Identifier: Apache-2.0
// The script beside the table of a sweep, with which gnuplot draws it.
#include "tests/sim/programs/program.h"
#include "tests/sim/programs/text_checks.h"

namespace nvme_vp::test {
namespace {

class SweepPlot : public ProgramTest {
protected:
    /// The script of a sweep over `over` of a job with this name.
    std::string script(const std::string& over, const std::string& name = "j") {
        write("j.fio", "[" + name + "]\nrw=randrw\nbs=4k\nnumber_ios=100\nsize=1M\n");
        shell("rm -rf sweep");
        std::vector<std::string> words{"sweep", "--over", over};
        if (over.find("job=") == std::string::npos) words.insert(words.end(), {"--job", "j.fio"});
        const Outcome outcome = nvme_vp(words);
        EXPECT_EQ(outcome.code, 0) << outcome.err;
        return read("sweep/plot.gp");
    }
    /// gnuplot, where there is one, understands it.
    void expect_drawn() {
        if (shell("command -v gnuplot").code != 0) GTEST_SKIP() << "there is no gnuplot";
        const Outcome outcome = shell("rm -f plot.svg; gnuplot sweep/plot.gp");
        EXPECT_EQ(outcome.code, 0);
        EXPECT_EQ(outcome.err, "");
        EXPECT_TRUE(has(read("plot.svg"), {"<svg", "IOPS", "</svg>"}));
    }
};

TEST_F(SweepPlot, TheAxisWithMostNumbersIsXAndTheOthersAreCurves) {
    const std::string text = script("link_gen=3,4 depth=1,2,4 interrupts=msix,polled");
    EXPECT_TRUE(has(
        text, {"set xlabel 'depth'\n", "set logscale x 2\n", "set xtics ('1' 1, '2' 2, '4' 4)\n",
               "$curve0 using 1:2 with linespoints", "title 'link_gen=3 interrupts=msix read'",
               "title 'link_gen=4 interrupts=polled write'", "set title 'IOPS'"}));
    EXPECT_FALSE(has(text, "$curve8"));
    EXPECT_FALSE(has(text, "amplification"));
    expect_drawn();
}

TEST_F(SweepPlot, NumbersThatAreNoPowersOfTwoAreAsFarApartAsTheyAre) {
    const std::string text = script("media_read_ns=10000,30000,20000");
    EXPECT_FALSE(has(text, "logscale"));
    // In their order, whatever the order in which they were run.
    const std::size_t first = text.find("\n10000 "), second = text.find("\n20000 "),
                      third = text.find("\n30000 ");
    EXPECT_LT(first, second);
    EXPECT_LT(second, third);
    EXPECT_NE(third, std::string::npos);
    expect_drawn();
}

TEST_F(SweepPlot, ASizeIsANumber) {
    EXPECT_TRUE(has(script("bs=4k,16k depth=1"), {"set xtics ('4k' 4096, '16k' 16384)\n"}));
    expect_drawn();
}

TEST_F(SweepPlot, WithoutNumbersEachValueHasAPlace) {
    EXPECT_TRUE(
        has(script("interrupts=msix,polled host=free"),
            {"set xlabel 'interrupts'\n", "set xtics ('msix' 0, 'polled' 1)\n", "with points"}));
    expect_drawn();
}

TEST_F(SweepPlot, WriteAmplificationIsDrawnWhereItDiffers) {
    EXPECT_FALSE(has(script("media=nand depth=1,2"), "amplification"));
    write("w.fio", "[w]\nrw=randwrite\nbs=4k\niodepth=8\nsize=32M\nloops=2\n");
    std::vector<std::string> words{"sweep",
                                   "--job",
                                   "w.fio",
                                   "--namespace",
                                   "null:32M,lba=4096",
                                   "--over",
                                   "ftl_over_provisioning=7,14,28"};
    for (const char* set : {"media=nand", "ftl_precondition=random", "nand_channels=1",
                            "nand_packages=1", "nand_dies=1", "nand_planes=1", "nand_pages=64"})
        words.insert(words.end(), {"--set", set});
    shell("rm -r sweep");
    EXPECT_EQ(nvme_vp(words).code, 0);
    EXPECT_TRUE(has(read("sweep/plot.gp"),
                    {"set xlabel 'ftl_over_provisioning'", "set title 'write amplification'"}));
    expect_drawn();
}

// Whatever gnuplot could take for an order, a variable or an end.
TEST_F(SweepPlot, NamesAreTextsAndNothingElse) {
    const std::string name = "it's '`touch x`' $curve0 \"q\" @a {b}_c^d \\n %s <&> EOD";
    write("other.fio", "[other]\nrw=read\nnumber_ios=10\nsize=1M\n");
    const std::string text = script("job=j.fio,other.fio", name);
    EXPECT_TRUE(has(text, "title 'it''s ''`touch x`'' $curve0 \"q\" @a {b}_c^d \\n %s <&> EOD"));
    expect_drawn();
    EXPECT_FALSE(exists("x"));
    EXPECT_EQ(script("depth=1,2", "\x1b[2J\x01").find('\x1b'), std::string::npos);
    expect_drawn();
}

TEST_F(SweepPlot, MoreCurvesThanCanBeToldApartAreNotDrawn) {
    std::string over = "depth=1,2,4,8,16 randseed=1";
    for (const char* more : {"media_read_ns=1000", "media_program_ns=1000"}) {
        over += std::string{" "} + more;
        for (int i = 2; i != 5; ++i) over += "," + std::to_string(i * 1000);
    }
    const std::string text = script(over);
    EXPECT_TRUE(has(text, {"# The first 24 of 32 curves", "$curve23 using 1:5"}));
    EXPECT_FALSE(has(text, "$curve24"));
    expect_drawn();
}

TEST_F(SweepPlot, WithoutResultsThereIsNothingToDraw) {
    write("j.fio", "[j]\nrw=read\nbs=2m\nsize=1M\n");
    EXPECT_EQ(nvme_vp({"sweep", "--job", "j.fio", "--over", "depth=1,2"}).code, 1);
    EXPECT_EQ(read("sweep/plot.gp").find("plot "), std::string::npos);
}

}  // namespace
}  // namespace nvme_vp::test
