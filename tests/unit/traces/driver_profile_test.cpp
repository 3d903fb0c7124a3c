// SPDX-License-Identifier: Apache-2.0
// What a report says of drivers that do it right, wrong, or not at all.
#include "traces/driver/driver_profile.h"

#include <gtest/gtest.h>

#include "models/faults/rule.h"
#include "tests/unit/traces/driver_trace.h"
#include "traces/driver/behaviours.h"
#include "traces/driver/driver_report.h"
#include "traces/driver/life_filter.h"

namespace driver {
namespace {

using nvme::spec::AdminOpcode;
using nvme::spec::StatusCode;

class ProfileTest : public ::testing::Test {
protected:
    DriverReport report() {
        profile.finish();
        return make_report(profile);
    }
    Outcome outcome(std::string_view id) {
        const DriverReport made = report();
        for (const auto* list : {&made.initialization, &made.behaviours})
            for (const Item& item : *list)
                if (item.id == id) return item.outcome;
        ADD_FAILURE() << "there is no " << id;
        return {};
    }
    std::string verdict(std::string_view id) { return std::string(word_of(outcome(id).verdict)); }
    /// Fetched by queue 1, and no more.
    void held(std::uint16_t cid, std::uint32_t slba) { trace.fetch(1, cid, 2, slba, 0, 7); }
    void abort(std::uint16_t cid, bool helps) {
        trace.admin(AdminOpcode::kAbort, 1u | std::uint32_t{cid} << 16, 0, helps ? 0 : 1);
        if (helps) trace.complete(1, cid, 2, StatusCode::kAbortRequested);
    }
    static const ErrorPath& path(const DriverReport& report, std::string_view what) {
        static const ErrorPath kNone{};
        for (const ErrorPath& each : report.errors)
            if (each.what.find(what) != std::string::npos) return each;
        ADD_FAILURE() << "nothing ended as " << what;
        return kNone;
    }

