// SPDX-License-Identifier: Apache-2.0
// Which signals of a waveform are taken, and when they change.
#include "traces/analysis/waveform.h"

#include <algorithm>

namespace analysis {

Waveform::Waveform(const Options& options) : Ledger(options) {
    device_.fill(kUnwanted);
}

std::uint32_t Waveform::declare(std::string_view path, unsigned width) {
    const WaveName name = wave_name(path);
    if (name.wave == Wave::kNone || width > 64 || signals_.size() >= kMostSignals) return kUnwanted;
    auto scope = std::find(scopes_.begin(), scopes_.end(), name.scope);
    if (scope == scopes_.end()) {
        // A file of another tool may have names like ours in many of its scopes.
        constexpr std::size_t kMostScopes = 256;
        if (scopes_.size() >= kMostScopes) return kUnwanted;
        scope = scopes_.insert(scopes_.end(), std::string(name.scope));
    }
    Signal signal;
    signal.wave = name.wave;
    signal.scope = static_cast<std::uint32_t>(scope - scopes_.begin());
    const auto index = static_cast<std::uint32_t>(signals_.size());
    if (name.wave >= Wave::kStep) {
        const std::uint32_t queue = queue_of(signal.scope, name.queue);
        signal.place = lane_of(queue, name.lane);
        const auto which =
            static_cast<std::size_t>(name.wave) - static_cast<std::size_t>(Wave::kStep);
        lanes_[signal.place].signals[which] = index;
    } else if (name.wave == Wave::kVector) {
        signal.place = name.queue;
    } else if (name.wave >= Wave::kDeviceWaves) {
        signal.place = queue_of(signal.scope, name.queue);
    }
    signals_.push_back(signal);
    return index;
}

std::uint32_t Waveform::queue_of(std::uint32_t scope, std::uint16_t id) {
    const auto next = static_cast<std::uint32_t>(queues_.size());
    const auto [it, is_new] = queue_places_.try_emplace({scope, id}, next);
    if (is_new) queues_.emplace_back().id = id;
    return it->second;
}

std::uint32_t Waveform::lane_of(std::uint32_t queue, std::uint16_t number) {
    const auto next = static_cast<std::uint32_t>(lanes_.size());
    const auto [it, is_new] = lane_places_.try_emplace({queue, number}, next);
    if (is_new) {
        Lane& lane = lanes_.emplace_back();
        lane.queue = queue;
        lane.signals.fill(kUnwanted);
    }
    return it->second;
}

/// Are commands told of in this scope? By lanes, or by strobes.
Waveform::Told Waveform::told_in(std::uint32_t scope) const {
    Told told;
    for (const Signal& signal : signals_) {
        if (signal.scope != scope) continue;
        if (signal.wave < Wave::kDeviceWaves)
            told.device[static_cast<std::size_t>(signal.wave)] = true;
        for (std::size_t i = 0; i < kLaneNeeds.size(); ++i)
            if (signal.wave == kLaneNeeds[i]) told.of_lanes[i] = true;
        if (signal.wave != Wave::kStep) continue;
        const Lane& lane = lanes_[signal.place];
        told.lanes = told.lanes || (lane.signal(Wave::kOpcode) != kUnwanted &&
                                    lane.signal(Wave::kCid) != kUnwanted);
    }
    told.strobes = std::all_of(std::begin(kStrobes), std::end(kStrobes), [&](Wave wave) {
        return told.device[static_cast<std::size_t>(wave)];
    });
    return told;
}

std::string Waveform::declared() {
    constexpr std::string_view kNeeds =
        "must have queues.ioN.slots.sM.step, opcode and cid, or fetched.strobe, sqid, cid and "
        "opcode with completed.strobe, sqid and cid";
    const auto none = static_cast<std::uint32_t>(scopes_.size());
    std::uint32_t chosen = none;
    std::string lacking;
    for (std::uint32_t scope = 0; scope < none && chosen == none; ++scope) {
        if (!options_.scope.empty() && scopes_[scope] != options_.scope) continue;
        const Told told = told_in(scope);
        if (told.lanes || told.strobes) chosen = scope;
        // Of the scope that is nearest to one of ours.
        if (std::string list = lacking_of(told); lacking.empty() || list.size() < lacking.size())
            lacking = std::move(list);
    }
    if (chosen == none && !options_.scope.empty() && lacking.empty())
        return "there is no scope \"" + options_.scope + "\" with signals of nvme-vp";
    if (chosen == none)
        return lacking.empty()
                   ? "has no signal of commands of nvme-vp: " + std::string(kNeeds)
                   : "lacks what tells of commands: " + lacking + " (" + std::string(kNeeds) + ")";
    use_scope(chosen);
    return {};
}

/// Which signals of commands there are not in a scope.
std::string Waveform::lacking_of(const Told& told) {
    constexpr std::string_view kOfLanes[] = {"step", "opcode", "cid"};
    std::string text;
    const auto add = [&text](std::string_view prefix, std::string_view name) {
        text.append(text.empty() ? "" : ", ").append(prefix).append(name);
    };
    for (std::size_t i = 0; i < told.of_lanes.size(); ++i)
        if (!told.of_lanes[i]) add("queues.ioN.slots.sM.", kOfLanes[i]);
    for (const Wave wave : kStrobes)
        if (!told.device[static_cast<std::size_t>(wave)]) add("", name_of(wave));
    return text;
}

/// From here on there is one controller.
void Waveform::use_scope(std::uint32_t scope) {
    scope_ = scope;
    const Told told = told_in(scope);
    result_.details = told.lanes;
    for (std::uint32_t other = 0; other < scopes_.size(); ++other)
        if (other != scope && (told_in(other).lanes || told_in(other).strobes))
            others_.append(others_.empty() ? "" : ", ").append(scopes_[other]);
    for (std::uint32_t i = 0; i < signals_.size(); ++i) {
        Signal& signal = signals_[i];
        if (signal.scope != scope || (!told.lanes && signal.wave >= Wave::kStep))
            signal.wave = Wave::kNone;
        else if (signal.wave < Wave::kDeviceWaves)
            device_[static_cast<std::size_t>(signal.wave)] = i;
    }
    // A lane without these says nothing of a command.
    for (Lane& lane : lanes_)
        for (const Wave wave : kLaneNeeds)
            lane.complete = lane.complete && lane.signal(wave) != kUnwanted;
}

void Waveform::change(std::uint32_t index, std::uint64_t value, bool driven) {
    Signal& signal = signals_[index];
    if (signal.wave == Wave::kNone || full()) return;
    if (!is_event(signal.wave) && signal.value == value && signal.driven == driven) return;
    signal.value = value;
    signal.driven = driven;
    if (signal.changed) return;
    signal.changed = true;
    changed_.push_back(index);
}

void Waveform::advance(util::TimePs now) {
    if (full() && changed_.empty()) return;
    end_instant();
    now_ = now;
}

void Waveform::comment(std::string_view text) {
    complete_ = text == "complete";
    if (!complete_ && remark_.empty()) remark_ = text;
}

}  // namespace analysis
