// SPDX-License-Identifier: Apache-2.0
#include "tests/support/core_harness.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "models/media/store/ram_store.h"
#include "models/nvme/controller/identity.h"

namespace nvme::test {
using util::kNever;
using util::TimePs;
namespace offset = spec::offset;

namespace {

/// More steps than any test needs at one time: beyond it, processes wake one another for ever.
constexpr unsigned kMostStepsAtATime = 200'000;

}  // namespace

ControllerParams instant_params() {
    ControllerParams p;
    p.doorbell_to_fetch_ns = p.firmware_per_command_ns = p.admin_command_ns = 0;
    p.enable_time_ns = p.disable_time_ns = p.shutdown_time_ns = 0;
    p.link.gen = 0;
    p.link.latency_ns = 0;
    p.media.model = media::Model::kNone;
    p.max_io_queues = 4;
    p.msix_vectors = 8;
    p.max_namespaces = 16;
    p.write_cache_bytes = 1 << 20;
    return with_identity(p, "harness");
}

CoreHarness::CoreHarness(const ControllerParams& p) : params(p), subsystem(params) {
    controller.emplace(params, subsystem, memory, clock, static_cast<Environment&>(*this));
}

CoreHarness::~CoreHarness() = default;

void CoreHarness::wake(Process process, TimePs at) {
    const Key key = static_cast<Key>(process.kind) << 16 | process.cqid;
    Slot& slot = slots_[key];
    slot.event = std::min(slot.event, std::max(at, clock.now()));
}

std::pair<CoreHarness::Key, TimePs> CoreHarness::earliest() const {
    std::pair<Key, TimePs> best{0, kNever};
    for (const auto& [key, slot] : slots_) {
        const TimePs at = std::min(slot.due, slot.event);
        if (!slot.inside && at < best.second) best = {key, at};
    }
    return best;
}

void CoreHarness::run(Key key) {
    Slot& slot = slots_[key];
    slot.due = slot.event = kNever;
    slot.inside = true;
    const TimePs due = controller->step(
        {static_cast<Process::Kind>(key >> 16), static_cast<std::uint16_t>(key & 0xffff)});
    slot.due = due == kNever ? kNever : std::max(due, clock.now());
    slot.inside = false;
}

void CoreHarness::run_until(TimePs until) {
    unsigned steps = 0;
    for (;;) {
        const auto [key, at] = earliest();
        if (at > until) break;
        if (at > clock.now()) steps = 0;
        if (++steps > kMostStepsAtATime) {
            ADD_FAILURE() << "processes keep waking one another at " << clock.now() << " ps";
            break;
        }
        clock.set(std::max(clock.now(), at));
        run(key);
    }
    if (until != kNever - 1) clock.set(std::max(clock.now(), until));
    for (auto& [key, slot] : slots_)
        if (slot.inside && slot.event <= clock.now()) slot.event = kNever;
}

void CoreHarness::settle() {
    run_until(kNever - 1);
}

void CoreHarness::set_bus_master(bool enabled) {
    bus_master_ = enabled;
    memory.refuse_all(!enabled);
    controller->dma_enable_changed();
}

void CoreHarness::write32(std::uint32_t at, std::uint32_t value, TimePs delay) {
    ASSERT_TRUE(controller->write(at, 4, value, clock.now() + delay));
}

void CoreHarness::write64(std::uint32_t at, std::uint64_t value) {
    ASSERT_TRUE(controller->write(at, 8, value, clock.now()));
}

std::uint32_t CoreHarness::read32(std::uint32_t at) const {
    const auto value = controller->read(at, 4);
    EXPECT_TRUE(value.has_value());
    return static_cast<std::uint32_t>(value.value_or(0));
}

spec::Csts CoreHarness::csts() const {
    return spec::Csts::from(read32(offset::kCsts));
}

spec::Cc CoreHarness::default_cc() {
    using C = spec::Cc;
    return C{}.with<C::En>(true).with<C::Iosqes>(6).with<C::Iocqes>(4);
}

std::uint64_t CoreHarness::alloc(std::uint64_t bytes) {
    constexpr std::uint64_t kAlign = 64 * 1024;  // the largest memory page
    return std::exchange(next_free_, next_free_ + (bytes + kAlign - 1) / kAlign * kAlign);
}

void CoreHarness::add_namespace(std::uint32_t nsid, std::uint64_t bytes, std::uint32_t lba_size) {
    NamespaceConfig config;
    config.nsid = nsid;
    config.lba_size = lba_size;
    ASSERT_EQ(subsystem.add(config, std::make_unique<media::RamStore>(bytes)), "");
}

void CoreHarness::start_enable(std::uint32_t entries, spec::Cc cc) {
    admin_ = {};
    admin_.sq_base = alloc(entries * sizeof(spec::SubmissionEntry));
    admin_.cq_base = alloc(entries * sizeof(spec::CompletionEntry));
    admin_.sq_size = admin_.cq_size = entries;
    write32(offset::kAqa, (entries - 1) << 16 | (entries - 1));
    write64(offset::kAsq, admin_.sq_base);
    write64(offset::kAcq, admin_.cq_base);
    write32(offset::kCc, cc.raw);
}

void CoreHarness::enable(std::uint32_t entries, spec::Cc cc) {
    start_enable(entries, cc);
    settle();
    ASSERT_TRUE(ready());
}

void CoreHarness::disable() {
    write32(offset::kCc, 0);
    settle();
    ASSERT_FALSE(ready());
}

HostQueue CoreHarness::create_queues(std::uint16_t qid, std::uint32_t entries,
                                     std::uint16_t vector) {
    HostQueue q;
    q.qid = qid;
    q.sq_size = q.cq_size = entries;
    q.sq_base = alloc(entries * sizeof(spec::SubmissionEntry));
    q.cq_base = alloc(entries * sizeof(spec::CompletionEntry));
    auto cq = admin_command(spec::AdminOpcode::kCreateIoCq);
    cq.prp1 = q.cq_base;
    cq.cdw10 = (entries - 1) << 16 | qid;
    cq.cdw11 = std::uint32_t{vector} << 16 | 3;
    EXPECT_EQ(status_of(admin(cq)), spec::StatusCode::kSuccess);
    auto sq = admin_command(spec::AdminOpcode::kCreateIoSq);
    sq.prp1 = q.sq_base;
    sq.cdw10 = (entries - 1) << 16 | qid;
    sq.cdw11 = std::uint32_t{qid} << 16 | 1;
    EXPECT_EQ(status_of(admin(sq)), spec::StatusCode::kSuccess);
    return q;
}

std::uint16_t CoreHarness::push(HostQueue& q, spec::SubmissionEntry sqe) {
    const std::uint16_t cid = q.next_cid++;
    sqe.cdw0 = spec::Cdw0::from(sqe.cdw0).with<spec::Cdw0::Cid>(cid).raw;
    memory.put(q.sq_base + q.tail * sizeof sqe, sqe);
    q.tail = (q.tail + 1) % q.sq_size;
    return cid;
}

void CoreHarness::ring_tail(const HostQueue& q, TimePs delay) {
    write32(offset::kDoorbells + 8u * q.qid, q.tail, delay);
}

void CoreHarness::ring_head(const HostQueue& q, TimePs delay) {
    write32(offset::kDoorbells + 8u * q.qid + 4, q.head, delay);
}

std::optional<spec::CompletionEntry> CoreHarness::poll(HostQueue& q, bool acknowledge) {
    const auto cqe =
        memory.get<spec::CompletionEntry>(q.cq_base + q.head * sizeof(spec::CompletionEntry));
    if (((cqe.status & 1) != 0) != q.phase) return std::nullopt;
    if (++q.head == q.cq_size) {
        q.head = 0;
        q.phase = !q.phase;
    }
    if (acknowledge) ring_head(q);
    return cqe;
}

spec::CompletionEntry CoreHarness::execute(HostQueue& q, const spec::SubmissionEntry& sqe) {
    const std::uint16_t cid = push(q, sqe);
    ring_tail(q);
    settle();
    const auto cqe = poll(q);
    if (!cqe) {
        ADD_FAILURE() << "command " << cid << " of queue " << q.qid << " has not completed";
        return {};
    }
    EXPECT_EQ(cqe->cid, cid);
    EXPECT_EQ(cqe->sqid, q.qid);
    return *cqe;
}

void CoreHarness::write_and_verify(HostQueue& q, std::uint32_t nsid, std::uint32_t seed) {
    constexpr std::uint32_t kBytes = 8192, kBlocks = kBytes / 512;
    const std::uint64_t out = alloc(kBytes), in = alloc(kBytes);
    for (std::uint64_t at = 0; at < kBytes; at += 4)
        memory.put(out + at, static_cast<std::uint32_t>(seed * 2654435761u + at));
    const auto write = io_command(spec::NvmOpcode::kWrite, nsid, 0, kBlocks, out, out + 4096);
    EXPECT_EQ(status_of(execute(q, write)), spec::StatusCode::kSuccess);
    const auto read = io_command(spec::NvmOpcode::kRead, nsid, 0, kBlocks, in, in + 4096);
    EXPECT_EQ(status_of(execute(q, read)), spec::StatusCode::kSuccess);
    for (std::uint64_t at = 0; at < kBytes; at += 4)
        ASSERT_EQ(memory.get<std::uint32_t>(in + at), memory.get<std::uint32_t>(out + at)) << at;
}

void CoreHarness::expect_service(std::uint32_t nsid) {
    disable();
    enable();
    HostQueue q = create_queues(1, 8);
    write_and_verify(q, nsid, 1);
}

spec::SubmissionEntry admin_command(spec::AdminOpcode opcode) {
    spec::SubmissionEntry sqe{};
    sqe.cdw0 = static_cast<std::uint8_t>(opcode);
    return sqe;
}

spec::SubmissionEntry io_command(spec::NvmOpcode opcode, std::uint32_t nsid, std::uint64_t slba,
                                 std::uint32_t blocks, std::uint64_t prp1, std::uint64_t prp2) {
    spec::SubmissionEntry sqe{};
    sqe.cdw0 = static_cast<std::uint8_t>(opcode);
    sqe.nsid = nsid;
    sqe.prp1 = prp1;
    sqe.prp2 = prp2;
    sqe.cdw10 = static_cast<std::uint32_t>(slba);
    sqe.cdw11 = static_cast<std::uint32_t>(slba >> 32);
    sqe.cdw12 = blocks - 1;
    return sqe;
}

spec::StatusCode status_of(const spec::CompletionEntry& cqe) {
    const auto s = spec::CompletionStatus::from(cqe.status);
    return static_cast<spec::StatusCode>(s.get<spec::CompletionStatus::Sct>() << 8 |
                                         s.get<spec::CompletionStatus::Sc>());
}

}  // namespace nvme::test
