// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/controller/random_io.h"

#include <algorithm>
#include <cstring>

namespace nvme::test {
namespace commands = platform::commands;

RandomIo::RandomIo(platform::HostDriver& driver, std::uint64_t seed, std::uint16_t queues)
    : driver_(driver),
      random_(seed),
      queues_(queues),
      copy_(std::size_t{kSlots} * kSlotBlocks * 512),
      slots_(kSlots) {
    for (Slot& slot : slots_) slot.buffer = driver_.allocate(kSlotBlocks * 512 + 4096);
}

bool RandomIo::run(unsigned count, unsigned depth) {
    bool good = true;
    std::uint32_t next = 0;
    for (unsigned i = 0; i < count && good; ++i) {
        const std::uint32_t index = next++ % std::min(depth, kSlots);
        good = finish(slots_[index]);
        if (good) start(slots_[index], index);
    }
    for (Slot& slot : slots_) good = finish(slot) && good;
    return good;
}

void RandomIo::start(Slot& slot, std::uint32_t index) {
    const std::uint32_t blocks = 1 + static_cast<std::uint32_t>(random_() % kSlotBlocks);
    const std::uint32_t lba =
        index * kSlotBlocks + static_cast<std::uint32_t>(random_() % (kSlotBlocks - blocks + 1));
    const platform::Transfer data{slot.buffer.gpa + random_() % 1024 * 4, blocks * 512ull};
    std::byte* memory = slot.buffer.data + (data.gpa - slot.buffer.gpa);
    slot.first = lba * 512ull;
    slot.bytes = data.bytes;
    slot.kind = static_cast<Kind>(random_() % 4);
    spec::SubmissionEntry entry;
    switch (slot.kind) {
        case Kind::kRead:
            std::memset(memory, 0xee, slot.bytes);
            entry = commands::read(1, lba, blocks);
            break;
        case Kind::kWrite:
            for (std::uint64_t b = 0; b < slot.bytes; b += 8) {
                const std::uint64_t word = random_();
                std::memcpy(memory + b, &word, 8);
            }
            std::memcpy(&copy_[slot.first], memory, slot.bytes);
            entry = commands::write(1, lba, blocks, random_() % 4 == 0);
            break;
        case Kind::kZeroes:
            std::memset(&copy_[slot.first], 0, slot.bytes);
            entry = commands::write_zeroes(1, lba, blocks);
            break;
        case Kind::kCompare:
            std::memcpy(memory, &copy_[slot.first], slot.bytes);
            entry = commands::compare(1, lba, blocks);
            break;
    }
    const auto qid = static_cast<std::uint16_t>(1 + random_() % queues_);
    slot.ticket =
        slot.kind == Kind::kZeroes ? driver_.submit(qid, entry) : driver_.submit(qid, entry, data);
    slot.busy = true;
    slot.memory = memory;
}

bool RandomIo::finish(Slot& slot) {
    if (!slot.busy) return true;
    slot.busy = false;
    if (!driver_.wait(slot.ticket).ok()) return false;
    return slot.kind != Kind::kRead ||
           std::memcmp(slot.memory, &copy_[slot.first], slot.bytes) == 0;
}

}  // namespace nvme::test
