// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/sim/vfio_user/client.h"
#include "tests/sim/vfio_user/nvme_guest.h"

namespace platform::vfio_user::test {
namespace {

/// nvme-vp serve, in a folder of its own.
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

    /// What it says goes to the file `log`.
    pid_t start(std::vector<std::string> arguments, const std::string& log = "log") {
        arguments.insert(arguments.begin(), {NVME_VP, "serve"});
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
        for (int i = 0; i < 1000; ++i) {
            if (read(log).find("listening on") != std::string::npos) return true;
            ::usleep(20'000);
        }
        return false;
    }

    GuestMemory memory{0x10'0000, NvmeGuest::kMemoryBytes};

private:
    std::string folder_;
    std::vector<pid_t> running_;
};

TEST_F(ServeProgram, WhatAGuestWroteIsInTheImageAndEverythingElseIsTidy) {
    const pid_t pid = start({"--socket", "s", "--namespace", "file:disk.img,size=8M", "--trace",
                             "t.txt", "--vcd", "w.vcd", "--report", "r.json"});
    ASSERT_TRUE(listens());
    EXPECT_EQ(read("log"), "listening on s\n");
    {
        Client c(path("s"), &memory);
        ASSERT_TRUE(c.introduce());
        ASSERT_TRUE(c.map(memory.base(), memory.size(), memory.fd()));
        NvmeGuest guest(c, memory);
        ASSERT_TRUE(guest.enable());
        ASSERT_TRUE(guest.create_io_queues());
        std::memcpy(guest.buffer(), "written by a guest", 18);
        ASSERT_TRUE(guest.write(2, 1));
        ASSERT_TRUE(guest.shut_down());
    }
    EXPECT_EQ(stop(pid), 0);
    EXPECT_FALSE(std::filesystem::exists(path("s")));
    EXPECT_EQ(read("disk.img").substr(1024, 18), "written by a guest");
    EXPECT_NE(read("t.txt").size(), 0u);
    EXPECT_NE(read("w.vcd").find("$enddefinitions"), std::string::npos);
    const auto report = nlohmann::json::parse(read("r.json"));
    EXPECT_EQ(report.at("command"), "serve");
    EXPECT_EQ(report.at("clients"), 1);
    EXPECT_EQ(report.at("controller").at("host_write_commands"), 1);
}

TEST_F(ServeProgram, AServerThatIsKilledLeavesNothingInTheWayOfTheNext) {
    const pid_t first = start({"--socket", "s", "--doorbells", "mapped", "--pace", "realtime"});
    ASSERT_TRUE(listens());
    const pid_t second = start({"--socket", "s"}, "second");
    EXPECT_EQ(exit_code(second), 2);
    EXPECT_NE(read("second").find("another server"), std::string::npos);
    ::kill(first, SIGKILL);
    EXPECT_EQ(exit_code(first), 128 + SIGKILL);
    const pid_t third = start({"--socket", "s"}, "third");
    ASSERT_TRUE(listens("third"));
    {
        Client c(path("s"));
        EXPECT_TRUE(c.introduce());
        EXPECT_EQ(stop(third), 0);  // with a client
        EXPECT_TRUE(c.hung_up());
    }
}

TEST_F(ServeProgram, UsageErrorsAreListedAndNothingIsServed) {
    EXPECT_EQ(exit_code(start({})), 2);
    EXPECT_NE(read("log").find("serve needs --socket"), std::string::npos);
    EXPECT_EQ(exit_code(start({"--socket", "s", "--job", "x.fio"})), 2);
    EXPECT_NE(read("log").find("serve excludes job"), std::string::npos);
    EXPECT_EQ(exit_code(start({"--socket", "s", "--doorbells", "both"})), 2);
    EXPECT_NE(read("log").find("trapped or mapped"), std::string::npos);
    EXPECT_EQ(exit_code(start({"--socket", "no/such/folder"})), 2);
    EXPECT_FALSE(std::filesystem::exists(path("s")));
}

}  // namespace
}  // namespace platform::vfio_user::test
