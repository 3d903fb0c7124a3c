// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/programs/program.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace nvme_vp::test {

namespace fs = std::filesystem;

std::string shell_word(const std::string& word) {
    std::string text = "'";
    for (const char c : word) text += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return text + "'";
}

ProgramTest::ProgramTest() {
    folder_ = (fs::temp_directory_path() / "nvme-vp-test.XXXXXX").string();
    if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("no temporary folder");
}

ProgramTest::~ProgramTest() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

Outcome ProgramTest::nvme_vp(const std::vector<std::string>& arguments) {
    std::string command = shell_word(NVME_VP);
    for (const std::string& argument : arguments) command += " " + shell_word(argument);
    return shell(command);
}

Outcome ProgramTest::shell(const std::string& command) {
    const std::string line = "cd " + shell_word(folder_) +
                             " && export PATH=\"$PATH:/usr/sbin:/sbin\" && { " + command +
                             "\n} >.out 2>.err </dev/null";
    const int status = std::system(line.c_str());
    Outcome outcome;
    outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    outcome.out = read(".out");
    outcome.err = read(".err");
    return outcome;
}

void ProgramTest::write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
}

std::string ProgramTest::read(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

nlohmann::json ProgramTest::read_json(const std::string& name) const {
    return nlohmann::json::parse(read(name));
}

bool ProgramTest::exists(const std::string& name) const {
    return fs::exists(path(name));
}

std::vector<std::string> ProgramTest::files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) {
        const std::string name = entry.path().filename().string();
        if (name != ".out" && name != ".err") names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::string ProgramTest::project(const std::string& name) {
    return std::string{NVME_TLM_SOURCE_DIR} + "/" + name;
}

}  // namespace nvme_vp::test
