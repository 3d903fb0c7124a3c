// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "platform/config/output_file.h"

namespace platform {
namespace {

namespace fs = std::filesystem;

class OutputFileTest : public ::testing::Test {
protected:
    OutputFileTest() { EXPECT_NE(::mkdtemp(folder_.data()), nullptr); }
    ~OutputFileTest() override { fs::remove_all(folder_); }
    [[nodiscard]] std::string path() const { return folder_ + "/result"; }
    [[nodiscard]] std::string content() const {
        std::ostringstream text;
        text << std::ifstream(path()).rdbuf();
        return text.str();
    }
    [[nodiscard]] std::ptrdiff_t files() const {
        return std::distance(fs::directory_iterator(folder_), fs::directory_iterator{});
    }
    std::string folder_ = (fs::temp_directory_path() / "output-file-test.XXXXXX").string();
};

TEST_F(OutputFileTest, OldContentStaysUntilTheNewIsComplete) {
    std::ofstream(path()) << "old";
    {
        OutputFile file(path());
        EXPECT_EQ(file.problem(), "");
        EXPECT_EQ(content(), "old");
        EXPECT_TRUE(file.commit("new"));
    }
    EXPECT_EQ(content(), "new");
    EXPECT_EQ(files(), 1);
}

TEST_F(OutputFileTest, WithoutCommitNothingRemains) {
    {
        const OutputFile file(path());
        EXPECT_EQ(files(), 1);
    }
    EXPECT_EQ(files(), 0);
}

TEST_F(OutputFileTest, TheResultHasThePermissionsOfAnyNewFile) {
    const mode_t mask = ::umask(0027);
    {
        OutputFile file(path());
        EXPECT_TRUE(file.commit("x"));
    }
    ::umask(mask);
    struct stat status {};
    ASSERT_EQ(::stat(path().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0640u);
}

TEST_F(OutputFileTest, PathsThatCannotBeWrittenAreFoundAtOnce) {
    for (const std::string& bad : {folder_ + "/missing/result", folder_, std::string{}}) {
        OutputFile file(bad);
        EXPECT_NE(file.problem(), "") << bad;
        EXPECT_FALSE(file.commit("x")) << bad;
    }
    EXPECT_EQ(files(), 0);
}

TEST_F(OutputFileTest, ADeviceIsWrittenInPlace) {
    OutputFile file("/dev/null");
    EXPECT_EQ(file.problem(), "");
    EXPECT_TRUE(file.commit("x"));
    EXPECT_TRUE(fs::is_character_file("/dev/null"));
    OutputFile full("/dev/full");
    EXPECT_FALSE(full.commit("x"));
    EXPECT_NE(full.problem(), "");
}

}  // namespace
}  // namespace platform
