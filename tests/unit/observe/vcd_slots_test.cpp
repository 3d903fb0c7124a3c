// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_slots.h"

#include <memory>

#include "tests/unit/observe/vcd_fixture.h"

namespace observe {
namespace {

constexpr std::uint64_t kHighZ = VcdDocument::kHighZ;

/// Two lanes of a queue.
class Slots : public VcdTest {
protected:
    void fetched(std::uint16_t cid, std::uint8_t opcode = 0x02, std::uint64_t lba = 0) {
        CommandFetched e{writer.now(), 1, {}};
        e.sqe.cdw0 = opcode | std::uint32_t{cid} << 16;
        e.sqe.nsid = 1;
        e.sqe.cdw10 = static_cast<std::uint32_t>(lba);
        e.sqe.cdw11 = static_cast<std::uint32_t>(lba >> 32);
        e.sqe.cdw12 = 7;
        slots.record(e);
    }
    void stepped(std::uint16_t cid, std::string_view next, util::TimePs at) {
        slots.record(CommandStepped{writer.now(), 1, cid, next, at});
    }
    void completed(std::uint16_t cid) {
        CommandCompleted e{};
        e.ps = writer.now();
        e.sqid = e.cqid = 1;
        e.cid = cid;
        e.status = nvme::spec::StatusCode::kLbaOutOfRange;
        slots.record(e);
    }
    static std::uint64_t number(VcdStep step) { return static_cast<std::uint64_t>(step); }
    void expect_steps(VcdDocument& d, const std::string& lane, std::vector<VcdStep> steps) {
        std::vector<VcdStep> seen;
        for (const auto& change : d["q.slots." + lane + ".step"].changes)
            seen.push_back(change.value == kHighZ ? VcdStep::kNone
                                                  : static_cast<VcdStep>(change.value));
        EXPECT_EQ(seen, steps) << lane;
    }

    VcdWriter writer{path};
    VcdSelection all;
    VcdSlots slots{VcdScope(writer, all, "q"), 2};
};

using S = VcdStep;

TEST_F(Slots, ShowACommandUntilTheHostHasTakenItsCompletion) {
    writer.advance(10);
    slots.submit(1);
    writer.advance(20);
    slots.arrive(30);
    fetched(5, 0x02, 0x1'0000'0003);
    stepped(5, "start", 40);
    writer.advance(40);
    stepped(5, "read.send", 50);
    writer.advance(50);
    stepped(5, "post", 60);
    writer.advance(70);
    completed(5);
    writer.advance(80);
    slots.release_completed(1);
    VcdDocument d = read(writer);
    expect_steps(d, "s0",
                 {S::kNone, S::kDoorbell, S::kFetch, S::kDecode, S::kMedia, S::kData,
                  S::kCompletion, S::kInterrupt, S::kNone});
    EXPECT_EQ(d["q.slots.s0.step"].times(), (Times{0, 10, 20, 30, 40, 50, 60, 70, 80}));
    EXPECT_EQ(d["q.slots.s0.cid"].at(20), 5u);
    EXPECT_EQ(d["q.slots.s0.opcode"].at(30), 2u);
    EXPECT_EQ(d["q.slots.s0.lba"].at(30), 0x1'0000'0003u);
    EXPECT_EQ(d["q.slots.s0.blocks"].at(30), 8u);
    EXPECT_EQ(d["q.slots.s0.status"].at(69), kHighZ);
    EXPECT_EQ(d["q.slots.s0.status"].at(70), 0x80u);
    for (const char* cleared : {"cid", "opcode", "nsid", "lba", "blocks", "status"})
        EXPECT_EQ(d[std::string("q.slots.s0.") + cleared].at(80), kHighZ) << cleared;
}

TEST_F(Slots, KeepTheOrderInWhichTheHostSubmitted) {
    writer.advance(10);
    slots.submit(3);
    writer.advance(20);
    fetched(7);
    writer.advance(30);
    completed(7);  // the lane is the third command's
    writer.advance(40);
    fetched(8);
    writer.advance(50);
    fetched(9);
    VcdDocument d = read(writer);
    EXPECT_EQ(d["q.without_slot"].at(10), 1u);
    EXPECT_EQ(d["q.without_slot"].at(30), 0u);
    EXPECT_EQ(d["q.slots.s0.cid"].at(20), 7u);
    EXPECT_EQ(d["q.slots.s1.cid"].at(40), 8u);
    EXPECT_EQ(d["q.slots.s0.cid"].at(50), 9u);
}

TEST_F(Slots, AreGivenUpByCompletedCommandsWhenThereIsNoOtherOne) {
    for (const std::uint16_t cid : {std::uint16_t{1}, std::uint16_t{2}}) {
        writer.advance(cid * 10u);
        fetched(cid);
        completed(cid);
    }
    writer.advance(30);
    fetched(3);
    writer.advance(40);
    fetched(4);
    writer.advance(50);
    fetched(5);  // none is left
    completed(5);
    VcdDocument d = read(writer);
    EXPECT_EQ(d["q.slots.s0.cid"].at(50), 3u);
    EXPECT_EQ(d["q.slots.s1.cid"].at(50), 4u);
}

// An identifier may be used again as soon as its command has completed.
TEST_F(Slots, TellCommandsOfOneIdentifierApart) {
    writer.advance(10);
    fetched(1);
    stepped(1, "post", 100);
    completed(1);
    writer.advance(20);
    fetched(1);
    writer.advance(200);  // the first one's time has come: it is no more
    VcdDocument d = read(writer);
    EXPECT_EQ(d["q.slots.s0.step"].at(200), number(S::kInterrupt));
    EXPECT_EQ(d["q.slots.s1.step"].at(200), number(S::kDecode));
}

TEST_F(Slots, TakeWhateverComes) {
    writer.advance(10);
    slots.submit(65'535);
    for (std::uint32_t i = 0; i < 1'000; ++i) fetched(static_cast<std::uint16_t>(i * 257));
    stepped(12, "nothing", util::kNever);
    completed(77);
    slots.release_completed(9);
    slots.forget();
    fetched(1, 0xff);
    writer.advance(20);
    VcdDocument d = read(writer);
    EXPECT_EQ(d["q.slots.s0.opcode"].at(20), 0xffu);
    EXPECT_EQ(d["q.slots.s0.lba"].at(20), kHighZ) << "the opcode names no blocks";
}

TEST_F(VcdTest, WithoutSlotsCommandsAreOnlyCounted) {
    VcdWriter writer(path);
    const VcdSelection all;
    VcdSlots none(VcdScope(writer, all, "q"), 0);
    writer.advance(10);
    none.submit(3);
    none.record(CommandFetched{10, 1, {}});
    none.record(CommandCompleted{});
    VcdDocument d = read(writer);
    EXPECT_EQ(d.signals.size(), 1u);
    EXPECT_EQ(d["q.without_slot"].at(10), 2u);
}

}  // namespace
}  // namespace observe
