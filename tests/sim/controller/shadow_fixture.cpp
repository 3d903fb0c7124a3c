// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/controller/shadow_fixture.h"

#include <cstring>

namespace nvme::test {

std::uint32_t ShadowTest::at(const platform::DmaBuffer& page, std::size_t doorbell) {
    std::uint32_t value = 0;
    std::memcpy(&value, page.data + 4 * doorbell, sizeof value);
    return value;
}

void ShadowTest::put(const platform::DmaBuffer& page, std::size_t doorbell, std::uint32_t value) {
    std::memcpy(page.data + 4 * doorbell, &value, sizeof value);
}

void ShadowTest::allocate_pages(int fill) {
    around = driver.allocate(4 * 4096);
    std::memset(around.data, fill, around.size);
    shadow = {around.gpa + 4096, 4096, around.data + 4096};
    event_idx = {around.gpa + 2 * 4096, 4096, around.data + 2 * 4096};
}

platform::Completion ShadowTest::configure(std::uint64_t prp1, std::uint64_t prp2) {
    auto entry = platform::commands::make(spec::AdminOpcode::kDoorbellBufferConfig);
    entry.prp1 = prp1;
    entry.prp2 = prp2;
    return driver.admin(entry);
}

void ShadowTest::set_up_by_hand() {
    allocate_pages();
    ASSERT_TRUE(configure(shadow.gpa, event_idx.gpa).ok());
}

std::uint32_t ShadowTest::queue_flushes(unsigned n) {
    for (unsigned i = 0; i < n; ++i)
        (void)driver.submit(1, platform::commands::flush(1), {}, {}, platform::Doorbell::kLater);
    return driver.find_sq(1)->tail;
}

unsigned ShadowTest::accesses(bool write, const platform::DmaBuffer& page) const {
    unsigned n = 0;
    for (const DmaAccess& a : probe.log)
        n += a.write == write && a.touches(page.gpa, page.size) ? 1 : 0;
    return n;
}

platform::Ticket ShadowTest::request_event() {
    return driver.submit(0, platform::commands::make(spec::AdminOpcode::kAsyncEventRequest));
}

spec::AsyncErrorInfo ShadowTest::error_event(const platform::Ticket& request) {
    const platform::Completion event = driver.wait(request);
    EXPECT_TRUE(event.ok()) << event;
    using Dw0 = spec::AsyncEventDw0;
    EXPECT_EQ(Dw0::from(event.dw0).get<Dw0::EventType>(), spec::AsyncEventType::kError);
    return static_cast<spec::AsyncErrorInfo>(Dw0::from(event.dw0).get<Dw0::EventInfo>());
}

}  // namespace nvme::test
