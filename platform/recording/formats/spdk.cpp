// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <limits>

#include "models/util/wide.h"
#include "platform/recording/formats/formats.h"
#include "platform/recording/formats/spdk_request.h"
#include "platform/recording/line_reader.h"

namespace platform {

namespace {

constexpr std::string_view kRate = "TSC Rate:";

/// What spdk_trace prints of the group bdev. They count blocks of the bdev; the number of them is
/// in the column of sizes, or, in older versions, an argument `len`. Times are microseconds, and
/// with -t ticks, which are more exact. [SPDK 26.09-pre doc/tracing.md, app/trace/trace.cpp,
/// lib/bdev/bdev.c bdev_trace]
class SpdkReader final : public LineReader {
public:
    SpdkReader(std::istream& stream, std::uint32_t block_bytes)
        : LineReader(stream), block_bytes_(block_bytes) {}

private:
    Line understand(std::string_view line, Recorded& recorded) override;
    /// "reactor_0  0:  68.123 (170307) Nvme0n1": thread, processor, time, and whose the event is.
    [[nodiscard]] bool read_head(std::string_view head, Recorded& recorded);
    [[nodiscard]] bool read_ticks(std::string_view ticks, Recorded& recorded);
    Line read_start(std::string_view event, Recorded& recorded);

    const std::uint32_t block_bytes_;
    std::uint64_t ticks_per_s_ = 0;
};

LineReader::Line SpdkReader::understand(std::string_view line, Recorded& recorded) {
    if (line.substr(0, kRate.size()) == kRate)
        return number(without_blanks(line.substr(kRate.size())), "TSC Rate", 1, ticks_per_s_)
                   ? Line::kNothing
                   : Line::kDamage;
    const bool starts = line.find(kSpdkStart) != std::string_view::npos;
    const std::size_t at = line.find(starts ? kSpdkStart : kSpdkDone);
    if (at == std::string_view::npos) {
        leave_out("a line that is no request");
        return Line::kNothing;
    }
    if (!read_head(line.substr(0, at), recorded)) return Line::kDamage;
    const std::string_view event = line.substr(at);
    // "i17"; N/A where the beginning was overwritten.
    if (const auto id = labelled(event, "id:"); id && id->size() > 1)
        if (const auto index = whole_number(id->substr(1))) recorded.key = *index + 1;
    return starts ? read_start(event, recorded) : Line::kCompletion;
}

bool SpdkReader::read_head(std::string_view head, Recorded& recorded) {
    const std::size_t end = head.find(": ");
    const std::string_view before = head.substr(0, end);
    const std::string_view cpu = before.substr(before.find_last_of(' ') + 1);
    std::uint64_t number_of_cpu = 0;
    if (!number(cpu, "lcore", 1, number_of_cpu)) return false;
    recorded.cpu = static_cast<std::uint32_t>(number_of_cpu);
    std::string_view rest =
        end == std::string_view::npos ? std::string_view{} : without_blanks(head.substr(end + 2));
    const std::string_view time = rest.substr(0, rest.find(' '));
    if (!decimal(time, "time", 3, recorded.time_ns)) return false;
    rest = without_blanks(rest.substr(time.size()));
    if (!rest.empty() && rest.front() == '(') {
        const std::size_t close = rest.find(')');
        if (!read_ticks(without_blanks(rest.substr(1, close - 1)), recorded)) return false;
        rest = close == std::string_view::npos ? std::string_view{}
                                               : without_blanks(rest.substr(close + 1));
    }
    const std::optional<std::uint32_t> found = device(rest.empty() ? "bdev" : rest);
    recorded.device = found.value_or(0);
    return found.has_value();
}

bool SpdkReader::read_ticks(std::string_view ticks, Recorded& recorded) {
    std::uint64_t count = 0;
    if (!number(ticks, "ticks", 1, count)) return false;
    if (ticks_per_s_ == 0) return true;
    const util::UInt128 ns = util::UInt128{count} * 1'000'000'000 / ticks_per_s_;
    constexpr util::UInt128 kMost = std::numeric_limits<std::uint64_t>::max();
    recorded.time_ns = static_cast<std::uint64_t>(std::min(ns, kMost));
    return true;
}

LineReader::Line SpdkReader::read_start(std::string_view event, Recorded& recorded) {
    std::uint64_t type = 0;
    if (!number(labelled(event, "type:").value_or(""), "type", 1, type)) return Line::kDamage;
    const std::optional<Op> op = spdk_op(type);
    if (!op) {
        leave_out(kSpdkOther);
        return Line::kNothing;
    }
    recorded.op = *op;
    if (*op == Op::kFlush) return Line::kRequest;
    std::optional<std::string_view> blocks = labelled(event, "len:");
    if (!blocks) blocks = labelled(event, "size:");
    const bool good =
        number(labelled(event, "offset:").value_or(""), "offset", block_bytes_, recorded.offset) &&
        number(blocks.value_or("0"), "size", block_bytes_, recorded.length);
    return good ? Line::kRequest : Line::kDamage;
}

}  // namespace

RecordingFormat spdk_format() {
    return {"spdk", "requests to block devices of SPDK, as spdk_trace prints them", nullptr,
            [](const RecordingInput& input,
               const FormatOptions& options) -> std::unique_ptr<RecordingReader> {
                return std::make_unique<SpdkReader>(input.first(), options.block_bytes);
            }};
}

}  // namespace platform
