// SPDX-License-Identifier: Apache-2.0
// Asynchronous events: limits, contents, masking, and what clears it.
#include <vector>

#include "tests/sim/commands/events_fixture.h"

namespace nvme::test {
namespace {

using spec::AsyncErrorInfo;
using spec::LogId;

class AsyncEventRequests : public EventsTest {
protected:
    using EventsTest::EventsTest;

    std::vector<std::uint32_t> changed(bool retain = false) {
        const auto log = log_page<spec::ChangedNamespaceList>(LogId::kChangedNamespaceList, retain);
        std::vector<std::uint32_t> list;
        for (const std::uint32_t nsid : log.nsid)
            if (nsid != 0) list.push_back(nsid);
        return list;
    }
    void read_errors(bool retain) {
        (void)log_page<spec::ErrorLogEntry>(LogId::kErrorInformation, retain);
    }
};

using NsidList = std::vector<std::uint32_t>;

TEST_F(AsyncEventRequests, OneMoreThanTheLimitIsRefused) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        std::vector<Ticket> waiting;
        for (int i = 0; i <= driver.controller().aerl; ++i) waiting.push_back(request());
        EXPECT_EQ(status(driver.wait(request())), StatusCode::kAsyncEventRequestLimitExceeded);
        for (const Ticket& ticket : waiting) EXPECT_FALSE(driver.done(ticket));
    });
}

TEST_F(AsyncEventRequests, DoorbellOfAQueueThatDoesNotExistIsReported) {
    simulate([this] {
        bring_up();
        const Ticket first = request();
        driver.write32(driver.sq_doorbell(2), 1);
        expect_error(first, AsyncErrorInfo::kInvalidDoorbellRegister);
        read_errors(false);
        const Ticket second = request();
        driver.write32(driver.cq_doorbell(7), 0);
        expect_error(second, AsyncErrorInfo::kInvalidDoorbellRegister);
        EXPECT_TRUE(driver.flush(1).ok());
    });
}

TEST_F(AsyncEventRequests, DoorbellValueThatIsNoneOfTheQueueStopsThatQueueAlone) {
    simulate([this] {
        bring_up(4, 16);
        const Ticket first = request();
        driver.write32(driver.sq_doorbell(1), 16);
        expect_error(first, AsyncErrorInfo::kInvalidDoorbellValue);
        read_errors(false);
        const Ticket second = request();
        driver.write32(driver.cq_doorbell(2), 5);  // acknowledges what was never posted
        expect_error(second, AsyncErrorInfo::kInvalidDoorbellValue);
        Tally stopped;
        driver.submit(1, commands::flush(1), {}, stopped.callback());
        EXPECT_TRUE(driver.flush(1, 3).ok());
        sc_core::wait(1, sc_core::SC_MS);
        driver.poll(1);
        EXPECT_EQ(stopped.done, 0u);
        EXPECT_TRUE(driver.delete_queue_pair(1).ok());
        ASSERT_TRUE(driver.create_queue_pair({1, 16, 0, 0, 1}).ok());
        EXPECT_TRUE(driver.flush(1, 1).ok()) << "created anew it works again";
    });
}

TEST_F(AsyncEventRequests, TypeIsMaskedUntilItsLogPageIsReadWithoutRetaining) {
    simulate([this] {
        bring_up();
        const Ticket first = request(), second = request();
        driver.write32(driver.sq_doorbell(9), 1);
        expect_error(first, AsyncErrorInfo::kInvalidDoorbellRegister);
        driver.write32(driver.sq_doorbell(9), 1);
        EXPECT_FALSE(arrives(second)) << "masked by the first";
        read_errors(true);
        EXPECT_FALSE(arrives(second)) << "retained";
        (void)log_page<spec::SmartLog>(LogId::kSmartHealth);
        EXPECT_FALSE(arrives(second)) << "another log page";
        add_ram_namespace(5, 1 << 20, 512);
        expect_notice(second);  // another type is not masked
        const Ticket third = request();
        read_errors(false);
        EXPECT_FALSE(arrives(third)) << "the log page told of it";
        driver.write32(driver.sq_doorbell(9), 1);
        expect_error(third, AsyncErrorInfo::kInvalidDoorbellRegister);
    });
}

