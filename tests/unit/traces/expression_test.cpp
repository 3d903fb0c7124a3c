// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/expression.h"

#include <iterator>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace analysis {
namespace {

Command slow_read() {
    Command command;
    command.opcode = 2;
    command.sqid = 3;
    command.cid = 7;
    command.nsid = 1;
    command.slba = 4096;
    command.blocks = 8;
    command.bytes = 4096;
    command.fetched_ps = util::from_ms(2);
    command.end_ps = util::from_ms(2) + util::from_us(1500);
    command.stage(Stage::kMedia) = 1'000'000;
    return command;
}

bool holds(const std::string& text, const Command& command = slow_read()) {
    std::string problem;
    const auto expression = Expression::parse(text, problem);
    EXPECT_EQ(problem, "") << text;
    return expression != nullptr && expression->holds(command);
}

TEST(Expression, ComparesFieldsWithValues) {
    for (const char* text :
         {"opcode == Read && latency > 1ms && queue == 3", "opcode == 0x2", "opcode == \"read\"",
          "opcode != 'Write Zeroes'", "latency == 1.5ms", "latency >= 1500us", "latency < 0.002s",
          "bytes == 4K", "slba >= 4096", "media > 999us", "media>=1ms&&cid!=0", "completed",
          "!error", "!(queue == 2)", "!!completed", "status == 0", "ended > 3ms", "fetched == 2ms"})
        EXPECT_TRUE(holds(text)) << text;
    for (const char* text : {"opcode == Write", "latency > 2ms", "queue != 3", "error",
                             "opcode != Read", "opcode == Identify"})
        EXPECT_FALSE(holds(text)) << text;
}

TEST(Expression, BindsAndTighterThanOr) {
    EXPECT_TRUE(holds("queue == 3 || queue == 4 && error"));
    EXPECT_FALSE(holds("(queue == 3 || queue == 4) && error"));
}

TEST(Expression, IsFalseOfWhatIsNotKnown) {
    Command command = slow_read();
    command.end_ps = util::kNever;
    for (const char* text : {"latency > 0ns", "latency <= 0ns", "status == 0", "status != 0",
                             "data >= 0ns", "data < 1s", "completed"})
        EXPECT_FALSE(holds(text, command)) << text;
    EXPECT_TRUE(holds("!completed", command));
}

TEST(Expression, SaysAtWhichColumnItIsWrong) {
    const struct {
        const char* text;
        const char* problem;
    } kCases[] = {
        {"", "column 1: expected a field, ! or ("},
        {"latency", "column 8: expected ==, !=, <, <=, > or >="},
        {"latency > ", "column 11: expected a value"},
        {"latency > 5", "column 12: latency is a time, and needs a unit: ns, us, ms or s"},
        {"latency > 5min", "column 12: latency is a time, and needs a unit: ns, us, ms or s"},
        {"queue == 5ms", "column 11: \"ms\" is no unit: must be K, M or G"},
        {"queue == Read", "column 10: queue is compared with a number"},
        {"opcode == Raed", "column 11: \"Raed\" is no command"},
        {"opcode > Read", "column 10: a name is compared by == or !="},
        {"opcode == \"Read", "column 11: the quote has no end"},
        {"(queue == 1", "column 12: expected )"},
        {"queue == 1)", "column 11: expected && or ||"},
        {"queue == 1 &&", "column 14: expected a field, ! or ("},
        {"queue = 1", "column 7: expected ==, !=, <, <=, > or >="},
        {"queue == 0xg", "column 10: is no number"},
    };
    for (const auto& c : kCases) {
        std::string problem;
        EXPECT_EQ(Expression::parse(c.text, problem), nullptr) << c.text;
        EXPECT_EQ(problem, c.problem) << c.text;
    }
    std::string problem;
    EXPECT_EQ(Expression::parse("lateness > 1ms", problem), nullptr);
    EXPECT_EQ(problem.find("column 1: \"lateness\" is no field: must be opcode, queue, "), 0u);
    EXPECT_EQ(Expression::parse(std::string(100'000, '('), problem), nullptr);
    EXPECT_EQ(problem, "column 101: is nested too deeply");
}

// Whatever somebody types: a condition or a problem.
TEST(Expression, SurvivesAnyText) {
    constexpr std::string_view kParts[] = {"opcode", "latency", "==", ">",     "5ms",
                                           "&&",     "||",      "!",  "(",     ")",
                                           " ",      "\"",      "0x", "error", "9e999s"};
    std::mt19937_64 random(3);
    for (int i = 0; i < 5000; ++i) {
        std::string text;
        for (unsigned n = random() % 8; n != 0; --n) text += kParts[random() % std::size(kParts)];
        std::string problem;
        const auto expression = Expression::parse(text, problem);
        EXPECT_EQ(expression == nullptr, !problem.empty()) << text;
        if (expression != nullptr) (void)expression->holds(slow_read());
    }
}

}  // namespace
}  // namespace analysis
