// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/sim/vfio_user/machine.h"

namespace platform::vfio_user::test {

/// nvme-vp as another process, in a folder of its own.
class ServeProgram : public ::testing::Test {
protected:
    ServeProgram() {
        folder_ = std::filesystem::temp_directory_path() / "nvme_tlm_XXXXXX";
        EXPECT_NE(::mkdtemp(folder_.data()), nullptr);
    }
    ~ServeProgram() override {
        for (const pid_t pid : running_) {
            ::kill(pid, SIGKILL);
            ::waitpid(pid, nullptr, 0);
        }
        std::filesystem::remove_all(folder_);
    }

    [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ostringstream text;
        text << std::ifstream(path(name)).rdbuf();
        return text.str();
    }

    /// nvme-vp serve. What it says goes to the file `log`.
    pid_t start(std::vector<std::string> arguments, const std::string& log = "log") {
        arguments.insert(arguments.begin(), "serve");
        return launch(std::move(arguments), log);
    }
    /// nvme-vp with any command.
    pid_t launch(std::vector<std::string> arguments, const std::string& log) {
        arguments.insert(arguments.begin(), NVME_VP);
        std::vector<char*> argv;
        for (std::string& a : arguments) argv.push_back(a.data());
        argv.push_back(nullptr);
        const pid_t pid = ::fork();
        if (pid == 0) {
            const int out = ::open(path(log).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
            ::dup2(out, 1);
            ::dup2(out, 2);
            if (::chdir(folder_.c_str()) == 0) ::execv(argv[0], argv.data());
            ::_exit(127);
        }
        running_.push_back(pid);
        return pid;
    }
    int exit_code(pid_t pid) {
        int status = 0;
        ::waitpid(pid, &status, 0);
        running_.erase(std::find(running_.begin(), running_.end(), pid));
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    int stop(pid_t pid) {
        ::kill(pid, SIGTERM);
        return exit_code(pid);
    }
    bool listens(const std::string& log = "log") {
        return waits_for([&] { return read(log).find("listening on") != std::string::npos; });
    }
    /// False: after a time that only a hang can take.
    static bool waits_for(const std::function<bool()>& condition) {
        for (int i = 0; i < 3000; ++i) {
            if (condition()) return true;
            ::usleep(20'000);
        }
        return false;
    }

private:
    std::string folder_;
    std::vector<pid_t> running_;
};

}  // namespace platform::vfio_user::test
