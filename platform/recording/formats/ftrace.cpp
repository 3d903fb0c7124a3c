// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "platform/recording/formats/formats.h"
#include "platform/recording/line_reader.h"

namespace platform {

namespace {

constexpr std::string_view kSetup = "nvme_setup_cmd:";
constexpr std::string_view kOldSetup = "nvme_setup_nvm_cmd:";  // of the first kernels that had one
constexpr std::string_view kOldAdmin = "nvme_setup_admin_cmd:";
constexpr std::string_view kComplete = "nvme_complete_rq:";
constexpr std::string_view kCommand = "cmd=(";

/// Of one command. [NVM-1.0 3.2.4 Read command]
constexpr std::uint64_t kMostBlocks = 65'536;
/// Linux puts a generation above the tag of a request where it submits, and not where it completes.
constexpr std::uint64_t kTag = 0xfff;

/// Events nvme_setup_cmd and nvme_complete_rq of Linux's NVMe driver, as the file `trace` of
/// tracefs, `trace-cmd report` and `perf script` print them. They count logical blocks.
/// [Linux 6.12 drivers/nvme/host/trace.h, trace.c]
class FtraceReader final : public LineReader {
public:
    FtraceReader(std::istream& stream, std::uint32_t block_bytes)
        : LineReader(stream), block_bytes_(block_bytes) {}

private:
    Line understand(std::string_view line, Recorded& recorded) override;
    Line understand_setup(std::string_view event, Recorded& recorded);
    /// Time, processor and process, which stand before the event.
    [[nodiscard]] bool read_head(std::string_view head, Recorded& recorded);
    [[nodiscard]] bool read_number(std::string_view event, std::string_view label,
                                   std::uint64_t& value);
    [[nodiscard]] bool read_blocks(std::string_view event, Recorded& recorded);

