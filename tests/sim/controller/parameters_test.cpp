// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "models/nvme/module/nvme_controller.h"
#include "models/util/report.h"
#include "tests/sim/support/sim_test.h"

namespace nvme::test {
namespace {

class Parameters : public SimTest {};

TEST_F(Parameters, AllProblemsAreListedInOneRefusal) {
    ControllerParams bad;
    bad.max_queue_entries = 1;
    bad.msix_vectors = 0;
    bad.serial_number = std::string(21, 'x');
    bad.model_number = "tab\there";
    bad.subsystem_nqn = "not-an-nqn";
    bad.link.lanes = 3;
    bad.link.max_payload = 300;
    bad.ready_timeout = 1;
    bad.enable_time_ns = 600'000'000;
    bad.media.fixed.units = 0;
    const std::string text = refusal_of([&] { NvmeController controller("bad", bad); });
    for (const char* name : {"bad:", "max_queue_entries = 1", "msix_vectors = 0", "serial_number",
                             "model_number", "subsystem_nqn", "link_lanes = 3",
                             "link_max_payload = 300", "enable_time_ns", "media_units = 0"})
        EXPECT_NE(text.find(name), std::string::npos) << name << " is missing in:\n" << text;
    EXPECT_EQ(complaints(util::report::kConfig), 1);
}

TEST_F(Parameters, ARangeIsNamedWithTheValueThatBreaksIt) {
    ControllerParams bad;
    bad.mdts = 11;
    const std::string text = refusal_of([&] { NvmeController controller("bad", bad); });
    EXPECT_NE(text.find("mdts = 11: must be 1 to 10"), std::string::npos) << text;
}

TEST_F(Parameters, GoodOnesAreNotRefused) {
    ControllerParams largest;
    largest.max_queue_entries = 65536;
    largest.max_io_queues = 1023;
    largest.msix_vectors = 2048;
    largest.mps_max = 4;
    largest.mdts = 10;
    largest.serial_number = std::string(20, 'x');
    largest.ready_timeout = 255;
    EXPECT_EQ(refusal_of([&] { NvmeController controller("large", largest); }), "");
}

}  // namespace
}  // namespace nvme::test
