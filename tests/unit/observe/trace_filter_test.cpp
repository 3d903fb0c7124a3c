// SPDX-License-Identifier: Apache-2.0
#include "models/observe/trace_filter.h"

#include <gtest/gtest.h>

namespace observe {
namespace {

/// Counts what comes through.
class Counting final : public EveryEvent<Counting> {
public:
    template <typename E>
    void every(const E&) {
        ++events;
    }
    unsigned events = 0;
};

class TraceFilterTest : public ::testing::Test {
protected:
    /// How many of four events come through: a doorbell and a fetch of queue 1, a doorbell of queue
    /// 2, all at 100, and a reset at 200.
    unsigned passed() {
        Counting sink;
        TraceFilter filter(selection, sink);
        TraceSink& in = filter;
        in.record(Doorbell{100, false, true, 1, 1});
        in.record(CommandFetched{100, 1, {}});
        in.record(Doorbell{100, true, true, 2, 1});
        in.record(Reset{200, ResetKind::kController});
        return sink.events;
    }
    TraceSelection selection;
};

TEST_F(TraceFilterTest, PassesAllWhenNothingIsChosen) {
    EXPECT_TRUE(selection.chooses_all());
    EXPECT_EQ(passed(), 4u);
}

TEST_F(TraceFilterTest, PassesEventsByTheirNames) {
    EXPECT_EQ(selection.choose_events("doorbell,reset"), "");
    EXPECT_FALSE(selection.chooses_all());
    EXPECT_FALSE(selection.names_a_detail());
    EXPECT_EQ(passed(), 3u);
    EXPECT_EQ(selection.choose_events(",,fetch,"), "");
    EXPECT_EQ(passed(), 4u);
    EXPECT_EQ(selection.choose_events("data"), "");
    EXPECT_TRUE(selection.names_a_detail()) << "a trace of commands would leave it out";
}

TEST_F(TraceFilterTest, PassesWhatHappensToQueuesAndToNone) {
    EXPECT_EQ(selection.choose_queues("0,2-7"), "");
    EXPECT_EQ(passed(), 2u);
    selection = {};
    EXPECT_EQ(selection.choose_queues("0,65535"), "");
    EXPECT_EQ(passed(), 1u);
}

TEST_F(TraceFilterTest, PassesATime) {
    selection.from = 101;
    EXPECT_EQ(passed(), 1u);
    selection.from = 0;
    selection.to = 100;
    EXPECT_EQ(passed(), 3u);
}

TEST_F(TraceFilterTest, NamesWhatItDoesNotKnow) {
    EXPECT_EQ(selection.choose_events("doorbell,dorbell,x"), "dorbell");
    for (const char* bad : {"x", "-", "1-", "3-2", "65536", "-1", "1 2"})
        EXPECT_EQ(selection.choose_queues(bad), bad);
}

}  // namespace
}  // namespace observe