    const std::uint32_t block_bytes_;
};

/// Where the event begins of which `line` tells; npos: it tells of another.
std::size_t find_event(std::string_view line, std::string_view name) {
    for (std::size_t at = line.find(name); at != std::string_view::npos;
         at = line.find(name, at + 1))
        if (at != 0 && (line[at - 1] == ' ' || line[at - 1] == '\t' || line[at - 1] == ':'))
            return at;
    return std::string_view::npos;
}

LineReader::Line FtraceReader::understand(std::string_view line, Recorded& recorded) {
    if (line.front() == '#') return Line::kNothing;
    for (const std::string_view name : {kSetup, kOldSetup, kComplete, kOldAdmin}) {
        const std::size_t at = find_event(line, name);
        if (at == std::string_view::npos) continue;
        const std::string_view event = without_blanks(line.substr(at + name.size()));
        std::uint64_t queue = 0, tag = 0, controller = 0;
        if (name != kOldAdmin && !read_number(event, "qid=", queue)) return Line::kDamage;
        if (queue == 0) {
            leave_out("an event of an admin command");
            return Line::kNothing;
        }
        if (!read_head(line.substr(0, at), recorded) || !read_number(event, "cmdid=", tag))
            return Line::kDamage;
        // "nvme0: "; the first kernels did not say which controller it is.
        if (event.substr(0, 4) == "nvme")
            controller = whole_number(event.substr(4, event.find(':') - 4)).value_or(0);
        recorded.key = ((controller << 16 | (queue & 0xffff)) << 12 | (tag & kTag)) + 1;
        return name == kComplete ? Line::kCompletion : understand_setup(event, recorded);
    }
    leave_out("another event");
    return Line::kNothing;
}

bool FtraceReader::read_head(std::string_view head, Recorded& recorded) {
    head = without_blanks(head);
    constexpr std::string_view kPerf = "nvme:";  // the group, in front of the event
    if (head.size() > kPerf.size() && head.substr(head.size() - kPerf.size()) == kPerf)
        head = without_blanks(head.substr(0, head.size() - kPerf.size()));
    const std::size_t blank = head.find_last_of(" \t");
    std::string_view time = blank == std::string_view::npos ? head : head.substr(blank + 1);
    if (!time.empty() && time.back() == ':') time.remove_suffix(1);
    if (!decimal(time, "time", 9, recorded.time_ns)) return false;
    const std::size_t open = head.rfind('['), close = head.rfind(']');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open)
        return true;
    const std::string_view cpu = head.substr(open + 1, close - open - 1);
    recorded.cpu = static_cast<std::uint32_t>(whole_number(cpu).value_or(0));
    // "fio-1234", or "fio 1234" of perf; with record-tgid, "(1230)" stands between.
    std::string_view process = without_blanks(head.substr(0, open));
    if (!process.empty() && process.back() == ')')
        process = without_blanks(process.substr(0, process.rfind('(')));
    process.remove_prefix(process.find_last_of("- ") + 1);
    recorded.process = static_cast<std::uint32_t>(whole_number(process).value_or(0));
    return true;
}

bool FtraceReader::read_number(std::string_view event, std::string_view label,
                               std::uint64_t& value) {
    const std::string name{label.substr(0, label.size() - 1)};
    return number(labelled(event, label).value_or(""), name.c_str(), 1, value);
}

LineReader::Line FtraceReader::understand_setup(std::string_view event, Recorded& recorded) {
    const std::size_t at = event.find(kCommand);
    if (at == std::string_view::npos) return wrong("names no command", "cmd=(...)");
    std::string_view name = event.substr(at + kCommand.size());
    name = name.substr(0, name.find_first_of(" )"));
    std::uint64_t nsid = 0;
    if (!read_number(event, "nsid=", nsid)) return Line::kDamage;
    const bool has_blocks =
        name == "nvme_cmd_read" || name == "nvme_cmd_write" || name == "nvme_cmd_write_zeroes";
    if (!has_blocks && name != "nvme_cmd_flush") {
        leave_out(name == "nvme_cmd_dsm"
                      ? "a Dataset Management command, of which the ranges are not recorded"
                      : "another command");
        return Line::kNothing;
    }
    recorded.op = name == "nvme_cmd_read"    ? Op::kRead
                  : name == "nvme_cmd_write" ? Op::kWrite
                  : has_blocks               ? Op::kWriteZeroes
                                             : Op::kFlush;
    if (has_blocks && !read_blocks(event, recorded)) return Line::kDamage;
    const std::optional<std::string_view> disk = labelled(event, "disk=");
    const std::string_view controller =
        event.substr(0, 4) == "nvme" ? event.substr(0, event.find(':')) : "nvme0";
    const std::optional<std::uint32_t> found =
        disk ? device(*disk) : device(std::string{controller} + "n" + std::to_string(nsid));
    recorded.device = found.value_or(0);
    return found ? Line::kRequest : Line::kDamage;
}

/// `len` is zero-based, as in the command.
bool FtraceReader::read_blocks(std::string_view event, Recorded& recorded) {
    std::uint64_t blocks_z = 0;
    if (!number(labelled(event, "slba=").value_or(""), "slba", block_bytes_, recorded.offset) ||
        !read_number(event, "len=", blocks_z))
        return false;
    recorded.length = (std::min(blocks_z, kMostBlocks) + 1) * block_bytes_;
    if (blocks_z < kMostBlocks) return true;
    damaged("len = " + std::to_string(blocks_z), "0 to " + std::to_string(kMostBlocks - 1));
    return false;
}

}  // namespace

RecordingFormat ftrace_format() {
    return {"ftrace", "events of Linux's NVMe driver, as text", nullptr,
            [](const RecordingInput& input,
               const FormatOptions& options) -> std::unique_ptr<RecordingReader> {
                return std::make_unique<FtraceReader>(input.first(), options.block_bytes);
            }};
}

}  // namespace platform
