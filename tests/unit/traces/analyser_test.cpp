// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/analyser.h"

#include <algorithm>
#include <array>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "models/nvme/spec/opcodes.h"
#include "tests/unit/traces/made_trace.h"
#include "traces/analysis/story.h"

namespace analysis {
namespace {

using Stages = std::array<float, kStages>;

TEST(Analyser, DividesACommandIntoItsStages) {
    Analyser analyser;
    MadeTrace trace(analyser);
    trace.bring_up();
    trace.read(10'000, 3, 1);
    const Analysis analysis = analyser.finish();
    ASSERT_EQ(analysis.commands.size(), 3u);
    const Command& read = analysis.commands[2];
    EXPECT_EQ(read.stage_ns, (Stages{100, 300, 200, 5000, 2000, 50, 350, 1000}));
    EXPECT_EQ(read.latency_ps(), MadeTrace::at(7550));
    EXPECT_EQ(read.begin_ps, MadeTrace::at(10'000));
    EXPECT_EQ(read.bytes, 4096u);
    EXPECT_EQ(read.blocks, 8u);
    EXPECT_TRUE(analysis.details);
    EXPECT_EQ(analysis.note, "");
}

TEST(Analyser, KnowsWithoutDetailsWhatTheHostDoes) {
    Analyser analyser(Options{4096, 20});
    MadeTrace trace(analyser);
    trace.bring_up();
    trace.tail(1000, 2);
    trace.fetch(1050, 0);
    trace.fetch(1060, 1);
    trace.complete(3000, 1, 1060);
    trace.interrupt(3100);
    trace.complete(3200, 0, 1050);
    trace.head(4000, 2);
    const Analysis analysis = analyser.finish();
    EXPECT_EQ(analysis.commands[2].stage_ns, (Stages{50, -1, -1, -1, -1, -1, 0, 800}))
        << "taken along with the other";
    EXPECT_EQ(analysis.commands[3].stage_ns, (Stages{60, -1, -1, -1, -1, -1, 100, 900}));
    EXPECT_EQ(analysis.commands[2].bytes, 32'768u);
    EXPECT_EQ(analysis.note,
              "bytes follow from blocks of 4096 bytes (--block-size): the trace has no buffers");
    EXPECT_LT(analysis.use.link_up, 0);
    EXPECT_TRUE(analysis.series.link_up.empty());
    EXPECT_FALSE(analysis.series.iops.empty());
}

TEST(Analyser, CountsQueuesAndPhases) {
    Analyser analyser;
    MadeTrace trace(analyser);
    trace.bring_up();
    for (std::uint16_t i = 0; i < 10; ++i)
        trace.read(10'000u + 10'000u * i, i, static_cast<std::uint16_t>(i + 1));
    const Analysis analysis = analyser.finish();
    const QueueFacts& queue = analysis.queues.at(1);
    EXPECT_EQ(queue.commands, 10u);
    EXPECT_EQ(queue.doorbells, 10u);
    EXPECT_EQ(queue.interrupts, 10u);
    EXPECT_EQ(queue.most_in_flight, 1u);
    EXPECT_EQ(queue.size, 64u);
    ASSERT_EQ(analysis.phases.size(), 3u);
    EXPECT_EQ(analysis.phases[1].name, "run");
    EXPECT_EQ(analysis.phases[1].begin_ps, MadeTrace::at(10'000));
    EXPECT_EQ(analysis.phases[1].end_ps, MadeTrace::at(107'650));
    const Group* const all = all_io(analysis);
    ASSERT_NE(all, nullptr);
    EXPECT_EQ(all->count, 10u);
    EXPECT_EQ(all->mean_ns, 7550);
    EXPECT_NEAR(analysis.little.mean_depth, 0.755, 0.02);
    EXPECT_LT(analysis.little.off_by, 0.05);
    EXPECT_NEAR(analysis.use.link_up, 0.2, 0.01);
    EXPECT_NE(analysis.limits.find("it waits for one command before it gives the next"),
              std::string::npos)
        << analysis.limits;
}

TEST(Analyser, SeesADriverThatLooksTooLate) {
    Analyser analyser;
    MadeTrace trace(analyser);
    trace.bring_up();
    trace.tail(1000, 1);
    trace.fetch(1100, 0);
    trace.complete(2100, 0, 1100);
    trace.head(12'000, 1);
    EXPECT_NE(analyser.finish().limits.find("The host: it takes longer to see a completion"),
              std::string::npos);
}

/// A run of 10 reads, during which each die is busy so many nanoseconds of each 10 us.
Analysis run_on_dies(const std::vector<std::uint64_t>& busy_ns) {
    Analyser analyser;
    MadeTrace trace(analyser);
    observe::TraceSink& sink = analyser;
    trace.bring_up();
    for (std::uint16_t i = 0; i < 10; ++i) {
        const std::uint64_t ns = 10'000u + 10'000u * i;
        trace.read(ns, i, static_cast<std::uint16_t>(i + 1));
        for (std::uint32_t die = 0; die < busy_ns.size(); ++die)
            sink.record(observe::NandWork{
                MadeTrace::at(ns + 9000), observe::DieWork::kRead, die, die % 2, MadeTrace::at(ns),
                MadeTrace::at(ns + busy_ns[die]), MadeTrace::at(ns), MadeTrace::at(ns + 100)});
    }
    return analyser.finish();
}

TEST(Analyser, KnowsHowBusyEachDieAndChannelWas) {
    const Analysis analysis = run_on_dies({1000, 2000, 0, 5000});
    ASSERT_EQ(analysis.use.dies.size(), 4u);
    EXPECT_NEAR(analysis.use.dies[0], 0.1, 0.02);
    EXPECT_NEAR(analysis.use.dies[3], 0.5, 0.02);
    EXPECT_EQ(analysis.use.dies[2], 0);
    ASSERT_EQ(analysis.use.channels.size(), 2u);
    EXPECT_NEAR(analysis.use.channels[0], 0.02, 0.01);
}

TEST(Analyser, NamesTheDieThatAllWaitFor) {
    const Analysis analysis = run_on_dies({1000, 1000, 9900, 1000, 1000, 1000, 1000, 1000});
    EXPECT_EQ(analysis.limits.rfind(
                  "The load is not spread: die 2 of the flash is busy 99 % of the time", 0),
              0u)
        << analysis.limits;
    const Analysis all = run_on_dies({9900, 9900, 9900, 9900});
    EXPECT_EQ(all.limits.rfind("All dies of the flash: they are busy 99 %", 0), 0u) << all.limits;
    const Analysis few = run_on_dies({9900, 0, 0, 9900, 0, 0, 0, 0, 0, 0, 0, 1000});
    EXPECT_EQ(
        few.limits.rfind("The load is not spread: dies 0 and 3 of the flash are busy 99 %", 0), 0u)
        << few.limits;
}

// Dies that never worked are in no event of their own.
TEST(Analyser, KnowsOfDiesThatDidNothing) {
    Analyser analyser;
    MadeTrace trace(analyser);
    observe::TraceSink& sink = analyser;
    sink.record(observe::FreeBlocks{0, 100, 0, 32, 8});
    trace.bring_up();
    for (std::uint16_t i = 0; i < 10; ++i) {
        const std::uint64_t ns = 10'000u + 10'000u * i;
        trace.read(ns, i, static_cast<std::uint16_t>(i + 1));
        sink.record(observe::NandWork{MadeTrace::at(ns + 9000), observe::DieWork::kRead, 0, 0,
                                      MadeTrace::at(ns), MadeTrace::at(ns + 9900),
                                      MadeTrace::at(ns), MadeTrace::at(ns + 100)});
    }
    const Analysis analysis = analyser.finish();
    EXPECT_EQ(analysis.use.dies.size(), 32u);
    EXPECT_EQ(analysis.use.channels.size(), 8u);
    EXPECT_EQ(analysis.limits.rfind("The load is not spread: die 0 of the flash is busy 99 % of "
                                    "the time, the others 0 %. ",
                                    0),
              0u)
        << analysis.limits;
}

TEST(Analyser, TakesAnyNumberOfADie) {
    Analyser analyser;
    observe::TraceSink& sink = analyser;
    MadeTrace trace(analyser);
    trace.bring_up();
    trace.read(10'000, 0, 1);
    sink.record(observe::NandWork{MadeTrace::at(11'000), observe::DieWork::kErase, 0xffff'ffff,
                                  0xffff'ffff, 0, util::kNever, 1, util::kNever - 1});
    sink.record(observe::FreeBlocks{MadeTrace::at(11'000), 0, 0, 0xffff'ffff, 0});
    EXPECT_EQ(analyser.finish().use.dies.size(), UnitsUse::kMost);
}

TEST(Analyser, TakesWhatAResetLeavesForNeverCompleted) {
    Analyser analyser;
    MadeTrace trace(analyser);
    trace.bring_up();
    trace.tail(1000, 1);
    trace.fetch(1100, 7);
    static_cast<observe::TraceSink&>(analyser).record(
        observe::Reset{MadeTrace::at(2000), observe::ResetKind::kFunction});
    trace.tail(3000, 1);  // of a queue that does not exist any more
    trace.fetch(3100, 7);
    trace.complete(4000, 7, 3100);
    const Analysis analysis = analyser.finish();
    ASSERT_EQ(analysis.commands.size(), 4u);
    EXPECT_FALSE(analysis.commands[2].completed());
    EXPECT_EQ(analysis.commands[3].latency_ps(), MadeTrace::at(900));
    EXPECT_EQ(analysis.commands[3].stage(Stage::kDoorbell), -1);
    EXPECT_TRUE(std::any_of(analysis.marks.begin(), analysis.marks.end(), [](const Mark& mark) {
        return mark.kind == "reset" && mark.text == "function";
    }));
}

TEST(Analyser, TakesACompletionOfACommandThatCameBeforeTheTrace) {
    Analyser analyser;
    MadeTrace trace(analyser);
    trace.complete(4000, 7, 3100);
    const Analysis analysis = analyser.finish();
    ASSERT_EQ(analysis.commands.size(), 1u);
    EXPECT_EQ(analysis.commands[0].latency_ps(), MadeTrace::at(900));
}

TEST(Analyser, DoesNotKnowWhenAHostWritesDoorbellsThatAreInItsMemory) {
    Analyser analyser;
    MadeTrace trace(analyser);
    trace.bring_up();
    static_cast<observe::TraceSink&>(analyser).record(observe::CommandCompleted{
        MadeTrace::at(500), MadeTrace::at(400), 0, 0, 1,
        static_cast<std::uint8_t>(nvme::spec::AdminOpcode::kDoorbellBufferConfig),
        nvme::spec::StatusCode::kSuccess, 0});
    trace.tail(1000, 1);
    trace.fetch(1100, 0);
    trace.complete(2100, 0, 1100);
    trace.interrupt(2200);
    trace.head(90'000, 1);  // when the controller had asked for it
    const Analysis analysis = analyser.finish();
    EXPECT_EQ(analysis.commands.back().stage_ns, (Stages{-1, -1, -1, -1, -1, -1, 100, -1}));
    EXPECT_EQ(analysis.limits.find("The host: it takes longer"), std::string::npos);
}

TEST(Analyser, OfNothingSaysSo) {
    Analyser analyser;
    const Analysis analysis = analyser.finish();
    EXPECT_TRUE(analysis.commands.empty());
    EXPECT_EQ(analysis.limits, "There are no I/O commands in this trace.");
}

TEST(Analyser, TellsTheStoryOfTheSlowest) {
    Analyser analyser;
    MadeTrace trace(analyser);
    trace.bring_up();
    trace.read(10'000, 3, 1);
    const Analysis analysis = analyser.finish();
    Storyteller storyteller(analysis, 20);
    MadeTrace again(storyteller);
    again.bring_up();
    again.read(10'000, 3, 1);
    const std::vector<Story> stories = storyteller.finish();
    ASSERT_EQ(stories.size(), 1u);
    std::string text;
    for (const StoryLine& line : stories[0].lines)
        text += std::to_string(line.ps / 1000) + " " + line.text + "\n";
    EXPECT_EQ(text,
              "10000 the host rings the doorbell\n"
              "10100 fetched: Read of namespace 1, 8 blocks at 0, command 3 of queue 1\n"
              "10100 decoded in 500 ns\n"
              "10600 the media: read of 4096 bytes begins in 400 ns, ends in 5.00 us\n"
              "10600 waits: read.send in 5.00 us\n"
              "15600 4096 bytes to the host (data) are through in 2.00 us\n"
              "15600 the completion entry is there in 2.05 us\n"
              "17650 completion posted: Successful Completion, after 7.55 us\n"
              "18000 an interrupt leaves\n"
              "19000 the host has taken the entry\n");
}

/// Visitor: any value, but small ones more often, so that events fit together.
class Noise : public observe::WithoutNotes {
public:
    explicit Noise(std::uint64_t seed) : random_(seed) {}
    template <typename T>
    void dec(std::string_view, T& field) {
        field = static_cast<T>(value());
    }
    template <typename T>
    void hex(std::string_view, T& field) {
        field = static_cast<T>(value());
    }
    template <typename T>
    void hex_or_none(std::string_view, T& field) {
        field = static_cast<T>(value());
    }
    void id_or_none(std::string_view, std::uint32_t& field) {
        field = random_() % 4 == 0 ? observe::kNoId : static_cast<std::uint32_t>(value());
    }
    template <typename E>
    void word(std::string_view, E& field) {
        do field = static_cast<E>(random_() % 8);
        while (observe::word_of(field).empty());
    }
    void either(std::string_view, bool& flag, std::string_view, std::string_view) {
        flag = random_() % 2 != 0;
    }
    void token(std::string_view, std::string_view& field) {
        constexpr std::string_view kSteps[] = {"start", "post", "end", "x"};
        field = kSteps[random_() % 4];
    }
    void text(std::string_view, std::string_view& field) { field = "\xff\""; }

    std::uint64_t value() { return random_() % 8 == 0 ? random_() : random_() % 4; }

private:
    std::mt19937_64 random_;
};

template <typename... E>
void record_noise(observe::EventTypes<E...>, Noise& noise, observe::TraceSink& sink) {
    const auto one = [&](auto event) {
        event.ps = noise.value() * noise.value();
        event.fields(event, noise);
        sink.record(event);
    };
    (one(E{}), ...);
}

// A trace is a file like any other: whatever stands in it, the analysis comes to an end.
TEST(Analyser, SurvivesAnyEvents) {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        Analyser analyser;
        Noise noise(seed);
        for (int i = 0; i < 100; ++i) record_noise(observe::Events{}, noise, analyser);
        const Analysis analysis = analyser.finish();
        Storyteller storyteller(analysis, 20);
        Noise again(seed);
        for (int i = 0; i < 100; ++i) record_noise(observe::Events{}, again, storyteller);
        EXPECT_LE(storyteller.finish().size(), 20u);
        EXPECT_LE(analysis.series.iops.size(), TimeSeries::kMostSteps);
    }
}

TEST(Analyser, TellsOfNoMoreCommandsThanItMayKeep) {
    Options options;
    options.most_commands = 3;
    Analyser analyser(options);
    MadeTrace trace(analyser);
    trace.bring_up();
    trace.read(10'000, 3, 1);
    trace.read(30'000, 4, 2);
    const Analysis analysis = analyser.finish();
    ASSERT_EQ(analysis.commands.size(), 3u);
    EXPECT_EQ(analysis.end_ps, MadeTrace::at(10'100));
    EXPECT_EQ(analysis.note,
              "only the first 3 commands are told of, up to 0.010100 ms (--most-commands)");
}

/// However a trace is cut, its parts have all of its commands, each with its latency.
TEST(Analyser, CutIntoPartsTellsTheSame) {
    const auto record = [](MadeTrace& trace, auto cut) {
        trace.bring_up();
        cut();
        trace.read(10'000, 1, 1);
        cut();
        trace.tail(20'000, 2);
        trace.fetch(20'100, 2);
        cut();
        trace.step(20'100, 2, "start", 20'300);
        cut();
        trace.tail(21'000, 3);
        trace.fetch(21'100, 3, 1);
        trace.complete(24'000, 2, 20'100);
        cut();
        trace.interrupt(24'100);
        trace.complete(25'000, 3, 21'100, 1, 0x281);
        cut();
        trace.head(26'000, 3);
    };
    Analyser whole;
    MadeTrace whole_trace(whole);
    record(whole_trace, [] {});
    const Analysis expected = whole.finish();

    Analyser analyser;
    MadeTrace trace(analyser);
    std::vector<Analysis> parts;
    record(trace, [&] { parts.push_back(analyser.cut()); });
    parts.push_back(analyser.finish());
    std::vector<Command> found;
    for (const Analysis& part : parts)
        for (const Command& command : part.commands)
            if (command.completed()) found.push_back(command);
    ASSERT_EQ(found.size(), expected.commands.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
        EXPECT_EQ(found[i].cid, expected.commands[i].cid);
        EXPECT_EQ(found[i].latency_ps(), expected.commands[i].latency_ps());
        EXPECT_EQ(found[i].status, expected.commands[i].status);
        EXPECT_EQ(found[i].slba, expected.commands[i].slba);
        EXPECT_EQ(found[i].bytes, expected.commands[i].bytes);
        EXPECT_EQ(found[i].stage(Stage::kDecode), expected.commands[i].stage(Stage::kDecode));
    }
    EXPECT_EQ(parts[2].commands.size(), 1u) << "it is in flight";
    EXPECT_EQ(parts[3].commands.size(), 1u) << "still";
    EXPECT_EQ(parts[3].queues.at(1).size, 64u);
    EXPECT_EQ(parts[3].queues.at(1).cqid, 1u);
    for (std::size_t i = 1; i < parts.size(); ++i)
        EXPECT_EQ(parts[i].begin_ps, parts[i - 1].end_ps);
}

}  // namespace
}  // namespace analysis
