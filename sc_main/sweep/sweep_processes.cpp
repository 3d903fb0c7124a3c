// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/sweep_processes.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "platform/vfio_user/unique_fd.h"
#include "sc_main/sweep/child.h"
#include "sc_main/sweep/stop_signals.h"

extern char** environ;

namespace nvme_vp {

namespace {

pid_t start(const SweepWork& work) {
    std::vector<std::string> words{"nvme-vp"};
    words.insert(words.end(), work.words.begin(), work.words.end());
    const platform::vfio_user::UniqueFd log(
        ::open(work.log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (!log) throw std::system_error(errno, std::generic_category(), work.log);
    return start_child("/proc/self/exe", std::move(words), log.get(), log.get(), environ);
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

bool run_processes(const std::vector<SweepWork>& all, unsigned most,
                   const std::function<void(std::size_t)>& done) {
    Running running;
    std::size_t next = 0, ended = 0;
    while (ended != all.size()) {
        while (next != all.size() && running.size() < most) running.add(all[next++]);
        if (stopped_within(std::chrono::milliseconds(20))) return false;
        if (const std::size_t more = running.reap(); more != 0) done(ended += more);
    }
    return true;
}

}  // namespace nvme_vp
