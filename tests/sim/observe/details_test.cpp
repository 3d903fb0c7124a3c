// SPDX-License-Identifier: Apache-2.0
// What only a sink that wants_details() is told, and the events of resets and of the wire.
#include <algorithm>
#include <cstdint>
#include <fstream>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "models/nvme/transport/completion_queue.h"
#include "models/observe/command_statistics.h"
#include "models/observe/driver_lint.h"
#include "models/observe/text_reader.h"
#include "models/observe/text_trace.h"
#include "models/observe/trace_fanout.h"
#include "tests/sim/observe/scenario.h"

namespace nvme::test {
namespace {

using observe::DmaKind;
using observe::MediaUse;
using observe::ResetKind;
using platform::DriverError;

/// Keeps every event.
class Recorder final : public observe::EveryEvent<Recorder> {
public:
    explicit Recorder(bool details) : details_(details) {}
    [[nodiscard]] bool wants_details() const override { return details_; }
    template <typename E>
    void every(const E& e) {
        events.push_back(e);
    }
    /// Those of one kind, in their order.
    template <typename E>
    [[nodiscard]] std::vector<E> all() const {
        std::vector<E> found;
        for (const observe::Event& e : events)
            if (const E* one = std::get_if<E>(&e)) found.push_back(*one);
        return found;
    }

    std::vector<observe::Event> events;

private:
    const bool details_;
};

class Details : public ScenarioTest {
protected:
    explicit Details(const ControllerParams& params = {},
                     const platform::DriverOptions& options = {})
        : ScenarioTest(params, options) {}

