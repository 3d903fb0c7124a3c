// SPDX-License-Identifier: Apache-2.0
// Each kind of fault meets a host at work: what the host has to do to get on, and that nothing is
// lost, answered twice or damaged but what the plan damages.
#include "tests/sim/faults/fault_fixture.h"

namespace nvme::test {
namespace {

using faults::DmaAccess;
using Opcode = spec::NvmOpcode;
using Plan = std::vector<Rule>;

/// Of the commands of one kind, the first of the last round is number 33.
constexpr std::uint64_t kSecondRound = 36;

struct Scenario {
    const char* name;
    Plan plan;
    Recovery::Counters host{};  ///< what the host does: timeouts, aborts, queues, resets, retries
    unsigned failed = 0;        ///< commands that end with an error for good
    std::optional<StatusCode> status{};
    std::uint64_t wrong_bytes = 0;
    std::uint64_t protocol_errors = 0;
    bool misses_interrupts = false;
    std::uint64_t damaged = 0;  ///< wrong bytes that remain on the media
};

std::ostream& operator<<(std::ostream& out, const Scenario& s) {
    return out << s.name;
}

Rule with(Rule r, void (*change)(Rule&)) {
    change(r);
    return r;
}

Rule dma_error(DmaAccess access, Opcode opcode) {
    Rule r = once(Action::kDmaError, opcode);
    r.dma = access;
    return r;
}

Rule queue_memory(DmaAccess access, std::uint16_t queue, std::uint64_t nth) {
    Rule r = rule(Action::kDmaError);
    r.dma = access;
    r.queue = queue;
    r.nth = nth;
    r.count = 1;
    return r;
}

Rule when_written(Action action, std::uint64_t duration_ns = 0) {
    Rule r = once(action, Opcode::kWrite);
    r.duration_ns = duration_ns;
    return r;
}

std::vector<Scenario> scenarios() {
    std::vector<Scenario> list;
    const auto add = [&](Scenario s) { list.push_back(std::move(s)); };
    // Counters: timeouts, aborts, queues, controller resets, subsystem resets, retries.
    add({"no_fault", {}, {}});

    // The command
    add({"drop", {once(Action::kDrop, Opcode::kWrite)}, {1, 0, 1, 0, 0, 0}});
    add({"drop_many",
         {with(rule(Action::kDrop),
               [](Rule& r) {
                   r.queue = 2;
                   r.nth = 3, r.every = 4, r.count = 4;
               })},
         {1, 0, 1, 0, 0, 0}});
    add({"hold", {once(Action::kHold, Opcode::kRead)}, {1, 1, 0, 0, 0, 1}});
    add({"hold_until_a_time",
         {with(once(Action::kHold, Opcode::kRead), [](Rule& r) { r.at_ns = 4'000'000; })},
         {}});
    add({"delay",
         {with(once(Action::kDelay, Opcode::kWrite), [](Rule& r) { r.delay_ns = 1'000'000; })},
         {}});
    add({"delay_beyond_patience",
         {with(once(Action::kDelay, Opcode::kWrite), [](Rule& r) { r.delay_ns = 50'000'000; })},
         {1, 1, 0, 0, 0, 1}});
    add({"complete_may_be_retried",
         {with(once(Action::kComplete, Opcode::kRead), [](Rule& r) { r.sc = 0x22; })},
         {0, 0, 0, 0, 0, 1}});
    add({"complete_do_not_retry",
         {with(once(Action::kComplete, Opcode::kRead), [](Rule& r) { r.sc = 0x06, r.dnr = true; })},
         {},
         1,
         StatusCode::kInternalError});
    add({"complete_for_ever",
         {with(rule(Action::kComplete),
               [](Rule& r) {
                   r.queues = faults::Queues::kIo, r.lba = 3 * 32, r.blocks = 32, r.opcode = 2,
                   r.sc = 0x21;
               })},
         {0, 0, 0, 0, 0, 6},
         2,
         StatusCode::kCommandInterrupted});
    add({"rewrite_command_opcode",
         {with(once(Action::kRewriteCommand, Opcode::kRead), [](Rule& r) { r.set = {0xff}; })},
         {},
         1,
         StatusCode::kInvalidOpcode});
    add({"rewrite_command_identifier",
         {with(once(Action::kRewriteCommand, Opcode::kRead),
               [](Rule& r) {
                   r.set_offset = 2, r.set = {0x55, 0x55};
               })},
         {1, 0, 1, 0, 0, 0},
         0,
         {},
         0,
         1});

    // Its data
    add({"replace_data_read",
         {with(once(Action::kReplaceData, Opcode::kRead),
               [](Rule& r) {
                   r.set_offset = 4094;
                   r.set = {0x11, 0x22, 0x33, 0x44};
                   r.set_mask = {0xff, 0xff, 0xff, 0x00};
               })},
         {},
         0,
         {},
         3});
    add({"flip_data_read",
         {with(once(Action::kFlipData, Opcode::kRead),
               [](Rule& r) {
                   r.set_offset = 9000, r.set = {1, 0, 0x80};
               })},
         {},
         0,
         {},
         2});
    add({"flip_data_write",
         {with(once(Action::kFlipData, Opcode::kWrite, kSecondRound),
               [](Rule& r) { r.set_offset = 16383, r.set = {0x40}; })},
         {},
         0,
         {},
         1,
         0,
         false,
         1});
    add({"dma_error_data_read",
         {dma_error(DmaAccess::kDataRead, Opcode::kWrite)},
         {0, 0, 0, 0, 0, 1}});
    add({"dma_error_data_write",
         {with(dma_error(DmaAccess::kDataWrite, Opcode::kRead),
               [](Rule& r) { r.set_offset = 8192; })},
         {0, 0, 0, 0, 0, 1}});
    add({"dma_error_prp_list",
         {dma_error(DmaAccess::kPrpList, Opcode::kRead)},
         {0, 0, 0, 0, 0, 1}});
    add({"dma_error_sqe_fetch", {queue_memory(DmaAccess::kSqeFetch, 1, 4)}, {1, 0, 1, 0, 0, 0}});
    add({"dma_error_cqe_write",
         {dma_error(DmaAccess::kCqeWrite, Opcode::kWrite)},
         {1, 0, 1, 0, 0, 0}});
    add({"dma_error_admin_sqe_fetch",
         {once(Action::kDrop, Opcode::kWrite), queue_memory(DmaAccess::kSqeFetch, 0, 7)},
         {1, 0, 0, 1, 0, 0}});

    // Its completion
    add({"drop_completion", {once(Action::kDropCompletion, Opcode::kWrite)}, {1, 0, 1, 0, 0, 0}});
    add({"hold_completion", {once(Action::kHoldCompletion, Opcode::kRead)}, {1, 1, 0, 0, 0, 1}});
    add({"delay_completion",
         {with(once(Action::kDelayCompletion, Opcode::kRead),
               [](Rule& r) { r.delay_ns = 2'000'000; })},
         {}});
    add({"rewrite_completion_identifier",
         {with(once(Action::kRewriteCompletion, Opcode::kRead),
               [](Rule& r) {
                   r.set_offset = 12, r.set = {0xff, 0xff};
               })},
         {1, 0, 1, 0, 0, 0},
         0,
         {},
         0,
         1});
    add({"rewrite_completion_status",  // 0/22h, phase apart
         {with(once(Action::kRewriteCompletion, Opcode::kRead),
               [](Rule& r) { r.set_offset = 14, r.set = {0x44}; })},
         {0, 0, 0, 0, 0, 1}});

    // Interrupts and doorbells
    add({"lose_interrupt",
         {with(rule(Action::kLoseInterrupt), [](Rule& r) { r.vector = 1; })},
         {},
         0,
         {},
         0,
         0,
         true});
    add({"duplicate_interrupt", {rule(Action::kDuplicateInterrupt)}, {}});
    add({"delay_interrupt",
         {with(rule(Action::kDelayInterrupt), [](Rule& r) { r.vector = 2, r.delay_ns = 300'000; })},
         {}});
    add({"raise_interrupt",
         {with(rule(Action::kRaiseInterrupt), [](Rule& r) { r.vector = 1, r.at_ns = 1'500'000; })},
         {}});
    add({"lose_doorbell",
         {with(rule(Action::kLoseDoorbell),
               [](Rule& r) {
                   r.queue = 1, r.doorbell = faults::DoorbellKind::kTail;
                   r.nth = 16, r.count = 1;
               })},
         {1, 0, 1, 0, 0, 0}});
    add({"lose_head_doorbell",
         {with(rule(Action::kLoseDoorbell),
               [](Rule& r) { r.doorbell = faults::DoorbellKind::kHead, r.every = 3; })},
         {}});
    add({"delay_doorbell",
         {with(rule(Action::kDelayDoorbell),
               [](Rule& r) { r.queues = faults::Queues::kIo, r.every = 2, r.delay_ns = 200'000; })},
         {}});

    // Registers and states
    add({"forge_register_all_ones",
         {with(rule(Action::kForgeRegister),
               [](Rule& r) { r.offset = spec::offset::kCsts, r.nth = 4, r.count = 1; })},
         {0, 0, 0, 1, 0, 0}});
    add({"delay_ready",
         {with(rule(Action::kDelayReady), [](Rule& r) { r.delay_ns = 3'000'000'000; })},
         {}});
    add({"never_ready",
         {with(rule(Action::kNeverReady), [](Rule& r) { r.count = 1; })},
         {0, 0, 0, 1, 0, 0}});
    add({"never_ready_never_disabled",
         {when_written(Action::kFatalStatus),
          with(rule(Action::kNeverReady),
               [](Rule& r) { r.edge = faults::ReadyEdge::kFall, r.count = 1; })},
         {1, 0, 0, 1, 1, 0}});
    add({"fatal_status", {when_written(Action::kFatalStatus)}, {1, 0, 0, 1, 0, 0}});
    add({"link_down", {when_written(Action::kLinkDown, 20'000'000)}, {1, 0, 0, 1, 1, 0}});
    add({"link_retrain",
         {with(once(Action::kLinkRetrain, Opcode::kWrite),
               [](Rule& r) { r.link_gen = 1, r.link_lanes = 1, r.retrain_ns = 100'000; })},
         {}});
    add({"remove", {when_written(Action::kRemove, 20'000'000)}, {1, 0, 0, 1, 1, 0}});
    add({"health",
         {with(once(Action::kHealth, Opcode::kWrite),
               [](Rule& r) { r.health.temperature = 400, r.health.available_spare = 0; })},
         {}});
    add({"power_cut", {when_written(Action::kPowerCut, 20'000'000)}, {1, 0, 0, 1, 1, 0}});

    // Media
    add({"read_error",
         {with(rule(Action::kReadError), [](Rule& r) { r.nsid = 1, r.lba = 5 * 32 + 31; })},
         {},
         2,
         StatusCode::kUnrecoveredReadError});
    add({"write_error",
         {with(rule(Action::kWriteError), [](Rule& r) { r.lba = 5 * 32, r.nth = 2, r.count = 1; })},
         {},
         1,
         StatusCode::kWriteFault});

    // The admin queue
    add({"admin_drop",
         {once_admin(Action::kDrop, spec::AdminOpcode::kCreateIoSq)},
         {0, 0, 0, 1, 0, 0}});
    add({"admin_drop_create_completion_queue",
         {once_admin(Action::kDrop, spec::AdminOpcode::kCreateIoCq)},
         {0, 0, 0, 1, 0, 0}});
    add({"admin_hold",
         {once_admin(Action::kHold, spec::AdminOpcode::kIdentify)},
         {0, 0, 0, 1, 0, 0}});
    add({"admin_delay",
         {with(once_admin(Action::kDelay, spec::AdminOpcode::kCreateIoCq),
               [](Rule& r) { r.delay_ns = 3'000'000; })},
         {}});
    add({"admin_delay_completion",
         {with(once_admin(Action::kDelayCompletion, spec::AdminOpcode::kCreateIoCq),
               [](Rule& r) { r.delay_ns = 3'000'000; })},
         {}});
    add({"admin_complete",
         {with(once_admin(Action::kComplete, spec::AdminOpcode::kSetFeatures),
               [](Rule& r) { r.sc = 6; })},
         {0, 0, 0, 1, 0, 0}});
    add({"admin_drop_completion",
         {once_admin(Action::kDropCompletion, spec::AdminOpcode::kSetFeatures)},
         {0, 0, 0, 1, 0, 0}});
    add({"admin_rewrite_command_identifier",
         {with(once_admin(Action::kRewriteCommand, spec::AdminOpcode::kIdentify),
               [](Rule& r) {
                   r.set_offset = 2, r.set = {10, 0};
               })},
         {0, 0, 0, 1, 0, 0},
         0,
         {},
         0,
         1});
    return list;
}

class Fault : public FaultTest, public ::testing::WithParamInterface<Scenario> {};

TEST_P(Fault, IsMetByAHostThatRecovers) {
    const Scenario& s = GetParam();
    for (const Rule& r : s.plan) add(r);
    run([&] {
        EXPECT_TRUE(recovery.start());
        work();
        EXPECT_TRUE(alive);
        const std::uint64_t seen = wrong_bytes;
        plan.set_active(false);
        read_all();
        EXPECT_EQ(wrong_bytes - seen, s.damaged) << "on the media";
        wrong_bytes = seen;
    });
    const Recovery::Counters& did = recovery.counters();
    EXPECT_EQ(did.timeouts, s.host.timeouts);
    EXPECT_EQ(did.aborts, s.host.aborts);
    EXPECT_EQ(did.queues, s.host.queues);
    EXPECT_EQ(did.controller_resets, s.host.controller_resets);
    EXPECT_EQ(did.subsystem_resets, s.host.subsystem_resets);
    EXPECT_EQ(did.retries, s.host.retries);
    EXPECT_EQ(failed, s.failed);
    EXPECT_EQ(last_failure, s.status);
    EXPECT_EQ(wrong_bytes, s.wrong_bytes);
    EXPECT_EQ(spilled, 0u);
    EXPECT_EQ(driver.protocol_errors(), s.protocol_errors);
    EXPECT_EQ(driver.missed_interrupts() != 0, s.misses_interrupts);
    for (const faults::RuleResult& r : plan.results())
        EXPECT_GT(r.applied, 0u) << faults::describe(r);
    EXPECT_EQ(trace.faults.empty(), s.plan.empty());
}

INSTANTIATE_TEST_SUITE_P(EveryKind, Fault, ::testing::ValuesIn(scenarios()),
                         [](const auto& one) { return std::string{one.param.name}; });

}  // namespace
}  // namespace nvme::test
