// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "models/observe/vcd/vcd_agenda.h"
#include "models/observe/vcd/vcd_header.h"
#include "models/observe/vcd/vcd_output.h"
#include "models/observe/vcd/vcd_window.h"
#include "models/util/time.h"

namespace observe {

/// Writes a value change dump with a time scale of 1 ps. [IEEE-1364-2005 18 Value change dump (VCD)
/// files]
///
/// Whoever has a signal declares it, and sets it when it changes; nothing is compared or polled in
/// between. What is set several times in one instant has the last of its values in the file. What
/// is known to change later can be said at once.
///
/// One simulation writes to a file, in the order of its time; several probes may share it. Files of
/// two equal runs are equal.
class VcdWriter {
public:
    /// Replaces the file. Throws std::runtime_error when its name does not end in ".vcd" or it
    /// cannot be written.
    explicit VcdWriter(const std::string& path, const VcdWindow& window = {});
    ~VcdWriter();
    VcdWriter(const VcdWriter&) = delete;
    VcdWriter& operator=(const VcdWriter&) = delete;

    /// Takes a scope for the signals of one probe. Throws std::runtime_error when it is no name
    /// (vcd_name_problem) or is taken.
    void take_scope(const std::string& scope);

    /// A signal of 1 to 64 bits, 0 at first. Dots in the name nest scopes. Throws
    /// std::runtime_error when it is no name, is taken, or time has begun to pass.
    VcdSignal declare(const std::string& name, unsigned width);
    /// A signal that marks instants and has no value.
    VcdSignal declare_event(const std::string& name);

    /// Simulated time is `now` at least, and all before it is over.
    void advance(util::TimePs now) {
        if (now > now_) pass(now);
    }
    [[nodiscard]] util::TimePs now() const { return now_; }

    void set(VcdSignal signal, std::uint64_t value) {
        if (signal != VcdSignal::kNone) change(of(signal), value, true);
    }
    /// Nothing drives the signal: high impedance.
    void clear(VcdSignal signal) {
        if (signal != VcdSignal::kNone) change(of(signal), 0, false);
    }
    void add(VcdSignal signal, int difference) {
        if (signal == VcdSignal::kNone) return;
        Signal& s = of(signal);
        change(s, s.value + static_cast<std::uint64_t>(static_cast<std::int64_t>(difference)),
               true);
    }
    /// The event happens.
    void pulse(VcdSignal signal) {
        if (signal != VcdSignal::kNone) change(of(signal), 1, true);
    }
    /// add() at `at`; at once when that is over; not at all when it is util::kNever.
    void add_at(util::TimePs at, VcdSignal signal, int difference);
    /// add() of one from `begin` to `end`, as far as that is some time.
    void add_during(util::TimePs begin, util::TimePs end, VcdSignal signal) {
        if (end <= begin) return;
        add_at(begin, signal, 1);
        add_at(end, signal, -1);
    }
    /// For the VcdAlarms of this file.
    [[nodiscard]] VcdAgenda& agenda() { return agenda_; }
    /// due(payload) at `at`, which may be now: at the latest when time passes it.
    void call_at(util::TimePs at, VcdAlarm& alarm, std::uint64_t payload);

    /// What the window's trigger waits for happens now.
    void trigger();

    /// What people will want to look at happens now.
    void mark();
    /// The first and the last mark in the window; util::kNever, 0: there was none.
    [[nodiscard]] util::TimePs first_mark() const { return first_mark_; }
    [[nodiscard]] util::TimePs last_mark() const { return last_mark_; }
    /// util::kNever: has not happened.
    [[nodiscard]] util::TimePs triggered_at() const { return triggered_at_; }
    [[nodiscard]] const VcdWindow& window() const { return window_; }
    [[nodiscard]] const std::set<std::string>& scopes() const { return scopes_; }

    /// The last instant is `end` or now(), whichever is later. Empty, or what is wrong with the
    /// file, also if it was closed before.
    std::string close(util::TimePs end = 0);
    [[nodiscard]] bool closed() const { return closed_; }
    [[nodiscard]] const std::string& path() const { return output_.path(); }

    /// In the order in which they were made.
    [[nodiscard]] const std::vector<VcdDeclaration>& declarations() const { return declarations_; }

private:
    struct Signal {
        std::uint64_t value = 0, written = 0;
        std::uint8_t width = 0;  // 0: an event
        std::uint8_t code_size = 0;
        char code[4] = {};
        bool driven = true, written_driven = true;
        bool changed = false;  // is in changed_
    };

    Signal& of(VcdSignal signal) { return signals_[static_cast<std::size_t>(signal)]; }
    void change(Signal& s, std::uint64_t value, bool driven) {
        s.value = value;
        s.driven = driven;
        if (s.changed) return;
        s.changed = true;
        changed_.push_back(static_cast<std::uint32_t>(&s - signals_.data()));
    }
    VcdSignal add_signal(const std::string& name, unsigned width);
    void pass(util::TimePs now);
    void end_instant();
    void remember_instant();
    void settle();
    void drop_changes();
    static char* put_line(char* out, const Signal& s, std::uint64_t value, bool driven);
    [[nodiscard]] std::string all_values();
    void write_changes(std::string& out);

    enum class Phase : std::uint8_t {
        kDeclaring,
        kBefore,   // the window begins later
        kHistory,  // until the trigger
        kWriting,
        kOver,  // closed
    };

    VcdOutput output_;
    const VcdWindow window_;
    VcdHistory history_;
    Phase phase_ = Phase::kDeclaring;
    VcdAgenda agenda_;
    std::vector<Signal> signals_;
    std::vector<VcdDeclaration> declarations_;
    std::vector<std::uint32_t> changed_;  // since the last instant
    std::set<std::string> scopes_, names_;
    util::TimePs now_ = 0;
    util::TimePs stamp_ = util::kNever;  // the last one that was written
    util::TimePs first_mark_ = util::kNever, last_mark_ = 0;
    util::TimePs triggered_at_ = util::kNever;
    bool closed_ = false;
};

}  // namespace observe
