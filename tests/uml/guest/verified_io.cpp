// SPDX-License-Identifier: Apache-2.0
// verified_io DEVICE COUNT: writes blocks of 4 KiB at places of its own choice, each with content
// of its own, and reads them back. Around the caches of the kernel; each I/O waits for the one
// before. Prints how long one took, in ns of the guest's clock, and ends with 1 when anything
// differs.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

namespace {

constexpr std::size_t kBlock = 4096;
constexpr std::uint64_t kStride = 7919;  // a prime: consecutive I/O is far apart
alignas(kBlock) std::uint8_t block[kBlock];

std::uint64_t now_ns() {
    timespec time{};
    ::clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
           static_cast<std::uint64_t>(time.tv_nsec);
}

/// xorshift64
void fill(std::uint8_t* to, std::uint64_t seed) {
    std::uint64_t x = seed * 0x9e3779b97f4a7c15 + 1;
    for (std::size_t i = 0; i < kBlock; i += sizeof x) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        std::memcpy(to + i, &x, sizeof x);
    }
}

void print(const char* what, std::vector<std::uint64_t> took) {
    std::sort(took.begin(), took.end());
    std::printf("guest: %s %zu least %llu median %llu most %llu ns\n", what, took.size(),
                static_cast<unsigned long long>(took.front()),
                static_cast<unsigned long long>(took[took.size() / 2]),
                static_cast<unsigned long long>(took.back()));
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    const int fd = ::open(argv[1], O_RDWR | O_DIRECT);
    const auto count = static_cast<std::uint64_t>(std::atoll(argv[2]));
    const std::uint64_t blocks = static_cast<std::uint64_t>(::lseek(fd, 0, SEEK_END)) / kBlock;
    if (fd < 0 || count == 0 || count > blocks) return 2;
    std::vector<std::uint64_t> writes, reads;
    for (std::uint64_t i = 0; i < count; ++i) {
        fill(block, i);
        const auto at = static_cast<off_t>(i * kStride % blocks * kBlock);
        const std::uint64_t begin = now_ns();
        if (::pwrite(fd, block, kBlock, at) != static_cast<ssize_t>(kBlock)) return 1;
        writes.push_back(now_ns() - begin);
    }
    std::uint8_t wanted[kBlock];
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto at = static_cast<off_t>(i * kStride % blocks * kBlock);
        const std::uint64_t begin = now_ns();
        if (::pread(fd, block, kBlock, at) != static_cast<ssize_t>(kBlock)) return 1;
        reads.push_back(now_ns() - begin);
        fill(wanted, i);
        if (std::memcmp(block, wanted, kBlock) != 0) return 1;
    }
    print("writes", writes);
    print("reads", reads);
    return 0;
}
