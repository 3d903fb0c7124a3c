// SPDX-License-Identifier: Apache-2.0
#include "models/observe/vcd/vcd_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <stdexcept>

#include "models/observe/vcd/vcd_names.h"

namespace observe {

using util::TimePs;

namespace {

/// 'b', 64 digits, a blank, four characters of a code, the end, and some.
constexpr std::size_t kLongestLine = 80;

/// The binary digits of each byte.
constexpr auto kDigits = [] {
    std::array<std::array<char, 8>, 256> digits{};
    for (unsigned byte = 0; byte < 256; ++byte)
        for (unsigned bit = 0; bit < 8; ++bit)
            digits[byte][7 - bit] = static_cast<char>('0' + (byte >> bit & 1));
    return digits;
}();

/// Without leading zeros: a reader extends a value with them.
char* put_binary(char* out, std::uint64_t value) {
    const unsigned digits = value == 0 ? 1 : 64 - static_cast<unsigned>(__builtin_clzll(value));
    char all[64];
    unsigned at = 64;
    for (unsigned left = (digits + 7) / 8; left != 0; --left, value >>= 8) {
        at -= 8;
        std::memcpy(all + at, kDigits[value & 0xff].data(), 8);
    }
    std::memcpy(out, all + 64 - digits, digits);
    return out + digits;
}

void append_stamp(std::string& out, TimePs at) {
    char text[24] = {'#'};
    char* end = std::to_chars(text + 1, text + sizeof text - 1, at).ptr;
    *end++ = '\n';
    out.append(text, end);
}

}  // namespace

VcdWriter::VcdWriter(const std::string& path, const VcdWindow& window)
    : output_(path), window_(window), history_(window.before) {
    // The window begins at its time even when nothing happens then.
    agenda_.add(window.from, nullptr, 0, VcdSignal::kNone);
}

VcdWriter::~VcdWriter() {
    (void)close();
}

void VcdWriter::take_scope(const std::string& scope) {
    const std::string start = path() + ": scope \"" + scope + "\"";
    if (const std::string wrong = vcd_name_problem(scope); !wrong.empty())
        throw std::runtime_error(start + ": " + wrong);
    if (!scopes_.insert(scope).second)
        throw std::runtime_error(start + ": another probe of this file has it");
}

VcdSignal VcdWriter::add_signal(const std::string& name, unsigned width) {
    const std::string start = path() + ": signal \"" + name + "\"";
    if (const std::string wrong = vcd_name_problem(name); !wrong.empty())
        throw std::runtime_error(start + ": " + wrong);
    if (phase_ != Phase::kDeclaring)
        throw std::runtime_error(start + ": must be declared before the simulation starts");
    if (!names_.insert(name).second) throw std::runtime_error(start + ": is taken");
    const std::string code = vcd_code(signals_.size());
    Signal& s = signals_.emplace_back();
    s.width = static_cast<std::uint8_t>(width);
    s.code_size = static_cast<std::uint8_t>(code.copy(s.code, sizeof s.code));
    declarations_.push_back({name, width});
    return static_cast<VcdSignal>(signals_.size() - 1);
}

VcdSignal VcdWriter::declare(const std::string& name, unsigned width) {
    return add_signal(name, std::clamp(width, 1u, 64u));
}

VcdSignal VcdWriter::declare_event(const std::string& name) {
    return add_signal(name, 0);
}

void VcdWriter::add_at(TimePs at, VcdSignal signal, int difference) {
    if (signal == VcdSignal::kNone || at == util::kNever) return;
    if (at <= now_) return add(signal, difference);
    agenda_.add(at, nullptr, static_cast<std::uint64_t>(static_cast<std::int64_t>(difference)),
                signal);
}

void VcdWriter::call_at(TimePs at, VcdAlarm& alarm, std::uint64_t payload) {
    if (at == util::kNever) return;
    if (at <= now_) return alarm.due(payload);
    agenda_.add(at, &alarm, payload, VcdSignal::kNone);
}

void VcdWriter::trigger() {
    if (window_.has(now_)) triggered_at_ = std::min(triggered_at_, now_);
}

void VcdWriter::mark() {
    if (!window_.has(now_)) return;
    first_mark_ = std::min(first_mark_, now_);
    last_mark_ = now_;
}

/// Ends the instant, and each instant until `now` in which something is known to happen.
void VcdWriter::pass(TimePs now) {
    end_instant();
    while (agenda_.next() <= now) {
        const TimePs at = agenda_.next();
        if (at > now_) end_instant();
        now_ = std::max(now_, at);
        const VcdAgenda::Item item = agenda_.take();
        if (item.alarm != nullptr)
            item.alarm->due(item.payload);
        else
            add(item.signal, static_cast<int>(static_cast<std::int64_t>(item.payload)));
    }
    if (now > now_) end_instant();
    now_ = now;
}

/// What has changed goes where it belongs.
void VcdWriter::end_instant() {
    if (phase_ == Phase::kWriting) {
        if (changed_.empty() || now_ > window_.to) return;
        write_changes(output_.text());
        return output_.flush_if_full();
    }
    if (phase_ == Phase::kOver) return;
    if (phase_ == Phase::kDeclaring) {
        append_vcd_header(output_.text(), declarations_);
        phase_ = Phase::kBefore;
    }
    if (phase_ == Phase::kBefore) {
        settle();
        if (now_ < window_.from) return drop_changes();
        phase_ = window_.triggered ? Phase::kHistory : Phase::kWriting;
        if (phase_ == Phase::kWriting) output_.text() += all_values();
    }
    if (phase_ == Phase::kWriting) return write_changes(output_.text());
    remember_instant();
}

/// Until the trigger comes.
void VcdWriter::remember_instant() {
    if (history_.wants_piece(now_)) {
        history_.begin_piece(now_, all_values());
        stamp_ = util::kNever;  // the piece may be needed without these values
    }
    write_changes(history_.text());
    if (triggered_at_ == util::kNever) return;
    output_.text() += history_.take();
    output_.flush_if_full();
    phase_ = Phase::kWriting;
}

/// What has changed until now are initial values; events still happen now.
void VcdWriter::settle() {
    for (const std::uint32_t index : changed_) {
        Signal& s = signals_[index];
        if (s.width == 0) continue;
        s.written = s.value;
        s.written_driven = s.driven;
    }
}

void VcdWriter::drop_changes() {
    for (const std::uint32_t index : changed_) signals_[index].changed = false;
    changed_.clear();
}

/// `value`, as in a line of the file.
char* VcdWriter::put_line(char* out, const Signal& s, std::uint64_t value, bool driven) {
    const bool scalar = s.width <= 1;
    if (!scalar) *out++ = 'b';
    if (driven)
        out = put_binary(out, value);
    else
        *out++ = 'z';
    if (!scalar) *out++ = ' ';
    std::memcpy(out, s.code, sizeof s.code);
    out += s.code_size;
    *out++ = '\n';
    return out;
}

/// A time stamp and the values of all signals as they were before this instant's changes.
std::string VcdWriter::all_values() {
    std::string out;
    append_stamp(out, stamp_ = now_);
    out += "$dumpvars\n";
    for (const Signal& s : signals_) {
        if (s.width == 0) continue;
        char line[kLongestLine];
        out.append(line, put_line(line, s, s.written, s.written_driven));
    }
    return out += "$end\n";
}

void VcdWriter::write_changes(std::string& out) {
    for (const std::uint32_t index : changed_) {
        Signal& s = signals_[index];
        s.changed = false;
        if (s.width != 0 && s.value == s.written && s.driven == s.written_driven) continue;
        if (stamp_ != now_) append_stamp(out, stamp_ = now_);
        char line[kLongestLine];
        out.append(line, put_line(line, s, s.value, s.driven));
        s.written = s.value;
        s.written_driven = s.driven;
    }
    changed_.clear();
}

std::string VcdWriter::close(TimePs end) {
    if (closed_) return output_.close();
    advance(end);
    end_instant();
    std::string& out = output_.text();
    if (phase_ != Phase::kWriting) {
        out += now_ < window_.from
                   ? "$comment the simulation ended before the window began $end\n"
                   : "$comment what was to trigger this file has not happened $end\n";
        settle();
        out += all_values();
    }
    if (const TimePs last = std::min(now_, window_.to); last > stamp_) append_stamp(out, last);
    out += "$comment complete $end\n";
    phase_ = Phase::kOver;
    closed_ = true;
    return output_.close();
}

}  // namespace observe
