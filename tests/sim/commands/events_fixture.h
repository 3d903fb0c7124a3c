// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {

/// Adds what tests of asynchronous events need over and over.
class EventsTest : public CommandsTest {
protected:
    using CommandsTest::CommandsTest;

    Ticket request();
    bool arrives(const Ticket& ticket);
    void expect_event(const Ticket& ticket, spec::AsyncEventType type, unsigned info,
                      spec::LogId lid);
    void expect_notice(const Ticket& ticket);
    void expect_error(const Ticket& ticket, spec::AsyncErrorInfo info);
    void expect_health(const Ticket& ticket, spec::AsyncSmartInfo info);
    spec::SmartLog smart(bool retain = false);
    /// Changes a copy of the health state by `change` and puts it in place.
    template <typename Change>
    void move_health(Change&& change) {
        HealthState state = controller.health();
        change(state);
        EXPECT_EQ(controller.set_health(state), "");
    }
};

}  // namespace nvme::test
