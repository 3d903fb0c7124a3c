// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/controller/controller_fixture.h"

#include "tests/sim/controller/driver_helpers.h"

namespace nvme::test {

ControllerTest::ControllerTest(const ControllerParams& params,
                               const platform::DriverOptions& options)
    : host("host"), controller("nvme0", params), driver(host, host.attach(controller), options) {
    add_ram_namespace(1, 64ull << 20, 512);
}

ControllerTest::~ControllerTest() = default;

void ControllerTest::add_ram_namespace(std::uint32_t nsid, std::uint64_t bytes,
                                       std::uint32_t lba_size) {
    NamespaceConfig config;
    config.nsid = nsid;
    config.lba_size = lba_size;
    EXPECT_EQ(controller.add_namespace(config, std::make_unique<media::RamStore>(bytes)), "");
}

void ControllerTest::bring_up(std::uint16_t queues, std::uint32_t depth) {
    ASSERT_EQ(driver.bring_up(), platform::DriverError::kNone);
    ASSERT_EQ(driver.create_io_queues(queues, depth), platform::DriverError::kNone);
}

platform::DmaBuffer ControllerTest::pattern(std::uint64_t bytes, unsigned seed) {
    return make_pattern(driver, bytes, seed);
}

}  // namespace nvme::test
