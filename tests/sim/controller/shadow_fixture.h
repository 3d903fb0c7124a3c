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

    static std::uint32_t at(const platform::DmaBuffer& page, std::size_t doorbell) {
        std::uint32_t value = 0;
        std::memcpy(&value, page.data + 4 * doorbell, sizeof value);
        return value;
    }
    static void put(const platform::DmaBuffer& page, std::size_t doorbell, std::uint32_t value) {
        std::memcpy(page.data + 4 * doorbell, &value, sizeof value);
    }
    /// Two pages with a page in front and behind, all of it filled with `fill`.
    void allocate_pages(int fill = 0) {
        around = driver.allocate(4 * 4096);
        std::memset(around.data, fill, around.size);
        shadow = {around.gpa + 4096, 4096, around.data + 4096};
        event_idx = {around.gpa + 2 * 4096, 4096, around.data + 2 * 4096};
    }
    platform::Completion configure(std::uint64_t prp1, std::uint64_t prp2) {
        auto entry = platform::commands::make(spec::AdminOpcode::kDoorbellBufferConfig);
        entry.prp1 = prp1;
        entry.prp2 = prp2;
        return driver.admin(entry);
    }
    /// The pages are set up; the driver does not know of them.
    void set_up_by_hand() {
        allocate_pages();
        ASSERT_TRUE(configure(shadow.gpa, event_idx.gpa).ok());
    }
    /// Puts flushes into queue 1; returns the tail behind them, which nobody announced.
    std::uint32_t queue_flushes(unsigned n) {
        for (unsigned i = 0; i < n; ++i)
            (void)driver.submit(1, platform::commands::flush(1), {}, {},
                                platform::Doorbell::kLater);
        return driver.find_sq(1)->tail;
    }
    void ring(std::uint32_t offset, std::uint32_t value) { driver.write32(offset, value); }
    unsigned accesses(bool write, const platform::DmaBuffer& page) const {
        unsigned n = 0;
        for (const DmaAccess& a : probe.log)
            n += a.write == write && a.touches(page.gpa, page.size) ? 1 : 0;
        return n;
    }
    platform::Ticket request_event() {
        return driver.submit(0, platform::commands::make(spec::AdminOpcode::kAsyncEventRequest));
    }
    /// The error event that `request` was completed with.
    spec::AsyncErrorInfo error_event(const platform::Ticket& request) {
        const platform::Completion event = driver.wait(request);
        EXPECT_TRUE(event.ok()) << event;
        using Dw0 = spec::AsyncEventDw0;
        EXPECT_EQ(Dw0::from(event.dw0).get<Dw0::EventType>(), spec::AsyncEventType::kError);
        return static_cast<spec::AsyncErrorInfo>(Dw0::from(event.dw0).get<Dw0::EventInfo>());
    }

    platform::DmaBuffer around, shadow, event_idx;
};

}  // namespace nvme::test
