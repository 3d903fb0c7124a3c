// SPDX-License-Identifier: Apache-2.0
#include "models/observe/text_reader.h"

#include <random>
#include <sstream>
#include <vector>

#include <gtest/gtest.h>

#include "models/observe/text_trace.h"
#include "tests/unit/observe/some_events.h"

namespace observe {
namespace {

const std::string kHeader{TextTrace::kHeader};

std::string read(const std::string& text, TraceSink& sink) {
    std::istringstream file(text);
    return read_text_trace(file, sink);
}
std::string read(const std::string& text) {
    TraceSink nobody;
    return read(text, nobody);
}

TEST(TextReader, ReadsEveryEventBackAsItWas) {
    Lines written, again;
    record_some(Events{}, written);
    EXPECT_EQ(read(kHeader + written.text, again), "");
    EXPECT_EQ(again.text, written.text);
    EXPECT_NE(written.text.find(" fault rule="), std::string::npos);
}

TEST(TextReader, PassesOverKeysThatItDoesNotKnow) {
    Lines again;
    EXPECT_EQ(
        read(kHeader + "7 interrupt colour=\"a b=c\" vector=3 more=1 address=0x10 last=x\n", again),
        "");
    EXPECT_EQ(again.text, "7 interrupt vector=3 address=0x10\n");
}

TEST(TextReader, LeavesOutALineThatWasCutOffAndSaysSo) {
    Lines again;
    EXPECT_EQ(read(kHeader + "7 interrupt vector=3 address=0x10\n8 interr", again),
              "line 3: the file ends within it: it was cut off, or the run was");
    EXPECT_EQ(again.text, "7 interrupt vector=3 address=0x10\n");
    EXPECT_EQ(read(""), "");
}

TEST(TextReader, SaysWhichLineIsWrongAndWhy) {
    const struct {
        std::string text, problem;
    } kCases[] = {
        {"# nvme-tlm event trace, format 1: ...\n",
         "line 1: is not the first line of an event trace of format 2"},
        {"\n", "line 1: is not the first line of an event trace of format 2"},
        {kHeader + "\n", "line 2: does not begin with a time"},
        {kHeader + "x interrupt vector=1\n", "line 2: does not begin with a time"},
        {kHeader + "1 interrupt vector=1 address=0x0\n18446744073709551616 interrupt\n",
         "line 3: does not begin with a time"},
        {kHeader + "1 bang\n", "line 2: \"bang\" is no event"},
        {kHeader + "1 interrupt address=0x0\n", "line 2: vector is missing"},
        {kHeader + "1 interrupt vector=\n", "line 2: vector = : is not a value of it"},
        {kHeader + "1 interrupt vector=65536 address=0x0\n",
         "line 2: vector = 65536: is not a value of it"},
        {kHeader + "1 interrupt vector=-1 address=0x0\n",
         "line 2: vector = -1: is not a value of it"},
        {kHeader + "1 reset kind=warm\n", "line 2: kind = warm: is not a value of it"},
        {kHeader + "1 lint rule=no.such value=0x0\n",
         "line 2: rule = no.such: is not a value of it"},
        {kHeader + "1 doorbell queue=xq qid=1 value=1 accepted=1 why=none\n",
         "line 2: queue = xq: is not a value of it"},
        {kHeader + "1 refuse sqid=1 cid=1 opcode=0x0 status=0x0 reason=\"no end value=0x0\n",
         "line 2: reason is missing"},
        {kHeader + std::string(70'000, '7') + "\n", "line 2: is longer than any event"},
    };
    for (const auto& c : kCases) EXPECT_EQ(read(c.text), c.problem) << c.text.substr(0, 90);
}

// Whatever the bytes are: a problem or events, never more.
TEST(TextReader, SurvivesBytesThatChanged) {
    Lines written;
    record_some(Events{}, written);
    std::mt19937_64 random(7);
    for (int i = 0; i < 200; ++i) {
        std::string text = kHeader + written.text;
        for (int n = 0; n < 3; ++n)
            text[kHeader.size() + random() % written.text.size()] = static_cast<char>(random());
        Lines again;
        (void)read(text, again);
        EXPECT_LE(again.text.size(), 2 * text.size());
    }
}

}  // namespace
}  // namespace observe
