// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/sweep_processes.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <system_error>

extern char** environ;

namespace nvme_vp {

namespace {

constexpr const char* kSelf = "/proc/self/exe";

sigset_t stopping_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
    return set;
}

/// Its own group: an interrupt of the terminal is for the sweep, not for its runs, which would end
/// in good order with half of their work.
pid_t start(const SweepWork& work) {
    std::vector<std::string> words = work.words;
    words.insert(words.begin(), "nvme-vp");
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, work.log.c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC, 0666);
    ::posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    sigset_t none;
    sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    pid_t pid = -1;
    const int error = ::posix_spawn(&pid, kSelf, &files, &attributes, argv.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    if (error != 0) throw std::system_error(error, std::generic_category(), work.log);
    return pid;
}

/// Those that are running; whatever happens, none of them is left behind.
class Running {
public:
    Running() = default;
    ~Running() {
        for (const Run& run : runs_) {
            ::kill(run.pid, SIGKILL);
            ::waitpid(run.pid, nullptr, 0);
            remove(run.work->log);
        }
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    [[nodiscard]] std::size_t size() const { return runs_.size(); }
    void add(const SweepWork& work) { runs_.push_back({start(work), &work}); }
    /// Takes out those that have ended. Returns how many.
    std::size_t reap() {
        const auto ended = std::remove_if(runs_.begin(), runs_.end(), [](const Run& run) {
            int status = 0;
            if (::waitpid(run.pid, &status, WNOHANG) == 0) return false;
            const bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
            remove(good ? run.work->log : run.work->report);
            return true;
        });
        const auto count = static_cast<std::size_t>(runs_.end() - ended);
        runs_.erase(ended, runs_.end());
        return count;
    }

private:
    struct Run {
        pid_t pid;
        const SweepWork* work;
    };
    static void remove(const std::string& path) {
        std::error_code ignored;
        std::filesystem::remove(path, ignored);
    }

    std::vector<Run> runs_;
};

}  // namespace

void hold_signals() {
    // A parent may have had them ignored; then nobody would hear of the end of a run.
    ::signal(SIGCHLD, SIG_DFL);
    const sigset_t set = stopping_signals();
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
}

bool run_processes(const std::vector<SweepWork>& all, unsigned most,
                   const std::function<void(std::size_t)>& done) {
    const sigset_t stopping = stopping_signals();
    Running running;
    std::size_t next = 0, ended = 0;
    while (ended != all.size()) {
        while (next != all.size() && running.size() < most) running.add(all[next++]);
        constexpr std::timespec kLook{0, 20'000'000};
        if (::sigtimedwait(&stopping, nullptr, &kLook) > 0) return false;
        if (const std::size_t more = running.reap(); more != 0) done(ended += more);
    }
    return true;
}

}  // namespace nvme_vp
