// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdio>
#include <cstdlib>
#include <string>

#include <unistd.h>

#include "tests/sim/controller/controller_fixture.h"

namespace nvme::test {

/// A name in the folder for temporary files that no other test process uses; removed at the end.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::string& suffix)
        : path_(::testing::TempDir() + "nvme_tlm_" + std::to_string(::getpid()) + "_" + suffix) {}
    ~TemporaryFile() { std::remove(path_.c_str()); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    const std::string path_;
};

/// One controller that does a little of everything that traces show.
class ScenarioTest : public ControllerTest {
protected:
    using ControllerTest::ControllerTest;

    /// Bring-up, two queue pairs, writes at depth 4, a read, a command that fails, one that does
    /// not exist, a doorbell that is wrong, shutdown.
    void run_scenario() {
        bring_up(2, 8);
        ASSERT_EQ(driver.io_queues().size(), 2u);
        const auto out = pattern(4096, 3);
        platform::Ticket tickets[4];
        for (unsigned i = 0; i < 4; ++i)
            tickets[i] = driver.submit(1, platform::commands::write(1, i * 8ull, 8), out, {},
                                       platform::Doorbell::kLater);
        driver.ring(1);
        for (const auto& ticket : tickets) EXPECT_TRUE(driver.wait(ticket).ok());
        const auto in = driver.allocate(4096);
        EXPECT_TRUE(driver.read(1, 8, 8, in, 2).ok());
        EXPECT_FALSE(driver.read(1, 1ull << 40, 8, in, 2).ok());
        spec::SubmissionEntry unknown{};
        unknown.cdw0 = 0x99;
        unknown.nsid = 1;
        EXPECT_FALSE(driver.execute(2, unknown).ok());
        driver.write32(driver.sq_doorbell(2), 77);
        EXPECT_EQ(driver.disable(), platform::DriverError::kNone);
        EXPECT_EQ(driver.enable(), platform::DriverError::kNone);
        EXPECT_EQ(driver.shutdown(), platform::DriverError::kNone);
    }
};

}  // namespace nvme::test
