// SPDX-License-Identifier: Apache-2.0
#include "models/observe/trace_fanout.h"

#include <string>

#include <gtest/gtest.h>

namespace observe {
namespace {

/// Notes its own letter and the name of each event in a log shared with others.
class Note final : public EveryEvent<Note> {
public:
    Note(char letter, std::string& log, bool details = false)
        : letter_(letter), log_(log), details_(details) {}
    [[nodiscard]] bool wants_details() const override { return details_; }
    template <typename E>
    void every(const E&) {
        log_ += letter_ + ("." + std::string(E::kName)) + ' ';
    }

private:
    char letter_;
    std::string& log_;
    const bool details_;
};

/// Records one of each, and returns what both sinks should have noted.
template <typename... E>
std::string record_all(EventTypes<E...>, TraceSink& sink) {
    std::string expected;
    const auto one = [&](const auto& event) {
        const std::string name(event.kName);
        sink.record(event);
        expected += "a." + name + " b." + name + ' ';
    };
    (one(E{}), ...);
    return expected;
}

TEST(TraceFanout, PassesEveryKindOfEventToAllSinksInOrder) {
    std::string log;
    Note a('a', log, true), b('b', log, true);
    TraceFanout both;
    both.add(a);
    both.add(b);
    const std::string expected = record_all(Events{}, both);
    EXPECT_EQ(log, expected);
    EXPECT_NE(log.find("b.fault "), std::string::npos);
}

TEST(TraceFanout, WantsDetailsWhenOneOfItsSinksDoes) {
    std::string log;
    Note plain('p', log), curious('c', log, true);
    TraceFanout both;
    both.add(plain);
    EXPECT_FALSE(both.wants_details());
    both.add(curious);
    EXPECT_TRUE(both.wants_details());
}

// A waveform wants details, and a text trace beside it was as long as if it had asked for them.
TEST(TraceFanout, GivesDetailsToThoseThatWantThem) {
    std::string log;
    Note plain('p', log), curious('c', log, true);
    TraceFanout both;
    both.add(plain);
    both.add(curious);
    static_cast<TraceSink&>(both).record(LinkTransfer{});
    static_cast<TraceSink&>(both).record(Interrupt{1, 2});
    EXPECT_EQ(log, "c.link p.interrupt c.interrupt ");
}

TEST(TraceFanout, WithoutSinksDropsEvents) {
    TraceFanout none;
    static_cast<TraceSink&>(none).record(Interrupt{1, 2});
    std::string log;
    Note late('l', log);
    none.add(late);
    EXPECT_EQ(log, "");
}

}  // namespace
}  // namespace observe
