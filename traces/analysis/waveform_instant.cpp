// SPDX-License-Identifier: Apache-2.0
// What the changes of one instant say.
#include <algorithm>

#include "traces/analysis/waveform.h"

namespace analysis {
using util::TimePs;

namespace {

constexpr std::uint32_t key_of(std::uint64_t sqid, std::uint64_t cid) {
    return static_cast<std::uint32_t>((sqid & 0xffff) << 16 | (cid & 0xffff));
}
bool has(const std::vector<std::uint32_t>& keys, std::uint32_t key) {
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

}  // namespace

WaveLane::Moment Waveform::moment(const Lane& lane) const {
    const auto value_of = [&](Wave wave) {
        const Signal& signal = signals_[lane.signal(wave)];
        return signal.driven ? signal.value : 0;
    };
    return {now_, static_cast<unsigned>(value_of(Wave::kStep) & 7),
            static_cast<std::uint16_t>(value_of(Wave::kCid)), queues_[lane.queue].rung};
}

std::uint64_t Waveform::value_in(const Lane& lane, Wave wave) const {
    const std::uint32_t index = lane.signal(wave);
    return index == kUnwanted || !signals_[index].driven ? 0 : signals_[index].value;
}

/// Nobody knows since when.
void Waveform::initial_values() {
    began(now_);
    for (Lane& lane : lanes_) {
        if (!lane.complete) continue;
        lane.life.begin_with(moment(lane));
        if (lane.life.old() && value_in(lane, Wave::kStep) != WaveLane::kTaken) ++old_;
    }
    for (const std::uint32_t index : changed_) {
        const Signal& signal = signals_[index];
        if (signal.wave == Wave::kSqSize) resize(queues_[signal.place], signal.value);
        if (signal.wave == Wave::kSqHead) queues_[signal.place].head = signal.value;
        if (signal.wave == Wave::kInFlight) follow_level(queues_[signal.place], signal.value);
    }
    follow_media();
    begin_news();
    forget_changes();
}

void Waveform::end_instant() {
    if (changed_.empty() && result_.events == 0) return;  // the waveform begins later
    began(now_);
    if (changed_.empty()) return;
    result_.events += changed_.size() - 1;
    for (const std::uint32_t index : changed_) sort(signals_[index]);
    // When all of the instant is known, above all which doorbells were written.
    for (const std::uint32_t index : touched_) look_at(lanes_[index]);
    follow_strobes();
    follow_queues();
    follow_media();
    tell_news();
    forget_changes();
}

void Waveform::sort(const Signal& signal) {
    switch (signal.wave) {
        case Wave::kSqDoorbell:
            queues_[signal.place].rung = true;
            rung_.add(since_begin(now_), 1);
            break;
        case Wave::kCqDoorbell:
            taken_ = true;
            rung_.add(since_begin(now_), 1);
            break;
        case Wave::kSqSize:
            queues_[signal.place].resized = true;
            break;
        case Wave::kVector:
            ++vectors_;
            break;
        default:
            break;
    }
    if (signal.wave < Wave::kStep || signal.wave >= Wave::kNone) return;
    Lane& lane = lanes_[signal.place];
    if (lane.touched || !lane.complete) return;
    lane.touched = true;
    touched_.push_back(signal.place);
}

void Waveform::look_at(Lane& lane) {
    const WaveLane::Moment m = moment(lane);
    const bool leaves = lane.life.leaves(m);
    lane.life.pass(m);
    if (leaves) leave(lane);
    if (lane.life.begins(m)) begin(lane, m);
    if (lane.life.completes(m)) {
        Command& command = result_.commands[lane.life.command()];
        lane.life.give_stages(command);
        complete(lane.life.command(), static_cast<std::uint16_t>(value_in(lane, Wave::kStatus)));
        lane.life.set_completed();
    }
}

void Waveform::begin(Lane& lane, const WaveLane::Moment& m) {
    Command command;
    command.sqid = queues_[lane.queue].id;
    command.cid = m.cid;
    command.opcode = static_cast<std::uint8_t>(value_in(lane, Wave::kOpcode));
    command.nsid = static_cast<std::uint32_t>(value_in(lane, Wave::kNsid));
    command.slba = value_in(lane, Wave::kLba);
    command.blocks = static_cast<std::uint32_t>(value_in(lane, Wave::kBlocks));
    command.fetched_ps = command.begin_ps = now_;
    if (lane.life.knows_doorbell()) {
        command.begin_ps -= lane.life.spent(WaveLane::kDoorbell);
        command.stage(Stage::kDoorbell) =
            static_cast<float>(to_ns(lane.life.spent(WaveLane::kDoorbell)));
    }
    lane.life.take(start(command), m);
}

/// Returns its index.
std::size_t Waveform::start(const Command& command) {
    begun_.push_back(key_of(command.sqid, command.cid));
    QueueFacts& facts = result_.queues[command.sqid];
    std::uint32_t& in_flight = in_flight_[command.sqid];
    facts.most_in_flight = std::max(facts.most_in_flight, ++in_flight);
    return begin_command(command);
}

void Waveform::complete(std::size_t index, std::uint16_t status) {
    Command& command = result_.commands[index];
    command.end_ps = now_;
    command.status = status;
    end_command(command, 0);
    ended_.push_back(key_of(command.sqid, command.cid));
    --in_flight_[command.sqid];
}

/// The command of a lane is over: the host has taken it, or the queue is gone. Where it has also
/// completed in this instant, the lane shows nothing of that.
void Waveform::leave(Lane& lane) {
    const std::size_t index = lane.life.command();
    if (index != WaveLane::kNoCommand) {
        Command& command = result_.commands[index];
        if (!lane.life.completed()) {
            lane.life.give_stages(command);
            vanished_[key_of(command.sqid, command.cid)] = {index, lane.queue};
        } else if (taken_) {
            command.stage(Stage::kHost) =
                static_cast<float>(to_ns(lane.life.spent(WaveLane::kTaken)));
        }
    }
    lane.life.forget();
}

/// Commands without a lane; and which of those that have left theirs have completed.
void Waveform::follow_strobes() {
    if (changed(Wave::kFetched)) {
        const std::uint32_t key = key_of(value(Wave::kFetchedSqid), value(Wave::kFetchedCid));
        if (!has(begun_, key)) {
            Command command;
            command.sqid = static_cast<std::uint16_t>(key >> 16);
            command.cid = static_cast<std::uint16_t>(key);
            command.opcode = static_cast<std::uint8_t>(value(Wave::kFetchedOpcode));
            command.fetched_ps = command.begin_ps = now_;
            if (without_lane_.count(key) != 0) {  // its end was another one's instant, too
                --in_flight_[command.sqid];
                ++without_end_;
            }
            without_lane_[key] = start(command);
            ++laneless_;
        }
    }
    if (changed(Wave::kCompleted)) {
        const std::uint32_t key = key_of(value(Wave::kCompletedSqid), value(Wave::kCompletedCid));
        const auto status = static_cast<std::uint16_t>(value(Wave::kCompletedStatus));
        if (const auto lane = vanished_.find(key); lane != vanished_.end()) {
            complete_at_once(lane->second.command, status);
            vanished_.erase(lane);
        } else if (const auto other = without_lane_.find(key);
                   other != without_lane_.end() && !has(ended_, key)) {
            complete(other->second, status);
            without_lane_.erase(other);
        }
    }
    settle_vanished();
}

/// The strobe tells of one completion only in an instant. But while its queue is there, a command
/// leaves its lane for no other reason.
void Waveform::settle_vanished() {
    bool reset = !ready();
    for (std::size_t kind = 0; kind < kResetKinds; ++kind)
        reset = reset || changed(Wave::kResetController + kind);
    for (const auto& [key, vanished] : vanished_) {
        const Queue& queue = queues_[vanished.queue];
        const bool gone = reset || queue.resized;
        const bool known = queue.size != 0 && device(Wave::kCsts) != nullptr;
        if (known && !gone) {
            complete_at_once(vanished.command, 0);
            ++without_status_;
            continue;
        }
        --in_flight_[queue.id];
        if (!gone) ++perhaps_ended_;
    }
    vanished_.clear();
}

/// The host has it, if it takes any, in the instant in which it completes.
void Waveform::complete_at_once(std::size_t index, std::uint16_t status) {
    complete(index, status);
    if (taken_) result_.commands[index].stage(Stage::kHost) = 0;
}

void Waveform::forget_changes() {
    for (const std::uint32_t index : changed_) {
        signals_[index].changed = false;
        if (signals_[index].wave == Wave::kSqDoorbell) queues_[signals_[index].place].rung = false;
        if (signals_[index].wave == Wave::kSqSize) queues_[signals_[index].place].resized = false;
    }
    for (const std::uint32_t index : touched_) lanes_[index].touched = false;
    changed_.clear();
    touched_.clear();
    begun_.clear();
    ended_.clear();
    taken_ = false;
    vectors_ = 0;
}

}  // namespace analysis
