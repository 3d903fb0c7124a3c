// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdio>
#include <string>
#include <vector>

#include <unistd.h>

#include <gtest/gtest.h>

#include "models/observe/vcd/vcd_writer.h"
#include "tests/sim/observe/vcd_document.h"

namespace observe {

using nvme::test::VcdDocument;
using Times = std::vector<std::uint64_t>;

/// A name that no other test process uses.
class VcdTest : public ::testing::Test {
protected:
    ~VcdTest() override { std::remove(path.c_str()); }

    /// Closes the file, and reads it strictly.
    VcdDocument read(VcdWriter& writer, util::TimePs end = 0) {
        EXPECT_EQ(writer.close(end), "");
        VcdDocument document(path);
        EXPECT_EQ(document.problems, std::vector<std::string>{});
        return document;
    }

    const std::string path =
        ::testing::TempDir() + "nvme_tlm_unit_" + std::to_string(::getpid()) + ".vcd";
};

}  // namespace observe
