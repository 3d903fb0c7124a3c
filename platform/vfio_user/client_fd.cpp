// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/client_fd.h"

#include <signal.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>

#include "platform/vfio_user/descriptor_kind.h"

namespace platform::vfio_user {

namespace {

/// Its threads end with the process, some perhaps within close(): so it is never destroyed.
class Closer {
public:
    static Closer& the_only() {
        static Closer& closer = *new Closer;
        return closer;
    }

    void take(int fd) {
        {
            const std::lock_guard lock(mutex_);
            waiting_.push_back(fd);
            if (waiting_.size() > idle_ && threads_ < kMostThreads) start_thread();
        }
        wake_.notify_one();
    }

private:
    static constexpr std::size_t kMostThreads = 64;

    /// Signals are for the thread that simulates. Without a new thread, one that there is has to
    /// do.
    void start_thread() {
        sigset_t all, before;
        ::sigfillset(&all);
        ::pthread_sigmask(SIG_SETMASK, &all, &before);
        try {
            std::thread([this] { close_all(); }).detach();
            ++threads_;
        } catch (const std::system_error&) {
        }
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    }

    [[noreturn]] void close_all() {
        std::unique_lock lock(mutex_);
        for (;;) {
            ++idle_;
            wake_.wait(lock, [this] { return !waiting_.empty(); });
            --idle_;
            const int fd = waiting_.front();
            waiting_.pop_front();
            lock.unlock();
            ::close(fd);
            lock.lock();
        }
    }

    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<int> waiting_;
    std::size_t threads_ = 0, idle_ = 0;
};

}  // namespace

void close_of_client(int fd) {
    const DescriptorKind kind = kind_of(fd);
    if (kind == DescriptorKind::kMemory || kind == DescriptorKind::kEventfd)
        ::close(fd);
    else
        Closer::the_only().take(fd);
}

}  // namespace platform::vfio_user
