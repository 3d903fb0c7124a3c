// SPDX-License-Identifier: Apache-2.0
#include "platform/vfio_user/bus_error_guard.h"

#include <signal.h>
#include <sys/mman.h>

#include <array>
#include <atomic>

#include "platform/vfio_user/protocol.h"

namespace platform::vfio_user::bus_error_guard {

namespace {

struct Range {
    std::atomic<std::uintptr_t> begin{0};  // 0: free
    std::atomic<std::uintptr_t> end{0};
    std::atomic<std::uint64_t> rescues{0};
};
static_assert(std::atomic<std::uintptr_t>::is_always_lock_free);  // a signal handler reads them

// NOLINTBEGIN: what a signal handler looks at has to be global
std::array<Range, kMostServers*(kMaxDmaMaps + 64)> ranges;
std::atomic<std::uint64_t> rescues{0};
struct sigaction before {};
// NOLINTEND

Range* find(std::uintptr_t address) {
    for (Range& range : ranges) {
        const std::uintptr_t begin = range.begin.load(std::memory_order_acquire);
        if (begin != 0 && address >= begin && address < range.end.load(std::memory_order_relaxed))
            return &range;
    }
    return nullptr;
}

/// Puts a page of zeroes where the file has none any more, and lets the access happen again.
void on_bus_error(int, siginfo_t* info, void*) {
    const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
    if (Range* range = find(address); range != nullptr) {
        void* page = reinterpret_cast<void*>(address & ~(kPageBytes - 1));
        if (::mmap(page, kPageBytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page) {
            rescues.fetch_add(1, std::memory_order_relaxed);
            range->rescues.fetch_add(1, std::memory_order_relaxed);
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

}  // namespace

bool add(void* begin, std::size_t bytes) {
    install();
    const auto first = reinterpret_cast<std::uintptr_t>(begin);
    for (Range& range : ranges) {
        if (range.begin.load(std::memory_order_relaxed) != 0) continue;
        range.end.store(first + bytes, std::memory_order_relaxed);
        range.rescues.store(0, std::memory_order_relaxed);
        range.begin.store(first, std::memory_order_release);
        return true;
    }
    return false;
}

void remove(void* begin) {
    for (Range& range : ranges) {
        if (range.begin.load(std::memory_order_relaxed) != reinterpret_cast<std::uintptr_t>(begin))
            continue;
        range.begin.store(0, std::memory_order_release);
        return;
    }
}

std::uint64_t rescued() {
    return rescues.load(std::memory_order_relaxed);
}

std::uint64_t rescued(const void* begin) {
    const Range* range = find(reinterpret_cast<std::uintptr_t>(begin));
    return range == nullptr ? 0 : range->rescues.load(std::memory_order_relaxed);
}

}  // namespace platform::vfio_user::bus_error_guard
