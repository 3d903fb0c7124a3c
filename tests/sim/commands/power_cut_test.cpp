// SPDX-License-Identifier: Apache-2.0
// Random commands, power cuts at random times, and after each cut every block against what the
// controller had acknowledged as durable.
#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include "tests/sim/commands/commands_fixture.h"

namespace nvme::test {
namespace {

constexpr std::uint32_t kBlocks = 256;
constexpr std::uint32_t kMaxBlocks = 16;
constexpr unsigned kSlots = 12;
constexpr unsigned kCuts = 25;

/// What a block may hold: one of its versions, in the order in which they were submitted. Version 0
/// is what it held at the start.
struct Block {
    std::vector<std::uint64_t> versions{0};  ///< content tags; 0 = zeros
    std::size_t durable = 0;                 ///< a power cut may show this version or a later one
    std::size_t completed = 0;               ///< a read shows this one
    bool busy = false;                       ///< a command in flight changes it
};

ControllerParams small_cache() {
    ControllerParams params;
    params.write_cache_bytes = 64 << 10;  // so that lines are also moved down before a flush
    return params;
}

class PowerCuts : public CommandsTest, public ::testing::WithParamInterface<unsigned> {
protected:
    PowerCuts() : CommandsTest(small_cache()) { add_ram_namespace(2, kBlocks * 512, 512); }

    enum class Kind { kWrite, kForcedWrite, kZeroes, kDeallocate, kFlush };
    struct Slot {
        Kind kind = Kind::kFlush;
        Ticket ticket;
        bool active = false;
        std::uint32_t lba = 0, count = 0;
        DmaBuffer buffer;
        std::array<std::size_t, kBlocks> at_submission{};  // a flush covers what was complete then
    };

    std::uint64_t random(std::uint64_t below) { return rng() % below; }

    void start_random(Slot& slot);
    bool claim(Slot& slot);
    void finish(Slot& slot);
    void collect();
    void cut_and_check();
    static std::uint64_t tag_in(const std::byte* data);

