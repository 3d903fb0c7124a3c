// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_trace.h"

#include <algorithm>
#include <memory>
#include <regex>
#include <set>
#include <sstream>

#include <sys/wait.h>

#include <gtest/gtest.h>

#include "models/observe/text_trace.h"
#include "models/observe/trace_fanout.h"
#include "models/observe/vcd_file.h"
#include "tests/sim/controller/trace_recorder.h"
#include "tests/sim/observe/scenario.h"
#include "tests/sim/observe/vcd_document.h"

namespace nvme::test {
namespace {

using Times = std::vector<std::uint64_t>;
using observe::VcdOptions;

/// The scenario with a waveform, and with the events themselves to compare it with.
class Wave : public ScenarioTest {
protected:
    explicit Wave(const VcdOptions& options = {}, const ControllerParams& params = {})
        : ScenarioTest(params), vcd("vcd", path.path()), wave(vcd.writer(), options) {
        sinks.add(events);
        sinks.add(wave);
        controller.set_trace(&sinks);
    }

    VcdDocument run() {
        simulate([this] { run_scenario(); });
        VcdDocument document(path.path());
        EXPECT_EQ(document.problems, std::vector<std::string>{});
        return document;
    }

    TemporaryFile path{"wave.vcd"};
    observe::VcdFile vcd;
    observe::VcdTrace wave;
    TraceRecorder events;
    observe::TraceFanout sinks;
};

template <typename Event, typename Keep>
Times times_of(const std::vector<Event>& events, Keep keep) {
    std::set<std::uint64_t> times;  // several at one time are one pulse
    for (const auto& e : events)
        if (keep(e)) times.insert(e.ps);
    return {times.begin(), times.end()};
}

TEST_F(Wave, ReadyRisesExactlyTheEnableTimeAfterTheHostEnabled) {
    VcdDocument d = run();
    const std::uint64_t enabled = d["nvme0.cc.en"].first(1);
    const std::uint64_t ready = d["nvme0.csts.rdy"].first(1);
    EXPECT_EQ(ready - enabled, controller.params().enable_time_ns * util::kPsPerNs);
    const std::uint64_t disabled = d["nvme0.cc.en"].first(0, ready);
    const std::uint64_t not_ready = d["nvme0.csts.rdy"].first(0, ready);
    EXPECT_EQ(not_ready - disabled, controller.params().disable_time_ns * util::kPsPerNs);
    EXPECT_EQ(d["nvme0.csts.cfs"].at(d.end), 0u);
}

TEST_F(Wave, ShowsAShutdownFromRequestToCompletion) {
    VcdDocument d = run();
    const std::uint64_t asked = d["nvme0.cc.shn"].first(1);
    EXPECT_EQ(d["nvme0.csts.shst"].first(1), asked);
    EXPECT_EQ(d["nvme0.csts.shst"].first(2) - asked,
              controller.params().shutdown_time_ns * util::kPsPerNs);
    EXPECT_EQ(d["nvme0.csts.shst"].at(d.end), 2u);
}

TEST_F(Wave, QueueTailsAndHeadsFollowTheDoorbells) {
    VcdDocument d = run();
    const char* names[] = {"admin", "io1", "io2"};
    for (std::uint16_t qid = 0; qid < 3; ++qid) {
        for (const bool completion : {false, true}) {
            const std::string side =
                std::string("nvme0.queues.") + names[qid] + (completion ? ".cq." : ".sq.");
            const auto mine = [&](const observe::Doorbell& b) {
                return b.qid == qid && b.completion == completion;
            };
            EXPECT_EQ(d[side + "doorbell"].times(), times_of(events.doorbells, mine)) << side;
            for (const auto& bell : events.doorbells) {
                if (!mine(bell) || !bell.accepted) continue;
                EXPECT_EQ(d[side + (completion ? "head" : "tail")].at(bell.ps), bell.value)
                    << side << " at " << bell.ps;
            }
        }
    }
    const Times wrong = d["nvme0.queues.doorbell_rejected"].times();
    ASSERT_EQ(wrong.size(), 1u);  // the scenario's
    EXPECT_NE(d["nvme0.queues.io2.sq.tail"].at(wrong[0]), 77u);
}

TEST_F(Wave, CountsCommandsInFlightAndShowsHeadsAndTailsMeet) {
    VcdDocument d = run();
    const auto& in_flight = d["nvme0.queues.io1.in_flight"];
    const std::uint64_t four = in_flight.first(4);
    EXPECT_EQ(d["nvme0.queues.io1.sq.head"].at(four), 4u);
    EXPECT_EQ(d["nvme0.queues.io1.cq.tail"].at(four), 0u);
    const std::uint64_t idle = in_flight.first(0, four);
    EXPECT_GT(idle, four);
    EXPECT_EQ(d["nvme0.queues.io1.cq.tail"].at(idle), 4u);
    for (const auto& c : in_flight.changes) EXPECT_LE(c.value, 4u);
    for (const auto& c : d["nvme0.queues.admin.in_flight"].changes) EXPECT_LE(c.value, 1u);
    EXPECT_EQ(d["nvme0.queues.admin.in_flight"].first(1), events.fetched.front().ps);
}

TEST_F(Wave, ShowsOpcodeIdentifierAndStatusOfCommands) {
    VcdDocument d = run();
    const auto all = [](const auto&) { return true; };
    EXPECT_EQ(d["nvme0.fetched.strobe"].times(), times_of(events.fetched, all));
    EXPECT_EQ(d["nvme0.completed.strobe"].times(), times_of(events.completed, all));
    for (std::size_t i = 0; i < events.fetched.size(); ++i) {
        const auto& f = events.fetched[i];
        if (i + 1 < events.fetched.size() && events.fetched[i + 1].ps == f.ps) continue;
        EXPECT_EQ(d["nvme0.fetched.sqid"].at(f.ps), f.sqid);
        EXPECT_EQ(d["nvme0.fetched.cid"].at(f.ps), f.cid());
        EXPECT_EQ(d["nvme0.fetched.opcode"].at(f.ps), f.opcode());
    }
    const auto& status = d["nvme0.completed.status"];
    const std::uint64_t failed = status.first(std::uint64_t(spec::StatusCode::kLbaOutOfRange));
    EXPECT_EQ(d["nvme0.completed.sqid"].at(failed), 2u);
    EXPECT_EQ(d["nvme0.completed.opcode"].at(failed), 0x02u);
    const std::uint64_t unknown = status.first(std::uint64_t(spec::StatusCode::kInvalidOpcode));
    EXPECT_EQ(d["nvme0.completed.opcode"].at(unknown), 0x99u);
}

/// Of the lanes of a queue, those that hold a command at a time, in a step of `steps`.
std::set<std::uint64_t> cids_in(VcdDocument& d, const std::string& queue, std::uint64_t time,
                                const std::set<std::uint64_t>& steps) {
    std::set<std::uint64_t> cids;
    for (int lane = 0; lane < 8; ++lane) {
        const std::string slot = "nvme0.queues." + queue + ".slots.s" + std::to_string(lane);
        if (steps.count(d[slot + ".step"].at(time)) != 0) cids.insert(d[slot + ".cid"].at(time));
    }
    return cids;
}

TEST_F(Wave, EachCommandHasALaneUntilTheHostHasTakenItsCompletion) {
    VcdDocument d = run();
    std::set<std::uint64_t> together;
    std::uint64_t when = 0;
    for (const auto& fetched : events.fetched) {
        if (fetched.sqid != 1) continue;
        EXPECT_EQ(cids_in(d, "io1", fetched.ps, {2}).count(fetched.cid()), 1u) << "fetch";
        if (when == 0 || fetched.ps == when) together.insert(fetched.cid());
        when = when == 0 ? fetched.ps : when;
    }
    EXPECT_EQ(cids_in(d, "io1", when, {2}), together);
    const auto& first = events.doorbells;
    const auto rung = std::find_if(first.begin(), first.end(), [](const observe::Doorbell& b) {
        return b.qid == 1 && !b.completion;
    });
    ASSERT_NE(rung, first.end());
    for (int lane = 0; lane < 4; ++lane)
        EXPECT_EQ(d["nvme0.queues.io1.slots.s" + std::to_string(lane) + ".step"].at(rung->ps), 1u);
    // This host takes a completion in no time.
    for (const auto& completed : events.completed)
        if (completed.sqid == 2) {
            EXPECT_EQ(cids_in(d, "io2", completed.ps - 1, {4, 5, 6}).size(), 1u);
            EXPECT_TRUE(cids_in(d, "io2", completed.ps, {2, 3, 4, 5, 6, 7}).empty());
        }
    for (const char* queue : {"admin", "io1", "io2"})
        EXPECT_TRUE(cids_in(d, queue, d.end, {1, 2, 3, 4, 5, 6, 7}).empty()) << queue;
}

TEST_F(Wave, InterruptsPulse) {
    VcdDocument d = run();
    for (unsigned vector = 0; vector <= 4; ++vector) {
        const auto mine = [&](const observe::Interrupt& i) { return i.vector == vector; };
        const auto& pulses = d["nvme0.msix.v" + std::to_string(vector)];
        EXPECT_EQ(pulses.type, "event");
        EXPECT_EQ(pulses.times(), times_of(events.interrupts, mine)) << vector;
    }
    EXPECT_FALSE(d["nvme0.msix.v1"].changes.empty());
    const auto all = [](const auto&) { return true; };
    EXPECT_EQ(d["nvme0.msix.sent"].times(), times_of(events.interrupts, all));
    EXPECT_EQ(d["nvme0.msix.vector"].at(d.end), events.interrupts.back().vector);
}

TEST_F(Wave, ResetTakesTheQueuesDownToZero) {
    VcdDocument d = run();
    const std::uint64_t ready = d["nvme0.csts.rdy"].first(1);
    const std::uint64_t reset = d["nvme0.csts.rdy"].first(0, ready);
    for (const char* level : {"io1.sq.head", "io1.sq.tail", "io1.cq.head", "io1.cq.tail",
                              "admin.sq.head", "admin.cq.tail", "io2.in_flight"}) {
        const auto& signal = d[std::string("nvme0.queues.") + level];
        EXPECT_EQ(signal.at(reset), 0u) << level;
    }
    EXPECT_NE(d["nvme0.queues.io1.sq.tail"].at(reset - 1), 0u);
}

// CSTS is zero before and after such a reset, so nothing was recorded and CC.EN stayed high.
TEST_F(Wave, EnableFallsWithAFunctionLevelResetBeforeTheControllerIsReady) {
    simulate([this] {
        ASSERT_EQ(driver.enumerate(), platform::DriverError::kNone);
        driver.write32(spec::offset::kCc, 0x0046'0001);
        sc_core::wait(10, sc_core::SC_US);
        EXPECT_EQ(driver.function_level_reset(), platform::DriverError::kNone);
    });
    VcdDocument d(path.path());
    const auto& en = d["nvme0.cc.en"];
    EXPECT_EQ(en.first(0, en.first(1)) - en.first(1), 10 * util::kPsPerUs);
    EXPECT_EQ(d["nvme0.csts.rdy"].at(d.end), 0u);
    EXPECT_EQ(d.problems, std::vector<std::string>{});
}

class WaveOfTheCondition : public Wave {
protected:
    WaveOfTheCondition()
        : Wave({}, [] {
              ControllerParams params;
              params.power_states = "mp=8000; mp=4000,enlat=10";
              params.temperature = 300;
              return params;
          }()) {}
};

TEST_F(WaveOfTheCondition, ShowsPowerStateAndHealthFromTheStartAndWhenTheyChange) {
    std::uint64_t hot = 0;
    simulate([&] {
        bring_up();
        EXPECT_TRUE(driver.set_features(spec::FeatureId::kPowerManagement, 1).ok());
        HealthState state = controller.health();
        state.composite_kelvin = 344;
        state.available_spare = 9;
        hot = sc_core::sc_time_stamp().value();
        EXPECT_EQ(controller.set_health(state), "");
        ASSERT_EQ(driver.enable(), platform::DriverError::kNone);
    });
    VcdDocument d(path.path());
    EXPECT_EQ(d.problems, std::vector<std::string>{});
    ASSERT_EQ(events.powers.size(), 2u);
    const auto& power = d["nvme0.power.state"];
    EXPECT_EQ(power.at(0), 0u);
    EXPECT_EQ(power.first(1), events.powers[0].ps);
    EXPECT_EQ(power.first(0, events.powers[0].ps), events.powers[1].ps);
    for (const auto& [name, before, after] : {std::tuple{"temperature", 300u, 344u},
                                              {"available_spare", 100u, 9u},
                                              {"critical_warning", 0u, 3u}}) {
        const auto& signal = d[std::string("nvme0.health.") + name];
        EXPECT_EQ(signal.at(0), before) << name;
        EXPECT_EQ(signal.first(after), hot) << name;
        EXPECT_EQ(signal.at(d.end), after) << name;
    }
}

/// Name of a declared signal as docs/traces.md writes it: N for the number of a queue, a vector, a
/// channel or a die, M for that of a slot; the admin queue has what the others have.
std::string documented(const std::string& name) {
    std::string bare = name.substr(std::string("nvme0.").size());
    for (const auto& [number, letter] : {std::pair{"^queues\\.(io[0-9]+|admin)", "queues.ioN"},
                                         {"slots\\.s[0-9]+", "slots.sM"},
                                         {"^msix\\.(masked\\.|pending\\.|)v[0-9]+", "msix.$1vN"},
                                         {"channels\\.c[0-9]+", "channels.cN"},
                                         {"dies\\.d[0-9]+", "dies.dN"}})
        bare = std::regex_replace(bare, std::regex(number), letter);
    return bare;
}

/// First cells of the table of signals: | `name` | width | ...
std::set<std::string> signals_in_documentation() {
    std::istringstream text(read_file(NVME_TLM_SOURCE_DIR "/docs/traces.md"));
    std::set<std::string> names;
    bool inside = false;
    const std::regex row("^\\| `([a-zA-Z0-9_.]+)` \\| ([0-9]+|event) \\|.*");
    for (std::string line; std::getline(text, line);) {
        if (line.rfind("## ", 0) == 0) inside = line == "## Signals of the waveform";
        std::smatch cells;
        if (inside && std::regex_match(line, cells, row))
            names.insert(cells[1].str() + ":" + cells[2].str());
    }
    return names;
}

class WaveOfFlash : public Wave {
protected:
    static VcdOptions options() {
        VcdOptions options;
        options.channels = 2;
        options.dies = 4;
        return options;
    }
    static ControllerParams params() {
        ControllerParams p;
        p.media.model = media::Model::kNand;
        p.media.nand.channels = p.media.nand.dies = 2;
        p.media.nand.packages = 1;
        return p;
    }
    WaveOfFlash() : Wave(options(), params()) {}
};
TEST_F(WaveOfFlash, DeclaresExactlyTheSignalsOfTheDocumentation) {
    VcdDocument d = run();
    std::set<std::string> declared;
    for (const auto& [name, signal] : d.signals) {
        ASSERT_EQ(name.rfind("nvme0.", 0), 0u) << name;
        declared.insert(documented(name) + ":" +
                        (signal.type == "event" ? "event" : std::to_string(signal.width)));
    }
    EXPECT_EQ(declared, signals_in_documentation());
}

class WaveOfOneQueue : public Wave {
protected:
    WaveOfOneQueue() : Wave(VcdOptions{"soc.ssd", 1}) {}
};
TEST_F(WaveOfOneQueue, LeavesTheOtherQueuesOutAndNestsItsScope) {
    VcdDocument d = run();
    EXPECT_EQ(d.signals.count("soc.ssd.queues.io1.sq.tail"), 1u);
    EXPECT_EQ(d.signals.count("soc.ssd.queues.io2.sq.tail"), 0u);
    EXPECT_EQ(d.signals.count("soc.ssd.msix.v2"), 0u);
    EXPECT_NE(d["soc.ssd.completed.sqid"].first(2), ~std::uint64_t{0});  // still counts
}

class WaveWithoutIoQueues : public Wave {
protected:
    WaveWithoutIoQueues() : Wave(VcdOptions{"nvme0", 0}) {}
};
TEST_F(WaveWithoutIoQueues, ShowsTheAdminQueue) {
    VcdDocument d = run();
    EXPECT_EQ(d.signals.count("nvme0.queues.io1.sq.tail"), 0u);
    EXPECT_GT(d["nvme0.queues.admin.sq.tail"].changes.size(), 2u);
}

class TwoWaves : public SimTest {
protected:
    TwoWaves() {
        NamespaceConfig config;
        config.nsid = 1;
        EXPECT_EQ(b.add_namespace(config, std::make_unique<media::RamStore>(1 << 20)), "");
        a.set_trace(&wave_a);
        b.set_trace(&wave_b);
    }
    static platform::HostPlatformParams two_slots() {
        platform::HostPlatformParams params;
        params.root_complex.endpoints = 2;
        return params;
    }

    TemporaryFile path{"two.vcd"};
    platform::HostPlatform host{"host", two_slots()};
    NvmeController a{"nvme0"}, b{"nvme1"};
    platform::HostDriver driver_a{host, host.attach(a)}, driver_b{host, host.attach(b)};
    observe::VcdFile vcd{"vcd", path.path()};
    observe::VcdTrace wave_a{vcd.writer(), {"nvme0", 1}}, wave_b{vcd.writer(), {"nvme1", 1}};
};

TEST_F(TwoWaves, OfTwoControllersHaveAScopeEachInOneFile) {
    simulate([this] {
        EXPECT_EQ(driver_a.bring_up(), platform::DriverError::kNone);
        EXPECT_EQ(driver_b.bring_up(), platform::DriverError::kNone);
        EXPECT_EQ(driver_b.create_io_queues(1, 4), platform::DriverError::kNone);
        EXPECT_TRUE(driver_b.flush(1).ok());
    });
    VcdDocument d(path.path());
    EXPECT_EQ(d["nvme0.csts.rdy"].at(d.end), 1u);
    EXPECT_EQ(d["nvme1.csts.rdy"].at(d.end), 1u);
    EXPECT_LT(d["nvme0.csts.rdy"].first(1), d["nvme1.csts.rdy"].first(1));
    EXPECT_EQ(d["nvme0.queues.io1.sq.tail"].at(d.end), 0u);
    EXPECT_EQ(d["nvme1.queues.io1.sq.tail"].at(d.end), 1u);
    EXPECT_EQ(d.problems, std::vector<std::string>{});
}

/// Runs the scenario with both kinds of trace. Constructed in a process of its own.
class TracedRun : public ScenarioTest {
public:
    explicit TracedRun(const std::string& stem)
        : vcd("vcd", stem + ".vcd"), wave(vcd.writer()), text(stem + ".trace") {
        sinks.add(wave);
        sinks.add(text);
        controller.set_trace(&sinks);
    }
    void TestBody() override {
        simulate([this] { run_scenario(); });
    }

private:
    observe::VcdFile vcd;
    observe::VcdTrace wave;
    observe::TextTrace text;
    observe::TraceFanout sinks;
};

/// True when the run in the child process found nothing wrong.
bool run_in_child(const std::string& stem) {
    const pid_t child = fork();
    if (child == 0) {
        {
            TracedRun run(stem);
            run.TestBody();
        }
        _exit(::testing::Test::HasFailure() ? 1 : 0);
    }
    int status = -1;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(Traces, OfTwoRunsAreIdentical) {
    const TemporaryFile a_vcd("a.vcd"), a_text("a.trace"), b_vcd("b.vcd"), b_text("b.trace");
    const auto stem = [](const TemporaryFile& f) {
        return f.path().substr(0, f.path().rfind('.'));
    };
    ASSERT_TRUE(run_in_child(stem(a_vcd)));
    ASSERT_TRUE(run_in_child(stem(b_vcd)));
    EXPECT_GT(read_file(a_text.path()).size(), 1'000u);
    EXPECT_EQ(read_file(a_text.path()), read_file(b_text.path()));
    EXPECT_GT(read_file(a_vcd.path()).size(), 1'000u);
    EXPECT_EQ(read_file(a_vcd.path()), read_file(b_vcd.path()));
}

}  // namespace
}  // namespace nvme::test
