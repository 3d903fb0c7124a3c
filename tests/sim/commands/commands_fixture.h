// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <cstring>
#include <ostream>
#include <vector>

#include <gtest/gtest.h>

#include "models/nvme/spec/commands.h"
#include "models/nvme/spec/features.h"
#include "models/nvme/spec/logs.h"
#include "tests/sim/controller/controller_fixture.h"

namespace nvme::spec {

/// Lets a failed expectation name the status instead of printing a number.
inline void PrintTo(StatusCode code, std::ostream* out) {
    *out << status_name(code);
}

}  // namespace nvme::spec

namespace nvme::test {

namespace commands = platform::commands;
using platform::Completion;
using platform::DmaBuffer;
using platform::Doorbell;
using platform::DriverError;
using platform::Ticket;
using platform::Transfer;
using spec::StatusCode;

/// The status that a command ended with; a command that never completed fails the test.
inline StatusCode status(const Completion& completion) {
    EXPECT_EQ(completion.error, DriverError::kNone);
    return completion.status;
}

/// How a command that wants a namespace is refused where there is none: an NSID from 1 to NN is
/// inactive, any other is invalid.
inline StatusCode no_namespace(std::uint32_t nsid, std::uint32_t nn = 1024) {
    return nsid >= 1 && nsid <= nn ? StatusCode::kInvalidField
                                   : StatusCode::kInvalidNamespaceOrFormat;
}

/// Counts completions; give callback() to HostDriver::submit(). Must outlive the commands.
struct Tally {
    unsigned done = 0, failed = 0;
    unsigned aborted_by_deletion = 0;  ///< status 08h
    unsigned unanswered = 0;           ///< no completion was posted
    StatusCode last = StatusCode::kSuccess;

    [[nodiscard]] platform::OnCompletion callback() {
        return {[](void* context, const Completion& completion) {
                    static_cast<Tally*>(context)->take(completion);
                },
                this};
    }
    void take(const Completion& completion) {
        ++done;
        if (!completion.ok()) ++failed;
        if (completion.error != DriverError::kNone)
            ++unanswered;
        else if ((last = completion.status) == StatusCode::kAbortedSqDeletion)
            ++aborted_by_deletion;
    }
};

/// Adds to ControllerTest what command tests need over and over.
class CommandsTest : public ControllerTest {
protected:
    using ControllerTest::ControllerTest;

    template <typename Log>
    Log log_page(spec::LogId lid, bool retain_event = false) {
        Log log;
        commands::LogRequest request{lid};
        request.bytes = sizeof log;
        request.retain_event = retain_event;
        EXPECT_TRUE(driver.get_log_page(request, &log).ok());
        return log;
    }

    /// On I/O queue 1.
    Completion io(const spec::SubmissionEntry& entry, const Transfer& data = {}) {
        return driver.execute(1, entry, data);
    }

    /// Sends `count` copies of `entry` through `qid`, as many at a time as the queue takes.
    Tally pump(std::uint16_t qid, unsigned count, const spec::SubmissionEntry& entry) {
        Tally tally;
        for (unsigned sent = 0; tally.done < count;) {
            for (; sent < count; ++sent) {
                const Ticket ticket =
                    driver.submit(qid, entry, {}, tally.callback(), Doorbell::kLater);
                if (ticket.error == DriverError::kQueueFull) break;
                EXPECT_EQ(ticket.error, DriverError::kNone);
            }
            driver.ring(qid);
            if (driver.wait_any(qid) != 0) continue;
            ADD_FAILURE() << "queue " << qid << " stands still after " << tally.done << " of "
                          << count;
            break;
        }
        return tally;
    }

    /// Power fails and comes back; the driver starts from nothing.
    void power_cycle(std::uint16_t queues = 1) {
        controller.power_cut();
        driver.forget_everything();
        sc_core::wait(1, sc_core::SC_MS);
        controller.power_on();
        bring_up(queues);
    }

    static bool same(const DmaBuffer& a, const DmaBuffer& b, std::uint64_t bytes) {
        return std::memcmp(a.data, b.data, bytes) == 0;
    }
    static bool all_zero(const DmaBuffer& buffer, std::uint64_t from, std::uint64_t bytes) {
        for (std::uint64_t i = from; i < from + bytes; ++i)
            if (buffer.data[i] != std::byte{0}) return false;
        return true;
    }
};

}  // namespace nvme::test
