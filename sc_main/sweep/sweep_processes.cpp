// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/sweep_processes.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>
#include <system_error>

extern char** environ;

namespace nvme_vp {

namespace {

constexpr const char* kSelf = "/proc/self/exe";

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
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    pid_t pid = -1;
    const int error = ::posix_spawn(&pid, kSelf, &files, &attributes, argv.data(), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    if (error != 0) throw std::system_error(error, std::generic_category(), work.log);
    return pid;
}

}  // namespace

void run_processes(const std::vector<SweepWork>& all, unsigned most, const std::atomic<bool>& stop,
                   const std::function<void(std::size_t)>& done) {
    std::map<pid_t, const SweepWork*> running;
    std::size_t next = 0, ended = 0;
    while (!stop && ended != all.size()) {
        while (next != all.size() && running.size() < most) {
            const pid_t pid = start(all[next]);
            running[pid] = &all[next++];
        }
        int status = 0;
        const pid_t pid = ::waitpid(-1, &status, 0);
        if (pid < 0) continue;  // a signal: `stop` says whether it was meant for us
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0) ::unlink(running[pid]->log.c_str());
        running.erase(pid);
        done(++ended);
    }
    for (const auto& [pid, work] : running) {
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        ::unlink(work->log.c_str());
    }
}

}  // namespace nvme_vp