    Recorder recorder{true};
};

TEST_F(Details, OfAReadSayWhereItsTimeGoes) {
    simulate([this] {
        bring_up();
        const auto buffer = driver.allocate(4096);
        EXPECT_GT(driver.block_bytes(1), 0u);  // asks the controller once
        controller.set_trace(&recorder);
        EXPECT_TRUE(driver.read(1, 24, 8, buffer).ok());
        controller.set_trace(nullptr);

        const auto steps = recorder.all<observe::CommandStepped>();
        ASSERT_EQ(steps.size(), 3u);
        EXPECT_EQ(steps[0].next, "start");
        EXPECT_EQ(steps[1].next, "read.send");
        EXPECT_EQ(steps[2].next, "post");
        EXPECT_EQ(steps[0].at, steps[1].ps);
        EXPECT_EQ(steps[1].at, steps[2].ps);
        const auto completed = recorder.all<observe::CommandCompleted>();
        ASSERT_EQ(completed.size(), 1u);
        EXPECT_EQ(completed[0].ps, steps[2].at);

        const auto media = recorder.all<observe::MediaAccess>();
        ASSERT_EQ(media.size(), 1u);
        EXPECT_EQ(media[0].use, MediaUse::kRead);
        EXPECT_EQ(media[0].nsid, 1u);
        EXPECT_EQ(media[0].offset, 24u * 512);
        EXPECT_EQ(media[0].bytes, 4096u);
        EXPECT_EQ(media[0].begin, steps[1].ps);
        EXPECT_EQ(media[0].end, steps[1].at);

        const auto dma = recorder.all<observe::DmaAccess>();
        ASSERT_EQ(dma.size(), 3u);
        EXPECT_EQ(dma[0].kind, DmaKind::kSubmissionEntry);
        EXPECT_FALSE(dma[0].to_host);
        EXPECT_EQ(dma[0].qid, 1u);
        EXPECT_EQ(dma[0].len, 64u);
        EXPECT_EQ(dma[1].kind, DmaKind::kData);
        EXPECT_TRUE(dma[1].to_host);
        EXPECT_EQ(dma[1].qid, 1u);
        EXPECT_EQ(dma[1].cid, completed[0].cid);
        EXPECT_EQ(dma[1].gpa, buffer.gpa);
        EXPECT_EQ(dma[1].len, 4096u);
        EXPECT_EQ(dma[2].kind, DmaKind::kCompletionEntry);
        EXPECT_TRUE(dma[2].to_host);
        EXPECT_EQ(dma[2].cid, completed[0].cid);
        EXPECT_EQ(dma[2].ps, completed[0].ps);
        for (const auto& d : dma) EXPECT_TRUE(d.ok);

        const auto link = recorder.all<observe::LinkTransfer>();
        ASSERT_EQ(link.size(), 3u);
        EXPECT_TRUE(link[0].read);
        EXPECT_EQ(link[0].requests, 1u);
        EXPECT_EQ(link[1].requests, 0u) << "a write holds no tag";
        EXPECT_EQ(link[0].bytes, 64u);
        EXPECT_EQ(link[0].done, dma[0].done);
        EXPECT_FALSE(link[1].read);
        EXPECT_EQ(link[1].bytes, 4096u);
        EXPECT_EQ(link[2].bytes, CompletionQueue::kLinkBytes);
        EXPECT_EQ(link[2].start, link[1].done) << "behind its data";
    });
}

// Before, a trace could not tell whose data it was when commands were under way together.
TEST_F(Details, OfCommandsAtATimeSayWhichDataIsWhose) {
    simulate([this] {
        bring_up();
        const auto first = driver.allocate(16384), second = driver.allocate(16384);
        EXPECT_GT(driver.block_bytes(1), 0u);
        controller.set_trace(&recorder);
        const auto one = driver.submit(1, platform::commands::read(1, 0, 32), first);
        const auto other = driver.submit(1, platform::commands::read(1, 64, 32), second);
        EXPECT_TRUE(driver.wait(one).ok());
        EXPECT_TRUE(driver.wait(other).ok());
        controller.set_trace(nullptr);
        std::map<std::uint32_t, unsigned> lists, pages;
        for (const auto& d : recorder.all<observe::DmaAccess>()) {
            if (d.kind != DmaKind::kData && d.kind != DmaKind::kPrpList) continue;
            EXPECT_EQ(d.qid, 1u);
            ++(d.kind == DmaKind::kData ? pages : lists)[d.cid];
            if (d.kind == DmaKind::kPrpList) continue;
            const auto& mine = d.cid == one.cid ? first : second;
            EXPECT_TRUE(d.gpa >= mine.gpa && d.gpa < mine.gpa + mine.size) << d.cid;
        }
        const std::map<std::uint32_t, unsigned> four{{one.cid, 4}, {other.cid, 4}};
        EXPECT_EQ(pages, four);
        EXPECT_EQ(lists, (std::map<std::uint32_t, unsigned>{{one.cid, 1}, {other.cid, 1}}));
    });
}

TEST_F(Details, OfAnUnreachableBufferSayThatItWasRefused) {
    simulate([this] {
        bring_up();
        controller.set_trace(&recorder);
        spec::SubmissionEntry read = platform::commands::read(1, 0, 8);
        read.prp1 = 0xffff'ffff'0000'0000;
        EXPECT_FALSE(driver.execute(1, read).ok());
        controller.set_trace(nullptr);
        const auto dma = recorder.all<observe::DmaAccess>();
        ASSERT_EQ(dma.size(), 3u);
        EXPECT_FALSE(dma[1].ok);
        EXPECT_EQ(dma[1].gpa, read.prp1);
    });
}

class DetailsOfASmallCache : public Details {
protected:
    static ControllerParams params() {
        ControllerParams p;
        p.write_cache_bytes = 8192;
        return p;
    }
    DetailsOfASmallCache() : Details(params()) {}
};

TEST_F(DetailsOfASmallCache, ShowWhichLineLeftItAndWhen) {
    simulate([this] {
        bring_up();
        const auto data = pattern(4096, 1);
        controller.set_trace(&recorder);
        for (std::uint64_t i = 0; i < 3; ++i) EXPECT_TRUE(driver.write(1, 8 * i, 8, data).ok());
        controller.set_trace(nullptr);
    });
    std::vector<MediaUse> uses;
    for (const auto& m : recorder.all<observe::MediaAccess>()) {
        uses.push_back(m.use);
        EXPECT_TRUE(m.use != MediaUse::kDestage || m.offset == 0) << "the oldest";
    }
    EXPECT_EQ(uses, (std::vector<MediaUse>{MediaUse::kCacheAccess, MediaUse::kCacheAccess,
                                           MediaUse::kDestage, MediaUse::kCacheAccess}));
}

TEST_F(DetailsOfASmallCache, SayHowFullItIs) {
    simulate([this] {
        bring_up();
        const auto data = pattern(4096, 1);
        controller.set_trace(&recorder);
        for (std::uint64_t i = 0; i < 3; ++i) EXPECT_TRUE(driver.write(1, 8 * i, 8, data).ok());
        EXPECT_TRUE(driver.flush(1).ok());
        controller.set_trace(nullptr);
    });
    std::vector<std::uint64_t> fills;
    for (const auto& fill : recorder.all<observe::CacheFill>()) fills.push_back(fill.dirty);
    EXPECT_EQ(fills, (std::vector<std::uint64_t>{4096, 8192, 0}))
        << "the third write changes one line for another";
}

TEST_F(DetailsOfASmallCache, BeginWithWhatIsInIt) {
    simulate([this] {
        bring_up();
        EXPECT_TRUE(driver.write(1, 0, 8, pattern(4096, 1)).ok());
        controller.set_trace(&recorder);
        controller.set_trace(nullptr);
    });
    const auto fills = recorder.all<observe::CacheFill>();
    ASSERT_EQ(fills.size(), 1u);
    EXPECT_EQ(fills[0].dirty, 4096u);
}

class DetailsOfFlash : public Details {
protected:
    static ControllerParams params() {
        ControllerParams p;
        p.write_cache_bytes = 0;
        p.media.model = media::Model::kNand;
        p.media.nand.channels = 2;
        p.media.nand.packages = p.media.nand.dies = p.media.nand.planes = 1;
        p.media.nand.pages = 8;
        p.media.ftl.power_loss_protection = false;
        return p;
    }
    DetailsOfFlash() : Details(params()) {}
};

TEST_F(DetailsOfFlash, SayWhatDiesAndChannelsDo) {
    simulate([this] {
        bring_up();
        const auto data = pattern(4096, 1);
        const auto buffer = driver.allocate(4096);
        EXPECT_GT(driver.block_bytes(1), 0u);
        controller.set_trace(&recorder);
        EXPECT_TRUE(driver.write(1, 0, 8, data).ok());
        EXPECT_TRUE(driver.read(1, 0, 8, buffer).ok());
        controller.set_trace(nullptr);
    });
    const auto work = recorder.all<observe::NandWork>();
    ASSERT_EQ(work.size(), 2u);
    EXPECT_EQ(work[0].work, observe::DieWork::kProgram);
    EXPECT_GT(work[0].freed, work[0].transfer);
    EXPECT_EQ(work[1].work, observe::DieWork::kRead);
    EXPECT_EQ(work[1].die, work[0].die);
    EXPECT_EQ(work[1].channel, work[0].channel);
    EXPECT_LT(work[1].begin, work[1].end);
    const auto media = recorder.all<observe::MediaAccess>();
    EXPECT_EQ(media.back().end - work[1].freed,
              util::from_ns(controller.params().media.nand.ecc_ns) -
                  util::from_ns(controller.params().media.nand.command_ns));
    const auto free = recorder.all<observe::FreeBlocks>();
    ASSERT_EQ(free.size(), 2u);
    EXPECT_EQ(free[0].blocks - free[1].blocks, 1u) << "one was opened";
    EXPECT_EQ(free[0].slc, 0u);
    EXPECT_EQ(free[0].dies, 2u);
    EXPECT_EQ(free[0].channels, 2u);
}

TEST_F(Details, OfVectorsSayWhenTheyAreMaskedAndPending) {
    simulate([this] {
        bring_up();
        controller.set_trace(&recorder);
        driver.pci().set_msix(true, true);
        const auto flush = driver.submit(1, platform::commands::flush(1), {});
        sc_core::wait(1, sc_core::SC_MS);
        driver.pci().set_msix(true, false);
        EXPECT_TRUE(driver.wait(flush).ok());
        sc_core::wait(1, sc_core::SC_US);
        controller.set_trace(nullptr);
    });
    std::vector<std::pair<bool, bool>> states;
    for (const auto& change : recorder.all<observe::VectorChange>()) {
        if (change.vector != 1) continue;
        states.emplace_back(change.masked, change.pending);
    }
    EXPECT_EQ(states,
              (std::vector<std::pair<bool, bool>>{
                  {false, false}, {true, false}, {true, true}, {false, true}, {false, false}}))
        << "the first when it begins to listen";
}

TEST_F(Details, OfVectorsAreToldToEachWhoBeginsToListen) {
    std::optional<Recorder> one_after_another;
    simulate([&] {
        bring_up();
        controller.set_trace(&one_after_another.emplace(true));
        EXPECT_FALSE(one_after_another->all<observe::VectorChange>().empty());
        // At the same address.
        controller.set_trace(&one_after_another.emplace(true));
        const auto told = one_after_another->all<observe::VectorChange>();
        EXPECT_FALSE(told.empty());
        for (const auto& change : told) EXPECT_FALSE(change.masked) << change.vector;
        controller.set_trace(nullptr);
    });
}

class Plain : public Details {
protected:
    Recorder plain{false};
};

TEST_F(Plain, ASinkThatWantsNoDetailsGetsNone) {
    controller.set_trace(&plain);
    simulate([this] { run_scenario(); });
    EXPECT_FALSE(plain.all<observe::CommandCompleted>().empty());
    EXPECT_TRUE(plain.all<observe::CommandStepped>().empty());
    EXPECT_TRUE(plain.all<observe::DmaAccess>().empty());
    EXPECT_TRUE(plain.all<observe::LinkTransfer>().empty());
    EXPECT_TRUE(plain.all<observe::MediaAccess>().empty());
    EXPECT_TRUE(plain.all<observe::VectorChange>().empty());
    EXPECT_TRUE(plain.all<observe::CacheFill>().empty());
}

TEST_F(Plain, EveryResetSaysWhatItIs) {
    controller.set_trace(&plain);
    simulate([this] {
        bring_up();
        EXPECT_EQ(driver.disable(), DriverError::kNone);
        EXPECT_EQ(driver.enable(), DriverError::kNone);
        EXPECT_EQ(driver.function_level_reset(), DriverError::kNone);
        EXPECT_EQ(driver.enumerate(), DriverError::kNone);
        EXPECT_EQ(driver.enable(), DriverError::kNone);
        EXPECT_EQ(driver.subsystem_reset(), DriverError::kNone);
        driver.fundamental_reset();
        controller.power_cut();
    });
    std::vector<ResetKind> kinds;
    for (const auto& reset : plain.all<observe::Reset>()) kinds.push_back(reset.kind);
    EXPECT_EQ(kinds, (std::vector<ResetKind>{ResetKind::kController, ResetKind::kFunction,
                                             ResetKind::kSubsystem, ResetKind::kConventional,
                                             ResetKind::kPowerOff}));
}

class DetailsOfTheWire : public Details {
protected:
    static ControllerParams params() {
        ControllerParams p;
        p.intx = true;
        return p;
    }
    static platform::DriverOptions options() {
        platform::DriverOptions o;
        o.interrupts = platform::InterruptMode::kIntx;
        return o;
    }
    DetailsOfTheWire() : Details(params(), options()) {}
};

TEST_F(DetailsOfTheWire, ItIsWantedFromACompletionUntilItsAcknowledgement) {
    simulate([this] {
        bring_up();
        controller.set_trace(&recorder);
        EXPECT_TRUE(driver.flush(1).ok());
        sc_core::wait(10, sc_core::SC_US);
        controller.set_trace(nullptr);
    });
    const auto wire = recorder.all<observe::IntxChange>();
    ASSERT_EQ(wire.size(), 2u);
    EXPECT_TRUE(wire[0].asserted);
    EXPECT_FALSE(wire[1].asserted);
    EXPECT_EQ(wire[0].ps, recorder.all<observe::CommandCompleted>().at(0).ps);
}

class RecordedTrace : public ScenarioTest {
protected:
    /// Runs the scenario, which `live` sees; `again` sees the file that was recorded of it.
    void run_twice(observe::TraceSink& live, observe::TraceSink& again) {
        const TemporaryFile file("recorded.trace");
        observe::TextTrace text(file.path(), observe::TextTrace::Detail::kAll);
        observe::TraceFanout both;
        both.add(text);
        both.add(live);
        controller.set_trace(&both);
        simulate([this] { run_scenario(); });
        controller.set_trace(nullptr);
        ASSERT_EQ(text.close(), "");
        std::ifstream recorded(file.path(), std::ios::binary);
        ASSERT_EQ(observe::read_text_trace(recorded, again), "");
    }
};

// The scenario's driver breaks rules. A lint that reads the file finds what the one at the
// controller has found.
TEST_F(RecordedTrace, SufficesToLintTheRunAgain) {
    observe::DriverLint live, again;
    run_twice(live, again);
    EXPECT_GT(live.findings(), 0u);
    for (std::size_t i = 0; i < observe::kLintRules; ++i) {
        const auto rule = static_cast<observe::LintRule>(i);
        EXPECT_EQ(again.of(rule).count, live.of(rule).count) << observe::lint_rule(rule).id;
        EXPECT_EQ(again.of(rule).first.ps, live.of(rule).first.ps);
    }
}

// The same of the statistics.
TEST_F(RecordedTrace, SufficesToCountTheRunAgain) {
    observe::CommandStatistics live, again;
    run_twice(live, again);
    using Line = std::tuple<bool, unsigned, std::uint64_t, std::uint64_t, util::TimePs,
                            util::TimePs, util::TimePs>;
    const auto lines = [](const observe::CommandStatistics& statistics) {
        std::vector<Line> all;
        statistics.for_each([&](bool admin, std::uint8_t opcode, const auto& of) {
            all.emplace_back(admin, opcode, of.latency.count(), of.errors, of.latency.min(),
                             of.latency.mean(), of.latency.max());
        });
        return all;
    };
    EXPECT_GT(lines(live).size(), 5u);
    EXPECT_EQ(lines(again), lines(live));
    EXPECT_GT(live.bytes_to_host(), 0u);
    EXPECT_GT(live.bytes_from_host(), 0u);
    EXPECT_EQ(again.bytes_to_host(), live.bytes_to_host());
    EXPECT_EQ(again.bytes_from_host(), live.bytes_from_host());
}

}  // namespace
}  // namespace nvme::test
