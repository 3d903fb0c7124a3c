// SPDX-License-Identifier: Apache-2.0
// What is read back of a waveform that the writer has written.
#include "traces/analysis/waveform.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <random>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "models/observe/vcd/vcd_trace.h"
#include "tests/unit/traces/made_trace.h"
#include "traces/analysis/analyser.h"

namespace analysis {
namespace {

using Stages = std::array<float, kStages>;

class ReadWaveform : public ::testing::Test {
protected:
    ~ReadWaveform() override { std::remove(path.c_str()); }

    /// Of what `make` records to one controller.
    template <typename Make>
    Analysis read(Make make, const observe::VcdOptions& vcd = {},
                  const observe::VcdWindow& window = {}) {
        observe::VcdWriter writer(path, window);
        observe::VcdTrace trace(writer, vcd);
        MadeTrace made(trace);
        make(made, trace);
        EXPECT_EQ(writer.close(MadeTrace::at(50'000)), "");
        return analyse();
    }
    Analysis analyse(const Options& options = {}) {
        std::ifstream file(path);
        Waveform waveform(options);
        const VcdResult result = read_vcd(file, waveform);
        EXPECT_EQ(result.damaged, "");
        refused = result.refused;
        EXPECT_EQ(waveform.complete(), refused.empty());
        return waveform.finish();
    }

    const std::string path =
        ::testing::TempDir() + "nvme_tlm_waveform_" + std::to_string(::getpid()) + ".vcd";
    std::string refused;
};

TEST_F(ReadWaveform, ACommandHasItsLife) {
    const Analysis analysis = read([](MadeTrace& made, observe::TraceSink&) {
        made.bring_up();
        made.read(10'000, 3, 1);
    });
    ASSERT_EQ(analysis.commands.size(), 3u);
    const Command& read = analysis.commands[2];
    EXPECT_EQ(read.sqid, 1u);
    EXPECT_EQ(read.cid, 3u);
    EXPECT_EQ(read.opcode, 2u);
    EXPECT_EQ(read.nsid, 1u);
    EXPECT_EQ(read.blocks, 8u);
    EXPECT_EQ(read.bytes, 4096u);
    EXPECT_EQ(read.begin_ps, MadeTrace::at(10'000));
    EXPECT_EQ(read.fetched_ps, MadeTrace::at(10'100));
    EXPECT_EQ(read.latency_ps(), MadeTrace::at(7550));
    // The lane shows data until the entry is posted, and both of what the host does as one.
    EXPECT_EQ(read.stage_ns, (Stages{100, 300, 200, 5000, 2050, 0, -1, 1350}));
    EXPECT_TRUE(analysis.details);
    const QueueFacts& queue = analysis.queues.at(1);
    EXPECT_EQ(queue.size, 64u);
    EXPECT_EQ(queue.doorbells, 1u);
    EXPECT_EQ(queue.most_in_flight, 1u);
    EXPECT_FALSE(queue.cqid);
    EXPECT_FALSE(queue.interrupts);
    EXPECT_DOUBLE_EQ(analysis.use.most_media_accesses, 1);
    EXPECT_LT(analysis.use.link_up, 0);
    EXPECT_EQ(analysis.note,
              "bytes follow from blocks of 512 bytes (--block-size): the trace has no buffers");
}

TEST_F(ReadWaveform, StatusesAndNewsAreThoseOfTheEvents) {
    const Analysis analysis = read([](MadeTrace& made, observe::TraceSink& sink) {
        made.bring_up();
        made.tail(1000, 1);
        made.fetch(1100, 7);
        made.complete(2000, 7, 1100, 2, 0x181);
        sink.record(observe::AsyncEvent{MadeTrace::at(2100), 0x00020001});
        sink.record(observe::LintFinding{MadeTrace::at(2200), observe::LintRule{}, 1, 7, 0});
        sink.record(observe::Reset{MadeTrace::at(2300), observe::ResetKind::kFunction});
    });
    EXPECT_EQ(analysis.commands[2].status, 0x181u);
    ASSERT_EQ(analysis.findings.size(), 1u);
    EXPECT_EQ(analysis.findings[0].queue, 1);
    std::string kinds;
    for (const Mark& mark : analysis.marks) kinds += mark.kind + " ";
    EXPECT_EQ(kinds, "phase state phase phase aer lint reset ");
}

TEST_F(ReadWaveform, ACommandWithoutALaneIsKnownByTheStrobes) {
    observe::VcdOptions one_slot;
    one_slot.slots = 1;
    const Analysis analysis = read(
        [](MadeTrace& made, observe::TraceSink&) {
            made.bring_up();
            made.tail(1000, 2);
            made.fetch(1100, 1);
            made.fetch(1200, 2, 1);
            made.complete(2000, 2, 1200, 1, 0x4);
            made.complete(3000, 1, 1100);
        },
        one_slot);
    ASSERT_EQ(analysis.commands.size(), 4u);
    const Command& without = analysis.commands[3];
    EXPECT_EQ(without.cid, 2u);
    EXPECT_EQ(without.opcode, 1u);
    EXPECT_EQ(without.blocks, 0u);
    EXPECT_EQ(without.status, 4u);
    EXPECT_EQ(without.latency_ps(), MadeTrace::at(800));
    EXPECT_EQ(analysis.commands[2].latency_ps(), MadeTrace::at(1900));
    EXPECT_EQ(analysis.queues.at(1).most_in_flight, 2u);
    EXPECT_EQ(analysis.note.substr(0, analysis.note.find(';')),
              "2 commands had no slot, and are known by queue, identifier, opcode and status only "
              "(vcd_slots)")
        << "one of the admin queue, too";
}

TEST_F(ReadWaveform, WhatWasInFlightBeforeIsLeftOut) {
    observe::VcdWindow window;
    window.from = MadeTrace::at(12'000);
    const Analysis analysis = read(
        [](MadeTrace& made, observe::TraceSink&) {
            made.bring_up();
            made.read(10'000, 3, 1);
            made.read(30'000, 4, 2);
        },
        {}, window);
    ASSERT_EQ(analysis.commands.size(), 1u);
    EXPECT_EQ(analysis.commands[0].cid, 4u);
    EXPECT_EQ(analysis.commands[0].latency_ps(), MadeTrace::at(7550));
    EXPECT_EQ(analysis.begin_ps, MadeTrace::at(12'000));
    EXPECT_EQ(analysis.note.substr(0, analysis.note.find(';')),
              "1 commands were in flight when the waveform began, and are left out");
    for (const Mark& mark : analysis.marks) EXPECT_EQ(mark.kind, "phase") << mark.text;
}

TEST_F(ReadWaveform, WhatAResetEndsNeverCompletes) {
    const Analysis analysis = read([](MadeTrace& made, observe::TraceSink& sink) {
        made.bring_up();
        made.tail(1000, 1);
        made.fetch(1100, 1);
        made.head(2000, 1);
        sink.record(observe::StateChange{MadeTrace::at(2000), 0, 0});
        made.bring_up_again(3000);
        made.tail(4000, 1);
        made.fetch(4100, 1);
        made.complete(5000, 1, 4100);
    });
    ASSERT_EQ(analysis.commands.size(), 4u);
    EXPECT_FALSE(analysis.commands[2].completed());
    EXPECT_EQ(analysis.commands[3].latency_ps(), MadeTrace::at(900));
    EXPECT_EQ(analysis.queues.at(1).most_in_flight, 1u);
}

/// Where nothing takes time, a lane shows one of several commands of an instant.
TEST_F(ReadWaveform, WhatALaneShowsForNoTimeIsKnownByTheStrobes) {
    observe::VcdOptions one_slot;
    one_slot.slots = 1;
    const Analysis analysis = read(
        [](MadeTrace& made, observe::TraceSink&) {
            made.bring_up();
            made.tail(1000, 1);
            made.fetch(1100, 1);
            made.complete(2000, 1, 1100);
            made.tail(2000, 2);
            made.head(2000, 1);
            made.fetch(2500, 2);
            made.complete(2500, 2, 2500);
        },
        one_slot);
    ASSERT_EQ(analysis.commands.size(), 4u);
    EXPECT_EQ(analysis.commands[2].end_ps, MadeTrace::at(2000));
    EXPECT_EQ(analysis.commands[3].end_ps, MadeTrace::at(2500));
}

/// The strobe tells of one of them, lanes of none.
TEST_F(ReadWaveform, SeveralThatTheHostTakesAsTheyCompleteHaveTheirEnd) {
    const auto make = [](MadeTrace& made, observe::TraceSink&) {
        made.bring_up();
        made.tail(1000, 4);
        for (std::uint16_t cid = 1; cid <= 4; ++cid) made.fetch(1000 + cid * 100u, cid);
        for (std::uint16_t cid = 1; cid <= 3; ++cid) made.complete(2000, cid, 1000 + cid * 100u);
        made.head(2000, 3);
    };
    const Analysis analysis = read(make);
    ASSERT_EQ(analysis.commands.size(), 6u);
    for (std::size_t i = 2; i < 5; ++i) {
        EXPECT_EQ(analysis.commands[i].end_ps, MadeTrace::at(2000)) << i;
        EXPECT_EQ(analysis.commands[i].stage(Stage::kHost), 0) << i;
    }
    EXPECT_FALSE(analysis.commands[5].completed()) << "it is still there";
    EXPECT_EQ(analysis.note.substr(0, analysis.note.find(';')),
              "2 commands have no status in it, and are shown as successful: of several that "
              "completed and left their slots at one instant there is one status");
    observe::VcdOptions lanes;
    lanes.signals = observe::VcdSelection("queues.*.slots,completed,fetched");
    const Analysis unsure = read(make, lanes);
    const auto ended = std::count_if(unsure.commands.begin(), unsure.commands.end(),
                                     [](const Command& c) { return c.completed() && c.is_io(); });
    EXPECT_EQ(ended, 1);
    EXPECT_EQ(unsure.note.substr(0, unsure.note.find(';')),
              "2 commands left their slots, and have no end in it: whether they completed is "
              "known with sq.size and csts only");
}

TEST_F(ReadWaveform, OfSeveralControllersOneIsRead) {
    {
        observe::VcdWriter writer(path);
        observe::VcdTrace first(writer, {"soc.nvme0"});
        observe::VcdTrace second(writer, {"soc.nvme1"});
        MadeTrace made(second);
        made.bring_up();
        made.read(10'000, 3, 1);
    }
    const Analysis analysis = analyse();
    EXPECT_TRUE(analysis.commands.empty());
    EXPECT_EQ(analysis.note, "of soc.nvme0; there is soc.nvme1, too (--scope)");
    Options options;
    options.scope = "soc.nvme1";
    EXPECT_EQ(analyse(options).commands.size(), 3u);
    options.scope = "nvme2";
    (void)analyse(options);
    EXPECT_EQ(refused, "there is no scope \"nvme2\" with signals of nvme-vp");
}

TEST_F(ReadWaveform, SignalsThatWereNotChosenAreNamed) {
    const auto make = [](MadeTrace& made, observe::TraceSink&) {
        made.bring_up();
        made.read(10'000, 3, 1);
    };
    observe::VcdOptions options;
    options.signals = observe::VcdSelection("fetched,completed,state");
    const Analysis strobes = read(make, options);
    EXPECT_EQ(strobes.commands.size(), 3u);
    EXPECT_EQ(strobes.note,
              "3 commands had no slot, and are known by queue, identifier, opcode and status only "
              "(vcd_slots); 1 of these have no end in it; the waveform has no signals slots, "
              "sq.doorbell, cq.doorbell, sq.size, "
              "in_flight, cc and csts, media, msix");
    options.signals = observe::VcdSelection("queues.*.slots.*.step,fetched");
    (void)read(make, options);
    EXPECT_EQ(refused,
              "lacks what tells of commands: queues.ioN.slots.sM.opcode, "
              "queues.ioN.slots.sM.cid, completed.strobe, completed.sqid, completed.cid (must have "
              "queues.ioN.slots.sM.step, opcode and cid, or fetched.strobe, sqid, cid and opcode "
              "with completed.strobe, sqid and cid)");
}

TEST_F(ReadWaveform, OfAnotherToolSaysWhatItLacks) {
    std::istringstream file(
        "$scope module cpu $end $var wire 32 ! pc $end $upscope $end $enddefinitions $end #1 b1 !");
    Waveform waveform{Options{}};
    EXPECT_EQ(
        read_vcd(file, waveform).refused,
        "has no signal of commands of nvme-vp: must have queues.ioN.slots.sM.step, opcode and "
        "cid, or fetched.strobe, sqid, cid and opcode with completed.strobe, sqid and cid");
}

/// The same numbers as of a trace, in whatever order accesses are told of.
TEST_F(ReadWaveform, AccessesUnderWayAreThoseOfTheTrace) {
    const auto make = [](MadeTrace& made, observe::TraceSink&) {
        made.bring_up();
        made.tail(500, 1);
        made.fetch(600, 1);
        made.media(1000, 1000, 4000);
        made.media(1000, 1500, 3500);
        made.media(1000, 5000, 6000);
        made.media(1000, 2000, 7000);  // begins before the one that was told before it
        made.complete(9500, 1, 600);
    };
    Analyser analyser;
    MadeTrace made(analyser);
    make(made, analyser);
    const Analysis trace = analyser.finish();
    EXPECT_DOUBLE_EQ(trace.use.most_media_accesses, 3);
    const Analysis waveform = read(make);
    EXPECT_DOUBLE_EQ(waveform.use.most_media_accesses, 3);
}

/// Names like ours without end, lanes that jump about, numbers that cannot be.
TEST_F(ReadWaveform, OfHostileNamesAndValuesIsBounded) {
    std::string text = "$scope module n $end $scope module queues $end $scope module io1 $end ";
    text += "$var wire 17 @ sq.size $end $scope module slots $end $scope module s7 $end ";
    text += "$var wire 3 ! step $end $var wire 8 \" opcode $end $var wire 16 # cid $end ";
    text += "$var wire 99 $ lba $end $upscope $end $scope module s99999 $end ";
    text += "$var wire 3 % step $end $upscope $end ";
    for (int i = 0; i < 2000; ++i)
        text +=
            "$scope module s" + std::to_string(i) + " $end $var wire 3 ! step $end $upscope $end ";
    text += "$enddefinitions $end\n";
    for (int i = 0; i < 1000; ++i)
        text += "#" + std::to_string(i * 10) + " b" + std::to_string(i % 2) + "1" +
                std::to_string(i / 2 % 2) + " ! b" + std::to_string(i % 2) + "x #\n";
    std::istringstream file(text);
    Waveform waveform{Options{}};
    const VcdResult result = read_vcd(file, waveform);
    EXPECT_EQ(result.refused, "");
    EXPECT_EQ(result.damaged, "");
    const Analysis analysis = waveform.finish();
    EXPECT_LE(analysis.commands.size(), 1000u);
    for (const Command& command : analysis.commands) EXPECT_GE(command.end_ps, command.fetched_ps);
}

/// Whatever the bytes are: what was there, a problem, never more.
TEST_F(ReadWaveform, SurvivesBytesThatChanged) {
    (void)read([](MadeTrace& made, observe::TraceSink&) {
        made.bring_up();
        for (std::uint16_t i = 1; i < 20; ++i) made.read(i * 10'000u, i, i);
    });
    std::ostringstream bytes;
    bytes << std::ifstream(path).rdbuf();
    const std::string text = bytes.str();
    const std::size_t changes = text.find("$enddefinitions");
    std::mt19937_64 random(5);
    for (int i = 0; i < 200; ++i) {
        std::string changed = text;
        const std::size_t from = i % 4 == 0 ? 0 : changes;
        for (int n = 0; n < 5; ++n) {
            const std::size_t at = from + random() % (text.size() - from);
            changed[at] = i % 2 == 0 ? static_cast<char>(random())
                                     : text[from + random() % (text.size() - from)];
        }
        std::istringstream file(changed);
        Waveform waveform{Options{}};
        if (!read_vcd(file, waveform).refused.empty()) continue;
        const Analysis analysis = waveform.finish();
        EXPECT_LE(analysis.commands.size(), text.size());
        for (const Command& command : analysis.commands)
            EXPECT_GE(command.end_ps, command.fetched_ps);
    }
}

}  // namespace
}  // namespace analysis
