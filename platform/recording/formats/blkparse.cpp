// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "platform/recording/formats/block_event.h"
#include "platform/recording/formats/formats.h"
#include "platform/recording/line_reader.h"

namespace platform {

namespace {

constexpr std::uint64_t kSector = 512;

/// What blkparse prints without an option that says how: device, processor, number, seconds,
/// process, action, RWBS, and what the action brings. The summary at the end is no event.
/// [blktrace 1.2.0 blkparse(1), DEFAULT OUTPUT]
class BlkparseReader final : public LineReader {
public:
    BlkparseReader(std::istream& stream, BlockAction action)
        : LineReader(stream), action_(action) {}

private:
    enum : std::size_t { kDevice, kCpu, kNumber, kTime, kProcess, kAction, kRwbs, kSectorAt };

    Line understand(std::string_view line, Recorded& recorded) override;
    /// "8,0": a disk as Linux numbers them.
    [[nodiscard]] static bool is_device(std::string_view word);
    [[nodiscard]] bool read_rwbs(std::string_view rwbs, BlockEvent& event);
    [[nodiscard]] bool read_data(const Columns& columns, BlockEvent& event, Recorded& recorded);

    const BlockAction action_;
};

bool BlkparseReader::is_device(std::string_view word) {
    const std::size_t comma = word.find(',');
    return comma != std::string_view::npos && whole_number(word.substr(0, comma)) &&
           whole_number(word.substr(comma + 1));
}

LineReader::Line BlkparseReader::understand(std::string_view line, Recorded& recorded) {
    const Columns columns(line, ' ');
    if (!is_device(columns[kDevice])) {
        leave_out("a line that is no event");
        return Line::kNothing;
    }
    if (columns.size() <= kRwbs)
        return wrong_columns(columns.size(), "device cpu number seconds process action RWBS ...");
    const std::optional<std::uint32_t> found = device(columns[kDevice]);
    std::uint64_t cpu = 0, process = 0;
    if (!found || !number(columns[kCpu], "CPU", 1, cpu) ||
        !decimal(columns[kTime], "time", 9, recorded.time_ns) ||
        !number(columns[kProcess], "process", 1, process))
        return Line::kDamage;
    recorded.device = *found;
    recorded.cpu = static_cast<std::uint32_t>(cpu);
    recorded.process = static_cast<std::uint32_t>(process);
    BlockEvent event;
    if (columns[kAction].size() == 1) event.action = columns[kAction].front();
    if (matters(event.action, action_) &&
        (!read_rwbs(columns[kRwbs], event) || !read_data(columns, event, recorded)))
        return Line::kDamage;
    const BlockMeaning meaning = meaning_of(event, action_, recorded);
    switch (meaning) {
        case BlockMeaning::kCompletion:
            return Line::kCompletion;
        case BlockMeaning::kFlushAndRequest:
            is_followed_by(recorded);
            recorded = flush_before(recorded);
            return Line::kRequest;
        case BlockMeaning::kRequest:
            return Line::kRequest;
        default:
            leave_out(reason_of(meaning));
            return Line::kNothing;
    }
}

/// A flush before; then what is done (N: nothing); then flags, which change nothing here.
bool BlkparseReader::read_rwbs(std::string_view rwbs, BlockEvent& event) {
    std::string_view rest = rwbs;
    event.preflush = rest.front() == 'F';
    if (event.preflush) rest.remove_prefix(1);
    const char what = rest.empty() ? 'N' : rest.front();
    if (what == 'R') event.op = Op::kRead;
    if (what == 'W') event.op = Op::kWrite;
    if (what == 'D') event.op = Op::kTrim;
    const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
    if ((event.op || what == 'N') && std::all_of(rest.begin(), rest.end(), is_letter)) return true;
    damaged("RWBS = " + quoted(rwbs), "F or not, then R, W, D or N, then letters");
    return false;
}

/// "2048 + 8 [fio]"; "[jbd2]" without data; "36 (12 00 ..) [sg]" of what was passed through.
bool BlkparseReader::read_data(const Columns& columns, BlockEvent& event, Recorded& recorded) {
    if (columns.size() == kSectorAt || columns[kSectorAt].front() == '[') return true;
    const std::string_view next =
        columns.size() > kSectorAt + 1 ? columns[kSectorAt + 1] : std::string_view{};
    event.passed = !next.empty() && next.front() == '(';
    if (event.passed) return true;
    if (!number(columns[kSectorAt], "sector", kSector, recorded.offset)) return false;
    if (next != "+") return true;
    const std::string_view sectors =
        columns.size() > kSectorAt + 2 ? columns[kSectorAt + 2] : std::string_view{};
    return number(sectors, "sectors", kSector, event.bytes);
}

}  // namespace

RecordingFormat blkparse_format() {
    return {"blkparse", "the text that blkparse makes of a blktrace", nullptr,
            [](const RecordingInput& input,
               const FormatOptions& options) -> std::unique_ptr<RecordingReader> {
                return std::make_unique<BlkparseReader>(input.first(), options.action);
            }};
}

}  // namespace platform
