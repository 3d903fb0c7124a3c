// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/commands/commands_fixture.h"

#include <cstddef>
#include <cstring>
#include <ostream>

void nvme::spec::PrintTo(StatusCode code, std::ostream* out) {
    *out << status_name(code);
}

namespace nvme::test {

StatusCode status(const Completion& completion) {
    EXPECT_EQ(completion.error, DriverError::kNone);
    return completion.status;
}

platform::OnCompletion Tally::callback() {
    return {[](void* context, const Completion& completion) {
                static_cast<Tally*>(context)->take(completion);
            },
            this};
}

void Tally::take(const Completion& completion) {
    ++done;
    if (!completion.ok()) ++failed;
    if (completion.error != DriverError::kNone)
        ++unanswered;
    else if ((last = completion.status) == StatusCode::kAbortedSqDeletion)
        ++aborted_by_deletion;
}

Completion CommandsTest::io(const spec::SubmissionEntry& entry, const Transfer& data) {
    return driver.execute(1, entry, data);
}

Tally CommandsTest::pump(std::uint16_t qid, unsigned count, const spec::SubmissionEntry& entry) {
    Tally tally;
    for (unsigned sent = 0; tally.done < count;) {
        for (; sent < count; ++sent) {
            const Ticket ticket = driver.submit(qid, entry, {}, tally.callback(), Doorbell::kLater);
            if (ticket.error == DriverError::kQueueFull) break;
            EXPECT_EQ(ticket.error, DriverError::kNone);
        }
        driver.ring(qid);
        if (driver.wait_any(qid) != 0) continue;
        ADD_FAILURE() << "queue " << qid << " stands still after " << tally.done << " of " << count;
        break;
    }
    return tally;
}

void CommandsTest::power_cycle(std::uint16_t queues) {
    controller.power_cut();
    driver.forget_everything();
    sc_core::wait(1, sc_core::SC_MS);
    controller.power_on();
    bring_up(queues);
}

bool CommandsTest::same(const DmaBuffer& a, const DmaBuffer& b, std::uint64_t bytes) {
    return std::memcmp(a.data, b.data, bytes) == 0;
}

bool CommandsTest::all_zero(const DmaBuffer& buffer, std::uint64_t from, std::uint64_t bytes) {
    for (std::uint64_t i = from; i < from + bytes; ++i)
        if (buffer.data[i] != std::byte{0}) return false;
    return true;
}

}  // namespace nvme::test
