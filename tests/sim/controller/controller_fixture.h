// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <cstring>
#include <memory>

#include "models/media/store/ram_store.h"
#include "models/nvme/module/nvme_controller.h"
#include "platform/driver/host_driver.h"
#include "platform/modules/host_platform.h"
#include "tests/sim/support/sim_test.h"

namespace nvme::test {

/// A host, one controller and the reference driver; one 64 MiB namespace of 512-byte blocks.
/// Derive with other parameters where a test needs them: modules are built in the constructor.
class ControllerTest : public SimTest {
protected:
    explicit ControllerTest(const ControllerParams& params = {},
                            const platform::DriverOptions& options = {});
    ~ControllerTest() override;

    void add_ram_namespace(std::uint32_t nsid, std::uint64_t bytes, std::uint32_t lba_size);

    /// Enumerates, enables, identifies, and creates `queues` I/O queue pairs.
    void bring_up(std::uint16_t queues = 1, std::uint32_t depth = 64);

    /// A buffer of `bytes`, each byte of which depends on its place and on `seed`.
    platform::DmaBuffer pattern(std::uint64_t bytes, unsigned seed);

    platform::HostPlatform host;
    NvmeController controller;
    platform::HostDriver driver;
};

}  // namespace nvme::test
