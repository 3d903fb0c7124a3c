// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <cstring>

#include <gtest/gtest.h>

#include "tests/sim/controller/probed_fixture.h"

namespace nvme::test {

/// Shadow doorbells, driven by hand or by the reference driver.
class ShadowTest : public ProbedTest {
protected:
    using ProbedTest::ProbedTest;

    static constexpr std::size_t kTail1 = 2, kHead1 = 3;  // of queue pair 1

    static std::uint32_t at(const platform::DmaBuffer& page, std::size_t doorbell);
    static void put(const platform::DmaBuffer& page, std::size_t doorbell, std::uint32_t value);
    /// Two pages with a page in front and behind, all of it filled with `fill`.
    void allocate_pages(int fill = 0);
    platform::Completion configure(std::uint64_t prp1, std::uint64_t prp2);
    /// The pages are set up; the driver does not know of them.
    void set_up_by_hand();
    /// Puts flushes into queue 1; returns the tail behind them, which nobody announced.
    std::uint32_t queue_flushes(unsigned n);
    void ring(std::uint32_t offset, std::uint32_t value) { driver.write32(offset, value); }
    unsigned accesses(bool write, const platform::DmaBuffer& page) const;
    platform::Ticket request_event();
    /// The error event that `request` was completed with.
    spec::AsyncErrorInfo error_event(const platform::Ticket& request);

    platform::DmaBuffer around, shadow, event_idx;
};

}  // namespace nvme::test
