// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/analyser.h"

#include <algorithm>

#include "models/nvme/spec/admin_commands.h"
#include "models/nvme/spec/command_formats.h"
#include "models/nvme/spec/registers.h"

namespace analysis {
namespace spec = nvme::spec;
using util::TimePs;

namespace {

constexpr std::uint32_t key_of(std::uint32_t sqid, std::uint32_t cid) {
    return sqid << 16 | cid;
}

}  // namespace

Analyser::Analyser(const Options& options) : Ledger(options) {}

Analyser::Flying* Analyser::flying(std::uint32_t sqid, std::uint32_t cid) {
    return flying_.find(key_of(sqid, cid));
}

// Of the admin queues; those of the others come with `queue` events.
void Analyser::take(const observe::RegisterWrite& e) {
    if (e.offset != spec::offset::kAqa) return;
    const auto aqa = spec::Aqa::from(static_cast<std::uint32_t>(e.value));
    submissions_[0].clock.restart(aqa.get<spec::Aqa::Asqs>() + 1);
    admin_completion_size_ = aqa.get<spec::Aqa::Acqs>() + 1;
    completions_[0].clock.restart(admin_completion_size_);
    QueueFacts& facts = result_.queues[0];
    facts.size = aqa.get<spec::Aqa::Asqs>() + 1;
}

void Analyser::take(const observe::QueueChange& e) {
    if (e.completion) {
        completions_[e.qid].clock.restart(e.created && !shadow_ ? e.size : 0);
        return;
    }
    submissions_[e.qid] = {};
    submissions_[e.qid].clock.restart(e.created && !shadow_ ? e.size : 0);
    if (!e.created) return;
    QueueFacts& facts = result_.queues[e.qid];
    facts.sqid = e.qid;
    facts.size = e.size;
}

void Analyser::take(const observe::Doorbell& e) {
    marks_.record(e);
    rung_.add(since_begin(e.ps), 1);
    if (!e.accepted) return;
    if (!e.completion) {
        ++result_.queues[e.qid].doorbells;
        submissions_[e.qid].clock.rung(e.value, e.ps);
        return;
    }
    completions_[e.qid].clock.rung(e.value, [&](const CompletionClock::Entry& entry) {
        if (entry.command == CompletionClock::kNoCommand) return;
        Command& command = result_.commands[entry.command];
        // Taken together with an entry that an interrupt had told of, or by looking.
        if (!entry.interrupt) command.stage(Stage::kInterrupt) = 0;
        const TimePs told = entry.interrupt.value_or(entry.posted);
        if (e.ps >= told) command.stage(Stage::kHost) = static_cast<float>(to_ns(e.ps - told));
    });
}

/// Which completion queue a queue uses, and which vector.
void Analyser::follow_queue_command(const observe::CommandFetched& e) {
    const auto qid = static_cast<std::uint16_t>(e.sqe.cdw10);
    if (e.opcode() == static_cast<std::uint8_t>(spec::AdminOpcode::kCreateIoSq)) {
        const auto cdw11 = spec::CreateIoSqCdw11::from(e.sqe.cdw11);
        result_.queues[qid].cqid =
            static_cast<std::uint16_t>(cdw11.get<spec::CreateIoSqCdw11::Cqid>());
    } else if (e.opcode() == static_cast<std::uint8_t>(spec::AdminOpcode::kCreateIoCq)) {
        const auto cdw11 = spec::CreateIoCqCdw11::from(e.sqe.cdw11);
        completions_[qid].vector =
            static_cast<std::uint16_t>(cdw11.get<spec::CreateIoCqCdw11::Iv>());
        completions_[qid].interrupts = cdw11.get<spec::CreateIoCqCdw11::Ien>();
    }
}

Analyser::Flying& Analyser::take_off(const Command& command) {
    const Flying entry{begin_command(command), Life(command.fetched_ps), 0};
    return flying_.take(key_of(command.sqid, command.cid), entry);
}

void Analyser::take(const observe::CommandFetched& e) {
    Submission& queue = submissions_[e.sqid];
    Command command;
    command.sqid = e.sqid;
    command.cid = e.cid();
    command.opcode = e.opcode();
    command.nsid = e.sqe.nsid;
    command.fetched_ps = command.begin_ps = e.ps;
    if (e.sqid != 0 && spec::names_blocks(e.opcode())) {
        command.slba = spec::slba_of(e.sqe);
        command.blocks = spec::blocks_of(e.sqe);
    }
    if (const auto told = queue.clock.fetched(); told && *told <= e.ps) {
        command.begin_ps = *told;
        command.stage(Stage::kDoorbell) = static_cast<float>(to_ns(e.ps - *told));
    }
    if (e.sqid == 0) follow_queue_command(e);
    take_off(command).life.arrived(queue.arrived);
    ++queue.in_flight;
    std::uint32_t& most = result_.queues[e.sqid].most_in_flight;
    most = std::max(most, queue.in_flight);
}

void Analyser::take(const observe::CommandStepped& e) {
    result_.details = true;
    const TimePs media = media_asked_ == e.ps ? media_until_ : 0;
    media_until_ = 0;
    Flying* const command = flying(e.sqid, e.cid);
    if (command == nullptr) return;
    const Submission& queue = submissions_[e.sqid];
    if (e.next == "start" && e.at != util::kNever && e.sqid != 0) {
        const TimePs from = std::max(e.ps, queue.arrived);
        if (e.at >= from) decoder_.decoded(since_begin(from), e.at - from);
    }
    command->life.waits(e.ps, e.next, e.at, media);
}

void Analyser::take(const observe::DataBuffer& e) {
    buffers_ = true;
    if (Flying* const command = flying(e.sqid, e.cid)) command->buffers += e.len;
}

void Analyser::take(const observe::DmaAccess& e) {
    result_.details = true;
    if (e.kind == observe::DmaKind::kSubmissionEntry && e.qid <= 0xffff)
        submissions_[static_cast<std::uint16_t>(e.qid)].arrived = e.done;
    if (e.kind != observe::DmaKind::kData || e.qid > 0xffff || e.cid > 0xffff) return;
    if (Flying* const command = flying(e.qid, e.cid)) command->life.transfers(e.done);
}

void Analyser::take(const observe::LinkTransfer& e) {
    result_.details = true;
    (e.read ? down_ : up_).transfer(since_begin(e.start), since_begin(e.done), e.bytes);
}

void Analyser::take(const observe::MediaAccess& e) {
    result_.details = true;
    media_.access(since_begin(e.ps), since_begin(e.begin), since_begin(e.end));
    // Nobody waits for what the cache gives up by itself.
    if (e.use == observe::MediaUse::kDestage) return;
    if (media_asked_ != e.ps) media_until_ = 0;
    media_asked_ = e.ps;
    media_until_ = std::max(media_until_, e.end);
}

void Analyser::take(const observe::MediaBlock& e) {
    result_.details = true;
    marks_.record(e);
}

void Analyser::take(const observe::NandWork& e) {
    channels_.work(e.channel, since_begin(e.transfer), since_begin(e.freed));
    dies_.work(e.die, since_begin(e.begin), since_begin(e.end));
}

void Analyser::take(const observe::FreeBlocks& e) {
    channels_.expect(e.channels);
    dies_.expect(e.dies);
}

void Analyser::take(const observe::CommandCompleted& e) {
    Flying* found = flying(e.sqid, e.cid);
    if (found == nullptr) {  // it was fetched before the trace began
        Command command;
        command.sqid = e.sqid;
        command.cid = e.cid;
        command.opcode = e.opcode;
        command.fetched_ps = command.begin_ps = std::min(e.fetched_ps, e.ps);
        found = &take_off(command);
    }
    Command& command = result_.commands[found->command];
    command.end_ps = e.ps;
    command.status = static_cast<std::uint16_t>(e.status);
    found->life.completed(e.ps, command);
    end_command(command, found->buffers);
    completions_[e.cqid].clock.posted(found->command, e.ps);
    result_.queues[e.sqid].cqid = e.cqid;
    flying_.erase(key_of(e.sqid, e.cid));
    constexpr auto kConfig = static_cast<std::uint8_t>(spec::AdminOpcode::kDoorbellBufferConfig);
    if (e.sqid == 0 && e.opcode == kConfig && e.status == spec::StatusCode::kSuccess)
        use_shadow_doorbells();
    Submission& queue = submissions_[e.sqid];
    if (queue.in_flight != 0) --queue.in_flight;
}

/// From now on a doorbell of an I/O queue says nothing of when the host has written the value:
/// their clocks have no size, and know nothing.
void Analyser::use_shadow_doorbells() {
    shadow_ = true;
    for (auto& [sqid, queue] : submissions_)
        if (sqid != 0) queue.clock.restart(0);
    for (auto& [cqid, queue] : completions_)
        if (cqid != 0) queue.clock.restart(0);
}

void Analyser::take(const observe::QueueLevels& e) {
    Level& level = levels_[e.sqid];
    if (e.sqid != 0 && e.ps > level.since)
        levels_over_time_.add_interval(since_begin(level.since), since_begin(e.ps),
                                       level.in_flight);
    level = {e.in_flight, e.ps};
}

void Analyser::interrupted(Completion& completion, TimePs at) {
    ++completion.signalled;
    completion.clock.interrupted(at, [&](const CompletionClock::Entry& entry) {
        if (entry.command == CompletionClock::kNoCommand) return;
        result_.commands[entry.command].stage(Stage::kInterrupt) =
            static_cast<float>(to_ns(at - std::min(at, entry.posted)));
    });
}

void Analyser::take(const observe::Interrupt& e) {
    signalled_.add(since_begin(e.ps), 1);
    for (auto& [cqid, completion] : completions_)
        if (completion.interrupts && completion.vector == e.vector) interrupted(completion, e.ps);
}

// One wire for all queues.
void Analyser::take(const observe::IntxChange& e) {
    if (!e.asserted) return;
    signalled_.add(since_begin(e.ps), 1);
    for (auto& [cqid, completion] : completions_)
        if (completion.interrupts) interrupted(completion, e.ps);
}

// What was in flight never completes. AQA stays, or is written anew.
void Analyser::take(const observe::Reset& e) {
    marks_.record(e);
    shadow_ = false;
    flying_.clear();
    levels_.clear();
    for (auto& [sqid, queue] : submissions_) {
        queue = {};
        queue.clock.restart(sqid == 0 ? result_.queues[0].size : 0);
    }
    for (auto& [cqid, queue] : completions_)
        queue.clock.restart(cqid == 0 ? admin_completion_size_ : 0);
}

Analysis Analyser::finish() {
    for (auto& [sqid, facts] : result_.queues) {
        facts.sqid = sqid;
        if (!facts.cqid) facts.cqid = 0;
        facts.interrupts = completions_[*facts.cqid].signalled;
    }
    return close();
}

Analysis Analyser::cut() {
    std::vector<std::uint32_t> in_flight;  // by command, in the order of fetch
    std::vector<Command> commands;
    for (const Command& command : result_.commands) {
        const std::uint32_t key = key_of(command.sqid, command.cid);
        const Flying* const there = flying_.find(key);
        if (there == nullptr || &result_.commands[there->command] != &command) continue;
        commands.push_back(command);
        in_flight.push_back(key);
    }
    const std::map<std::uint16_t, QueueFacts> queues = result_.queues;
    Analysis part = finish();
    begin_anew(part.end_ps);
    result_.details = part.details;
    result_.commands = std::move(commands);
    for (std::size_t i = 0; i < in_flight.size(); ++i) flying_.find(in_flight[i])->command = i;
    for (auto& [cqid, completion] : completions_) {
        completion.clock.forget_commands();
        completion.signalled = 0;
    }
    for (const auto& [sqid, facts] : queues) {
        QueueFacts& kept = result_.queues[sqid];
        kept.sqid = sqid;
        kept.cqid = facts.cqid;
        kept.size = facts.size;
        kept.most_in_flight = submissions_[sqid].in_flight;
    }
    return part;
}

}  // namespace analysis
