// SPDX-License-Identifier: Apache-2.0
// A trace may be of any guest, or of none: whatever its events are, a report comes of them.
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "models/faults/rule.h"
#include "models/observe/trace.h"
#include "traces/driver/behaviours.h"
#include "traces/driver/driver_profile.h"
#include "traces/driver/driver_report.h"
#include "traces/driver/life_filter.h"
#include "traces/driver/report_forms.h"

namespace driver {
namespace {

class HostileTrace {
public:
    HostileTrace(unsigned seed, observe::TraceSink& sink) : random_(seed), sink_(sink) {}

    void step() {
        // Mostly small numbers, so that events have to do with each other.
        const util::TimePs ps = number(20) == 0 ? random_() : (now_ += number(1'000'000'000));
        const auto qid = static_cast<std::uint16_t>(number(10) == 0 ? random_() : number(3));
        const auto cid = static_cast<std::uint16_t>(number(10) == 0 ? random_() : number(6));
        const bool coin = number(2) == 0;
        switch (number(16)) {
            case 0:
                return sink_.record(observe::RegisterWrite{ps, any(0x2000), size(), random_()});
            case 1:
                return sink_.record(observe::RegisterRead{ps, any(0x2000), size(), random_()});
            case 2:
                return sink_.record(observe::ConfigWrite{ps, static_cast<std::uint16_t>(number(8)),
                                                         size(), any(~0u)});
            case 3:
            case 4:
                return sink_.record(observe::StateChange{ps, any(~0u), any(64), coin});
            case 5:
                return sink_.record(observe::Reset{ps, static_cast<observe::ResetKind>(number(5))});
            case 6:
                return sink_.record(
                    observe::Doorbell{ps, coin, number(2) == 0, qid, cid,
                                      static_cast<observe::DoorbellRefusal>(number(5))});
            case 7:
                return sink_.record(observe::QueueChange{ps, coin, number(2) == 0, qid, any(9),
                                                         random_(), any(~0u)});
            case 8:
                return sink_.record(observe::QueueLevels{ps, qid, qid, cid, cid, cid, cid, cid});
            case 9:
                return sink_.record(observe::AsyncEvent{ps, any(~0u)});
            case 10:
                return sink_.record(
                    observe::FaultInjected{ps, "r", number(2) == 0 ? "link_down" : "delay_ready"});
            case 11:
                return sink_.record(observe::NamespaceChange{ps, any(4), random_()});
            case 12:
                return sink_.record(observe::InterruptHeld{
                    ps, qid, static_cast<observe::InterruptHold>(number(4))});
            case 13:
                return sink_.record(observe::CommandCompleted{
                    ps, random_(), qid, qid, cid, static_cast<std::uint8_t>(number(256)),
                    static_cast<nvme::spec::StatusCode>(random_()), any(~0u)});
            default:
                return fetch(ps, qid, cid);
        }
    }

private:
    std::uint64_t number(std::uint64_t below) { return random_() % below; }
    std::uint32_t any(std::uint32_t below) { return static_cast<std::uint32_t>(number(below)); }
    std::uint8_t size() { return number(2) == 0 ? 4 : 8; }
    void fetch(util::TimePs ps, std::uint16_t sqid, std::uint16_t cid) {
        observe::CommandFetched e{};
        e.ps = ps;
        e.sqid = sqid;
        e.sqe.cdw0 = any(14) | std::uint32_t{cid} << 16;
        e.sqe.cdw10 = number(2) == 0 ? any(~0u) : any(64);
        e.sqe.cdw11 = any(~0u);
        sink_.record(e);
    }

    std::mt19937_64 random_;
    observe::TraceSink& sink_;
    util::TimePs now_ = 0;
};

TEST(HostileTrace, MakesAReportInEachFormWhateverItsEventsAre) {
    for (unsigned seed = 1; seed <= 8; ++seed) {
        DriverProfile profile;
        LifeFilter filter({seed, std::numeric_limits<std::uint64_t>::max()}, profile);
        HostileTrace trace(seed, filter);
        for (int i = 0; i < 10'000; ++i) trace.step();
        profile.finish();
        const DriverReport report = make_report(profile);
        for (const char* name : {"x.txt", "x.json", "x.html", "x.xml"})
            EXPECT_GT(driver_report_as(name, report).size(), 1000u);
        for (const faults::Rule& rule : missing_plan(profile))
            EXPECT_TRUE(faults::validate(rule).empty()) << rule.name;
        EXPECT_LE(report.lives.size(), LifeWatch::kMostLives);
    }
}

}  // namespace
}  // namespace driver
