// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <iosfwd>

#include <gtest/gtest.h>

#include "models/nvme/spec/commands.h"
#include "models/nvme/spec/features.h"
#include "models/nvme/spec/logs.h"
#include "tests/sim/controller/controller_fixture.h"

namespace nvme::spec {

/// Lets a failed expectation name the status instead of printing a number.
void PrintTo(StatusCode code, std::ostream* out);

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
StatusCode status(const Completion& completion);

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

    [[nodiscard]] platform::OnCompletion callback();
    void take(const Completion& completion);
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
    Completion io(const spec::SubmissionEntry& entry, const Transfer& data = {});

    /// Sends `count` copies of `entry` through `qid`, as many at a time as the queue takes.
    Tally pump(std::uint16_t qid, unsigned count, const spec::SubmissionEntry& entry);

    /// Power fails and comes back; the driver starts from nothing.
    void power_cycle(std::uint16_t queues = 1);

    static bool same(const DmaBuffer& a, const DmaBuffer& b, std::uint64_t bytes);
    static bool all_zero(const DmaBuffer& buffer, std::uint64_t from, std::uint64_t bytes);
};

}  // namespace nvme::test
