// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_writer.h"

#include <stdexcept>

#include "tests/unit/observe/vcd_fixture.h"

namespace observe {
namespace {

constexpr std::uint64_t kHighZ = VcdDocument::kHighZ;

TEST_F(VcdTest, HoldsEachChangeAtItsTimeAndTheLastOfAnInstant) {
    VcdWriter writer(path);
    const VcdSignal level = writer.declare("a.level", 16);
    const VcdSignal flag = writer.declare("a.b.flag", 1);
    const VcdSignal bell = writer.declare_event("a.bell");
    writer.set(level, 7);
    writer.advance(10);
    writer.set(level, 1);
    writer.set(level, 0x8001);
    writer.pulse(bell);
    writer.pulse(bell);
    writer.advance(20);
    writer.set(flag, 1);
    writer.set(flag, 0);
    writer.advance(30);
    writer.clear(level);
    writer.advance(40);
    writer.pulse(bell);
    VcdDocument d = read(writer, 100);
    EXPECT_EQ(d.timescale, "1ps");
    EXPECT_EQ(d["a.level"].times(), (Times{0, 10, 30}));
    EXPECT_EQ(d["a.level"].at(0), 7u) << "set before time passed: an initial value";
    EXPECT_EQ(d["a.level"].at(10), 0x8001u);
    EXPECT_EQ(d["a.level"].at(30), kHighZ);
    EXPECT_EQ(d["a.b.flag"].times(), (Times{0})) << "1 for no time";
    EXPECT_EQ(d["a.bell"].times(), (Times{10, 40}));
    EXPECT_EQ(d.end, 100u);
}

TEST_F(VcdTest, WritesTheWidestValues) {
    VcdWriter writer(path);
    const VcdSignal wide = writer.declare("wide", 64);
    writer.advance(1);
    writer.set(wide, 0x8000'0000'0000'0001);
    VcdDocument d = read(writer);
    EXPECT_EQ(d["wide"].width, 64u);
    EXPECT_EQ(d["wide"].at(1), 0x8000'0000'0000'0001);
}

struct Ring : VcdAlarm {
    explicit Ring(VcdWriter& writer) : VcdAlarm(writer.agenda()) {}
    void due(std::uint64_t payload) override { payloads.push_back(payload); }
    std::vector<std::uint64_t> payloads;
};

TEST_F(VcdTest, KnowsWhatWillHappen) {
    VcdWriter writer(path);
    Ring ring(writer);
    const VcdSignal busy = writer.declare("busy", 8);
    writer.advance(10);
    writer.add_at(10, busy, 1);
    writer.add_at(50, busy, -1);
    writer.add_at(30, busy, 1);
    writer.add_at(40, busy, -1);
    writer.add_at(util::kNever, busy, 1);
    writer.call_at(35, ring, 5);
    writer.call_at(10, ring, 4);
    EXPECT_EQ(ring.payloads, (std::vector<std::uint64_t>{4})) << "its time had come";
    writer.advance(100);
    EXPECT_EQ(ring.payloads, (std::vector<std::uint64_t>{4, 5}));
    VcdDocument d = read(writer);
    EXPECT_EQ(d["busy"].times(), (Times{0, 10, 30, 40, 50}));
    EXPECT_EQ(d["busy"].at(30), 2u);
    EXPECT_EQ(d["busy"].at(50), 0u);
}

// Of a platform that takes its probes down before the file.
TEST_F(VcdTest, TellsNobodyWhoIsGone) {
    VcdWriter writer(path);
    const VcdSignal busy = writer.declare("busy", 8);
    {
        Ring gone(writer);
        writer.call_at(20, gone, 1);
        writer.add_at(10, busy, 1);
        writer.add_at(30, busy, 1);
    }
    VcdDocument d = read(writer, 40);
    EXPECT_EQ(d["busy"].times(), (Times{0, 10, 30}));
}

TEST_F(VcdTest, OfASimulationThatNeverStartedIsValid) {
    VcdWriter writer(path);
    (void)writer.declare("a", 1);
    VcdDocument d = read(writer);
    EXPECT_EQ(d["a"].times(), (Times{0}));
}

TEST_F(VcdTest, RefusesNamesThatAreNoneOrTaken) {
    VcdWriter writer(path);
    (void)writer.declare("a.b", 1);
    EXPECT_THROW((void)writer.declare("a.b", 2), std::runtime_error);
    EXPECT_THROW((void)writer.declare("a b", 2), std::runtime_error);
    EXPECT_THROW(writer.take_scope("$end"), std::runtime_error);
    writer.take_scope("a");
    EXPECT_THROW(writer.take_scope("a"), std::runtime_error);
    writer.advance(1);
    writer.advance(2);
    EXPECT_THROW((void)writer.declare("late", 2), std::runtime_error);
}

TEST_F(VcdTest, OfADeviceThatIsFullSaysSo) {
    const std::string link = path;
    ASSERT_EQ(::symlink("/dev/full", link.c_str()), 0);
    VcdWriter writer(link);
    (void)writer.declare("a", 1);
    EXPECT_EQ(writer.close(), link + ": could not be written completely: No space left on device");
    EXPECT_NE(writer.close(), "") << "asked again";
}

/// Counts instants from 0 to 100 and rings at each.
class Window : public VcdTest {
protected:
    VcdDocument count(const VcdWindow& window, util::TimePs trigger = util::kNever) {
        VcdWriter writer(path, window);
        const VcdSignal level = writer.declare("level", 8);
        const VcdSignal bell = writer.declare_event("bell");
        for (std::uint64_t now = 0; now <= 100; now += 10) {
            writer.advance(now);
            writer.set(level, now);
            writer.pulse(bell);
            if (now == trigger) writer.trigger();
        }
        return read(writer, 105);
    }
};

TEST_F(Window, BeginsWithTheValuesOfItsFirstInstant) {
    VcdDocument d = count({45, 70});
    EXPECT_EQ(d["level"].times(), (Times{45, 50, 60, 70}));
    EXPECT_EQ(d["level"].at(45), 40u);
    EXPECT_EQ(d["bell"].times(), (Times{50, 60, 70}));
    EXPECT_EQ(d.end, 70u);
}

TEST_F(Window, OfOneInstantHasIt) {
    VcdDocument d = count({50, 50});
    EXPECT_EQ(d["level"].at(50), 50u);
    EXPECT_EQ(d["bell"].times(), (Times{50}));
}

TEST_F(Window, BehindTheEndSaysSo) {
    VcdDocument d = count({500});
    EXPECT_EQ(d["level"].at(d.end), 100u);
    EXPECT_NE(nvme::test::read_file(path).find("ended before the window began"), std::string::npos);
}

TEST_F(Window, WithATriggerHasWhatLedToIt) {
    VcdWindow window;
    window.triggered = true;
    window.before = 20;
    VcdDocument d = count(window, 80);
    const Times bells = d["bell"].times();
    EXPECT_EQ(bells.back(), 100u);
    EXPECT_LE(bells.front(), 60u) << "20 before at least";
    EXPECT_GE(bells.front(), 30u) << "and about twice of it at most";
    EXPECT_EQ(d["level"].at(bells.front()), bells.front());
    EXPECT_EQ(d["level"].at(90), 90u);
}

TEST_F(Window, WhoseTriggerHasNotComeHasTheLastValuesAndSaysSo) {
    VcdWindow window;
    window.triggered = true;
    VcdDocument d = count(window);
    EXPECT_EQ(d["level"].times(), (Times{105}));
    EXPECT_EQ(d["level"].at(105), 100u);
    EXPECT_NE(nvme::test::read_file(path).find("has not happened"), std::string::npos);
}

TEST_F(Window, TakesNoNoticeOfATriggerOutsideOfIt) {
    VcdWindow window{50, 90};
    window.triggered = true;
    VcdDocument d = count(window, 20);
    EXPECT_EQ(d["bell"].times(), Times{});
    EXPECT_EQ(d.end, 105u);
}

}  // namespace
}  // namespace observe
