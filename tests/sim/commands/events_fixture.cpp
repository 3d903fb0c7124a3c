// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/commands/events_fixture.h"

namespace nvme::test {

Ticket EventsTest::request() {
    return driver.submit(0, commands::make(spec::AdminOpcode::kAsyncEventRequest));
}

bool EventsTest::arrives(const Ticket& ticket) {
    sc_core::wait(100, sc_core::SC_US);
    driver.poll(0);
    return driver.done(ticket);
}

void EventsTest::expect_event(const Ticket& ticket, spec::AsyncEventType type, unsigned info,
                              spec::LogId lid) {
    using Dw0 = spec::AsyncEventDw0;
    const Completion completion = driver.wait(ticket, {1, sc_core::SC_MS});
    ASSERT_TRUE(completion.ok()) << completion;
    const auto dw0 = Dw0::from(completion.dw0);
    EXPECT_EQ(dw0.get<Dw0::EventType>(), type);
    EXPECT_EQ(dw0.get<Dw0::EventInfo>(), info);
    EXPECT_EQ(dw0.get<Dw0::LogPageId>(), static_cast<unsigned>(lid));
}

void EventsTest::expect_notice(const Ticket& ticket) {
    expect_event(ticket, spec::AsyncEventType::kNotice, 0, spec::LogId::kChangedNamespaceList);
}

void EventsTest::expect_error(const Ticket& ticket, spec::AsyncErrorInfo info) {
    expect_event(ticket, spec::AsyncEventType::kError, static_cast<unsigned>(info),
                 spec::LogId::kErrorInformation);
}

void EventsTest::expect_health(const Ticket& ticket, spec::AsyncSmartInfo info) {
    expect_event(ticket, spec::AsyncEventType::kSmartHealth, static_cast<unsigned>(info),
                 spec::LogId::kSmartHealth);
}

spec::SmartLog EventsTest::smart(bool retain) {
    return log_page<spec::SmartLog>(spec::LogId::kSmartHealth, retain);
}

}  // namespace nvme::test