    std::mt19937_64 rng{GetParam()};
    std::array<Block, kBlocks> blocks;
    std::array<Slot, kSlots> slots;
    std::uint64_t next_tag = 1;
    bool cache_enabled = true;
    unsigned lost = 0, kept = 0;
};

/// Takes a random run of blocks that no other command changes, as two such commands have no order.
bool PowerCuts::claim(Slot& slot) {
    slot.count = 1 + static_cast<std::uint32_t>(random(kMaxBlocks));
    slot.lba = static_cast<std::uint32_t>(random(kBlocks - slot.count + 1));
    const auto first = blocks.begin() + slot.lba, last = first + slot.count;
    if (std::any_of(first, last, [](const Block& b) { return b.busy; })) return false;
    std::for_each(first, last, [](Block& b) { b.busy = true; });
    return true;
}

void PowerCuts::start_random(Slot& slot) {
    constexpr Kind kKinds[] = {Kind::kWrite,       Kind::kWrite,  Kind::kWrite,      Kind::kWrite,
                               Kind::kForcedWrite, Kind::kZeroes, Kind::kDeallocate, Kind::kFlush};
    slot.kind = kKinds[random(std::size(kKinds))];
    spec::SubmissionEntry entry = commands::flush(2);
    Transfer data;
    if (slot.kind == Kind::kFlush) {
        for (std::uint32_t i = 0; i < kBlocks; ++i) slot.at_submission[i] = blocks[i].completed;
    } else {
        if (!claim(slot)) return;
        const bool writes = slot.kind == Kind::kWrite || slot.kind == Kind::kForcedWrite;
        for (std::uint32_t i = 0; i < slot.count; ++i) {
            const std::uint64_t tag = writes ? next_tag++ : 0;
            blocks[slot.lba + i].versions.push_back(tag);
            for (unsigned word = 0; word < 64 && writes; ++word)
                std::memcpy(slot.buffer.data + i * 512 + word * 8, &tag, 8);
        }
        if (writes) {
            entry = commands::write(2, slot.lba, slot.count, slot.kind == Kind::kForcedWrite);
            data = {slot.buffer.gpa, slot.count * 512ull};
        } else if (slot.kind == Kind::kZeroes) {
            entry = commands::write_zeroes(2, slot.lba, slot.count, random(2) != 0);
        } else {
            const spec::DsmRange range{0, slot.count, slot.lba};
            std::memcpy(slot.buffer.data, &range, sizeof range);
            entry = commands::dataset_management(2, 1);
            data = {slot.buffer.gpa, sizeof range};
        }
    }
    slot.ticket = driver.submit(static_cast<std::uint16_t>(1 + random(2)), entry, data);
    ASSERT_EQ(slot.ticket.error, DriverError::kNone);
    slot.active = true;
}

/// The command was acknowledged.
void PowerCuts::finish(Slot& slot) {
    slot.active = false;
    EXPECT_TRUE(driver.wait(slot.ticket).ok());
    if (slot.kind == Kind::kFlush) {
        for (std::uint32_t i = 0; i < kBlocks; ++i)
            blocks[i].durable = std::max(blocks[i].durable, slot.at_submission[i]);
        return;
    }
    for (std::uint32_t i = slot.lba; i < slot.lba + slot.count; ++i) {
        Block& block = blocks[i];
        block.busy = false;
        block.completed = block.versions.size() - 1;
        if (slot.kind == Kind::kForcedWrite || !cache_enabled) block.durable = block.completed;
    }
}

void PowerCuts::collect() {
    driver.poll(1);
    driver.poll(2);
    for (Slot& slot : slots)
        if (slot.active && driver.done(slot.ticket)) finish(slot);
}

/// The tag that fills a block, or all ones when the block holds anything else.
std::uint64_t PowerCuts::tag_in(const std::byte* data) {
    std::uint64_t tag = 0, other = 0;
    std::memcpy(&tag, data, 8);
    for (unsigned word = 1; word < 64; ++word) {
        std::memcpy(&other, data + word * 8, 8);
        if (other != tag) return ~0ull;
    }
    return tag;
}

void PowerCuts::cut_and_check() {
    collect();  // what was acknowledged before the power went counts
    power_cycle(2);
    const DmaBuffer in = driver.allocate(kBlocks * 512);
    ASSERT_TRUE(driver.read(2, 0, kBlocks, in).ok());
    for (std::uint32_t lba = 0; lba < kBlocks; ++lba) {
        Block& block = blocks[lba];
        const std::uint64_t tag = tag_in(in.data + lba * 512);
        const auto first = block.versions.begin() + static_cast<std::ptrdiff_t>(block.durable);
        const auto found = std::find(first, block.versions.end(), tag);
        EXPECT_TRUE(found != block.versions.end())
            << "block " << lba << " holds tag " << tag << "; durable is version " << block.durable
            << " of " << block.versions.size() << ", tag " << *first;
        const auto last_completed =
            block.versions.begin() + static_cast<std::ptrdiff_t>(block.completed);
        if (std::find(last_completed, block.versions.end(), tag) == block.versions.end())
            ++lost;
        else
            ++kept;
        block = Block{};
        block.versions[0] = tag;
    }
    for (Slot& slot : slots) slot.active = false;
    driver.release(in);
}

TEST_P(PowerCuts, NothingThatWasAcknowledgedAsDurableIsEverLost) {
    simulate([this] {
        bring_up(2);
        for (Slot& slot : slots) slot.buffer = driver.allocate(kMaxBlocks * 512);
        for (unsigned cut = 0; cut < kCuts && !HasFailure(); ++cut) {
            cache_enabled = random(4) != 0;
            ASSERT_TRUE(
                driver.set_features(spec::FeatureId::kVolatileWriteCache, cache_enabled).ok());
            const sc_core::sc_time end =
                sc_core::sc_time_stamp() +
                sc_core::sc_time(static_cast<double>(50 + random(8'000)), sc_core::SC_US);
            while (sc_core::sc_time_stamp() < end) {
                for (Slot& slot : slots)
                    if (!slot.active && random(3) == 0) start_random(slot);
                sc_core::wait(static_cast<double>(1 + random(60)), sc_core::SC_US);
                collect();
            }
            cut_and_check();
        }
    });
    EXPECT_GT(lost, 100u) << "the cache is not volatile";
    EXPECT_GT(kept, 100u);
    EXPECT_EQ(driver.protocol_errors(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, PowerCuts, ::testing::Range(1u, 5u));

}  // namespace
}  // namespace nvme::test
