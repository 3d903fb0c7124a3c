// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/command_answer.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

#include "platform/vfio_user/unique_fd.h"
#include "sc_main/sweep/child.h"
#include "sc_main/sweep/stop_signals.h"

extern char** environ;

namespace nvme_vp {

namespace {

using platform::vfio_user::UniqueFd;
using Clock = std::chrono::steady_clock;
constexpr std::chrono::minutes kLongest{2};
constexpr std::size_t kMostOutput = std::size_t{64} << 20;

/// What a child writes comes out here.
class Pipe {
public:
    Pipe() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            throw std::system_error(errno, std::generic_category(), "pipe");
        exit_ = UniqueFd(ends[0]);
        entrance = UniqueFd(ends[1]);
        ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    }

    /// Takes what is there. Afterwards exit() is -1 when nobody writes any more.
    void read() {
        char bytes[65536];
        while (exit_ && text.size() <= kMostOutput) {
            const ssize_t count = ::read(exit_.get(), bytes, sizeof bytes);
            if (count < 0) return;
            if (count == 0) exit_.reset();
            text.append(bytes, static_cast<std::size_t>(count));
        }
    }
    [[nodiscard]] int exit() const { return exit_.get(); }

    UniqueFd entrance;
    std::string text;

private:
    UniqueFd exit_;
};

std::vector<char*> environment_without(const std::vector<std::string>& prefixes) {
    std::vector<char*> kept;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        const auto begins = [&](const std::string& prefix) { return text.rfind(prefix, 0) == 0; };
        if (!std::any_of(prefixes.begin(), prefixes.end(), begins)) kept.push_back(*variable);
    }
    kept.push_back(nullptr);
    return kept;
}

/// The last line that is not empty; commands say there why they have failed.
std::string last_line(const std::string& text) {
    const std::size_t end = text.find_last_not_of(" \n");
    if (end == std::string::npos) return {};
    const std::size_t begin = text.find_last_of('\n', end);
    return text.substr(begin + 1, end - begin);
}

/// Reads until the command has ended. Empty, or why it has to be killed.
const char* follow(pid_t pid, Pipe& out, Pipe& err, int& status) {
    const Clock::time_point latest = Clock::now() + kLongest;
    for (;;) {
        // Ended first, then read: what it said is all there. Who has its pipe beside may go on.
        const bool ended = ::waitpid(pid, &status, WNOHANG) != 0;
        out.read();
        err.read();
        if (ended) return "";
        if (std::max(out.text.size(), err.text.size()) > kMostOutput) return "says too much";
        if (stop_is_pending()) return "was stopped";
        if (Clock::now() > latest) return "takes too long";
        pollfd waited[] = {{out.exit(), POLLIN, 0}, {err.exit(), POLLIN, 0}};
        ::poll(waited, 2, 10);
    }
}

}  // namespace

bool has_command(const std::string& name) {
    const char* path = std::getenv("PATH");
    std::istringstream folders(path != nullptr ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');)
        if (::access(((folder.empty() ? "." : folder) + "/" + name).c_str(), X_OK) == 0)
            return true;
    return false;
}

CommandAnswer answer_of(const std::vector<std::string>& words,
                        const std::vector<std::string>& without) {
    Pipe out, err;
    int status = 0;
    const std::vector<char*> environment = environment_without(without);
    pid_t pid = -1;
    try {
        pid = start_child(words.front(), words, out.entrance.get(), err.entrance.get(),
                          environment.data());
    } catch (const std::system_error& error) {
        return {false, {}, error.what()};
    }
    out.entrance.reset();
    err.entrance.reset();
    const std::string killed = follow(pid, out, err, status);
    if (!killed.empty()) {
        ::kill(-pid, SIGKILL);
        ::waitpid(pid, &status, 0);
        return {false, {}, words.front() + " " + killed};
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {true, std::move(out.text), {}};
    std::string why = last_line(err.text);
    if (why.empty())
        why = WIFEXITED(status) ? "exit code " + std::to_string(WEXITSTATUS(status))
                                : "signal " + std::to_string(WTERMSIG(status));
    const std::string name = words.front() + ": ";
    return {false, {}, (why.rfind(name, 0) == 0 ? "" : name) + why};
}

}  // namespace nvme_vp
