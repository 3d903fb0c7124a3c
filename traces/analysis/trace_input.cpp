// SPDX-License-Identifier: Apache-2.0
#include "traces/analysis/trace_input.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <streambuf>
#include <utility>
#include <vector>

#include "models/observe/binary_format.h"
#include "models/observe/binary_reader.h"
#include "models/observe/text_reader.h"
#include "traces/analysis/story.h"
#include "traces/analysis/vcd_reader.h"
#include "traces/analysis/waveform.h"

namespace analysis {

namespace {

constexpr std::string_view kTextBegins = "# nvme-tlm event trace,";

enum class Kind : unsigned char { kNone, kText, kBinary, kVcd };

/// As its first bytes say.
Kind kind_of(std::string_view first) {
    if (first == observe::binary::kMagic) return Kind::kBinary;
    if (first.substr(0, kTextBegins.size()) == kTextBegins) return Kind::kText;
    const std::size_t word = first.find_first_not_of(" \t\r\n");
    return word != first.npos && first[word] == '$' ? Kind::kVcd : Kind::kNone;
}

constexpr const char* kNoTrace =
    "is no event trace: must be what nvme-vp --trace, --trace_binary or --vcd writes";
constexpr const char* kNoEvents = "is a waveform, which holds signals, not events";

/// May it become a trace of events, when more has come?
bool begins_events(std::string_view first) {
    return first == observe::binary::kMagic.substr(0, first.size()) ||
           first.substr(0, kTextBegins.size()) == kTextBegins.substr(0, first.size());
}

/// The bytes that were read to see what a file is, and then all others, as they come.
class FromBegin final : public std::streambuf {
public:
    FromBegin(std::string first, std::streambuf& rest)
        : rest_(rest), first_(std::move(first)), piece_(64 * 1024) {
        setg(first_.data(), first_.data(), first_.data() + first_.size());
    }

protected:
    int_type underflow() override {
        if (traits_type::eq_int_type(rest_.sgetc(), traits_type::eof())) return traits_type::eof();
        // What is there now: of more the file may not have come.
        const std::streamsize count = rest_.sgetn(
            piece_.data(), std::clamp<std::streamsize>(
                               rest_.in_avail(), 1, static_cast<std::streamsize>(piece_.size())));
        setg(piece_.data(), piece_.data(), piece_.data() + count);
        return traits_type::to_int_type(piece_.front());
    }

private:
    std::streambuf& rest_;
    std::string first_;
    std::vector<char> piece_;
};

/// Calls read(file, kind), unless there is nothing to read. Returns why not.
template <typename Read>
std::string with_file(const std::string& path, const ReadingProgress& progress, Read read) {
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        return path + ": is a directory, not an event trace";
    std::ifstream file(path, std::ios::binary);
    if (!file) return path + ": " + std::strerror(errno);
    std::string first(observe::binary::kMagic.size(), '\0');
    file.read(first.data(), static_cast<std::streamsize>(first.size()));
    first.resize(static_cast<std::size_t>(file.gcount()));
    file.clear();
    file.seekg(0);
    if (!file) return path + ": cannot be read twice, and a trace is";
    const Kind kind = kind_of(first);
    if (kind == Kind::kNone) return path + ": " + kNoTrace;
    WatchedFile watched(file, progress);
    std::istream bytes(&watched);
    const std::string refused = read(bytes, kind);
    return refused.empty() ? refused : path + ": " + refused;
}

std::string read_events(std::istream& file, Kind kind, observe::TraceSink& sink) {
    return kind == Kind::kBinary ? observe::read_binary_trace(file, sink)
                                 : observe::read_text_trace(file, sink);
}

void note_damage(const std::string& damaged, Analysis& analysis) {
    analysis.complete = damaged.empty();
    if (!analysis.complete)
        analysis.note = damaged + (analysis.note.empty() ? "" : "; " + analysis.note);
}

/// Returns why it is refused.
std::string analyse_waveform(std::istream& file, const Options& options, Analysis& analysis) {
    Waveform waveform(options);
    VcdResult read = read_vcd(file, waveform);
    if (!read.refused.empty()) return read.refused;
    if (read.damaged.empty() && !waveform.complete())
        read.damaged = "line " + std::to_string(read.line) +
                       ": the file ends without saying that it is complete: it was cut off, or "
                       "another tool wrote it";
    analysis = waveform.finish();
    note_damage(read.damaged, analysis);
    return {};
}

}  // namespace

ReadResult read_trace(const std::string& path, observe::TraceSink& sink,
                      const ReadingProgress& progress) {
    ReadResult result;
    result.refused = with_file(path, progress, [&](std::istream& file, Kind kind) {
        if (kind == Kind::kVcd) return std::string(kNoEvents);
        result.damaged = read_events(file, kind, sink);
        return std::string();
    });
    return result;
}

ReadResult read_trace_of(std::istream& file, observe::TraceSink& sink) {
    std::string first;
    char next = 0;
    while (first.size() < observe::binary::kMagic.size() && begins_events(first) && file.get(next))
        first += next;
    const Kind kind = kind_of(first);
    if (kind == Kind::kNone) return {kNoTrace, {}};
    if (kind == Kind::kVcd) return {kNoEvents, {}};
    FromBegin from_begin(std::move(first), *file.rdbuf());
    std::istream bytes(&from_begin);
    return {{}, read_events(bytes, kind, sink)};
}

std::string analyse(const std::string& path, const Options& options, Analysis& analysis) {
    bool waveform = false;
    const std::string refused =
        with_file(path, options.progress, [&](std::istream& file, Kind kind) {
            waveform = kind == Kind::kVcd;
            if (waveform) return analyse_waveform(file, options, analysis);
            Analyser analyser(options);
            const std::string damaged = read_events(file, kind, analyser);
            analysis = analyser.finish();
            note_damage(damaged, analysis);
            return std::string();
        });
    if (!refused.empty()) return refused;
    analysis.file = std::filesystem::path(path).filename().string();
    if (options.slowest == 0) return {};
    Storyteller storyteller(analysis, options.slowest);
    // A waveform has no more to tell of them than their stages.
    const std::string again =
        waveform ? std::string() : read_trace(path, storyteller, options.progress).refused;
    analysis.slowest = storyteller.finish();
    return again;
}

}  // namespace analysis
