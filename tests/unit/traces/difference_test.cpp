// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/difference.h"

#include <gtest/gtest.h>

#include "tests/unit/traces/made_trace.h"
#include "traces/analysis/analyser.h"

namespace analysis {
namespace {

/// Ten commands, one after another, each with 1000 ns and `more` for each from the fifth on.
Analysis run(const char* name, std::uint64_t more, std::uint8_t opcode_of_last = 2,
             std::uint16_t count = 10) {
    Analyser analyser;
    MadeTrace trace(analyser);
    trace.bring_up();
    for (std::uint16_t i = 0; i < count; ++i) {
        const std::uint64_t at = 10'000u * (i + 1u);
        const std::uint8_t opcode = i == 9 ? opcode_of_last : 2;
        trace.fetch(at, i, opcode);
        trace.complete(at + 1000 + (i >= 4 ? more : 0), i, at, opcode);
    }
    Analysis analysis = analyser.finish();
    analysis.file = name;
    return analysis;
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(Difference, OfARunWithItselfIsNone) {
    const Difference difference = compare(run("a", 0), run("b", 0), 0.0);
    EXPECT_FALSE(difference.diverges);
    EXPECT_FALSE(difference.shifted);
    EXPECT_TRUE(has(difference.text, "the same 12 commands\nall commands take the same times\n"));
}

TEST(Difference, SaysWhereTimesBecomeOthersAndByHowMuch) {
    const Difference difference = compare(run("a", 0), run("b", 100), 0.05);
    EXPECT_FALSE(difference.diverges);
    EXPECT_TRUE(difference.shifted) << "6 of 10 by 10 %";
    EXPECT_TRUE(has(difference.text,
                    "first other time: latency of the Read of namespace 1, 8 blocks at 0, command "
                    "4 of queue 1 at 0.050000 ms: 1.00 us, then 1.10 us"))
        << difference.text;
    EXPECT_TRUE(has(difference.text, "+60.0 ns")) << difference.text;
    EXPECT_TRUE(has(difference.text, "+6.00 %")) << difference.text;
    EXPECT_FALSE(compare(run("a", 0), run("b", 100), 0.11).shifted);
    EXPECT_FALSE(compare(run("a", 0), run("b", 100), {}).shifted);
}

TEST(Difference, SaysWhereTheHostAsksForSomethingElse) {
    const Difference difference = compare(run("a", 0), run("b", 0, 1), {});
    EXPECT_TRUE(difference.diverges);
    EXPECT_TRUE(has(difference.text,
                    "first divergence: command 11\n"
                    "  a: Read of namespace 1, 8 blocks at 0, command 9 of queue 1: Successful "
                    "Completion\n"
                    "  b: Write of namespace 1"))
        << difference.text;
    EXPECT_TRUE(has(difference.text, "a, what led to it:\n"));
    EXPECT_TRUE(has(difference.text, "phase: run begins"));
}

TEST(Difference, SaysWhichRunHasMore) {
    const Difference fewer = compare(run("a", 0), run("b", 0, 2, 8), {});
    EXPECT_TRUE(fewer.diverges);
    EXPECT_TRUE(has(fewer.text, "first divergence: only a has the Read")) << fewer.text;
    const Difference more = compare(run("a", 0, 2, 8), run("b", 0), {});
    EXPECT_TRUE(has(more.text, "first divergence: only b has the Read")) << more.text;
}

}  // namespace
}  // namespace analysis