TEST_F(AsyncEventRequests, EventWithoutARequestWaitsForOne) {
    simulate([this] {
        bring_up();
        driver.write32(driver.sq_doorbell(9), 1);
        sc_core::wait(1, sc_core::SC_MS);
        expect_error(request(), AsyncErrorInfo::kInvalidDoorbellRegister);
    });
}

TEST_F(AsyncEventRequests, NamespaceAddedResizedAndRemovedIsAnnouncedEachTime) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        (void)changed();
        Ticket ticket = request();
        add_ram_namespace(7, 1 << 20, 512);
        expect_notice(ticket);
        EXPECT_EQ(changed(), (NsidList{7}));
        ticket = request();
        EXPECT_EQ(controller.resize_namespace(7, 2 << 20), "");
        expect_notice(ticket);
        EXPECT_EQ(changed(), (NsidList{7}));
        ticket = request();
        EXPECT_TRUE(controller.remove_namespace(7));
        expect_notice(ticket);
        EXPECT_EQ(changed(), (NsidList{7}));
        EXPECT_EQ(changed(), NsidList{}) << "reading clears the list";
    });
}

TEST_F(AsyncEventRequests, ChangesCollectInAscendingOrderUntilTheListIsReadForGood) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        (void)changed();
        const Ticket first = request(), second = request();
        for (const std::uint32_t nsid : {30u, 4u, 1024u}) add_ram_namespace(nsid, 1 << 20, 512);
        EXPECT_TRUE(controller.remove_namespace(4));
        expect_notice(first);
        EXPECT_FALSE(arrives(second)) << "one notice until the list is read";
        EXPECT_EQ(changed(true), (NsidList{4, 30, 1024}));
        EXPECT_EQ(changed(true), (NsidList{4, 30, 1024}));
        EXPECT_FALSE(arrives(second));
        EXPECT_EQ(changed(), (NsidList{4, 30, 1024}));
        EXPECT_FALSE(arrives(second)) << "nothing new";
        EXPECT_EQ(controller.resize_namespace(30, 2 << 20), "");
        expect_notice(second);
        EXPECT_EQ(changed(), (NsidList{30}));
    });
}

TEST_F(AsyncEventRequests, NoticesThatTheHostDisabledArriveWhenItEnablesThem) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        (void)changed();
        const auto config = spec::FeatureId::kAsyncEventConfig;
        ASSERT_TRUE(driver.set_features(config, 0).ok());
        const Ticket ticket = request();
        add_ram_namespace(3, 1 << 20, 512);
        EXPECT_FALSE(arrives(ticket));
        ASSERT_TRUE(driver.set_features(config, 1u << 8).ok());
        expect_notice(ticket);
    });
}

/// With room for more namespaces than the list has.
class ManyNamespaces : public AsyncEventRequests {
protected:
    ManyNamespaces()
        : AsyncEventRequests([] {
              ControllerParams params;
              params.max_namespaces = 2048;
              params.write_cache_bytes = 0;
              return params;
          }()) {}
};

TEST_F(ManyNamespaces, ListOfMoreThan1024ChangesSaysThatAnythingMayHaveChanged) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        (void)changed();
        const Ticket first = request(), second = request();
        for (std::uint32_t nsid = 2; nsid <= 1025; ++nsid) add_ram_namespace(nsid, 4096, 512);
        expect_notice(first);
        const NsidList all = changed(true);
        ASSERT_EQ(all.size(), 1024u) << "as many as the list has room for";
        EXPECT_EQ(all.front(), 2u);
        EXPECT_EQ(all.back(), 1025u);
        add_ram_namespace(2048, 4096, 512);
        EXPECT_EQ(changed(), (NsidList{0xFFFF'FFFF})) << "and nothing else";
        EXPECT_EQ(changed(), NsidList{});
        EXPECT_TRUE(controller.remove_namespace(2048));
        expect_notice(second);
        EXPECT_EQ(changed(), (NsidList{2048}));
        std::vector<std::uint32_t> active;
        EXPECT_TRUE(driver.active_namespaces(active).ok());
        EXPECT_EQ(active.size(), 1025u);
    });
}

