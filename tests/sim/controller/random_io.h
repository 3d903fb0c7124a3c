// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "platform/driver/host_driver.h"

namespace nvme::test {

/// Random reads, writes, zeroes and compares of namespace 1 (512-byte blocks) on several queues,
/// each checked against a copy of the namespace. Commands in flight at a time never overlap, so
/// that every result is determined.
class RandomIo {
public:
    RandomIo(platform::HostDriver& driver, std::uint64_t seed, std::uint16_t queues);

    /// Runs `count` commands, up to `depth` at a time. False: one failed, or returned wrong data.
    [[nodiscard]] bool run(unsigned count, unsigned depth = 16);

private:
    static constexpr std::uint32_t kSlots = 16;        // regions; one command in each at a time
    static constexpr std::uint32_t kSlotBlocks = 256;  // 128 KiB
    enum class Kind : std::uint8_t { kRead, kWrite, kZeroes, kCompare };
    struct Slot {
        platform::Ticket ticket;
        platform::DmaBuffer buffer;
        std::byte* memory = nullptr;  // of the data, inside of the buffer
        Kind kind = Kind::kRead;
        std::uint64_t first = 0, bytes = 0;  // in the copy
        bool busy = false;
    };
    void start(Slot& slot, std::uint32_t index);
    [[nodiscard]] bool finish(Slot& slot);

    platform::HostDriver& driver_;
    std::mt19937_64 random_;
    const std::uint16_t queues_;
    std::vector<std::byte> copy_;
    std::vector<Slot> slots_;
};

}  // namespace nvme::test
