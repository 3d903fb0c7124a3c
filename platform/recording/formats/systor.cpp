// SPDX-License-Identifier: Apache-2.0
#include "platform/recording/formats/formats.h"
#include "platform/recording/line_reader.h"

namespace platform {

namespace {

/// Traces of an enterprise's virtual desktops, as SNIA has them since SYSTOR '17:
/// Timestamp,Response,IOType,LUN,Offset,Size, in seconds and bytes. A request whose response was
/// not seen has none. [SNIA IOTTA repository, Systor '17 Traces]
class SystorReader final : public LineReader {
public:
    using LineReader::LineReader;

private:
    static constexpr std::string_view kColumns = "Timestamp,Response,IOType,LUN,Offset,Size";

    Line understand(std::string_view line, Recorded& recorded) override {
        if (is_header(line, kColumns)) return Line::kNothing;
        const Columns columns(line, ',');
        if (columns.size() != 6) return wrong_columns(columns.size(), kColumns);
        if (columns[2].empty()) {
            leave_out("a request without a type");
            return Line::kNothing;
        }
        if (columns[2] != "R" && columns[2] != "W")
            return wrong("IOType = " + quoted(columns[2]), "R or W");
        recorded.op = columns[2] == "R" ? Op::kRead : Op::kWrite;
        std::uint64_t lun = 0, response = 0;
        if (!decimal(columns[0], "Timestamp", 9, recorded.time_ns) ||
            !number(columns[3], "LUN", 1, lun) ||
            !number(columns[4], "Offset", 1, recorded.offset) ||
            !number(columns[5], "Size", 1, recorded.length))
            return Line::kDamage;
        if (!columns[1].empty()) {
            if (!decimal(columns[1], "Response", 9, response)) return Line::kDamage;
            recorded.latency_ns = response;
        }
        const std::optional<std::uint32_t> found = device(columns[3]);
        recorded.device = found.value_or(0);
        return found ? Line::kRequest : Line::kDamage;
    }
};

}  // namespace

RecordingFormat systor_format() {
    return {"systor", "SNIA's traces of SYSTOR '17", nullptr, open_as<SystorReader>};
}

}  // namespace platform
