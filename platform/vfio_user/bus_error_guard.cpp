// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/bus_error_guard.h"

#include <signal.h>
#include <sys/mman.h>

#include <array>
#include <atomic>

#include "platform/vfio_user/protocol.h"

namespace platform::vfio_user::bus_error_guard {

struct Range {
    std::atomic<std::uintptr_t> begin{0};  // 0: free
    std::atomic<std::uintptr_t> end{0};
    std::atomic<bool> torn{false};
    Range* next_free = nullptr;
};

namespace {

static_assert(std::atomic<std::uintptr_t>::is_always_lock_free);  // a signal handler reads them

/// For each server its files, and its own pages.
constexpr std::size_t kMost = kMostServers * (kMaxFiles + 2);

// NOLINTBEGIN: what a signal handler looks at has to be global
std::array<Range, kMost> ranges;
std::atomic<std::size_t> touched{0};  // behind these, no range was ever used
Range* first_free = nullptr;
std::atomic<std::uint64_t> rescues{0};
struct sigaction before {};
// NOLINTEND

Range* find(std::uintptr_t address) {
    const std::size_t most = touched.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < most; ++i) {
        const std::uintptr_t begin = ranges[i].begin.load(std::memory_order_acquire);
        if (begin != 0 && address >= begin &&
            address < ranges[i].end.load(std::memory_order_relaxed))
            return &ranges[i];
    }
    return nullptr;
}

/// Puts zeroes where the file has nothing any more, and lets the access happen again.
void on_bus_error(int, siginfo_t* info, void*) {
    if (Range* range = find(reinterpret_cast<std::uintptr_t>(info->si_addr)); range != nullptr) {
        const std::uintptr_t begin = range->begin.load(std::memory_order_relaxed);
        void* const start = reinterpret_cast<void*>(begin);
        if (::mmap(start, range->end.load(std::memory_order_relaxed) - begin,
                   PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED,
                   -1, 0) == start) {
            range->torn.store(true, std::memory_order_relaxed);
            rescues.fetch_add(1, std::memory_order_relaxed);
            return;
        }
    }
    // Not ours: the same access raises the signal again, for whoever handled it before us.
    ::sigaction(SIGBUS, &before, nullptr);
}

void install() {
    static const bool installed = [] {
        struct sigaction action {};
        action.sa_sigaction = on_bus_error;
        action.sa_flags = SA_SIGINFO;
        return ::sigaction(SIGBUS, &action, &before) == 0;
    }();
    (void)installed;
}

Range* take_free() {
    if (Range* range = first_free; range != nullptr) {
        first_free = range->next_free;
        return range;
    }
    const std::size_t next = touched.load(std::memory_order_relaxed);
    if (next == kMost) return nullptr;
    touched.store(next + 1, std::memory_order_release);
    return &ranges[next];
}

}  // namespace

Range* add(void* begin, std::size_t bytes) {
    install();
    Range* const range = take_free();
    if (range == nullptr) return nullptr;
    const auto first = reinterpret_cast<std::uintptr_t>(begin);
    range->torn.store(false, std::memory_order_relaxed);
    range->end.store(first + bytes, std::memory_order_relaxed);
    range->begin.store(first, std::memory_order_release);
    return range;
}

void remove(Range* range) {
    range->begin.store(0, std::memory_order_release);
    range->next_free = first_free;
    first_free = range;
}

bool torn(const Range* range) {
    return range->torn.load(std::memory_order_relaxed);
}

std::uint64_t rescued() {
    return rescues.load(std::memory_order_relaxed);
}

}  // namespace platform::vfio_user::bus_error_guard
