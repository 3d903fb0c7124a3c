// SPDX-License-Identifier: Apache-2.0
#include "models/observe/text_reader.h"

#include <random>
#include <sstream>
#include <vector>

#include <gtest/gtest.h>

#include "models/observe/text_trace.h"

namespace observe {
namespace {

/// Writes each event down as a TextTrace does.
class Lines final : public EveryEvent<Lines> {
public:
    template <typename E>
    void every(const E& e) {
        begin_text_line(text, e.ps, E::kName);
        E::fields(e, TextFields(text));
        text += '\n';
    }
    std::string text;
};

const std::string kHeader{TextTrace::kHeader};

std::string read(const std::string& text, TraceSink& sink) {
    std::istringstream file(text);
    return read_text_trace(file, sink);
}
std::string read(const std::string& text) {
    TraceSink nobody;
    return read(text, nobody);
}

/// Visitor: gives each field a value of its own.
class Filler {
public:
    template <typename T>
    void dec(std::string_view, T& field) {
        field = static_cast<T>(random());
    }
    template <typename T>
    void hex(std::string_view, T& field) {
        field = static_cast<T>(random());
    }
    template <typename T>
    void hex_or_none(std::string_view key, T& field) {
        if (random() % 2 != 0) hex(key, field);
    }
    void id_or_none(std::string_view, std::uint32_t& field) {
        field = random() % 2 != 0 ? static_cast<std::uint32_t>(random() % 65536) : kNoId;
    }
    template <typename E>
    void word(std::string_view, E& field) {
        do field = static_cast<E>(random() % 8);
        while (word_of(field).empty());
    }
    void either(std::string_view, bool& flag, std::string_view, std::string_view) {
        flag = random() % 2 != 0;
    }
    void token(std::string_view, std::string_view& field) { field = "a.token-1"; }
    void text(std::string_view, std::string_view& field) { field = "blanks, = and \\ in it"; }
    template <typename T>
    void note_dec(std::string_view, T&&) {}
    template <typename T>
    void note_hex(std::string_view, T&&) {}
    void note_token(std::string_view, std::string_view) {}
    void note_text(std::string_view, std::string_view) {}

private:
    std::uint64_t random() { return random_(); }
    std::mt19937_64 random_{20};
};

template <typename... E>
void record_some(EventTypes<E...>, TraceSink& sink) {
    Filler fill;
    const auto one = [&](auto event) {
        for (int i = 0; i < 20; ++i) {
            event = {};
            event.ps = 1000u + static_cast<unsigned>(i);
            event.fields(event, fill);
            sink.record(event);
        }
    };
    (one(E{}), ...);
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

TEST(TextReader, LeavesOutALineThatWasCutOff) {
    Lines again;
    EXPECT_EQ(read(kHeader + "7 interrupt vector=3 address=0x10\n8 interr", again), "");
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
