// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include <gtest/gtest.h>

#include "models/observe/text_trace.h"
#include "tests/sim/observe/scenario.h"
#include "tests/sim/observe/vcd_document.h"

namespace nvme::test {
namespace {

class EventTrace : public ScenarioTest {};

// docs/traces.md says how to update the golden file, and that the difference is to be reviewed.
TEST_F(EventTrace, OfTheScenarioIsTheGoldenOne) {
    const TemporaryFile file("golden.trace");
    observe::TextTrace trace(file.path());
    controller.set_trace(&trace);
    simulate([this] { run_scenario(); });
    ASSERT_EQ(trace.close(), "");
    const std::string golden = NVME_TLM_GOLDEN_DIR "/scenario.trace";
    const std::string text = read_file(file.path());
    if (std::getenv("NVME_TLM_UPDATE_GOLDEN") != nullptr)
        std::ofstream(golden, std::ios::binary) << text;
    EXPECT_EQ(text, read_file(golden));
}

}  // namespace
}  // namespace nvme::test
