// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include "platform/uml/vhost_user.h"

namespace platform::uml::test {

/// The memory of a guest, and how a driver fills a queue in it. The guest's addresses begin at
/// kBase.
class GuestMemory {
public:
    static constexpr std::uint64_t kBase = 0x10000, kBytes = 0x10000;
    static constexpr std::uint64_t kDescriptors = kBase, kAvailable = kBase + 0x1000,
                                   kUsed = kBase + 0x2000, kData = kBase + 0x3000;
    static constexpr std::uint16_t kNext = 1, kWrite = 2;

    GuestMemory() : fd_(::memfd_create("guest", 0)) {
        EXPECT_EQ(::ftruncate(fd_, kBytes), 0);
        data_ = static_cast<std::uint8_t*>(
            ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd_, 0));
    }
    ~GuestMemory() {
        ::munmap(data_, kBytes);
        ::close(fd_);
    }
    GuestMemory(const GuestMemory&) = delete;
    GuestMemory& operator=(const GuestMemory&) = delete;

    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] vfio_user::ClientFd another_fd() const { return vfio_user::ClientFd(::dup(fd_)); }
    template <typename T>
    void put(std::uint64_t address, T value) {
        std::memcpy(data_ + (address - kBase), &value, sizeof value);
    }
    template <typename T>
    [[nodiscard]] T get(std::uint64_t address) const {
        T value;
        std::memcpy(&value, data_ + (address - kBase), sizeof value);
        return value;
    }
    [[nodiscard]] std::uint8_t* bytes() { return data_; }

    void describe(std::uint16_t index, std::uint64_t address, std::uint32_t bytes,
                  std::uint16_t flags = 0, std::uint16_t next = 0) {
        const std::uint64_t at = kDescriptors + 16 * std::uint64_t{index};
        put(at, address);
        put(at + 8, bytes);
        put(at + 12, flags);
        put(at + 14, next);
    }
    /// Makes the chain that begins with this descriptor available.
    void offer(std::uint16_t head, std::uint16_t queue_size) {
        const auto index = get<std::uint16_t>(kAvailable + 2);
        put(kAvailable + 4 + 2 * std::uint64_t{index} % (2 * queue_size), head);
        put(kAvailable + 2, static_cast<std::uint16_t>(index + 1));
    }

private:
    int fd_;
    std::uint8_t* data_;
};

}  // namespace platform::uml::test
