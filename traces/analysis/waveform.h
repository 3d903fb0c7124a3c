// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "traces/analysis/ledger.h"
#include "traces/analysis/vcd_reader.h"
#include "traces/analysis/wave_lane.h"
#include "traces/analysis/wave_signals.h"

namespace analysis {

/// Reconstructs commands, queues and load from the signals of one controller in a waveform of
/// nvme-vp. A command is followed in its lane; one that had none is known by the strobes, without
/// what it was about. Signals are taken by name; others are passed over.
class Waveform final : public VcdListener, private Ledger {
public:
    /// More signals than these are not taken.
    static constexpr std::size_t kMostSignals = 1'000'000;

    explicit Waveform(const Options& options);

    std::uint32_t declare(std::string_view name, unsigned width) override;
    std::string declared() override;
    void change(std::uint32_t signal, std::uint64_t value, bool driven) override;
    void initial_values() override;
    void advance(util::TimePs now) override;
    void comment(std::string_view text) override;

    /// All that follows from the signals; no more may come.
    [[nodiscard]] Analysis finish();
    /// The last comment says that nothing is missing.
    [[nodiscard]] bool complete() const { return complete_; }

private:
    struct Signal {
        std::uint64_t value = 0;
        std::uint32_t place = 0;  // of its queue or lane; of kVector, the vector
        std::uint32_t scope = 0;
        Wave wave = Wave::kNone;
        bool driven = false, changed = false;
    };
    struct Queue {
        std::uint16_t id = 0;
        bool rung = false;        // in this instant, its submission doorbell
        bool resized = false;     // in this instant: created, deleted or reset
        std::uint64_t level = 0;  // of commands in flight, as its signal says
        util::TimePs level_since = 0;
        std::uint64_t head = 0, size = 0;
        std::uint64_t fetched = 0;  // as its head says
    };
    /// A command that has left its lane without having completed before.
    struct Vanished {
        std::size_t command;
        std::uint32_t queue;  // its place
    };
    struct Lane {
        std::uint32_t queue = 0;  // its place
        std::array<std::uint32_t, kLaneWaves> signals{};
        bool complete = true;  // has all that it needs
        bool touched = false;
        WaveLane life;

        [[nodiscard]] std::uint32_t signal(Wave wave) const {
            return signals[static_cast<std::size_t>(wave) - static_cast<std::size_t>(Wave::kStep)];
        }
    };
    /// What there is of the signals that tell of commands.
    struct Told {
        std::array<bool, kDeviceWaves> device{};
        std::array<bool, 3> of_lanes{};  // some lane has this of kLaneNeeds
        bool lanes = false, strobes = false;
    };
    static constexpr std::array kLaneNeeds{Wave::kStep, Wave::kOpcode, Wave::kCid};
    static constexpr Wave kStrobes[] = {
        Wave::kFetched,   Wave::kFetchedSqid,   Wave::kFetchedCid,  Wave::kFetchedOpcode,
        Wave::kCompleted, Wave::kCompletedSqid, Wave::kCompletedCid};

    std::uint32_t queue_of(std::uint32_t scope, std::uint16_t id);
    std::uint32_t lane_of(std::uint32_t queue, std::uint16_t number);
    [[nodiscard]] Told told_in(std::uint32_t scope) const;
    [[nodiscard]] static std::string lacking_of(const Told& told);
    void use_scope(std::uint32_t scope);

    void end_instant();
    void sort(const Signal& signal);
    void look_at(Lane& lane);
    void begin(Lane& lane, const WaveLane::Moment& moment);
    std::size_t start(const Command& command);
    void complete(std::size_t command, std::uint16_t status);
    void complete_at_once(std::size_t command, std::uint16_t status);
    void leave(Lane& lane);
    void follow_strobes();
    void settle_vanished();
    void follow_queues();
    void resize(Queue& queue, std::uint64_t entries);
    void follow_head(Queue& queue, std::uint64_t head);
    void follow_level(Queue& queue, std::uint64_t level);
    void follow_media();
    void forget_changes();

    void begin_news();
    void tell_news();
    void tell_condition();
    void tell_interrupts();
    [[nodiscard]] bool ready() const;
    [[nodiscard]] observe::StateChange state() const;
    [[nodiscard]] std::uint32_t id(Wave wave) const;
    [[nodiscard]] std::string notes() const;
    [[nodiscard]] std::string absent() const;

    [[nodiscard]] WaveLane::Moment moment(const Lane& lane) const;
    /// 0: nothing drives it, or it was not declared.
    [[nodiscard]] std::uint64_t value_in(const Lane& lane, Wave wave) const;
    /// Null: it was not declared.
    [[nodiscard]] const Signal* device(Wave wave) const {
        const std::uint32_t index = device_[static_cast<std::size_t>(wave)];
        return index == kUnwanted ? nullptr : &signals_[index];
    }
    [[nodiscard]] std::uint64_t value(Wave wave) const {
        const Signal* const signal = device(wave);
        return signal == nullptr ? 0 : signal->value;
    }
    [[nodiscard]] bool changed(Wave wave) const {
        const Signal* const signal = device(wave);
        return signal != nullptr && signal->changed;
    }

    // What was declared; only what is of the scope that was chosen stays in use.
    std::vector<Signal> signals_;
    std::vector<std::string> scopes_;
    std::map<std::pair<std::uint32_t, std::uint16_t>, std::uint32_t> queue_places_, lane_places_;
    std::uint32_t scope_ = 0;  // that was chosen
    std::string others_;       // scopes of other controllers
    std::array<std::uint32_t, kDeviceWaves> device_{};
    std::vector<Queue> queues_;
    std::vector<Lane> lanes_;

    util::TimePs now_ = 0;
    // Of this instant: signals, lanes, commands by queue and identifier.
    std::vector<std::uint32_t> changed_, touched_, begun_, ended_;
    std::unordered_map<std::uint32_t, Vanished> vanished_;
    bool taken_ = false;         // the host has written a doorbell of a completion queue
    std::uint64_t vectors_ = 0;  // that have sent a message

    std::unordered_map<std::uint32_t, std::size_t> without_lane_;  // in flight
    std::map<std::uint16_t, std::uint32_t> in_flight_;             // by queue
    std::uint64_t media_under_way_ = 0;
    util::TimePs media_since_ = 0;
    std::uint64_t power_ = 0;
    std::array<std::uint64_t, 6> blocks_{};  // by cause
    std::uint64_t laneless_ = 0;             // commands that had no lane
    std::uint64_t without_end_ = 0;          // of them, whose end is not there
    std::uint64_t without_status_ = 0;       // completed, but how is not there
    std::uint64_t perhaps_ended_ = 0;        // left their lanes for a reason that is not there
    std::uint64_t old_ = 0;                  // that were there before the waveform
    std::string remark_;                     // of the writer
    bool complete_ = false;
};

}  // namespace analysis
