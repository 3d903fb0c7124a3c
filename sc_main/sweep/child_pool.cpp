// SPDX-License-Identifier: Apache-2.0
#include "sc_main/sweep/child_pool.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <system_error>
#include <thread>

#include "platform/vfio_user/unique_fd.h"
#include "sc_main/sweep/child.h"
#include "sc_main/sweep/stop_signals.h"

extern char** environ;

namespace nvme_vp {

namespace {

pid_t start(const ChildWork& work) {
    std::vector<std::string> words{"nvme-vp"};
    words.insert(words.end(), work.words.begin(), work.words.end());
    const platform::vfio_user::UniqueFd log(
        ::open(work.log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    if (!log) throw std::system_error(errno, std::generic_category(), work.log);
    return start_child("/proc/self/exe", std::move(words), log.get(), log.get(), environ);
}

int code_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// Those that are running; whatever happens, none of them is left behind.
class Running {
public:
    using Ended = std::function<void(std::size_t, int)>;
    Running(unsigned most, const Ended& ended) : slots_(most), ended_(ended) {}
    ~Running() {
        for (const Slot& slot : slots_) {
            if (slot.pid == 0) continue;
            ::kill(slot.pid, SIGKILL);
            ::waitpid(slot.pid, nullptr, 0);
            ended_(slot.number, kKilled);
        }
    }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

    /// A slot that is free; as many as there are at most: none.
    [[nodiscard]] unsigned free_slot() const {
        const auto free = std::find_if(slots_.begin(), slots_.end(),
                                       [](const Slot& slot) { return slot.pid == 0; });
        return static_cast<unsigned>(free - slots_.begin());
    }
    void add(unsigned slot, std::size_t number, const ChildWork& work) {
        slots_[slot] = {start(work), number};
    }
    /// Takes out those that have ended. Returns how many.
    std::size_t reap() {
        std::size_t count = 0;
        for (Slot& slot : slots_) {
            int status = 0;
            if (slot.pid == 0) continue;
            const pid_t ended = ::waitpid(slot.pid, &status, WNOHANG);
            const int error = errno;
            if (ended == 0) continue;
            slot.pid = 0;
            ended_(slot.number, ended > 0 ? code_of(status) : kKilled);
            // It has ended, and nobody knows how.
            if (ended < 0) throw std::system_error(error, std::generic_category(), "a child");
            ++count;
        }
        return count;
    }

private:
    struct Slot {
        pid_t pid = 0;
        std::size_t number = 0;
    };
    std::vector<Slot> slots_;
    const Ended& ended_;
};

}  // namespace

bool run_children(std::size_t count, unsigned most,
                  const std::function<ChildWork(std::size_t, unsigned)>& work,
                  const std::function<void(std::size_t, int)>& ended) {
    Running running(most, ended);
    std::size_t next = 0, finished = 0;
    while (finished != count) {
        for (unsigned slot = 0; next != count && (slot = running.free_slot()) != most; ++next)
            running.add(slot, next, work(next, slot));
        if (stopped_within(std::chrono::milliseconds(20))) return false;
        finished += running.reap();
    }
    return true;
}

unsigned children_at_a_time(std::uint32_t parallel) {
    return parallel != 0 ? parallel : std::max(1u, std::thread::hardware_concurrency());
}

}  // namespace nvme_vp
