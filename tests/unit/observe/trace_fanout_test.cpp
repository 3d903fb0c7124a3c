// SPDX-License-Identifier: Apache-2.0
#include "models/observe/trace_fanout.h"

#include <string>

#include <gtest/gtest.h>

namespace observe {
namespace {

/// Notes its own letter and the kind of each event in a log shared with others.
class Note : public TraceSink {
public:
    Note(char letter, std::string& log) : letter_(letter), log_(log) {}
    void record(const RegisterWrite&) override { add("register"); }
    void record(const AccessRefused&) override { add("bad"); }
    void record(const Doorbell&) override { add("doorbell"); }
    void record(const QueueChange&) override { add("queue"); }
    void record(const CommandFetched&) override { add("fetched"); }
    void record(const CommandRefused&) override { add("refused"); }
    void record(const DataBuffer&) override { add("buffer"); }
    void record(const CommandCompleted&) override { add("completed"); }
    void record(const Interrupt& e) override { add("interrupt" + std::to_string(e.vector)); }
    void record(const StateChange&) override { add("state"); }
    void record(const AsyncEvent&) override { add("async"); }
    void record(const QueueLevels&) override { add("levels"); }
    void record(const PowerTransition&) override { add("power"); }
    void record(const HealthLevels&) override { add("health"); }
    void record(const LintFinding&) override { add("lint"); }
    void record(const FaultInjected&) override { add("fault"); }

private:
    void add(const std::string& what) { log_ += letter_ + ("." + what) + ' '; }
    char letter_;
    std::string& log_;
};

TEST(TraceFanout, PassesEveryKindOfEventToAllSinksInOrder) {
    std::string log;
    Note a('a', log), b('b', log);
    TraceFanout both;
    both.add(a);
    both.add(b);
    TraceSink& sink = both;
    sink.record(RegisterWrite{});
    sink.record(AccessRefused{});
    sink.record(Doorbell{});
    sink.record(QueueChange{});
    sink.record(CommandFetched{});
    sink.record(CommandRefused{});
    sink.record(DataBuffer{});
    sink.record(CommandCompleted{});
    sink.record(Interrupt{7, 3});
    sink.record(StateChange{});
    sink.record(AsyncEvent{});
    sink.record(QueueLevels{});
    sink.record(PowerTransition{});
    sink.record(HealthLevels{});
    sink.record(LintFinding{});
    sink.record(FaultInjected{});
    EXPECT_EQ(log,
              "a.register b.register a.bad b.bad a.doorbell b.doorbell a.queue b.queue a.fetched "
              "b.fetched a.refused b.refused a.buffer b.buffer a.completed b.completed "
              "a.interrupt3 b.interrupt3 a.state b.state a.async b.async a.levels b.levels "
              "a.power b.power a.health b.health "
              "a.lint b.lint a.fault b.fault ");
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