    DriverProfile profile;
    DriverTrace trace{profile};
};

TEST_F(ProfileTest, ADriverByTheBookHasDoneEachStep) {
    trace.enable();
    trace.probe();
    trace.io(1);
    trace.shut_down();
    const DriverReport made = report();
    for (const Item& item : made.initialization) {
        const bool chosen = item.id == "init.io-command-sets";
        EXPECT_EQ(word_of(item.outcome.verdict), chosen ? "not needed" : "done")
            << item.id << ": " << item.outcome.how;
    }
    EXPECT_EQ(made.wrong(), 0u);
    EXPECT_TRUE(made.details);
    ASSERT_EQ(made.lives.size(), 1u);
    EXPECT_EQ(end_of(made.lives[0]), "shutdown");
    EXPECT_EQ(verdict("shutdown.normal"), "done");
    EXPECT_EQ(verdict("shutdown.wait"), "done");
    EXPECT_EQ(outcome("init.command-sets").how, "CC.CSS = 0, where 6 is recommended");
}

TEST_F(ProfileTest, AnEmptyTraceSaysNothingAgainstTheDriver) {
    const DriverReport made = report();
    EXPECT_EQ(made.wrong(), 0u);
    for (const Item& item : made.initialization)
        EXPECT_EQ(item.outcome.verdict, Verdict::kNotExercised) << item.id;
    EXPECT_EQ(made.with(Verdict::kDone), 0u);
}

TEST_F(ProfileTest, WhatIsReadIsUnknownWithoutDetails) {
    trace.state(DriverTrace::kCc, 0);
    trace.state(DriverTrace::kCc, 1);
    EXPECT_EQ(verdict("init.reset-over"), "unknown");
    EXPECT_EQ(verdict("init.ready"), "unknown");
    EXPECT_EQ(verdict("init.function"), "unknown");
    EXPECT_EQ(verdict("init.admin-queue"), "WRONG") << "writes are in every trace";
}

TEST_F(ProfileTest, EnablingTooEarlyIsWrong) {
    trace.state(DriverTrace::kCc, 1);
    EXPECT_EQ(verdict("init.reset-over"), "WRONG");
}

TEST_F(ProfileTest, ADoorbellBeforeReadyIsWrong) {
    trace.enable();
    trace.event(observe::Doorbell{0, false, false, 0, 1, observe::DoorbellRefusal::kNotReady});
    EXPECT_EQ(verdict("init.ready"), "WRONG");
}

TEST_F(ProfileTest, ACommandSetThatIsNotOfferedIsWrong) {
    trace.enable(DriverTrace::kCc | 7u << 4);
    EXPECT_EQ(outcome("init.command-sets").how, "CC.CSS = 7, which CAP.CSS = 0x41 does not offer");
    EXPECT_EQ(verdict("init.command-sets"), "WRONG");
}

TEST_F(ProfileTest, APageSizeThatIsNotOfferedIsWrong) {
    trace.enable(DriverTrace::kCc | 1u << 7);
    EXPECT_EQ(verdict("init.settings"), "WRONG");
}

TEST_F(ProfileTest, EventsAreReadAskedForAgainAndLookedInto) {
    trace.enable();
    trace.probe();
    trace.event(observe::AsyncEvent{0, 0x0002'0101});  // SMART / health: temperature
    trace.complete(0, 9, 0x0c);
    trace.ask_for_event();
    trace.event(observe::AsyncEvent{0, 0x0001'0400});  // error: transient
    trace.complete(0, 9, 0x0c);
    trace.ask_for_event();
    trace.admin(AdminOpcode::kGetLogPage, 0x007f'0001);
    trace.pass(61 * util::kPsPerS);
    trace.io(2);
    EXPECT_EQ(verdict("event.request-again"), "done");
    EXPECT_EQ(verdict("event.error"), "done");
    EXPECT_EQ(verdict("event.health"), "not done");
    EXPECT_EQ(verdict("event.namespace"), "not exercised");
}

TEST_F(ProfileTest, WhatMayYetComeWhenTheTraceEndsIsUnknown) {
    trace.enable();
    trace.event(observe::AsyncEvent{0, 0x0002'0101});
    EXPECT_EQ(verdict("event.health"), "unknown");
}

TEST_F(ProfileTest, AFailedReadThatIsSentAgainIsFollowed) {
    trace.enable();
    trace.probe();
    trace.io(1, 2, 800, StatusCode::kUnrecoveredReadError);
    trace.io(2, 2, 800);
    trace.io(3, 2, 1600, StatusCode::kUnrecoveredReadError);
    const DriverReport made = report();
    const ErrorPath& read = path(made, "Unrecovered Read Error");
    EXPECT_EQ(read.met, 2u);
    EXPECT_EQ(read.sent_again, 1u);
    EXPECT_EQ(read.good_again, 1u);
    EXPECT_EQ(read.left(), 1u);
    EXPECT_EQ(verdict("error.read"), "done");
    EXPECT_EQ(verdict("error.write"), "not exercised");
}

TEST_F(ProfileTest, AnAbortThatHelpsAndOneThatDoesNotAreTold) {
    trace.enable();
    trace.probe();
    held(1, 8);
    abort(1, true);
    trace.io(2, 2, 8);
    held(3, 16);
    abort(3, false);
    trace.event(observe::Reset{0, observe::ResetKind::kController});
    trace.state(0, 0);
    trace.enable();
    trace.io(4, 2, 16);
    const DriverReport made = report();
    const ErrorPath& aborted = path(made, "aborted by the driver");
    EXPECT_EQ(aborted.met, 2u);
    EXPECT_EQ(aborted.aborted, 1u);
    EXPECT_EQ(aborted.reset, 1u);
    EXPECT_EQ(aborted.sent_again, 2u);
    EXPECT_EQ(verdict("timeout.abort"), "done");
    EXPECT_EQ(verdict("timeout.reset"), "done");
    EXPECT_EQ(verdict("reset.again"), "done");
}

TEST_F(ProfileTest, CommandsThatAResetFoundUnansweredMayBeSentAgain) {
    trace.enable();
    trace.probe();
    held(1, 8);
    held(2, 16);
    trace.event(observe::Reset{0, observe::ResetKind::kController});
    trace.state(0, 0);
    trace.enable();
    trace.io(1, 2, 16);
    const DriverReport made = report();
    const ErrorPath& lost = path(made, "when the controller was reset");
    EXPECT_EQ(lost.met, 2u) << "the event request is none of them";
    EXPECT_EQ(lost.sent_again, 1u);
    EXPECT_EQ(verdict("reset.lost"), "done");
}

TEST_F(ProfileTest, AFatalStatusWantsAReset) {
    trace.enable();
    trace.state(DriverTrace::kCc, 0x3);
    trace.pass(61 * util::kPsPerS);
    trace.read(nvme::spec::offset::kCsts, 0x3);
    EXPECT_EQ(verdict("fatal.reset"), "WRONG");
    trace.disable();
    EXPECT_EQ(verdict("fatal.reset"), "done");
}

TEST_F(ProfileTest, DisablingInTheMiddleOfAShutdownIsWrong) {
    trace.enable();
    trace.state(DriverTrace::kCc | 0x4000, 0x5);
    trace.state(0, 0x5);
    EXPECT_EQ(verdict("shutdown.normal"), "WRONG");
}

TEST_F(ProfileTest, TheMissingPlanHasAGoodRuleForEachThatARuleCanExercise) {
    const auto plan = missing_plan(profile);
    EXPECT_GT(plan.size(), 12u);
    for (const faults::Rule& rule : plan)
        for (const faults::RuleProblem& problem : faults::validate(rule))
            ADD_FAILURE() << rule.name << ": " << problem.field << " " << problem.text;
    trace.enable();
    trace.probe();
    trace.io(1, 2, 800, StatusCode::kUnrecoveredReadError);
    const auto less = missing_plan(profile);
    EXPECT_EQ(less.size() + 1, plan.size());
    for (const faults::Rule& rule : less) EXPECT_NE(rule.name, "error.read");
}

TEST_F(ProfileTest, FirmwareAndOperatingSystemAreToldApart) {
    DriverProfile second;
    LifeFilter filter({2, 2}, second);
    DriverTrace both(filter);
    both.enable();
    both.identify(0x01);
    both.disable();
    both.enable();
    both.probe();
    both.shut_down();
    both.enable();
    second.finish();
    EXPECT_EQ(second.lives().count(), 1u);
    EXPECT_EQ(second.usage().command(0, 0x06).count, 3u);
    EXPECT_EQ(end_of(second.lives().lives()[0]), "shutdown");
}

TEST_F(ProfileTest, CountsWhatAnIoCommandCosts) {
    trace.enable();
    trace.probe();
    for (std::uint16_t i = 0; i < 64; ++i) {
        trace.event(observe::Doorbell{0, false, true, 1, static_cast<std::uint16_t>((i + 1) % 64)});
        trace.io(i);
        trace.event(observe::Interrupt{0, 1, 0xfee0'0000});
        trace.event(observe::Doorbell{0, true, true, 1, static_cast<std::uint16_t>((i + 1) % 64)});
        trace.read(nvme::spec::offset::kCsts, 1);
    }
    const DriverReport made = report();
    const auto figure = [&](std::string_view id) {
        for (const Figure& each : made.figures)
            if (each.id == id) return each.value;
        ADD_FAILURE() << "there is no " << id;
        return 0.0;
    };
    EXPECT_EQ(figure("tails_per_io"), 1);
    EXPECT_EQ(figure("heads_per_io"), 1);
    EXPECT_EQ(figure("reads_per_io"), 1);
    EXPECT_EQ(figure("mean_depth"), 1);
    EXPECT_EQ(made.queues.at(1).wraps, 1u);
    EXPECT_EQ(verdict("queue.wrap"), "done");
}

}  // namespace
}  // namespace driver
