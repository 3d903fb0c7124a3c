// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "platform/recording/formats/formats.h"
#include "platform/recording/line_reader.h"

namespace platform {

namespace {

constexpr std::uint64_t kTickNs = 100;  // of Windows' file time

/// Traces of Microsoft Research Cambridge, 2007:
/// Timestamp,Hostname,DiskNumber,Type,Offset,Size,ResponseTime; times in units of 100 ns.
/// [SNIA IOTTA repository, trace 387, README]
class MsrReader final : public LineReader {
public:
    using LineReader::LineReader;

private:
    static constexpr std::string_view kColumns =
        "Timestamp,Hostname,DiskNumber,Type,Offset,Size,ResponseTime";

    Line understand(std::string_view line, Recorded& recorded) override {
        if (is_header(line, kColumns)) return Line::kNothing;
        const Columns columns(line, ',');
        if (columns.size() != 7) return wrong_columns(columns.size(), kColumns);
        if (columns[3] != "Read" && columns[3] != "Write")
            return wrong("Type = " + quoted(columns[3]), "Read or Write");
        recorded.op = columns[3] == "Read" ? Op::kRead : Op::kWrite;
        std::uint64_t disk = 0, response = 0;
        if (!number(columns[0], "Timestamp", kTickNs, recorded.time_ns) ||
            !number(columns[2], "DiskNumber", 1, disk) ||
            !number(columns[4], "Offset", 1, recorded.offset) ||
            !number(columns[5], "Size", 1, recorded.length) ||
            !number(columns[6], "ResponseTime", kTickNs, response))
            return Line::kDamage;
        recorded.latency_ns = response;
        // As the files are called: prxy_0.csv.
        const std::optional<std::uint32_t> found =
            device(std::string{columns[1]} + "_" + std::to_string(disk));
        recorded.device = found.value_or(0);
        return found ? Line::kRequest : Line::kDamage;
    }
};

}  // namespace

RecordingFormat msr_format() {
    return {"msr", "traces of Microsoft Research Cambridge", nullptr, open_as<MsrReader>};
}

}  // namespace platform
