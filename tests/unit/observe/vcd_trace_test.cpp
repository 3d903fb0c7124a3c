// SPDX-License-Identifier: Apache-2.0
// What the signals of a controller do, event by event; the simulations of tests/sim/observe show
// that a controller's own events come out right.
#include "models/observe/vcd/vcd_trace.h"

#include "models/nvme/spec/registers.h"
#include "tests/unit/observe/vcd_fixture.h"

namespace observe {
namespace {

constexpr std::uint64_t kHighZ = VcdDocument::kHighZ;

class Trace : public VcdTest {
protected:
    void record(VcdTrace& trace, util::TimePs ps) { trace.record(Interrupt{ps, 99}); }

    VcdWriter writer{path};
    VcdOptions options;
};

// A fault plan tells of a doorbell before its time; what the lint says of it comes at once, too.
TEST_F(Trace, ShowsWhatIsToldAheadAtItsTime) {
    VcdTrace trace(writer, options);
    trace.record(QueueChange{10, false, true, 1, 8});
    trace.record(Doorbell{500, false, true, 1, 3});
    trace.record(LintFinding{500, LintRule::kDoorbellOverrun, 1, kNoId, 3});
    trace.record(PowerTransition{500, 0, 2, PowerCause::kIo, 700});
    record(trace, 20);
    trace.record(Doorbell{400, true, false, 2, 3});
    record(trace, 600);
    VcdDocument d = read(writer, 1000);
    EXPECT_EQ(d["nvme0.queues.io1.sq.doorbell"].times(), (Times{500}));
    EXPECT_EQ(d["nvme0.queues.io1.sq.tail"].first(3), 500u);
    EXPECT_EQ(d["nvme0.queues.doorbell_rejected"].times(), (Times{400}));
    EXPECT_EQ(d["nvme0.lint.finding"].times(), (Times{500}));
    EXPECT_EQ(d["nvme0.lint.qid"].at(500), 1u);
    EXPECT_EQ(d["nvme0.lint.cid"].at(500), kHighZ);
    EXPECT_EQ(d["nvme0.power.state"].first(2), 500u);
    EXPECT_EQ(d["nvme0.power.settling"].first(1), 500u);
    EXPECT_EQ(d["nvme0.power.settling"].first(0, 501), 700u);
}

// With shadow doorbells the host does not ring, and the tail stood still.
TEST_F(Trace, ShowsTailsAndHeadsOfAHostThatDoesNotRing) {
    VcdTrace trace(writer, options);
    trace.record(QueueChange{10, false, true, 1, 8});
    trace.record(QueueChange{10, true, true, 1, 8});
    trace.record(QueueLevels{20, 1, 1, 0, 5, 0, 0, 0});
    trace.record(QueueLevels{30, 1, 1, 5, 2, 3, 5, 5, 1});
    VcdDocument d = read(writer);
    EXPECT_EQ(d["nvme0.queues.io1.sq.tail"].at(20), 5u);
    EXPECT_EQ(d["nvme0.queues.io1.sq.tail"].at(30), 2u);
    EXPECT_EQ(d["nvme0.queues.io1.cq.head"].at(30), 3u);
    EXPECT_EQ(d["nvme0.queues.io1.waiting"].at(30), 1u);
    EXPECT_EQ(d["nvme0.queues.io1.slots.s4.step"].at(20), 1u) << "five of them wait";
}

TEST_F(Trace, ShowsWhatIsUnderWay) {
    VcdTrace trace(writer, options);
    EXPECT_TRUE(trace.wants_details());
    trace.record(LinkTransfer{10, true, 15, 64, 30});
    trace.record(LinkTransfer{10, false, 10, 64, 20});
    trace.record(DmaAccess{10, false, DmaKind::kData, 1, 1, 0, 64, true, 40});
    trace.record(DmaAccess{10, false, DmaKind::kData, 1, 1, 0, 64, false, 0});
    trace.record(MediaAccess{12, MediaUse::kRead, 1, 0, 512, 20, 60});
    trace.record(MediaAccess{12, MediaUse::kRead, 1, 0, 512, 30, util::kNever});
    trace.record(MediaBlock{15, BlockCause::kCollected, 0, 0, 3, 90});
    VcdDocument d = read(writer, 100);
    EXPECT_EQ(d["nvme0.link.down"].times(), (Times{0, 15, 30}));
    EXPECT_EQ(d["nvme0.link.up"].times(), (Times{0, 10, 20}));
    EXPECT_EQ(d["nvme0.dma.reads"].times(), (Times{0, 10, 40})) << "a failed one takes no time";
    EXPECT_EQ(d["nvme0.media.read"].at(59), 2u);
    EXPECT_EQ(d["nvme0.media.read"].at(100), 1u) << "it has no end";
    EXPECT_EQ(d["nvme0.media.erase"].first(1), 15u);
    EXPECT_EQ(d["nvme0.media.blocks.collected"].first(1), 90u);
}

// More requests may wait for a tag than there are tags.
TEST_F(Trace, ShowsTheTagsThatReadsHold) {
    options.link_tags = 8;
    VcdTrace trace(writer, options);
    trace.record(LinkTransfer{10, true, 15, 3 * 512, 30, 3});
    trace.record(LinkTransfer{10, true, 20, 32 * 512, 90, 32});
    trace.record(LinkTransfer{10, false, 10, 64, 20});
    VcdDocument d = read(writer, 100);
    EXPECT_EQ(d["nvme0.link.tags"].at(15), 3u);
    EXPECT_EQ(d["nvme0.link.tags"].at(20), 8u);
    EXPECT_EQ(d["nvme0.link.tags"].at(89), 8u);
    EXPECT_EQ(d["nvme0.link.tags"].at(90), 0u);
}

TEST_F(Trace, ShowsVectorsThatAreMaskedAndPending) {
    VcdTrace trace(writer, options);
    trace.record(VectorChange{10, 2, false, false});
    trace.record(VectorChange{20, 2, true, true});
    trace.record(VectorChange{30, 2, false, false});
    trace.record(VectorChange{30, 99, false, true});
    VcdDocument d = read(writer, 40);
    EXPECT_EQ(d["nvme0.msix.masked.v2"].times(), (Times{0, 10, 20, 30}));
    EXPECT_EQ(d["nvme0.msix.masked.v1"].at(40), 1u) << "as after a reset";
    EXPECT_EQ(d["nvme0.msix.pending.v2"].first(1), 20u);
    EXPECT_EQ(d["nvme0.msix.pending.v2"].first(0, 20), 30u);
}

TEST_F(Trace, ShowsWhatIsInWriteCachesAndHowManyBlocksAreFree) {
    VcdTrace trace(writer, options);
    trace.record(CacheFill{10, 1, 4096});
    trace.record(CacheFill{20, 7, 8192});
    trace.record(FreeBlocks{20, 400, 12, 4, 2});
    trace.record(CacheFill{30, 1, 0});
    trace.record(NamespaceChange{35, 7, 0});
    VcdDocument d = read(writer, 40);
    EXPECT_EQ(d["nvme0.media.cache_dirty"].at(20), 12288u) << "of all namespaces";
    EXPECT_EQ(d["nvme0.media.cache_dirty"].at(30), 8192u);
    EXPECT_EQ(d["nvme0.media.cache_dirty"].at(35), 0u) << "the namespace is gone";
    EXPECT_EQ(d["nvme0.media.blocks.free"].at(20), 400u);
    EXPECT_EQ(d["nvme0.media.blocks.slc_free"].at(20), 12u);
}

TEST_F(Trace, HasNoFlashWithoutGeometry) {
    VcdTrace trace(writer, options);
    trace.record(NandWork{10, DieWork::kProgram, 0, 0, 10, 20, 10, 12});
    VcdDocument d = read(writer, 40);
    EXPECT_EQ(d.signals.count("nvme0.media.dies.d0"), 0u);
    EXPECT_EQ(d.signals.count("nvme0.media.channels.c0"), 0u);
}

class TraceOfFlash : public Trace {
protected:
    TraceOfFlash() {
        options.channels = 2;
        options.dies = 4;
    }
};

TEST_F(TraceOfFlash, ShowsDiesAndChannels) {
    VcdTrace trace(writer, options);
    EXPECT_TRUE(trace.wants_details());
    trace.record(NandWork{10, DieWork::kProgram, 3, 1, 20, 60, 12, 20});
    trace.record(NandWork{10, DieWork::kErase, 3, 1, 60, 90, 60, 60});
    trace.record(NandWork{10, DieWork::kRead, 0, 0, 10, 30, 30, 35});
    trace.record(NandWork{10, DieWork::kRead, 2, 0, 10, 30, 35, 40});
    trace.record(NandWork{10, DieWork::kRead, 9, 9, 10, 30, 35, 40});
    VcdDocument d = read(writer, 100);
    EXPECT_EQ(d["nvme0.media.dies.d3"].times(), (Times{0, 20, 60, 90}));
    EXPECT_EQ(d["nvme0.media.dies.d3"].at(20), 2u);
    EXPECT_EQ(d["nvme0.media.dies.d3"].at(60), 3u);
    EXPECT_EQ(d["nvme0.media.dies.d0"].at(29), 1u);
    EXPECT_EQ(d["nvme0.media.channels.c1"].times(), (Times{0, 12, 20}));
    EXPECT_EQ(d["nvme0.media.channels.c0"].times(), (Times{0, 30, 40})) << "one behind the other";
}

// The end of a program is told before it is known which reads will hold it up.
TEST_F(TraceOfFlash, ShowsAProgramThatReadsHoldUpUntilItsEnd) {
    VcdTrace trace(writer, options);
    trace.record(NandWork{0, DieWork::kProgram, 0, 0, 10, 110, 0, 10});
    trace.record(NandWork{0, DieWork::kErase, 0, 0, 110, 210, 110, 110});
    trace.record(NandWork{40, DieWork::kRead, 0, 0, 50, 80, 80, 85});
    VcdDocument d = read(writer, 300);
    const VcdDocument::Signal& die = d["nvme0.media.dies.d0"];
    EXPECT_EQ(die.times(), (Times{0, 10, 50, 80, 140, 240}));
    EXPECT_EQ(d["nvme0.media.dies.d0"].at(49), 2u);
    EXPECT_EQ(d["nvme0.media.dies.d0"].at(50), 1u);
    EXPECT_EQ(d["nvme0.media.dies.d0"].at(80), 2u) << "the rest of the program";
    EXPECT_EQ(d["nvme0.media.dies.d0"].at(140), 3u);
}

TEST_F(TraceOfFlash, ShowsNoWorkWithoutPower) {
    VcdTrace trace(writer, options);
    trace.record(NandWork{0, DieWork::kProgram, 0, 0, 10, 110, 0, 10});
    trace.record(Reset{50, ResetKind::kPowerOff});
    VcdDocument d = read(writer, 300);
    EXPECT_EQ(d["nvme0.media.dies.d0"].times(), (Times{0, 10, 50}));
}

TEST_F(Trace, ShowsNoQueuesOfAControllerThatIsNotReady) {
    VcdTrace trace(writer, options);
    trace.record(RegisterWrite{10, nvme::spec::offset::kAqa, 4, 0x001f'000f});
    trace.record(StateChange{20, 1, 1});
    trace.record(QueueChange{30, false, true, 1, 8});
    trace.record(Doorbell{30, false, true, 1, 3});
    trace.record(Doorbell{30, false, true, 0, 2});
    trace.record(StateChange{40, 0, 0});
    trace.record(StateChange{50, 0, 0, true});
    VcdDocument d = read(writer);
    EXPECT_EQ(d["nvme0.queues.admin.sq.size"].at(30), 16u);
    EXPECT_EQ(d["nvme0.queues.admin.cq.size"].at(30), 32u);
    EXPECT_EQ(d["nvme0.queues.io1.slots.s2.step"].at(30), 1u);
    EXPECT_EQ(d["nvme0.queues.admin.sq.tail"].at(40), 0u);
    EXPECT_EQ(d["nvme0.queues.admin.sq.size"].at(40), 16u) << "AQA is as it was";
    EXPECT_EQ(d["nvme0.queues.admin.sq.size"].at(50), 0u);
    EXPECT_EQ(d["nvme0.queues.io1.sq.size"].at(40), 0u);
    EXPECT_EQ(d["nvme0.queues.io1.slots.s2.step"].at(40), kHighZ);
}

TEST_F(Trace, ShowsResetsByKindAndTheStateInOne) {
    VcdTrace trace(writer, options);
    trace.record(StateChange{10, 0x0046'0001, 0});
    trace.record(StateChange{20, 0x0046'0001, 1});
    trace.record(StateChange{30, 0x0046'4001, 5});
    trace.record(StateChange{40, 0x0046'4001, 9});
    trace.record(Reset{50, ResetKind::kSubsystem});
    trace.record(StateChange{50, 0, 0x10});
    trace.record(StateChange{60, 0x0046'0001, 0x13});
    VcdDocument d = read(writer);
    std::vector<std::uint64_t> states;
    for (const auto& change : d["nvme0.state"].changes) states.push_back(change.value);
    EXPECT_EQ(states, (std::vector<std::uint64_t>{0, 1, 2, 4, 5, 0, 6}));
    EXPECT_EQ(d["nvme0.reset.subsystem"].times(), (Times{50}));
    EXPECT_EQ(d["nvme0.reset.controller"].times(), Times{});
    EXPECT_EQ(d["nvme0.csts.value"].at(60), 0x13u);
}

TEST_F(Trace, HasOnlyTheSignalsThatWereChosen) {
    options.signals = VcdSelection("queues.1.sq,power");
    VcdTrace trace(writer, options);
    EXPECT_FALSE(trace.wants_details()) << "nothing of it needs them";
    trace.record(QueueChange{10, false, true, 1, 8});
    trace.record(Doorbell{20, false, true, 1, 3});
    record(trace, 30);
    VcdDocument d = read(writer);
    std::vector<std::string> names;
    for (const auto& [name, signal] : d.signals) names.push_back(name);
    EXPECT_EQ(names,
              (std::vector<std::string>{"nvme0.power.settling", "nvme0.power.state",
                                        "nvme0.queues.io1.sq.doorbell", "nvme0.queues.io1.sq.head",
                                        "nvme0.queues.io1.sq.size", "nvme0.queues.io1.sq.tail"}));
    EXPECT_EQ(d["nvme0.queues.io1.sq.tail"].at(20), 3u);
}

TEST_F(Trace, TakesWhateverAHostDoes) {
    VcdTrace trace(writer, options);
    trace.record(RegisterWrite{10, nvme::spec::offset::kAqa, 4, ~std::uint64_t{0}});
    trace.record(RegisterWrite{10, nvme::spec::offset::kAqa - 4, 8, ~std::uint64_t{0}});
    for (std::uint32_t qid : {0u, 1u, 4u, 5u, 0xffffu})
        for (const bool completion : {false, true}) {
            trace.record(Doorbell{20, completion, true, static_cast<std::uint16_t>(qid), 0xffff});
            trace.record(Doorbell{20, completion, false, static_cast<std::uint16_t>(qid), 0});
        }
    CommandFetched create{30, 0, {}};
    create.sqe.cdw0 = 0x05;
    create.sqe.cdw10 = create.sqe.cdw11 = 0xffff'ffff;
    trace.record(create);
    create.sqe.cdw10 = 1;
    trace.record(create);
    trace.record(Interrupt{40, 0xffff});
    trace.record(CommandStepped{40, 0xffff, 0, "x", 0});
    trace.record(DmaAccess{40, false, DmaKind::kSubmissionEntry, 0xffff'ffff, 0, 0, ~0u, true, 41});
    trace.record(DmaAccess{40, false, DmaKind::kSubmissionEntry, 1, 0, 0, ~0u, true, 41});
    trace.record(QueueLevels{50, 0xffff, 0xfffe, 1, 2, 3, 4, 5});
    trace.record(QueueLevels{50, 1, 1, 0xffff, 0xffff, 0xffff, 0xffff, 0xffff});
    (void)read(writer, 100);
}

TEST_F(VcdTest, WaitsForWhatTheTriggerNames) {
    const auto begins = [&](const char* text, auto event) {
        VcdWindow window;
        window.triggered = true;
        window.before = 0;
        VcdWriter writer(path, window);
        VcdOptions options;
        options.trigger = VcdTrigger(text);
        VcdTrace trace(writer, options);
        trace.record(Interrupt{10, 0});
        trace.record(Interrupt{20, 0});
        event.ps = 50;
        trace.record(event);
        trace.record(Interrupt{60, 0});
        (void)read(writer);
        return writer.triggered_at();
    };
    CommandCompleted failed{};
    failed.status = nvme::spec::StatusCode::kInvalidField;
    const LintFinding finding{0, LintRule::kCidReused, 1, 1, 1};
    const FaultInjected fault{0, "slow", "delay"};
    EXPECT_EQ(begins("error", failed), 50u);
    EXPECT_EQ(begins("error", CommandCompleted{}), util::kNever);
    EXPECT_EQ(begins("error", StateChange{0, 0, 2}), 50u);
    EXPECT_EQ(begins("lint", finding), 50u);
    EXPECT_EQ(begins("fault", finding), util::kNever);
    EXPECT_EQ(begins("fault", fault), 50u);
    EXPECT_EQ(begins("slow", fault), 50u);
    EXPECT_EQ(begins("fast", fault), util::kNever);
    EXPECT_EQ(begins(std::string(word_of(LintRule::kCidReused)).c_str(), finding), 50u);
}

}  // namespace
}  // namespace observe
