// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/sim/controller/controller_fixture.h"

namespace nvme::test {
namespace {

using spec::StatusCode;

class BringUp : public ControllerTest {};

TEST_F(BringUp, DriverWritesAndReadsBackThroughAQueuePair) {
    simulate([this] {
        bring_up();
        const auto out = pattern(8192, 1);
        const auto in = driver.allocate(8192);
        EXPECT_TRUE(driver.write(1, 5, 16, out).ok());
        EXPECT_TRUE(driver.read(1, 5, 16, in).ok());
        EXPECT_EQ(std::memcmp(out.data, in.data, 8192), 0);
        EXPECT_TRUE(driver.flush(1).ok());
        EXPECT_EQ(driver.shutdown(), platform::DriverError::kNone);
        EXPECT_EQ(driver.csts().get<spec::Csts::Shst>(), spec::Shst::kComplete);
    });
    EXPECT_EQ(driver.protocol_errors(), 0u);
    EXPECT_EQ(driver.missed_interrupts(), 0u);
}

}  // namespace
}  // namespace nvme::test
