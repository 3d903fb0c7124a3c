// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/vcd_reader.h"

#include <sstream>
#include <vector>

#include <gtest/gtest.h>

namespace analysis {
namespace {

/// Writes down what it is told.
class Notes final : public VcdListener {
public:
    std::string text;
    std::string refuse;
    std::uint32_t count = 0;

    std::uint32_t declare(std::string_view name, unsigned width) override {
        if (name == "unwanted") return kUnwanted;
        text.append(name).append(":").append(std::to_string(width)).append(" ");
        return count++;
    }
    std::string declared() override { return refuse; }
    void change(std::uint32_t signal, std::uint64_t value, bool driven) override {
        text += std::to_string(signal) + "=" + (driven ? std::to_string(value) : "?") + " ";
    }
    void initial_values() override { text += "begin "; }
    void advance(util::TimePs now) override { text += "#" + std::to_string(now) + " "; }
    void comment(std::string_view comment) override {
        text.append("(").append(comment).append(") ");
    }
};

const std::string kHead =
    "$timescale 1 ps $end\n$scope module nvme0 $end\n$scope module link $end\n"
    "$var wire 16 ! up [15:0] $end\n$upscope $end\n$var event 1 abcd beat $end\n"
    "$upscope $end\n$enddefinitions $end\n";

class ReadVcd : public ::testing::Test {
protected:
    Notes notes;
    VcdResult read(const std::string& text) {
        notes.text.clear();
        notes.count = 0;
        std::istringstream file(text);
        return read_vcd(file, notes);
    }
    std::string damage(const std::string& changes) { return read(kHead + changes).damaged; }
};

TEST_F(ReadVcd, TellsOfSignalsAndTheirChanges) {
    const VcdResult result = read(kHead +
                                  "#0\n$dumpvars\nb0 !\n$end\n#7\nb101 !\n1abcd\n#8\nbz !\n"
                                  "$comment all is\n well $end\n");
    EXPECT_EQ(result.refused, "");
    EXPECT_EQ(result.damaged, "");
    EXPECT_EQ(notes.text,
              "nvme0.link.up:16 nvme0.beat:1 0=0 begin #7 0=5 1=1 #8 0=? (all is well) ");
}

TEST_F(ReadVcd, TakesFilesOfOtherTools) {
    EXPECT_EQ(read("$date today $end $version it $end $timescale 10ns $end $scope module a $end\n"
                   "$var reg 4 # bus[3:0] $end $var real 64 r temperature $end "
                   "$var wire 1 # alias $end $upscope $end $enddefinitions $end\n"
                   "r1.5 r\n#2 b1x01 #\n$dumpoff x# $end #3 B11 # Z#")
                  .damaged,
              "");
    EXPECT_EQ(notes.text,
              "a.bus:4 a.temperature:64 a.alias:1 #20000 2=? 0=? 2=? 0=? #30000 2=3 0=3 2=? 0=? ");
    EXPECT_EQ(read("$timescale 1 fs $end $var wire 1 ! a $end $var wire 1 ? unwanted $end "
                   "$enddefinitions $end #12345 1! 1?")
                  .damaged,
              "");
    EXPECT_EQ(notes.text, "a:1 #12 0=1 ");
}

TEST_F(ReadVcd, OfADamagedFileSaysWhereAndGivesWhatIsBefore) {
    EXPECT_EQ(damage("#5\nb1 !\n#4\nb10 !\n"), "line 11: time goes backwards");
    EXPECT_EQ(notes.text, "nvme0.link.up:16 nvme0.beat:1 #5 0=1 ");
    EXPECT_EQ(damage("#5\nhello\n"), "line 10: is no change of a VCD file");
    EXPECT_EQ(damage("#five\n"), "line 9: is no time of up to 64 bits");
    EXPECT_EQ(damage("#18446744073709551616\n"), "line 9: is no time of up to 64 bits");
    EXPECT_EQ(damage("b102 !\n"), "line 9: is no value of binary digits");
    EXPECT_EQ(damage("b !\n"), "line 9: is no value of binary digits");
    EXPECT_EQ(damage("b1"), "line 9: the file ends within a change");
    EXPECT_EQ(damage("$comment no"), "line 9: the file ends before an $end");
    EXPECT_EQ(damage("$dumpall\n$nonsense\n"), "line 10: is no keyword of changes of a VCD file");
    EXPECT_EQ(damage(std::string("#1\n\0#2\n", 7)), "line 10: there is a byte that is no text");
    EXPECT_EQ(damage("#1\n" + std::string(1 << 20, 'b')),
              "line 10: there is a word of more than 65536 characters");
}

TEST_F(ReadVcd, RefusesWhatHasNoDeclarations) {
    EXPECT_EQ(read("$scope module a $end").refused,
              "line 1: the file ends within its declarations");
    EXPECT_EQ(read("$scope module a").refused, "line 1: the file ends before an $end");
    EXPECT_EQ(read("$scope module a $end\nhello").refused,
              "line 2: is no declaration of a VCD file");
    EXPECT_EQ(read("$timescale 3 ps $end").refused,
              "line 1: the $timescale must be 1, 10 or 100 s, ms, us, ns, ps or fs");
    EXPECT_EQ(read("$var wire 99999999999999 ! a $end").refused,
              "line 1: the width of a $var is no number");
    EXPECT_EQ(read("$var wire 1 ! $end").refused,
              "line 1: a $var must have a type, a width, a code and a name");
    notes.refuse = "no use";
    EXPECT_EQ(read(kHead).refused, "no use");
}

TEST_F(ReadVcd, TakesValuesOfAnyWidthAndKeepsTheLowestBits) {
    EXPECT_EQ(damage("#1\nb1" + std::string(60'000, '0') + "11 !\n"), "");
    EXPECT_EQ(notes.text, "nvme0.link.up:16 nvme0.beat:1 #1 0=3 ");
}

TEST_F(ReadVcd, KeepsNoNameLongerThanAPage) {
    std::string deep;
    for (int i = 0; i < 10'000; ++i) deep += "$scope module deep $end ";
    deep += "$var wire 1 ! a $end ";
    for (int i = 0; i < 10'000; ++i) deep += "$upscope $end ";
    EXPECT_EQ(
        read(deep + "$var wire 1 \" b $end $upscope $end $enddefinitions $end 1! 1\"").damaged, "");
    EXPECT_EQ(notes.text, "b:1 0=1 ");
}

TEST_F(ReadVcd, PassesOverBlanksOfAnyLength) {
    const std::string blanks(3 << 20, ' ');
    EXPECT_EQ(damage("#1" + blanks + "b1" + blanks + "!\n\n#0"), "line 11: time goes backwards");
    EXPECT_EQ(notes.text, "nvme0.link.up:16 nvme0.beat:1 #1 0=1 ");
}

/// A long file, whose words lie across the pieces that are read at a time.
TEST_F(ReadVcd, CountsLinesOverPieces) {
    std::string changes;
    for (int i = 1; i <= 300'000; ++i) changes += "#" + std::to_string(i) + "\n";
    EXPECT_EQ(damage(changes + "no\n"), "line 300009: is no change of a VCD file");
}

}  // namespace
}  // namespace analysis
