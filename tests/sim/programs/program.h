// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace nvme_vp::test {

struct Outcome {
    int code = -1;  ///< exit code; 128 + signal when one ended it
    std::string out, err;
};

/// A folder of its own, in which programs run and which goes away with the test.
class ProgramTest : public ::testing::Test {
protected:
    ProgramTest();
    ~ProgramTest() override;

    /// Runs nvme-vp in the folder.
    Outcome nvme_vp(const std::vector<std::string>& arguments);
    /// Runs a shell command in the folder. System administration tools are found.
    Outcome shell(const std::string& command);

    [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }
    void write(const std::string& name, const std::string& text) const;
    [[nodiscard]] std::string read(const std::string& name) const;
    [[nodiscard]] nlohmann::json read_json(const std::string& name) const;
    [[nodiscard]] bool exists(const std::string& name) const;
    [[nodiscard]] std::vector<std::string> files() const;

    /// A file of the project.
    [[nodiscard]] static std::string project(const std::string& name);

private:
    std::string folder_;
};

/// In single quotes, for a shell.
[[nodiscard]] std::string shell_word(const std::string& word);

}  // namespace nvme_vp::test