TEST_F(AsyncEventRequests, ChangesAroundAResetAreFoundByIdentifyAndNotAnnounced) {
    simulate([this] {
        ASSERT_EQ(driver.bring_up(), DriverError::kNone);
        add_ram_namespace(3, 1 << 20, 512);
        ASSERT_EQ(driver.disable(), DriverError::kNone);
        add_ram_namespace(4, 1 << 20, 512);
        EXPECT_TRUE(controller.remove_namespace(3));
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        const Ticket ticket = request();
        EXPECT_FALSE(arrives(ticket));
        EXPECT_EQ(changed(), NsidList{});
        NsidList active;
        EXPECT_TRUE(driver.active_namespaces(active).ok());
        EXPECT_EQ(active, (NsidList{1, 4}));
        add_ram_namespace(3, 1 << 20, 512);
        expect_notice(ticket);
        EXPECT_EQ(changed(), (NsidList{3}));
    });
}

TEST_F(AsyncEventRequests, ResetForgetsRequestsAndEvents) {
    simulate([this] {
        bring_up();
        (void)changed();
        const Ticket old = request();
        EXPECT_FALSE(arrives(old));
        driver.write32(driver.sq_doorbell(9), 1);
        ASSERT_EQ(driver.wait(old, {1, sc_core::SC_MS}).error, DriverError::kNone);
        driver.write32(driver.sq_doorbell(9), 1);  // pending, masked
        ASSERT_EQ(driver.enable(), DriverError::kNone);
        std::vector<Ticket> fresh;
        for (int i = 0; i <= driver.controller().aerl; ++i) fresh.push_back(request());
        for (const Ticket& ticket : fresh) EXPECT_FALSE(arrives(ticket));
        driver.write32(driver.sq_doorbell(9), 1);
        expect_error(fresh[0], AsyncErrorInfo::kInvalidDoorbellRegister);
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

TEST_F(AsyncEventRequests, InternalErrorsAndDiagnosticFailuresAreReportedWithTheirEntries) {
    simulate([this] {
        bring_up();
        for (const auto info :
             {AsyncErrorInfo::kTransientInternalError, AsyncErrorInfo::kDiagnosticFailure}) {
            const Ticket ticket = request();
            controller.report_error(info);
            expect_error(ticket, info);
            const auto entry = log_page<spec::ErrorLogEntry>(LogId::kErrorInformation);
            EXPECT_EQ(entry.sqid, 0xFFFF);
            EXPECT_EQ(entry.cid, 0xFFFF);
            EXPECT_EQ(entry.status >> 1 & 0x7FF, static_cast<unsigned>(StatusCode::kInternalError));
            EXPECT_TRUE(driver.flush(1).ok());
        }
    });
}

TEST_F(AsyncEventRequests, PersistentInternalErrorAlsoSetsFatalStatusUntilAReset) {
    simulate([this] {
        bring_up();
        const Ticket ticket = request();
        EXPECT_FALSE(arrives(ticket));
        controller.report_error(AsyncErrorInfo::kPersistentInternalError);
        expect_error(ticket, AsyncErrorInfo::kPersistentInternalError);
        EXPECT_TRUE(driver.csts().get<spec::Csts::Cfs>());
        Tally unanswered;
        driver.submit(1, commands::flush(1), {}, unanswered.callback());
        sc_core::wait(1, sc_core::SC_MS);
        driver.poll(1);
        EXPECT_EQ(unanswered.done, 0u) << "nothing is fetched any more";
        bring_up();
        EXPECT_FALSE(driver.csts().get<spec::Csts::Cfs>());
        EXPECT_TRUE(driver.flush(1).ok());
    });
}

}  // namespace
}  // namespace nvme::test
